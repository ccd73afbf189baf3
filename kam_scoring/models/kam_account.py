from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# What runs write with SQL, and nobody else.
SCORE_FIELDS = frozenset(('score', 'score_coverage', 'score_trend', 'recommended_tier_id', 'date_failing_since'))


class KamAccount(models.Model):
    _inherit = 'kam.account'

    score = fields.Float(
        readonly=True, copy=False, aggregator='avg', index=True, default=0.0,  # NULL would come first in lists
        help="0 to 100, by the programme's scoring model. See the page Score for what it is made of.")
    score_coverage = fields.Float(
        string="Data (%)", readonly=True, copy=False, default=0.0, aggregator='avg',
        help="Share of the weights for which there are data. Missing data neither help nor harm the score.")
    score_trend = fields.Float(
        string="Trend", readonly=True, copy=False, aggregator='avg',
        help="Points against the last score of the month before.")
    recommended_tier_id = fields.Many2one(
        'kam.tier', readonly=True, copy=False, ondelete='set null', index='btree_not_null',
        help="Where the scoring model places the account. People decide, by a tier change.")
    date_failing_since = fields.Date(
        string="Below Its Tier Since", readonly=True, copy=False,
        help="Since when each scoring run has placed this key account in a lower tier.")
    is_tier_confirmed = fields.Boolean(
        string="Tier as Recommended", compute='_compute_is_tier_confirmed', search='_search_is_tier_confirmed')
    score_ids = fields.One2many('kam.score', 'account_id', string="Score History")
    score_id = fields.Many2one('kam.score', string="Current Score", compute='_compute_current_score')
    score_date = fields.Date(string="Scored as of", compute='_compute_current_score')
    score_rank = fields.Integer(string="Rank", compute='_compute_current_score')
    score_run_id = fields.Many2one('kam.score.run', string="Scoring Run", compute='_compute_current_score')
    score_line_ids = fields.One2many(
        'kam.score.line', 'account_id', string="Score Breakdown",
        domain=[('is_current', '=', True), ('purpose', '=', 'selection')], readonly=True)

    @api.depends('score_ids.is_current')
    def _compute_current_score(self):
        current = self.env['kam.score'].search([
            ('account_id', 'in', self.ids), ('is_current', '=', True),
            ('purpose', '=', 'selection')]).grouped('account_id')
        for account in self:
            account.score_id = score = current.get(account, self.env['kam.score'])
            account.score_date = score.date
            account.score_rank = score.rank
            account.score_run_id = score.run_id

    @api.depends('tier_id', 'recommended_tier_id')
    def _compute_is_tier_confirmed(self):
        for account in self:
            account.is_tier_confirmed = account.recommended_tier_id in (account.tier_id, account.tier_id.browse())

    @api.model
    def _search_is_tier_confirmed(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "(COALESCE(%(recommended)s, %(tier)s) = %(tier)s) = %(wanted)s",
            recommended=model._field_to_sql(alias, 'recommended_tier_id', query),
            tier=model._field_to_sql(alias, 'tier_id', query), wanted=True in value))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_scores(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_scores(vals)
        return super().write(vals)

    @api.model
    def _computed_score_fields(self):
        """Names of the fields that runs write with SQL, and nobody else."""
        return SCORE_FIELDS

    def _refuse_scores(self, vals):
        if self._computed_score_fields() & vals.keys() and not self.env.su:
            raise UserError(self.env._("Scores are computed. Change the scoring model, or the facts behind the score."))

    def action_rescore(self):
        """Score this account now, after an invoice, a payment or a judgement, without waiting for the night."""
        self.ensure_one()
        self.check_access('write')
        if not self.active:
            raise UserError(self.env._("%s is archived. Only active accounts are scored.", self.display_name))
        Run = self.env['kam.score.run']
        run = Run._score_account(self)
        # sudo: which models there are does not depend on who asks.
        if self.is_key and self.program_id.sudo().health_model_id:
            run += Run._score_account(self, purpose='health')
        failed = run.filtered(lambda run: run.state == 'failed')[:1]
        if failed:
            raise UserError(failed.message)
        return True

    def action_open_score_history(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_score_action')
        name = self.env._("Score of %s", self.display_name)
        return dict(
            action, name=name, display_name=name, domain=[('account_id', '=', self.id)],
            views=[(False, 'graph'), (False, 'list'), (False, 'form')], context={
                # A series per version of the model: where it changes, scores are not comparable as they stand.
                'graph_groupbys': ['date:month', 'model_id'], 'search_default_selection': 1})
