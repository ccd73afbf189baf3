from odoo import models


class AccountMove(models.Model):
    _name = 'account.move'
    _inherit = ['account.move', 'kam.flag.mixin']
    _kam_company_field = 'company_id'
