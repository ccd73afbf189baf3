from odoo import models


class AccountInvoiceReport(models.Model):
    _name = 'account.invoice.report'
    _inherit = ['account.invoice.report', 'kam.flag.mixin']
    _kam_company_field = 'company_id'
