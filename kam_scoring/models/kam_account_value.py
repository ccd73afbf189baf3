from odoo import fields, models
from odoo.exceptions import UserError

# What runs (ABC, RFM) and the monthly computation (lifetime value) write with SQL, and nobody else.
VALUE_FIELDS = frozenset((
    'revenue_year', 'abc_class', 'abc_share', 'rfm_recency', 'rfm_frequency', 'rfm_monetary', 'rfm_segment',
    'value_currency_id', 'lifetime_value', 'lifetime_margin_baseline', 'p_alive', 'lifetime_fit_id'))


class KamAccount(models.Model):
    """What an account is worth: its part of the revenue, how it buys, and what it will still bring.

    The definitions are in `kam_scoring/maths`.
    """
    _inherit = 'kam.account'

    # Stored, unlike that of the programme: graph, pivot and groups of lists sum amounts by their currency in SQL.
    value_currency_id = fields.Many2one('res.currency', string="Currency of the Value", readonly=True, copy=False)
    revenue_year = fields.Monetary(
        string="Revenue of 12 Months", readonly=True, copy=False, default=0.0, currency_field='value_currency_id',
        help="As of the last scoring run: net of tax, less credit notes, over all legal entities.")
    abc_class = fields.Selection(
        [('a', "A"), ('b', "B"), ('c', "C")], string="ABC Class", readonly=True, copy=False, index='btree_not_null',
        help="A: the best customers that together make 80 % of the revenue of 12 months. B: the next ones, up to 95 %. "
             "C: the rest. The programme sets the limits.")
    abc_share = fields.Float(
        string="Cumulative Share (%)", readonly=True, copy=False, aggregator=None,
        help="Share of the revenue that this customer and all larger ones make together.")
    rfm_recency = fields.Integer(
        string="Recency", readonly=True, copy=False, aggregator='avg',
        help="1 to 5: how recently the customer bought, by its place among all. 5 is the most recent fifth.")
    rfm_frequency = fields.Integer(
        string="Frequency", readonly=True, copy=False, aggregator='avg',
        help="1 to 5: on how many days of two years the customer bought, by its place among all.")
    rfm_monetary = fields.Integer(
        string="Monetary", readonly=True, copy=False, aggregator='avg',
        help="1 to 5: how much the customer bought in two years, by its place among all.")
    rfm_segment = fields.Selection([
        ('champion', "Champion Customers"),
        ('loyal', "Loyal"),
        ('potential', "Potential Loyalists"),
        ('new', "New or Small"),
        ('attention', "Need Attention"),
        ('at_risk', "At Risk"),
        ('cant_lose', "Can't Lose"),
        ('hibernating', "Hibernating"),
        ('lost', "Lost"),
    ], string="RFM Segment", readonly=True, copy=False, index='btree_not_null',
        help="From recency (R) and the mean of frequency and monetary (V), each 1 to 5.\n"
             "Champions: R5 with V4-5, R4 with V5. Loyal: R4 with V3-4, R3 with V3-5.\n"
             "Potential Loyalists: R5 with V2-3, R4 with V2. New or Small: R4-5 with V1.\n"
             "Need Attention: R3 with V1-2. At Risk: R2 with V3-4, R1 with V3.\n"
             "Can't Lose: R2 with V5, R1 with V4-5. Hibernating: R2 with V1-2. Lost: R1 with V1-2.")
    lifetime_value = fields.Monetary(
        readonly=True, copy=False, default=0.0, currency_field='value_currency_id',
        help="Margin expected of the customer over the years of the horizon, discounted to the day of the computation.")
    lifetime_margin_baseline = fields.Monetary(
        string="If All Goes On", readonly=True, copy=False, default=0.0, currency_field='value_currency_id',
        help="For comparison: the margin of the last 12 months continued over the same years, discounted alike.")
    p_alive = fields.Float(
        string="Still a Customer", readonly=True, copy=False, aggregator='avg',
        help="Probability that the customer still buys from us, by its own rhythm of purchases.")
    lifetime_fit_id = fields.Many2one(
        'kam.lifetime.fit', string="Lifetime Value Computation", readonly=True, copy=False, ondelete='set null',
        index='btree_not_null')
    lifetime_method = fields.Selection(related='lifetime_fit_id.method')
    lifetime_reason = fields.Selection(related='lifetime_fit_id.reason')
    lifetime_date = fields.Date(related='lifetime_fit_id.date', string="Lifetime Value as of")
    lifetime_horizon = fields.Integer(related='lifetime_fit_id.years', string="Horizon (Years)")

    def _refuse_scores(self, vals):
        if VALUE_FIELDS & vals.keys() and not self.env.su:
            raise UserError(self.env._(
                "Classes and lifetime value are computed from posted invoices. Change the limits on the programme."))
        return super()._refuse_scores(vals)
