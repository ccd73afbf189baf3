from odoo import fields, models


class KamScoringBacktestLook(models.Model):
    """Who has looked at the result of a back-test, and when. Publishing a model asks for it."""
    _name = 'kam.scoring.backtest.look'
    _description = "Look at a Back-Test"
    _order = 'backtest_id, id'
    _rec_name = 'user_id'
    _log_access = False

    backtest_id = fields.Many2one('kam.scoring.backtest', string="Back-Test", required=True, index=True,
                                  ondelete='cascade')
    user_id = fields.Many2one('res.users', required=True, index=True, ondelete='cascade')
    date = fields.Datetime(default=fields.Datetime.now, required=True)

    _once = models.Constraint('UNIQUE (backtest_id, user_id)', "The first look is kept.")
