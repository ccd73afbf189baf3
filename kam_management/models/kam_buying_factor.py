from odoo import fields, models


class KamBuyingFactor(models.Model):
    """What decides whether a customer buys: value, price, relationship, innovation … (S59)."""
    _name = 'kam.buying.factor'
    _description = "Buying Factor"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Char(translate=True)

    _name_uniq = models.UniqueIndex("((name->>'en_US'))", "A buying factor of this name exists already.")
