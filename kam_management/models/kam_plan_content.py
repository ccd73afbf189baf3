from odoo import fields, models


class KamPlan(models.Model):
    """What stands in a plan in words: who the customer is, what it wants, and our strengths and weaknesses there."""
    _inherit = 'kam.plan'

    customer_summary = fields.Text(
        string="Who They Are", help="What the customer makes, for whom, and what it earns its money with.")
    strategy = fields.Text(string="Our Strategy", help="In a few sentences: where we want to be, and how we get there.")
    strengths = fields.Text(help="What we are good at, in the eyes of this customer.")
    weaknesses = fields.Text(help="What this customer finds wanting in us.")
    opportunities = fields.Text(string="Chances", help="What happens at the customer that we could make use of.")
    threats = fields.Text(help="What happens at the customer, or at competitors, that could cost us business.")
    goal_ids = fields.One2many('kam.plan.goal', 'plan_id', string="Goals of the Customer")
    commitment_ids = fields.One2many('kam.plan.commitment', 'plan_id', string="Commitments")
    competitor_ids = fields.One2many('kam.plan.competitor', 'plan_id', string="Competitors")
    factor_ids = fields.One2many(
        related='account_id.factor_ids', string="Buying Factors", readonly=False,
        help="What decides, in the order of weight. IBM once found that a trusted supplier decides 46 percent of a "
             "market, price 36 percent and innovation 18 percent; this customer will differ.")

    def _swot(self):
        """[(field name, label, text)] of the four fields, in the user's language."""
        self.ensure_one()
        return [(name, self._fields[name]._description_string(self.env), self[name])
                for name in ('strengths', 'weaknesses', 'opportunities', 'threats')]
