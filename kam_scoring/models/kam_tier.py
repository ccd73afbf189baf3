from odoo import fields, models


class KamTier(models.Model):
    _inherit = 'kam.tier'

    competence_min = fields.Float(
        string="Competence at Least", digits=(3, 1),
        help="Mean level, 0 to 5, in the profile of whoever takes over an account of this tier. 0 means that nobody "
             "looks at it.")

    _competence = models.Constraint('CHECK (competence_min BETWEEN 0 AND 5)', "Levels go from 0 to 5.")
