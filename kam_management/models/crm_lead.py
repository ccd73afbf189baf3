from odoo import models


class CrmLead(models.Model):
    _name = 'crm.lead'
    _inherit = ['crm.lead', 'kam.flag.mixin']
    _kam_partner_path = 'partner_id.commercial_partner_id'
    _kam_company_field = 'company_id'
