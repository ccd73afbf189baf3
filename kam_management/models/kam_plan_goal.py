from odoo import fields, models


class KamPlanGoal(models.Model):
    """A business goal of the customer, in the customer's words (S67, S76, F30)."""
    _name = 'kam.plan.goal'
    _description = "Goal of the Customer"
    _inherit = ['kam.plan.mixin']
    _order = 'term desc, sequence, id'

    sequence = fields.Integer(default=10)
    name = fields.Char(string="What the Customer Wants", required=True)
    term = fields.Selection([
        ('short', "Short Term"),
        ('long', "Long Term"),
    ], required=True, default='short',
        help="Short term: fast, often not lasting. Long term: lasting, asks for sacrifices today. Customers swing "
             "between the two; a plan serves both.")
    told_by = fields.Char(string="Who Says So", help="Name and occasion, so that it can be asked again.")
    date_horizon = fields.Date(string="By When")
    contribution = fields.Char(string="How We Help")
