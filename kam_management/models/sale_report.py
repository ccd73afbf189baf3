from odoo import models


class SaleReport(models.Model):
    _name = 'sale.report'
    _inherit = ['sale.report', 'kam.flag.mixin']
    _kam_company_field = 'company_id'
