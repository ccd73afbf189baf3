from odoo import fields, models

from .kam_scoring_backtest_transition import LEVELS, TRANSITIONS


class KamScoringBacktestAccount(models.Model):
    """An account that a back-test points out. Up to 200 of each kind are kept, the ones that matter most first."""
    _name = 'kam.scoring.backtest.account'
    _description = "Account of a Back-Test"
    _order = 'backtest_id, id'
    _rec_name = 'account_id'
    _log_access = False

    backtest_id = fields.Many2one('kam.scoring.backtest', string="Back-Test", required=True, index=True,
                                  ondelete='cascade')
    kind = fields.Selection([
        ('change', "Would change today"),
        ('swing', "Swings"),
        ('false_green', "False green"),
        ('false_red', "False red"),
    ], required=True, index=True)
    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    date = fields.Date(string="As of")
    score = fields.Float(digits=(16, 1))
    coverage = fields.Float(string="Data (%)", digits=(16, 0))
    rank = fields.Integer()
    from_tier_id = fields.Many2one('kam.tier', string="Present Tier", ondelete='cascade')
    to_tier_id = fields.Many2one('kam.tier', string="By the Model", ondelete='cascade')
    from_level = fields.Selection(LEVELS, string="Present Level")
    to_level = fields.Selection(LEVELS, string="Level by the Model")
    transition = fields.Selection(TRANSITIONS, string="Direction")
    reason = fields.Selection([
        ('score', "Score"),
        ('gate', "Gate"),
        ('data', "Too few data"),
        ('capacity', "The tier is full of better ones"),
        ('held', "Held by people"),
    ], string="Why", help="What moves it. Score: it reaches the score of the better tier, or falls short of that of "
                          "its present one.")
    change_count = fields.Integer(string="Number of Changes")
    currency_id = fields.Many2one(related='backtest_id.currency_id')
    revenue_before = fields.Monetary(string="6 Months Before", help="Net revenue of the 6 months up to the month end.")
    revenue_after = fields.Monetary(string="6 Months After", help="Net revenue of the 6 months after the month end.")
    change_percent = fields.Float(string="Change (%)", digits=(16, 0))

    def action_open_account(self):
        self.ensure_one()
        return self.account_id._get_records_action()
