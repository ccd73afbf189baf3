from odoo import fields, models


class KamIssueStage(models.Model):
    """A column of the board of issues. What it means for the clocks is its kind, whatever its name."""
    _name = 'kam.issue.stage'
    _description = "Stage of an Issue"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection([
        ('new', "Not Answered Yet"),
        ('progress', "In Progress"),
        ('done', "Resolved"),
    ], required=True, default='progress',
        help="Not answered yet: the clock of the first answer runs. Resolved: all clocks stand still.")
    fold = fields.Boolean(string="Folded on the Board")
