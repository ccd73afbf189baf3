from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # The one who merges contacts need not have rights in the programme; its accounts must survive all the same.
        self.env['kam.account'].sudo()._merge_partners(src_partners, dst_partner)
        self.env.flush_all()  # the merge works in SQL
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # The account has the invoices of all of them now.
        self.env['kam.account'].sudo()._refresh_trade_of(dst_partner)
        return result
