from odoo import api, fields, models

# Up to six months counts as short (F32).
SHORT = ('m3', 'm6')


class KamPlan(models.Model):
    """What a plan wants and who does what for it; see `kam.plan.objective` and `kam.plan.action`."""
    _inherit = 'kam.plan'

    objective_ids = fields.One2many('kam.plan.objective', 'plan_id', string="Objectives")
    action_ids = fields.One2many('kam.plan.action', 'plan_id', string="Actions")
    objective_count = fields.Integer(compute='_compute_objective_counts')
    off_track_count = fields.Integer(compute='_compute_objective_counts', string="Objectives off Track")
    open_action_count = fields.Integer(compute='_compute_action_counts', string="Open Actions")
    overdue_action_count = fields.Integer(compute='_compute_action_counts', string="Overdue Actions")
    balance_message = fields.Char(
        compute='_compute_balance_message', help="Whether objectives of the short and of the long term are balanced.")

    @api.depends('objective_ids.track')
    def _compute_objective_counts(self):
        # All at once: the objectives of all plans are measured together.
        self.objective_ids.mapped('track')
        for plan in self:
            plan.objective_count = len(plan.objective_ids)
            plan.off_track_count = len(plan.objective_ids.filtered(lambda objective: objective.track == 'off'))

    @api.depends('action_ids.state', 'action_ids.date_due')
    def _compute_action_counts(self):
        Action = self.env['kam.plan.action']
        base = [('plan_id', 'in', self.ids), ('is_open', '=', True)]
        counts = dict(Action._read_group(base, ['plan_id'], ['__count']))
        overdue = dict(Action._read_group([*base, ('date_due', '<', 'today')], ['plan_id'], ['__count']))
        for plan in self:
            plan.open_action_count = counts.get(plan._origin, 0)
            plan.overdue_action_count = overdue.get(plan._origin, 0)

    @api.depends('objective_ids.horizon')
    @api.depends_context('lang')
    def _compute_balance_message(self):
        for plan in self:
            plan.balance_message = plan._balance_message(
                [horizon for horizon in plan.objective_ids.mapped('horizon') if horizon])

    def _balance_message(self, horizons):
        if not horizons:
            return False
        short = sum(horizon in SHORT for horizon in horizons)
        if short == len(horizons):
            return self.env._(
                "All objectives end within 6 months of the start: nothing here builds the long term.")
        if not short:
            return self.env._("All objectives take more than 6 months: add what shows results sooner.")
        if 'm3' not in horizons:
            return self.env._("No objective within 3 months: what will the customer notice first?")
        return False

    def write(self, vals):
        closing = self.browse()
        if vals.get('state') == 'closed':
            closing = self.filtered(lambda plan: plan.state != 'closed')
        opening = self.filtered(lambda plan: plan.state == 'closed') if vals.get('state', 'closed') != 'closed' else (
            self.browse())
        result = super().write(vals)
        closing.objective_ids._freeze_actuals()
        opening.objective_ids._thaw_actuals()
        return result

    def unlink(self):
        self.check_access('unlink')
        # The database would delete the actions by itself, and leave their activities behind. All of them go (sudo).
        self.sudo().action_ids.unlink()
        return super().unlink()

    def action_open_objectives(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_plan_objective_action')
        return dict(action, domain=[('plan_id', '=', self.id)], context={'default_plan_id': self.id})

    def action_open_actions(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_plan_action_action')
        return dict(action, domain=[('plan_id', '=', self.id)], context={'default_plan_id': self.id})
