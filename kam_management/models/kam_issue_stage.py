from odoo import api, fields, models


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
        ('waiting', "Waiting for the Customer"),
        ('done', "Resolved"),
    ], required=True, default='progress',
        help="Not answered yet: the clock of the first answer runs. Waiting for the customer: the clock of the "
             "resolution stands still until they have done their part. Resolved: all clocks stand still.")
    fold = fields.Boolean(string="Folded on the Board")

    @api.model
    def _of_kind(self, kind):
        """The first stage of a kind, into which issues go by a button or by a mail."""
        return self.search([('kind', '=', kind)], limit=1)

    def write(self, vals):
        result = super().write(vals)
        if 'kind' in vals:
            # Issues of all companies stand in the stage (sudo).
            self.env['kam.issue'].sudo().search([('stage_id', 'in', self.ids)])._stop_or_go()
        return result
