from odoo import fields, models


class KamScoreRunStep(models.Model):
    """What a run has done so far, and how long it took."""
    _name = 'kam.score.run.step'
    _description = "Step of a Scoring Run"
    _order = 'run_id, id'
    _log_access = False

    run_id = fields.Many2one('kam.score.run', required=True, index=True, ondelete='cascade')
    name = fields.Selection([
        ('enrol', "New customers become accounts"),
        ('score', "Figures and scores"),
        ('history', "History"),
        ('account', "Figures on the accounts"),
        ('proposal', "Proposals"),
        ('follow', "Classes and alerts"),
    ], string="Done", required=True)
    seconds = fields.Float(digits=(16, 2))
