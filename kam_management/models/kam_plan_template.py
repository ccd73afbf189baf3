from odoo import fields, models


class KamPlanTemplate(models.Model):
    """What a plan for customers of certain tiers starts from (F26)."""
    _name = 'kam.plan.template'
    _description = "Template of Account Plans"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first one that fits the tier is proposed.")
    active = fields.Boolean(default=True)
    tier_ids = fields.Many2many(
        'kam.tier', 'kam_plan_template_tier_rel', 'template_id', 'tier_id', string="For Tiers",
        help="Empty: for any tier.")
    months = fields.Integer(string="Period in Months", default=12, required=True)
    strategy = fields.Text(string="Strategy to Start From", translate=True)
    objective_ids = fields.One2many('kam.plan.template.objective', 'template_id', string="Objectives")
    action_ids = fields.One2many('kam.plan.template.action', 'template_id', string="Actions")

    _months = models.Constraint('CHECK (months > 0)', "The period of a plan has at least one month.")

    def _for_account(self, account):
        """The first template for the tier of the account, before those for any tier."""
        templates = self.search(['|', ('tier_ids', '=', False), ('tier_ids', 'in', account.tier_id.ids)])
        return templates.sorted(lambda template: not template.tier_ids)[:1]

    def _fill(self, plan):
        """Objectives and actions of the template, for this plan."""
        for template in self:
            template.objective_ids._add_to(plan)
            template.action_ids._add_to(plan)
