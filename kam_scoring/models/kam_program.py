from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.kam_management.ledger.rates import CUSTOMER_DOCUMENTS


class KamProgram(models.Model):
    _inherit = 'kam.program'

    scoring_model_ids = fields.One2many('kam.scoring.model', 'program_id', string="Scoring Models")
    scoring_model_id = fields.Many2one(
        'kam.scoring.model', compute='_compute_scoring_models',
        help="The published version. Without one, nothing is scored.")
    health_model_id = fields.Many2one(
        'kam.scoring.model', compute='_compute_scoring_models',
        help="The published version of the model that looks at the health of key accounts. It is optional.")
    history_days = fields.Integer(
        string="Keep Score Changes (Days)", default=180,
        help="Each change of the points is kept so long; after that only the last score of each month.")
    history_months = fields.Integer(string="Keep Monthly Scores (Months)", default=60)
    run_ids = fields.One2many('kam.score.run', 'program_id', string="Scoring Runs")
    run_count = fields.Integer(compute='_compute_runs', string="Runs")
    qualified_count = fields.Integer(compute='_compute_qualified_count', string="Meet the Criteria, Not Key")
    unexplained_count = fields.Integer(compute='_compute_qualified_count', string="Not Key Without Explanation")
    last_run_id = fields.Many2one('kam.score.run', compute='_compute_runs')
    last_run_state = fields.Char(string="State of the Last Run", compute='_compute_runs')
    last_run_message = fields.Text(string="Message of the Last Run", compute='_compute_runs')

    _history = models.Constraint(
        'CHECK (history_days >= 31 AND history_months BETWEEN 13 AND 240)',
        "Keep score changes for 31 days at least, and monthly scores for 13 to 240 months.")

    @api.depends('scoring_model_ids.state')
    def _compute_scoring_models(self):
        published = {
            (model.program_id, model.purpose): model for model in self.env['kam.scoring.model'].search([
                ('program_id', 'in', self.ids), ('state', '=', 'published')])}
        for program in self:
            program.scoring_model_id = published.get((program, 'selection'))
            program.health_model_id = published.get((program, 'health'))

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_qualified_count(self):
        Account = self.env['kam.account']
        by_program = Account.search(
            Account._qualified_domain() & Domain('program_id', 'in', self.ids)).grouped('program_id')
        for program in self:
            qualified = by_program.get(program, Account)
            program.qualified_count = len(qualified)
            program.unexplained_count = len(qualified.filtered('is_unexplained'))

    @api.depends('run_ids')
    def _compute_runs(self):
        Run = self.env['kam.score.run']
        # The last one that took place, which need not be the one of the latest date.
        runs = {program: (count, last) for program, count, last in Run._read_group(
            [('program_id', 'in', self.ids), ('account_id', '=', False)], ['program_id'], ['__count', 'id:max'])}
        for program in self:
            program.run_count, last = runs.get(program, (0, False))
            program.last_run_id = run = Run.browse(last)
            program.last_run_state = run.state
            program.last_run_message = run.message

    def action_score(self):
        """Score now. A failed run is shown as one; its record says why."""
        self.ensure_one()
        self.check_access('write')
        if not self._is_decided_by(self.env.user) and not self.env.su:
            raise AccessError(self.env._("Only a champion of %s starts its scoring.", self.name))
        return self.env['kam.score.run']._start(self).with_env(self.env)._get_records_action()

    def action_open_qualified(self):
        return self._action_accounts(
            self.env._("Meet the Criteria, Not Key"), {'search_default_qualified': 1})

    def action_open_runs(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_score_run_action')
        return dict(action, domain=[('program_id', '=', self.id), ('account_id', '=', False)])

    def action_open_scoring_model(self):
        """The published model; else the newest draft; else a new draft with the usual criteria and rules."""
        return self._model_of('selection', self.env._("Customer value"))._get_records_action()

    def action_open_health_model(self):
        return self._model_of('health', self.env._("Account health"))._get_records_action()

    def _scoring_model(self, purpose):
        """The published model of a purpose."""
        self.ensure_one()
        return self.scoring_model_id if purpose == 'selection' else self.health_model_id

    def _model_of(self, purpose, name):
        model = self._scoring_model(purpose) or self.scoring_model_ids.filtered(
            lambda model: model.purpose == purpose).sorted('version')[-1:]
        if not model:
            model = self.env['kam.scoring.model'].create({'program_id': self.id, 'purpose': purpose, 'name': name})
            model._fill_defaults()
        return model

    def _has_invoices(self):
        """Whether the programme's companies have any posted customer document."""
        self.ensure_one()
        companies = self.with_context(active_test=False).company_ids
        return bool(self.env['account.move'].search_count([
            ('company_id', 'in', companies.ids), ('state', '=', 'posted'), ('move_type', 'in', CUSTOMER_DOCUMENTS)],
            limit=1))
