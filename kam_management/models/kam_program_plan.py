from odoo import api, fields, models
from odoo.fields import Domain


class KamProgram(models.Model):
    """What the programme asks of plans, and how many key accounts have one."""
    _inherit = 'kam.program'

    plan_stale_days = fields.Integer(
        string="A Plan Is Idle After", default=45,
        help="Days without work on it, after which its owner is reminded once. 0 means never.")
    unplanned_count = fields.Integer(compute='_compute_plan_counts', string="Key Accounts Without Current Plan")
    plan_review_count = fields.Integer(compute='_compute_plan_counts', string="Plans to Approve")
    stale_plan_count = fields.Integer(compute='_compute_plan_counts', string="Idle Plans")

    _plan_stale_days = models.Constraint(
        'CHECK (plan_stale_days >= 0)', "Days after which a plan is idle must not be negative.")

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_plan_counts(self):
        in_programs = Domain('program_id', 'in', self.ids)
        unplanned = dict(self.env['kam.account']._read_group(
            in_programs & Domain('is_key', '=', True) & Domain('current_plan_id', '=', False),
            ['program_id'], ['__count']))
        Plan = self.env['kam.plan']
        waiting = dict(Plan._read_group(
            in_programs & Domain('state', '=', 'review'), ['program_id'], ['__count']))
        stale = dict(Plan._read_group(
            in_programs & Domain('is_stale', '=', True) & Domain('state', 'in', ('approved', 'active')),
            ['program_id'], ['__count']))
        for program in self:
            program.unplanned_count = unplanned.get(program, 0)
            program.plan_review_count = waiting.get(program, 0)
            program.stale_plan_count = stale.get(program, 0)

    def action_open_unplanned(self):
        return self._action_accounts(
            self.env._("Without Current Plan"), {'search_default_is_key': 1, 'search_default_no_plan': 1})

    def action_open_plan_reviews(self):
        return self._action_plans({'search_default_review': 1})

    def action_open_stale_plans(self):
        return self._action_plans({'search_default_stale': 1})

    def _action_plans(self, context):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_plan_action')
        return dict(action, domain=[('program_id', '=', self.id)], context=context)
