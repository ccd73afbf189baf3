from odoo import fields, models


class KamProgram(models.Model):
    """What figures rest on that no ledger knows."""
    _inherit = 'kam.program'

    sustained_years = fields.Integer(
        string="Years of Sustained Revenue", default=3, tracking=True,
        help="Sustained revenue is the lowest yearly revenue of this many years in a row.")
    cost_of_capital = fields.Float(
        string="Cost of Capital (%)", default=8.0, digits=(16, 2), tracking=True,
        help="Percent per year that money costs us while a customer pays late: the interest of our credit line, for "
             "example. Part of the cost to serve.")
    hour_cost = fields.Monetary(
        string="Cost of a Meeting Hour", default=0.0, tracking=True,
        help="What an hour of one of us in a meeting with a customer costs, in the currency of the programme. Part of "
             "the cost to serve. 0: meetings do not count, for example because they are on timesheets already.")

    _sustained_years = models.Constraint(
        'CHECK (sustained_years BETWEEN 2 AND 5)', "Sustained revenue looks at 2 to 5 years in a row.")
    # NaN and infinity sort above every number in PostgreSQL.
    _cost_of_capital = models.Constraint(
        'CHECK (cost_of_capital BETWEEN 0 AND 100)', "The cost of capital is between 0 and 100 % per year.")
    _hour_cost = models.Constraint(
        "CHECK (hour_cost >= 0 AND hour_cost < 'Infinity')", "The cost of an hour must not be negative.")
