from odoo import fields, models

LEVELS = [
    ('green', "Healthy"),
    ('amber', "To Watch"),
    ('red', "At Risk"),
]
TRANSITIONS = [
    ('in', "Into key tiers"),
    ('out', "Out of key tiers"),
    ('up', "Up"),
    ('down', "Down"),
    ('new', "Rated for the first time, or no more"),
]


class KamScoringBacktestTransition(models.Model):
    """How many accounts a model would move from one tier, or level of health, to another today."""
    _name = 'kam.scoring.backtest.transition'
    _description = "Transition of a Back-Test"
    _order = 'backtest_id, kind, account_count desc, id'
    _rec_name = 'kind'
    _log_access = False

    backtest_id = fields.Many2one('kam.scoring.backtest', string="Back-Test", required=True, index=True,
                                  ondelete='cascade')
    kind = fields.Selection(TRANSITIONS, string="Direction", required=True)
    from_tier_id = fields.Many2one('kam.tier', string="Present Tier", ondelete='cascade')
    to_tier_id = fields.Many2one('kam.tier', string="By the Model", ondelete='cascade')
    from_level = fields.Selection(LEVELS, string="Present Level")
    to_level = fields.Selection(LEVELS, string="Level by the Model")
    account_count = fields.Integer(string="Accounts")
