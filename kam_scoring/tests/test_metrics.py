import doctest
from datetime import date

from odoo.tests import tagged

from odoo.addons.kam_management.ledger import rates
from odoo.addons.kam_scoring.metrics import METRICS, Scope, metric

from .common import AS_OF, ScoringCase


@tagged('post_install', '-at_install')
class TestMetrics(ScoringCase):
    """Every figure against a case computed by hand; see ScoringCase and its `_acme_documents`."""

    def test_window(self):
        self.assertEqual(
            (self.scope.date_prior, self.scope.date_from, self.scope.date),
            (date(2022, 2, 28), date(2023, 2, 28), AS_OF))
        after_leap_day = Scope.of(self.program, date(2025, 2, 28))
        self.assertEqual(after_leap_day.date_from, date(2024, 2, 28))

    def test_revenue(self):
        self.assertEqual(float(self.value('revenue', self.acme)), 2400.0)
        self.assertEqual(float(self.value('revenue', self.beta)), -250.0, "only a credit note")
        self.assertEqual(float(self.value('revenue', self.free)), 0.0, "bought before, not any more")
        self.assertIsNone(self.value('revenue', self.account_of(self.gamma_partner)), "no account yet")

    def test_revenue_of_another_day(self):
        """The day before, the window ends before the invoice in GBP and begins with that of 2023-02-28."""
        scope = Scope.of(self.program, date(2024, 2, 27))
        self.assertEqual(float(self.value('revenue', self.acme, scope)), 2400.0 - 100 + 500)

    def test_growth(self):
        self.assertAlmostEqual(self.value('growth', self.acme), 100 * (2400 - 900) / 900, 12)
        self.assertEqual(self.value('growth', self.free), -100.0)
        self.assertIsNone(self.value('growth', self.beta), "nothing the year before")

    def test_margin(self):
        self.assertAlmostEqual(self.value('margin', self.acme), 100 * (2400 - 1220) / 2400, 12)
        self.assertIsNone(self.value('margin', self.beta), "negative revenue")
        self.assertIsNone(self.value('margin', self.free), "no revenue")

    def test_margin_without_cost(self):
        self.invoice(self.free_partner, '2024-01-01', 100, product=self.advice)
        self.assertIsNone(self.value('margin', self.free), "cost unknown, not a margin of 100 %")

    def test_collection_rate(self):
        self.assertAlmostEqual(self.value('collection_rate', self.acme), 100 * 1080 / 2400, 12)
        self.assertIsNone(self.value('collection_rate', self.beta))
        self.assertIsNone(self.value('collection_rate', self.free), "fell due before the window")

    def test_collection_after_payment(self):
        """As of 2024-03-05 the last 300 USD have been paid; the first invoice is still in the window."""
        scope = Scope.of(self.program, date(2024, 3, 5))
        # due: 1000, 320, 1080, and 999 of 2024-03-01; paid: all of the first two
        self.assertAlmostEqual(self.value('collection_rate', self.acme, scope), 100 * 1320 / 3399, 12)

    def test_collection_timeliness(self):
        self.assertAlmostEqual(self.value('collection_timeliness', self.acme), 26.4, 12)

    def test_fully_credited_invoice(self):
        """An invoice that a credit note has settled was never to be paid."""
        invoice = self.invoice(self.beta_partner, '2023-09-01', 80, due='2023-09-30')
        self.reconcile(invoice, self.invoice(self.beta_partner, '2023-09-02', 80, move_type='out_refund'))
        self.assertIsNone(self.value('collection_rate', self.beta))
        self.assertIsNone(self.value('collection_timeliness', self.beta))

    def test_installments(self):
        """Each installment is due on its own day."""
        term = self.env['account.payment.term'].create({'name': "Two halves", 'line_ids': [
            (5, 0), (0, 0, {'value': 'percent', 'value_amount': 50, 'nb_days': 10}),
            (0, 0, {'value': 'percent', 'value_amount': 50, 'nb_days': 300})]})
        invoice = self.invoice(self.beta_partner, '2023-11-01', 200, post=False)
        invoice.invoice_payment_term_id = term
        invoice.action_post()
        self.assertEqual(self.value('collection_rate', self.beta), 0.0)
        # only the first half is due by then, since 2023-11-11
        self.assertEqual(self.value('collection_timeliness', self.beta), (AS_OF - date(2023, 11, 11)).days)

    def test_influence(self):
        self.assertIsNone(self.value('influence', self.acme))
        self.judge(acme='4')
        self.env.flush_all()
        self.assertEqual(self.value('influence', self.acme), 4)

    def test_archived_account_has_no_values(self):
        self.acme.active = False
        self.env.flush_all()
        for code in METRICS:
            self.assertIsNone(self.value(code, self.acme), code)

    def test_programme_of_one_company(self):
        """Only the companies of the programme count, in its own currency."""
        account = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_asia.id})
        scope = Scope.of(self.program_b, AS_OF)
        self.assertEqual(float(self.value('revenue', account, scope)), 1600.0)
        self.assertEqual(scope.rates.rows, [])

    def test_rate_rule_is_that_of_odoo(self):
        eur, usd = self.env.ref('base.EUR'), self.env.ref('base.USD')
        by_day = {(row[0], row[1]): row[2] / row[3] for row in self.scope.rates.rows}
        for day in (date(2022, 3, 1), date(2023, 5, 31), date(2023, 6, 1), AS_OF):
            expected = usd._convert(1000000, eur, self.company_b, day)
            self.assertAlmostEqual(float(by_day[self.company_b.id, day]) * 1000000, expected, 2)
        self.assertEqual(self.scope.rates.missing, [])

    def test_missing_rate(self):
        """Without any rate amounts count 1 to 1, as in Odoo, and the scope says so."""
        self.env['res.currency.rate'].search([('currency_id', 'in', (
            self.env.ref('base.EUR') | self.env.ref('base.USD')).ids)]).unlink()
        scope = Scope.of(self.program, AS_OF)
        self.assertEqual(scope.rates.missing, ['EUR'])
        self.assertEqual(float(self.value('revenue', self.acme, scope)), 1000 - 100 + 400 + 1200 + 100)

    def test_missing_rate_of_a_document(self):
        chf = self.env.ref('base.CHF')
        chf.active = True
        self.env['res.currency.rate'].search([
            '|', ('currency_id', '=', chf.id), ('company_id', '=', self.company_a.id)]).unlink()
        self.env['res.currency.rate'].search([
            ('currency_id', '=', self.env.ref('base.EUR').id), ('company_id', '=', False)]).unlink()
        self.invoice(self.free_partner, '2024-01-10', 70, currency=chf)
        self.assertIn('CHF', Scope.of(self.program, AS_OF).rates.missing)

    def test_documents_behind_the_values(self):
        def documents(code):
            return self.env['account.move'].search(METRICS[code].documents(self.scope, self.acme))
        self.assertEqual(len(documents('revenue')), 5)
        self.assertEqual(len(documents('growth')), 7)
        self.assertEqual(documents('collection_rate'), self.first | self.asian | self.dozen_invoice)
        self.assertIsNone(METRICS['influence'].documents(self.scope, self.acme))
        # what is listed adds up to the value
        totals = sum(move.amount_untaxed_signed * (
            {True: 0.8, False: 0.9}[move.invoice_date < date(2023, 6, 1)] if move.company_id == self.company_b else 1)
            for move in documents('revenue'))
        self.assertAlmostEqual(totals, 2400.0, 2)

    def test_registry(self):
        self.assertEqual(
            list(METRICS),
            ['revenue', 'growth', 'margin', 'collection_rate', 'collection_timeliness', 'influence',
             'lifetime_value'])
        with self.assertRaises(ValueError):
            metric('revenue', label="", unit='days', help="", zero=0, full=1, documents=None)(print)
        with self.assertRaises(ValueError):
            metric('weight', label="", unit='stones', help="", zero=0, full=1, documents=None)

    def test_doctests(self):
        self.assertEqual(doctest.testmod(rates).failed, 0)
