from odoo import api, fields, models

DIMENSIONS = [
    ('quality', "Quality"),
    ('cost', "Cost"),
    ('delivery', "On-Time Delivery"),
    ('response', "Responsiveness"),
    ('satisfaction', "Satisfaction"),
    ('recommend', "Would Recommend Us"),
]
ANSWERS = [(str(points), str(points)) for points in range(11)]
# From here on somebody who was asked for a recommendation promotes us; up to here, speaks against us.
PROMOTER, DETRACTOR = 9, 6


class KamReviewRating(models.Model):
    """How the customer rates us at a review, 0 (worst) to 10 (best), in the customer's own words (F54, F58).

    Nothing that was not answered counts: `is_answered` tells a 0 from no answer.
    """
    _name = 'kam.review.rating'
    _description = "Rating by the Customer"
    _inherit = ['kam.review.mixin']
    _order = 'review_id, sequence, id'
    _rec_name = 'dimension'

    sequence = fields.Integer(default=10)
    dimension = fields.Selection(DIMENSIONS, required=True, string="Rated")
    answer = fields.Selection(ANSWERS, string="0 to 10", help="0: worst, 10: best. Empty: not asked.")
    words = fields.Text(string="In the Customer's Words")
    fact = fields.Char(string="Our Records Say", readonly=True)
    date = fields.Date(related='review_id.date', store=True)
    kind = fields.Selection(related='review_id.kind', store=True)
    tier_id = fields.Many2one(related='account_id.tier_id')
    is_answered = fields.Boolean(compute='_compute_points', store=True)
    points = fields.Integer(compute='_compute_points', store=True, aggregator='avg')
    recommendation = fields.Integer(
        compute='_compute_points', store=True, aggregator='avg', string="Net Promoter Score",
        help="9 and 10 count 100, up to 6 counts -100: the average is the Net Promoter Score.")
    last_points = fields.Char(compute='_compute_last_points', string="Last Time")

    _dimension_uniq = models.Constraint(
        'UNIQUE (review_id, dimension)', "Each point is rated once in a review.")

    @api.depends('answer', 'dimension')
    def _compute_points(self):
        for rating in self:
            points = int(rating.answer or 0)
            rating.is_answered = bool(rating.answer)
            rating.points = points
            counts = rating.answer and rating.dimension == 'recommend'
            rating.recommendation = counts and 100 * ((points >= PROMOTER) - (points <= DETRACTOR))

    @api.depends('review_id.date', 'dimension')
    def _compute_last_points(self):
        earlier = self.search(
            [('account_id', 'in', self.account_id.ids), ('is_answered', '=', True)], order='date desc, id desc')
        for rating in self:
            last = earlier.filtered(
                lambda other, rating=rating: other.account_id == rating.account_id
                and other.dimension == rating.dimension and other.date and rating.date
                and other.date < rating.date)[:1]
            rating.last_points = last.answer
