from datetime import date

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kam_scoring.metrics import METRICS, Scope

from .common import AS_OF, ScoringCase

CODES = (
    'revenue_prior_year', 'revenue_third_year', 'revenue_quarter', 'sustained_revenue', 'revenue_trend', 'sales_share',
    'gross_margin_amount', 'late_payment_share', 'overdue_amount', 'oldest_overdue', 'credit_note_rate',
    'order_frequency', 'recency', 'tenure', 'product_breadth', 'late_payment_cost', 'cost_to_serve',
    'net_account_value')


@tagged('post_install', '-at_install')
class TestMetricsLedger(ScoringCase):
    """What the ledger says beyond the six indicators, by hand; see ScoringCase and its `_acme_documents`.

    The years of acme, from the last one back: 2400, 900 and, from an invoice of 2022-02-28, 999.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts, cls.advising = cls.env['product.category'].create([{'name': "Parts"}, {'name': "Advising"}])
        cls.pump.categ_id, cls.advice.categ_id = cls.parts, cls.advising
        cls.env.flush_all()

    def number(self, code, account, scope=None):
        self.env.flush_all()
        value = self.value(code, account, scope)
        return value if value is None else float(value)

    def documents(self, code, account=None, scope=None):
        self.env.flush_all()
        return self.env['account.move'].search(METRICS[code].documents(scope or self.scope, account or self.acme))

    def dated(self, account, *days):
        """The documents of some days, whoever of the account received them."""
        return self.env['account.move'].search([
            ('commercial_partner_id', 'in', account.entity_ids.partner_id.ids), ('state', '=', 'posted'),
            ('move_type', 'in', ('out_invoice', 'out_refund')), ('invoice_date', 'in', days)])

    def test_without_documents(self):
        """No value for an account without documents; nor for one whose only invoice is still to come."""
        partner = self.env['res.partner'].create({'name': "Nobody", 'is_company': True})
        nobody = self.env['kam.account'].create({'program_id': self.program.id, 'partner_id': partner.id})
        self.invoice(partner, '2024-03-01', 500)
        self.invoice(partner, '2024-01-01', 500, post=False)
        for code in CODES:
            self.assertIsNone(self.number(code, nobody), code)
            self.assertFalse(self.documents(code, nobody), code)

    def test_revenue_of_earlier_years(self):
        self.assertEqual(self.number('revenue_prior_year', self.acme), 900)
        self.assertEqual(self.number('revenue_prior_year', self.free), 1000)
        self.assertIsNone(self.number('revenue_prior_year', self.beta), "no customer then")
        self.assertEqual(self.number('revenue_third_year', self.acme), 999)
        self.assertIsNone(self.number('revenue_third_year', self.free), "no customer then")
        self.assertEqual(self.documents('revenue_prior_year'), self.dated(self.acme, '2023-02-28', '2022-03-01'))
        self.assertEqual(self.documents('revenue_third_year'), self.dated(self.acme, '2022-02-28'))

    def test_year_without_document(self):
        """0 for one who had bought the year before; nothing is known of one who had not."""
        self.invoice(self.free_partner, '2020-03-01', 50)  # year 4
        self.assertEqual(self.number('revenue_third_year', self.free), 0)
        self.assertEqual(self.number('revenue_prior_year', self.free), 1000)

    def test_earlier_years_at_the_rate_of_their_day(self):
        """500 USD of the third year are 400 EUR at 0.80, whatever the rate of the last two years."""
        self.invoice(self.acme_asia, '2021-06-01', 500, company=self.company_b)
        self.invoice(self.acme_asia, '2021-03-01', 50, company=self.company_b, move_type='out_refund')
        scope = Scope.of(self.program, AS_OF)
        self.assertEqual(self.number('revenue_third_year', self.acme, scope), 999 + 400 - 40)

    def test_rates_of_older_days(self):
        self.invoice(self.acme_asia, '2019-06-01', 500, company=self.company_b)
        rates = Scope.of(self.program, AS_OF).rates
        days = [row[1] for row in rates.rows if row[0] == self.company_b.id]
        self.assertEqual(days[:1] + days[-1:], [date(2019, 6, 1), date(2022, 3, 1)], "older days, then the window back")
        # From 2022-03-01 to the leap day, and one day of 2019.
        self.assertEqual(len(days), 731 + 1)
        self.assertEqual(len(set(days)), len(days))

    def test_sustained_revenue(self):
        self.assertEqual(self.number('sustained_revenue', self.acme), 900)
        self.assertIsNone(self.number('sustained_revenue', self.free), "a customer since the second year only")
        self.assertIsNone(self.number('sustained_revenue', self.beta))
        self.assertEqual(self.documents('sustained_revenue'), self.documents('growth') | self.dated(
            self.acme, '2022-02-28'))

    def test_sustained_revenue_of_other_years(self):
        self.program.sustained_years = 2
        self.assertEqual(self.number('sustained_revenue', self.acme), 900)
        self.assertEqual(self.number('sustained_revenue', self.free), 0, "nothing in the last year")
        self.assertEqual(self.documents('sustained_revenue'), self.documents('growth'))
        self.program.sustained_years = 4
        self.assertIsNone(self.number('sustained_revenue', self.acme), "no customer in the fourth year")
        # Year 4 before a leap day begins after the leap day before it.
        self.invoice(self.acme_partner, '2020-02-29', 700)
        self.assertEqual(self.number('sustained_revenue', self.acme), 0, "a customer then, but without document")
        self.invoice(self.acme_partner, '2020-03-01', 300)
        self.assertEqual(self.number('sustained_revenue', self.acme), 300)
        self.program.sustained_years = 5
        self.assertEqual(self.number('sustained_revenue', self.acme), 300)

    def test_sustained_revenue_with_a_gap(self):
        self.invoice(self.free_partner, '2021-06-01', 800)
        self.assertEqual(self.number('sustained_revenue', self.free), 0, "800, 1000 and nothing")
        self.invoice(self.free_partner, '2023-06-01', 40, move_type='out_refund')
        self.assertEqual(self.number('sustained_revenue', self.free), -40)

    def test_sustained_revenue_replayed(self):
        """A year earlier the last three years end on 2023-02-28: 900, 999 and, with this one, 100."""
        self.invoice(self.acme_partner, '2021-02-28', 100)
        self.assertEqual(self.number('sustained_revenue', self.acme, Scope.of(self.program, date(2023, 2, 28))), 100)

    def test_revenue_quarter(self):
        self.assertEqual(self.number('revenue_quarter', self.acme), 100)
        self.assertEqual(self.number('revenue_quarter', self.beta), 0)
        self.invoice(self.free_partner, '2023-11-29', 70)  # the day on which the 3 months begin does not count
        self.assertEqual(self.number('revenue_quarter', self.free), 0)
        self.invoice(self.free_partner, '2023-11-30', 7)
        self.assertEqual(self.number('revenue_quarter', self.free), 7)
        self.assertEqual(self.documents('revenue_quarter', self.free), self.dated(self.free, '2023-11-30'))

    def test_revenue_trend(self):
        """Quarters of acme: 400, 0, 0, 500, 900, 1400, 0, 100. Mean 412.5; sum of (q - 3.5) * revenue = 1250, of the
        squares 42. Quarters of free since its first invoice: 1000, 0, 0, 0, 0.
        """
        self.assertAlmostEqual(self.number('revenue_trend', self.acme), 400 * (1250 / 42) / 412.5, 9)
        self.assertAlmostEqual(self.number('revenue_trend', self.free), 400 * (-2000 / 10) / 200, 9)
        self.assertEqual(self.documents('revenue_trend'), self.documents('growth'))

    def test_revenue_trend_needs_history(self):
        account = self.env['kam.account'].create({
            'program_id': self.program.id, 'partner_id': self.gamma_partner.id})
        self.assertIsNone(self.number('revenue_trend', account), "one quarter")
        self.invoice(self.gamma_partner, '2023-05-29', 300)  # the last day of quarter 4
        self.assertAlmostEqual(self.number('revenue_trend', account), 0, 9, "300, 0, 0, 300")
        self.assertIsNone(self.number('revenue_trend', self.beta), "negative")

    def test_sales_share(self):
        """Of 2400 - 250 + 300, the last one of a customer that is no account."""
        self.assertAlmostEqual(self.number('sales_share', self.acme), 100 * 2400 / 2450, 9)
        self.assertAlmostEqual(self.number('sales_share', self.beta), 100 * -250 / 2450, 9)
        self.assertEqual(self.number('sales_share', self.free), 0)
        self.assertEqual(self.documents('sales_share'), self.documents('revenue'))

    def test_gross_margin_amount(self):
        self.assertEqual(self.number('gross_margin_amount', self.acme), 2400 - 1220)
        self.assertEqual(self.number('gross_margin_amount', self.beta), -250 + 60)
        self.assertEqual(self.number('gross_margin_amount', self.free), 0, "bought before, not any more")
        self.invoice(self.free_partner, '2024-01-01', 100, product=self.advice)
        self.assertIsNone(self.number('gross_margin_amount', self.free), "cost unknown")

    def test_late_payment_share(self):
        """Late: 400 and 80 paid, 240 open, of 2400; what is due on the day itself is not late."""
        self.assertAlmostEqual(self.number('late_payment_share', self.acme), 100 * 720 / 2400, 9)
        self.assertIsNone(self.number('late_payment_share', self.free))
        # A day later the dozen is late too, and the first claims of the window are the same.
        scope = Scope.of(self.program, date(2024, 3, 1))
        self.assertAlmostEqual(self.number('late_payment_share', self.acme, scope), 100 * 1800 / 3399, 9)

    def test_overdue(self):
        """Open and past due: 240 of the invoice in USD, 500 and 400 of the second year, 999 of the third."""
        self.assertEqual(self.number('overdue_amount', self.acme), 240 + 500 + 400 + 999)
        self.assertEqual(self.number('oldest_overdue', self.acme), (AS_OF - date(2022, 2, 28)).days)
        self.assertEqual(
            self.documents('overdue_amount'),
            self.asian | self.dated(self.acme, '2023-02-28', '2022-03-01', '2022-02-28'))
        self.assertEqual(self.documents('oldest_overdue'), self.dated(self.acme, '2022-02-28'))

    def test_overdue_on_another_day(self):
        """On 2024-03-05 the invoice in USD is paid, and two more are past due."""
        scope = Scope.of(self.program, date(2024, 3, 5))
        self.assertEqual(self.number('overdue_amount', self.acme, scope), 500 + 400 + 999 + 1080 + 999)
        self.assertNotIn(self.asian, self.documents('overdue_amount', scope=scope))
        # Before any payment: 1100 of the first invoice, of which 100 were never paid before the credit note.
        scope = Scope.of(self.program, date(2023, 4, 9))
        self.assertEqual(self.number('overdue_amount', self.acme, scope), 500 + 400 + 999 + 500)
        self.assertIn(self.first, self.documents('overdue_amount', scope=scope))

    def test_overdue_less_credit_notes(self):
        self.assertEqual(self.number('overdue_amount', self.free), 1000)
        credit = self.invoice(self.free_partner, '2024-01-10', 300, move_type='out_refund')
        self.assertEqual(self.number('overdue_amount', self.free), 700, "an open credit note will settle something")
        self.assertEqual(self.number('oldest_overdue', self.free), (AS_OF - date(2022, 12, 1)).days)
        self.assertEqual(self.documents('overdue_amount', self.free), credit | self.dated(self.free, '2022-12-01'))
        self.reconcile(self.dated(self.free, '2022-12-01'), credit)
        self.assertEqual(self.number('overdue_amount', self.free), 700, "and once it has, it counts once")
        self.assertNotIn(credit, self.documents('overdue_amount', self.free))
        self.assertEqual(self.number('overdue_amount', self.beta), 0, "we owe it 250")
        self.assertEqual(self.number('oldest_overdue', self.beta), 0)

    def test_overdue_partly_paid_and_in_old_currency(self):
        """100 USD of 2021 are 80 EUR, of which a quarter is paid."""
        invoice = self.invoice(self.acme_asia, '2021-05-01', 100, company=self.company_b)
        self.pay(invoice, 25, '2023-05-01')
        scope = Scope.of(self.program, AS_OF)
        self.assertEqual(self.number('overdue_amount', self.acme, scope), 2139 + 60)
        self.assertEqual(self.documents('oldest_overdue', scope=scope), invoice)

    def test_credit_note_rate(self):
        self.assertAlmostEqual(self.number('credit_note_rate', self.acme), 100 * 100 / 2500, 9)
        self.assertIsNone(self.number('credit_note_rate', self.beta), "nothing invoiced")
        self.invoice(self.free_partner, '2023-12-01', 10)
        self.assertEqual(self.number('credit_note_rate', self.free), 0)
        self.assertEqual(self.documents('credit_note_rate'), self.documents('revenue'))

    def test_order_frequency(self):
        self.assertEqual(self.number('order_frequency', self.acme), 4)
        self.assertEqual(self.number('order_frequency', self.free), 0)
        self.assertEqual(self.documents('order_frequency'), self.documents('revenue') - self.credit_note)

    def test_recency_and_tenure(self):
        self.assertEqual(self.number('recency', self.acme), 0)
        self.assertEqual(self.number('recency', self.free), (AS_OF - date(2022, 12, 1)).days)
        self.assertAlmostEqual(self.number('tenure', self.acme), 731 / 365.25, 9)
        for code in ('recency', 'tenure'):
            self.assertIsNone(self.number(code, self.beta), "never invoiced")
            self.assertFalse(self.documents(code, self.beta))
        self.assertEqual(self.documents('recency'), self.dated(self.acme, '2024-02-29'))
        self.assertEqual(self.documents('tenure'), self.dated(self.acme, '2022-02-28'))
        scope = Scope.of(self.program, date(2023, 3, 11))
        self.assertEqual(self.number('recency', self.acme, scope), 10)
        self.assertEqual(self.documents('recency', scope=scope), self.first)

    def test_product_breadth(self):
        self.assertEqual(self.number('product_breadth', self.acme), 1)
        # A person at the subsidiary buys in the other company.
        person = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acme_asia.id})
        invoice = self.invoice(person, '2024-02-01', 10, product=self.advice, company=self.company_b)
        self.assertEqual(self.number('product_breadth', self.acme), 2)
        self.assertIn(invoice, self.documents('product_breadth'))
        self.invoice(person, '2024-02-10', 10, product=self.advice, company=self.company_b, move_type='out_refund')
        self.assertEqual(self.number('product_breadth', self.acme), 1, "given back")
        self.assertEqual(self.number('product_breadth', self.beta), 0)
        self.assertIsNone(self.number('product_breadth', self.free))
        self.advice.categ_id = False
        self.assertNotIn(invoice, self.documents('product_breadth'))

    def test_programme_in_another_currency(self):
        """A programme of company B looks at its documents only, in USD."""
        account = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_asia.id})
        self.env.flush_all()
        scope = Scope.of(self.program_b, AS_OF)
        self.assertEqual(self.number('revenue_prior_year', account, scope), 500)
        self.assertEqual(self.number('overdue_amount', account, scope), 300 + 500)
        self.assertEqual(self.number('sales_share', account, scope), 100)
        self.assertEqual(self.number('gross_margin_amount', account, scope), 1600 - 2 * 50 - 12 * 50)

    def test_one_account(self):
        """A scope of one account has the values of this account alone, also of an archived one."""
        self.env.flush_all()
        values = METRICS['overdue_amount'].values(self.scope.of_account(self.acme))
        self.assertEqual({key: float(value) for key, value in values.items()}, {self.acme.id: 2139})
        self.acme.active = False
        self.assertEqual(len(self.documents('overdue_amount')), 4)

    def test_model_of_all_metrics(self):
        """One run of them all; each value is that of its metric alone."""
        available = [each for each in METRICS.values() if each.is_available(self.env)]
        self.publish_model(criteria=[(each.code, 1, 'linear', each.zero, each.full) for each in available])
        run = self.run_scoring()
        self.assertEqual(run.state, 'done')
        self.assertEqual(run.message.split("\n")[0], "New accounts, of customers who trade: 1.", "no metric failed")
        lines = {line.metric: line for line in self.acme.score_line_ids}
        scope = Scope.of(self.program, AS_OF)
        for each in available:
            value = self.number(each.code, self.acme, scope)
            self.assertEqual(lines[each.code].has_data, value is not None, each.code)
            if value is not None:
                self.assertAlmostEqual(lines[each.code].value, value, 6, each.code)

    def test_settings_of_the_programme(self):
        for name, value in (
            ('sustained_years', 1), ('sustained_years', 6), ('cost_of_capital', -1), ('cost_of_capital', 101),
            ('hour_cost', -1),
        ):
            with (self.subTest(name=name, value=value), mute_logger('odoo.sql_db'),
                  self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint()):
                self.program.write({name: value})
                self.env.flush_all()
            self.env.invalidate_all(flush=False)
