from odoo.fields import Command
from odoo.tests import tagged

from .test_sale_report import AnalysisCase


@tagged('post_install', '-at_install')
class TestAccountInvoiceReport(AnalysisCase):

    def test_sums_by_tier_and_manager(self):
        """An invoice and a credit note in euros, and an invoice in dollars that counts half."""
        for company in (self.company_a, self.company_b):
            self.env['account.chart.template'].try_loading('generic_coa', company=company, install_demo=False)
        self.company_a.currency_id = self.env.ref('base.EUR')  # the chart is one of dollars
        for partner, company, move_type, price in (
            (self.acme_asia, self.company_a, 'out_invoice', 1000),
            (self.acme_partner, self.company_a, 'out_refund', 100),
            (self.acme_partner, self.company_b, 'out_invoice', 500),
            (self.beta_partner, self.company_a, 'out_invoice', 70),
        ):
            self.env['account.move'].with_company(company).create({
                'move_type': move_type, 'partner_id': partner.id, 'invoice_date': '2024-05-01', 'invoice_line_ids': [
                    Command.create({'product_id': self.product.id, 'price_unit': price, 'tax_ids': [Command.clear()]})],
            }).action_post()
        self.champion.group_ids += self.env.ref('account.group_account_invoice')
        ours = [('product_id', '=', self.product.id)]
        self.assertEqual(self.grouped('account.invoice.report', 'kam_tier_id', ours), {
            self.tiers['gold']: 900, self.diamond_b: 250, self.tiers['general']: 70})
        self.assertEqual(self.grouped('account.invoice.report', 'kam_manager_id', ours), {
            self.manager: 900, self.colleague: 70, self.env['res.users']: 250})
        key = [*ours, ('is_key_account', '=', True)]
        self.assertEqual(self.grouped('account.invoice.report', 'is_key_account', key), {True: 1150})
