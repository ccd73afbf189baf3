from odoo import fields, models


class KamAccount(models.Model):
    """What became of the promises that the tier of the account makes."""
    _inherit = 'kam.account'

    promise_result_ids = fields.One2many('kam.promise.result', 'account_id', string="Promises")
