from collections import defaultdict

from odoo import api, fields, models


class KamPlanObjective(models.Model):
    """The opportunities that an objective lives from."""
    _inherit = 'kam.plan.objective'

    lead_ids = fields.One2many('crm.lead', 'kam_objective_id', string="Opportunities")
    lead_count = fields.Integer(compute='_compute_leads', string="Opportunity Count")
    pipeline_amount = fields.Monetary(
        compute='_compute_leads', string="In the Pipeline",
        help="Expected revenue of the open opportunities of this objective, not weighted.")
    won_amount = fields.Monetary(compute='_compute_leads', string="Won", help="Expected revenue of those that are won.")

    @api.depends('lead_ids.expected_revenue', 'lead_ids.won_status', 'lead_ids.active')
    def _compute_leads(self):
        today = fields.Date.context_today(self)
        counts, amounts = defaultdict(int), defaultdict(float)
        # How much, not which: whoever reads the objective reads what hangs on it (sudo). Lost ones are archived.
        for objective, company, status, count, amount in self.env['crm.lead'].sudo()._read_group(
                [('kam_objective_id', 'in', self.ids), ('won_status', '!=', 'lost')],
                ['kam_objective_id', 'company_id', 'won_status'], ['__count', 'expected_revenue:sum']):
            currency = objective.currency_id
            counts[objective.id] += count
            amounts[objective.id, status] += (company.currency_id or currency)._convert(
                amount, currency, company or self.env.company, today)
        for objective in self:
            objective.lead_count = counts[objective.id]
            objective.pipeline_amount = amounts[objective.id, 'pending']
            objective.won_amount = amounts[objective.id, 'won']

    def action_create_opportunity(self):
        """A new opportunity with the customer, over what is missing to the target."""
        self.ensure_one()
        self.check_access('write')
        lead = self.env['crm.lead'].create(self._opportunity_values())
        return self.account_id._open_opportunity(lead)

    def _opportunity_values(self):
        plan = self.plan_id
        missing = self.target_value - self.actual if self.is_money else 0
        return {**plan.account_id._new_opportunity(self.name, missing, plan.entity_id), 'kam_objective_id': self.id}

    def action_open_opportunities(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('crm.crm_lead_opportunities')
        plan = self.plan_id.sudo()  # the customer is part of the plan, whoever may look up contacts
        return dict(action, domain=[('kam_objective_id', '=', self.id)], context={
            'default_kam_objective_id': self.id, 'default_type': 'opportunity',
            'default_partner_id': (plan.entity_id or plan.account_id.partner_id).id})
