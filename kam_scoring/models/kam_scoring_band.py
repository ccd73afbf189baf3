from odoo import api, fields, models


class KamScoringBand(models.Model):
    """From which value on a criterion earns how many points, until the next band begins."""
    _name = 'kam.scoring.band'
    _description = "Band of a Scoring Criterion"
    _inherit = ['kam.scoring.part']
    _order = 'criterion_id, value_from'
    _model_path = 'criterion_id.model_id'

    criterion_id = fields.Many2one('kam.scoring.criterion', required=True, index=True, ondelete='cascade')
    value_from = fields.Float(string="From", required=True, help="In the unit of the criterion.")
    points = fields.Float(string="Points (0–100)", required=True)

    _value_uniq = models.Constraint('UNIQUE (criterion_id, value_from)', "Two bands cannot begin at the same value.")
    _points = models.Constraint('CHECK (points BETWEEN 0 AND 100)', "Points are between 0 and 100.")
    _finite = models.Constraint(
        "CHECK (value_from > '-Infinity' AND value_from < 'Infinity')", "A band begins at a number.")

    @api.depends('value_from', 'points')
    def _compute_display_name(self):
        for band in self:
            band.display_name = self.env._(
                "from %(value)s: %(points)s points", value=f"{band.value_from:g}", points=f"{band.points:g}")
