from odoo import fields, models


class KamProfile(models.Model):
    """Whom somebody can look after: languages and countries."""
    _inherit = 'kam.profile'

    language_ids = fields.Many2many(
        'res.lang', string="Languages", context={'active_test': False},
        help="Customers' languages that this person speaks. Empty: nobody looks at it.")
    country_ids = fields.Many2many(
        'res.country', string="Countries", help="Countries that this person looks after. Empty: all of them.")
