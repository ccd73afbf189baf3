from odoo import fields, models


class KamPlanCompetitor(models.Model):
    """A competitor at this customer, and what we do about it."""
    _name = 'kam.plan.competitor'
    _description = "Competitor at the Customer"
    _inherit = ['kam.plan.mixin']
    _order = 'threat desc, id'

    competitor_id = fields.Many2one('kam.competitor', required=True, index=True, ondelete='restrict')
    position = fields.Char(string="Where They Stand", help="What they sell there, and who supports them.")
    threat = fields.Selection([
        ('1', "Low"),
        ('2', "Medium"),
        ('3', "High"),
    ], required=True, default='2')
    answer = fields.Char(string="Our Answer")

    _competitor_uniq = models.Constraint(
        'UNIQUE (plan_id, competitor_id)', "This competitor is in the plan already.")
