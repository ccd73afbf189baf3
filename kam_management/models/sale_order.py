from odoo import models


class SaleOrder(models.Model):
    _name = 'sale.order'
    _inherit = ['sale.order', 'kam.flag.mixin']
    _kam_partner_path = 'partner_id.commercial_partner_id'
    _kam_company_field = 'company_id'
