from odoo import models


class AccountMove(models.Model):
    _name = 'account.move'
    _inherit = ['account.move', 'kam.flag.mixin']
    _kam_company_field = 'company_id'

    # First and last invoice of an account, and the list of its invoices, whatever else there is in the ledger.
    _kam_trade_idx = models.Index(
        "(commercial_partner_id, company_id, invoice_date) "
        "WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')")

    def _post(self, soft=True):
        posted = super()._post(soft)
        # A prospect that buys is a prospect no more.
        posted._refresh_kam_trade()
        return posted

    def button_draft(self):
        was_posted = self.filtered(lambda move: move.state == 'posted')
        result = super().button_draft()
        was_posted._refresh_kam_trade()
        return result

    def _refresh_kam_trade(self):
        customers = self.filtered(lambda move: move.is_sale_document(include_receipts=True)).commercial_partner_id
        if customers:
            # Whoever posts an invoice need not have rights in the programme (sudo).
            self.env['kam.account'].sudo()._refresh_trade_of(customers)
