from odoo.fields import Command
from odoo.tests import tagged

from .common import KamCase

FLAGGED = ('res.partner', 'crm.lead', 'sale.order', 'account.move', 'sale.report', 'account.invoice.report')


class AnalysisCase(KamCase):
    """Acme is Gold in programme A (EUR) and Diamond in programme B (USD); one euro is two dollars."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dollar = cls.env.ref('base.USD')
        cls.env['res.currency.rate'].search([]).unlink()
        cls.env['res.currency.rate'].create([
            {'name': '2020-01-01', 'currency_id': dollar.id, 'company_id': company.id,
             'rate': 2.0 if company == cls.company_a else 1.0}
            for company in (cls.company_a, cls.company_b)])
        cls.env['res.currency.rate'].create({
            'name': '2020-01-01', 'currency_id': cls.env.ref('base.EUR').id, 'company_id': cls.company_b.id,
            'rate': 0.5})
        cls.acme_b = cls.env['kam.account'].create({
            'program_id': cls.program_b.id, 'partner_id': cls.acme_partner.id})
        cls.diamond_b = cls.program_b.tier_ids.filtered(lambda tier: tier.value_class == 'diamond')
        cls.acme_b.sudo().tier_id = cls.diamond_b
        cls.product = cls.env['product.product'].create({'name': "Pump", 'type': 'service', 'taxes_id': False})

    def grouped(self, model, group_by, domain, measure='price_subtotal:sum', user=None):
        """{value of the group: sum}, in the currency of the user's first company."""
        records = self.as_user(self.env[model], user or self.champion)
        return dict(records._read_group(domain, [group_by], [measure]))


@tagged('post_install', '-at_install')
class TestSaleReport(AnalysisCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env['sale.order'].create([
            cls.order(partner, company, price) for partner, company, price in (
                (cls.acme_asia, cls.company_a, 1000), (cls.acme_partner, cls.company_b, 500),
                (cls.beta_partner, cls.company_a, 70), (cls.free_partner, cls.company_b, 6))])
        cls.orders.action_confirm()

    @classmethod
    def order(cls, partner, company, price):
        return {'partner_id': partner.id, 'company_id': company.id, 'user_id': cls.sales.id, 'order_line': [
            Command.create({'product_id': cls.product.id, 'price_unit': price, 'tax_ids': [Command.clear()]})]}

    def sums(self, group_by, user=None):
        return self.grouped('sale.report', group_by, [('product_id', '=', self.product.id)], user=user)

    def test_sums_by_tier_and_manager(self):
        """Each order counts for the account of its company; dollars are halved."""
        nobody, tier = self.env['res.users'], self.env['kam.tier']
        self.assertEqual(self.sums('kam_tier_id'), {
            self.tiers['gold']: 1000, self.diamond_b: 250, self.tiers['general']: 70, tier: 3})
        self.assertEqual(self.sums('kam_manager_id'), {self.manager: 1000, self.colleague: 70, nobody: 253})
        self.assertEqual(self.sums('kam_sponsor_id'), {self.executive: 1000, nobody: 323})
        self.assertEqual(self.sums('is_key_account')[True], 1250)

    def test_sales_user_filters_by_flags(self):
        Report = self.as_user(self.env['sale.report'], self.sales)
        ours = [('product_id', '=', self.product.id)]
        for domain, expected in (
            ([('is_key_account', '=', True)], 1000),
            ([('is_key_account', '=', False)], 70),
            ([('kam_tier_id', 'ilike', "gold")], 1000),
            ([('kam_manager_id', '=', self.colleague.id)], 70),
        ):
            self.assertEqual(sum(Report.search([*ours, *domain]).mapped('price_subtotal')), expected, domain)
        # The record of the account is closed, its name in a group is a flag.
        [group] = Report.formatted_read_group(
            [*ours, ('is_key_account', '=', True)], ['kam_account_id'], ['price_subtotal:sum'])
        self.assertEqual((group['kam_account_id'][1], group['price_subtotal:sum']), ("Acme", 1000))

    def test_what_the_browser_offers(self):
        """Flags are for grouping and sorting, in every pivot; none is a measure."""
        for model in FLAGGED:
            fields = self.as_user(self.env[model], self.sales).fields_get(
                attributes=['groupable', 'sortable', 'aggregator'])
            flags = {
                name: field for name, field in fields.items() if name.startswith('kam_') or name == 'is_key_account'}
            for name in ('kam_account_id', 'kam_tier_id', 'kam_manager_id', 'kam_sponsor_id', 'is_key_account'):
                self.assertTrue(flags[name]['groupable'] and flags[name]['sortable'], f"{model}.{name}")
            self.assertFalse([name for name, field in flags.items() if field.get('aggregator')], model)

    def test_pivot_by_tier(self):
        """The call of the pivot of opportunities and of sales, by tier in rows and manager in columns."""
        self.env['crm.lead'].create([
            {'name': "Deal", 'type': 'opportunity', 'partner_id': partner.id, 'company_id': self.company_a.id,
             'user_id': self.sales.id, 'team_id': False, 'expected_revenue': revenue}
            for partner, revenue in ((self.acme_asia, 100), (self.acme_partner, 20), (self.beta_partner, 3))])
        Lead = self.as_user(self.env['crm.lead'], self.sales)
        total, by_tier, by_both = Lead.formatted_read_grouping_sets(
            [('name', '=', "Deal")], [[], ['kam_tier_id'], ['kam_tier_id', 'kam_manager_id']], ['expected_revenue:sum'])
        self.assertEqual(total[0]['expected_revenue:sum'], 123)
        self.assertEqual(
            [(group['kam_tier_id'][1], group['expected_revenue:sum']) for group in by_tier],
            [("Gold", 120), ("General", 3)])
        self.assertEqual(len(by_both), 2)

    def test_export(self):
        self.sales.group_ids += self.env.ref('base.group_allow_export')
        rows = self.as_user(self.orders[0], self.sales).export_data(['name', 'kam_tier_id', 'is_key_account'])['datas']
        self.assertEqual(rows[0][1:], ["Gold", True])

    def test_tier_change_rewrites_no_document(self):
        """Nothing is stored on documents: a change costs the same with 2 orders and with 200, and touches none."""
        orders = self.env['sale.order'].create([
            {'partner_id': self.beta_partner.id, 'company_id': self.company_a.id} for _ in range(200)])

        def versions():
            """Which row version each order is; a write, even of the same values, makes a new one."""
            self.cr.execute("SELECT id, ctid::text, xmin::text FROM sale_order WHERE id = ANY(%s)", [orders.ids])
            return self.cr.fetchall()

        def statements(account, value_class):
            change = self.propose(account, value_class, user=self.champion)
            change.sudo().state = 'approved'
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            change.sudo()._apply()
            self.env.flush_all()
            return self.cr.sql_log_count - start

        statements(self.free, 'potential')  # fills the caches
        statements(self.free, 'general')
        before = versions()
        self.assertEqual(statements(self.beta, 'potential'), statements(self.free, 'potential'))
        self.assertEqual(versions(), before)
        self.assertEqual(orders[0].kam_tier_id, self.tiers['potential'])
