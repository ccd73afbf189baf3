from odoo import fields, models


class KamCompetitor(models.Model):
    """Who else sells to our accounts, or the customer that makes it in-house: named once, used by all accounts."""
    _name = 'kam.competitor'
    _description = "Competitor"
    _order = 'name, id'

    name = fields.Char(required=True, index='trigram')
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one('res.partner', string="Contact", ondelete='set null', index='btree_not_null')
    strengths = fields.Text(help="What customers like about them.")
    weaknesses = fields.Text(help="Where customers are disappointed.")

    _name_uniq = models.UniqueIndex('(lower(name))', "A competitor of this name exists already.")
