from odoo import fields, models


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    kam_wallet_line_id = fields.Many2one(
        'kam.wallet.line', string="White Spot", index='btree_not_null', ondelete='set null', copy=False,
        groups='kam_management.group_kam_user,kam_management.group_kam_executive')
