from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .kam_tier_change_exception import IN_FORCE


class KamAccount(models.Model):
    """How safely an account stands in its tier: told, by exception, on probation, reviews failed."""
    _inherit = 'kam.account'

    exception_id = fields.Many2one(
        'kam.tier.change', compute='_compute_exception_id', search='_search_exception_id',
        help="The tier change by which the account is a key account without meeting the criteria.")
    exception_until = fields.Date(related='exception_id.exception_until')
    exception_state = fields.Selection(related='exception_id.exception_state')
    tier_review_ids = fields.One2many('kam.tier.review', 'account_id', string="Tier Reviews")
    failed_review_count = fields.Integer(
        string="Failed Reviews", compute='_compute_failed_review_count',
        help="Reviews failed in a row in the present tier; two verdicts at one review count once.")
    is_on_review = fields.Boolean(
        string="On the Next Review", compute='_compute_is_on_review', search='_search_is_on_review')
    probation_plan = fields.Text(
        tracking=True, copy=False, help="What has to happen, by whom, so that the account keeps its tier.")
    date_probation_start = fields.Date(string="On Probation Since", copy=False, readonly=True)
    date_probation_end = fields.Date(string="On Probation Until", tracking=True, copy=False)

    _probation = models.Constraint(
        'CHECK (date_probation_end > date_probation_start)', "A probation ends after the day on which it begins.")

    @api.depends('tier_change_ids.exception_state', 'tier_change_ids.state')
    def _compute_exception_id(self):
        by_account = self.env['kam.tier.change'].search([
            ('account_id', 'in', self.ids), ('exception_state', 'in', IN_FORCE), ('state', '=', 'applied'),
        ]).grouped('account_id')
        for account in self:
            account.exception_id = by_account.get(account, self.env['kam.tier.change'])[:1]

    @api.model
    def _search_exception_id(self, operator, value):
        if operator != 'in':
            return NotImplemented
        in_force = Domain('exception_state', 'in', IN_FORCE) & Domain('state', '=', 'applied')
        without = ~Domain('tier_change_ids', 'any', in_force) if False in value else Domain.FALSE
        return without | Domain('tier_change_ids', 'any', in_force & Domain('id', 'in', [id_ for id_ in value if id_]))

    @api.depends('tier_id', 'tier_review_ids.verdict')
    def _compute_failed_review_count(self):
        self.env['kam.tier.review'].flush_model()
        self.flush_model(['tier_id'])
        # The account's whole row of reviews counts, whoever may read them.
        counts = dict(self.env.execute_query(
            self.env['kam.tier.review']._failed_counts(SQL("account.id = ANY(%s)", self.ids))))
        for account in self:
            account.failed_review_count = counts.get(account.id, 0)

    @api.depends('tier_review_ids.verdict')
    def _compute_is_on_review(self):
        on_review = self.env['kam.tier.review'].search([
            ('account_id', 'in', self.ids), ('verdict', '=', False)]).account_id
        for account in self:
            account.is_on_review = account in on_review

    @api.model
    def _search_is_on_review(self, operator, value):
        if operator != 'in':
            return NotImplemented
        on_review = Domain('tier_review_ids', 'any', [('verdict', '=', False)])
        return on_review if True in value else ~on_review

    @api.constrains('date_told')
    def _check_told(self):
        for account in self:
            if account.date_told and not account.is_key:
                raise ValidationError(self.env._(
                    "%s is no key account: there is nothing to tell the customer yet.", account.display_name))
            if account.date_told and account.date_told > fields.Date.context_today(self):
                raise ValidationError(self.env._(
                    "%s is told on a day to come? Enter the day when the customer knows.", account.display_name))

    def write(self, vals):
        if 'date_told' in vals:
            self._refuse_untold(vals['date_told'])
        if (vals.get('probation_plan') or "").strip():
            fresh = self.filtered(lambda account: not account.date_probation_start)
            super(KamAccount, fresh).write({'date_probation_start': fields.Date.context_today(self)})
        return super().write(vals)

    def _refuse_untold(self, date):
        """What the customer was told cannot be taken back by those who look after it."""
        date = fields.Date.to_date(date)
        for account in self:
            if (account.date_told and date != account.date_told and not self.env.su
                    and not account.program_id._is_decided_by(self.env.user)):
                raise AccessError(self.env._(
                    "%s was told already. Only a champion of the programme corrects the day.", account.display_name))

    def _end_probation(self):
        self.write({'probation_plan': False, 'date_probation_start': False, 'date_probation_end': False})

    def action_tell_customer(self):
        """The customer has been told today; from now on the demotion guard protects it."""
        for account in self:
            if not account.date_told:
                account.date_told = fields.Date.context_today(self)
        return True

    def action_renew_exception(self):
        self.ensure_one()
        action = self.action_propose_tier_change()
        return dict(action, name=self.env._("Renew Exception"), context={
            **action['context'], 'default_to_tier_id': self.tier_id.id, 'default_is_exception': True,
            'default_exception_reason': self.exception_id.exception_reason})

    def action_close_exception(self):
        if not self.exception_id:
            raise UserError(self.env._("%s is no exception.", self.display_name))
        return self.exception_id.action_close_exception()

    def action_review(self):
        """Put the account on the list of the next review."""
        self.check_access('write')
        self.env['kam.tier.review']._put_on_list(self, 'request', self.env._("%s asks for it.", self.env.user.name))
        return True
