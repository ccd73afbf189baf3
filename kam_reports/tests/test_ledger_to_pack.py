from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import date_utils

from .common import KamReportsCase


@tagged('post_install', '-at_install')
class TestLedgerToPack(KamReportsCase):
    """Invoices of two companies in two currencies, scored, in the pack: each figure by hand.

    The programme in EUR covers A (EUR) and B (USD); 1 EUR = 1.25 USD in B's books. Acme Asia is an entity of acme.

    ============  =======  ==========  ==========  =====================
    customer      company  this year   year before  cost this year
    ============  =======  ==========  ==========  =====================
    Acme          A        1,000 EUR   800 EUR      600 EUR
    Acme Asia     B        500 USD     –            250 USD = 200 EUR
    Delta         B        250 USD     –            125 USD = 100 EUR
    ============  =======  ==========  ==========  =====================

    acme: revenue 1,000 + 400 = 1,400; growth (1,400 - 800) / 800 = 75 %; margin (1,400 - 800) / 1,400 = 42.9 %.
    delta: revenue 200, no growth, margin 50 %. Nothing was paid: collection rate 0 %, as all of it was due.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.score'].search([]).unlink()
        cls.today = Date.today()
        # No guard: what the scores suggest is proposed at once.
        cls.program.write({'company_ids': [Command.set((cls.company_a | cls.company_b).ids)], 'demotion_reviews': 1})
        rates = (('base.EUR', 0.8), ('base.USD', 1))
        cls.env['res.currency.rate'].create([
            {'name': '2000-01-01', 'currency_id': cls.env.ref(xmlid).id, 'company_id': cls.company_b.id, 'rate': rate}
            for xmlid, rate in rates])
        cls.product = cls.env['product.product'].create({'name': "Part"})
        for company, cost in ((cls.company_a, 6.0), (cls.company_b, 5.0)):
            cls.product.with_company(company).standard_price = cost
            cls._ledger(company)
        recently, before = (date_utils.subtract(cls.today, months=months) for months in (2, 14))
        cls._invoice(cls.company_a, cls.acme_partner, recently, 100)
        cls._invoice(cls.company_a, cls.acme_partner, before, 80)
        cls._invoice(cls.company_b, cls.acme_asia, recently, 50)
        cls._invoice(cls.company_b, cls.delta_partner, recently, 25)
        cls.model._fill_defaults()
        cls.model.action_publish()
        run = cls.env['kam.score.run']._score_program(cls.program)
        assert run.state == 'done', run.message

    @classmethod
    def _ledger(cls, company):
        Account = cls.env['account.account'].with_company(company)
        receivable, income = Account.create([
            {'code': '121000', 'name': "Receivable", 'account_type': 'asset_receivable', 'reconcile': True,
             'company_ids': [Command.set(company.ids)]},
            {'code': '400000', 'name': "Sales", 'account_type': 'income', 'company_ids': [Command.set(company.ids)]},
        ])
        cls.env['account.journal'].create({
            'name': "Sales", 'code': 'SAL', 'type': 'sale', 'company_id': company.id,
            'default_account_id': income.id})
        for partner in cls.acme_partner | cls.acme_asia | cls.delta_partner:
            partner.with_company(company).property_account_receivable_id = receivable

    @classmethod
    def _invoice(cls, company, partner, date, quantity):
        move = cls.env['account.move'].with_company(company).create({
            'move_type': 'out_invoice', 'company_id': company.id, 'partner_id': partner.id, 'invoice_date': date,
            'invoice_date_due': date, 'currency_id': company.currency_id.id,
            'invoice_line_ids': [Command.create({
                'product_id': cls.product.id, 'quantity': quantity, 'price_unit': 10.0, 'tax_ids': False})]})
        move.action_post()
        return move

    def test_figures(self):
        acme, delta = self.portfolio(self.pack(self.champion))
        self.assertEqual(acme["Account"], "Acme")
        self.assertEqual(acme["Revenue, Last 12 Months"], 1400)
        self.assertAlmostEqual(acme["Growth"], 0.75)
        self.assertAlmostEqual(acme["Margin"], 600 / 1400)
        self.assertEqual(acme["Collection Rate"], 0)
        self.assertEqual(delta["Revenue, Last 12 Months"], 200)
        self.assertIsNone(delta["Growth"])
        self.assertAlmostEqual(delta["Margin"], 0.5)
        for row, account in ((acme, self.acme), (delta, self.delta)):
            self.assertAlmostEqual(row["Score"], account.score)
            self.assertEqual(row["Recommended Tier"], account.recommended_tier_id.name)

    def test_summary(self):
        tiles = self.tiles(self.pack(self.champion))
        self.assertEqual(tiles["Revenue, last 12 months"][0], 1600)
        self.assertEqual(tiles["Share of total revenue"][0], 1)
        self.assertAlmostEqual(tiles["Score"][0], (self.acme.score * 1400 + self.delta.score * 200) / 1600)

    def test_company_of_the_switcher(self):
        """Figures are of the programme, whichever of its companies is selected: a programme is one portfolio."""
        for company in self.company_a | self.company_b:
            acme, __ = self.portfolio(self.pack(self.champion, companies=company))
            self.assertEqual(acme["Revenue, Last 12 Months"], 1400)

    def test_proposals_of_the_run(self):
        rows = self.rows(self.pack(self.champion)['Proposals'])
        changes = self.env['kam.tier.change'].search([('program_id', '=', self.program.id), ('is_open', '=', True)])
        self.assertTrue(rows)
        self.assertEqual(len(rows), len(changes))
        for row in rows:
            self.assertEqual((row["Origin"], row["State"]), ("Scoring", "Draft"))
            self.assertTrue(row["Evidence"] and row["Reason"])
