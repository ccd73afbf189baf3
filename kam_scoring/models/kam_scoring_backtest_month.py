from odoo import api, fields, models

COUNTS = ('account_count', 'well_count', 'compared_count', 'changed_count', 'followed_count', 'green_count',
          'false_green_count', 'red_count', 'false_red_count', 'top_count', 'good_count', 'hit_count',
          'revenue_hit_count')


class KamScoringBacktestMonth(models.Model):
    """One month end of a back-test. `engine/replay.py` defines the counts."""
    _name = 'kam.scoring.backtest.month'
    _description = "Month of a Back-Test"
    _order = 'backtest_id, date'
    _rec_name = 'date'
    _log_access = False

    backtest_id = fields.Many2one('kam.scoring.backtest', string="Back-Test", required=True, index=True,
                                  ondelete='cascade')
    date = fields.Date(string="Month End", required=True)
    has_outcome = fields.Boolean(string="Outcome Known", help="The 6 months after it are over.")
    account_count = fields.Integer(string="Accounts Rated")
    well_count = fields.Integer(string="Rated Well", help="Placed in a key tier; of health: healthy.")
    compared_count = fields.Integer(string="Compared", help="Rated at this month end and at the one before it.")
    changed_count = fields.Integer(string="Changed", help="Of those, placed elsewhere than a month before.")
    changed_share = fields.Float(
        string="Changed (%)", compute='_compute_shares', store=True, aggregator='avg', digits=(16, 1))
    followed_count = fields.Integer(string="Ratings with Outcome")
    green_count = fields.Integer(string="Rated Well with Revenue")
    false_green_count = fields.Integer(string="False Green Cases")
    false_green_share = fields.Float(
        string="False Green (%)", compute='_compute_shares', store=True, aggregator='avg', digits=(16, 1))
    red_count = fields.Integer(string="Rated Low with Revenue")
    false_red_count = fields.Integer(string="False Red Cases")
    false_red_share = fields.Float(
        string="False Red (%)", compute='_compute_shares', store=True, aggregator='avg', digits=(16, 1))
    top_count = fields.Integer(string="Top k")
    good_count = fields.Integer(string="Should Be Found")
    hit_count = fields.Integer(string="Found")
    revenue_hit_count = fields.Integer(string="Found by Revenue")
    precision = fields.Float(
        string="Precision (%)", compute='_compute_shares', store=True, aggregator='avg', digits=(16, 1))
    recall = fields.Float(string="Recall (%)", compute='_compute_shares', store=True, aggregator='avg', digits=(16, 1))
    lift = fields.Float(compute='_compute_shares', store=True, aggregator='avg', digits=(16, 2))
    revenue_precision = fields.Float(
        string="Precision by Revenue (%)", compute='_compute_shares', store=True, aggregator='avg', digits=(16, 1))
    revenue_recall = fields.Float(
        string="Recall by Revenue (%)", compute='_compute_shares', store=True, aggregator='avg', digits=(16, 1))
    revenue_lift = fields.Float(
        string="Lift by Revenue", compute='_compute_shares', store=True, aggregator='avg', digits=(16, 2))

    @api.depends(*COUNTS)
    def _compute_shares(self):
        for month in self:
            month.update(month._shares({name: month[name] for name in COUNTS}))

    def _totals(self):
        """Counts and shares of all these months together."""
        counts = {name: sum(self.mapped(name)) for name in COUNTS}
        # Lift compares with chance among the accounts whose outcome is known, as in each month.
        return {**counts, **self._shares(counts)}

    @api.model
    def _shares(self, counts):
        """Shares in percent, and lifts, of counts; 0 where there is nothing to divide by."""
        def part(above, below):
            return counts[above] / counts[below] if counts[below] else 0.0

        chance = part('good_count', 'followed_count')
        shares = {
            'changed_share': 100 * part('changed_count', 'compared_count'),
            'false_green_share': 100 * part('false_green_count', 'green_count'),
            'false_red_share': 100 * part('false_red_count', 'red_count')}
        for prefix in ('', 'revenue_'):
            found = f'{prefix}hit_count'
            precision = part(found, 'top_count')
            shares.update({
                f'{prefix}precision': 100 * precision, f'{prefix}recall': 100 * part(found, 'good_count'),
                f'{prefix}lift': precision / chance if chance else 0.0})
        return shares
