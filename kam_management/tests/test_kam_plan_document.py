from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .ledger_common import LedgerCase
from .test_kam_plan import PlanCase


@tagged('post_install', '-at_install')
class TestKamPlanDocument(PlanCase, LedgerCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.company_ids = [Command.set((cls.company_a | cls.company_b).ids)]
        cls.pump = cls.env['product.product'].create({'name': "Pump", 'type': 'consu', 'taxes_id': False})
        cls.env['res.currency.rate'].create([
            {'currency_id': currency.id, 'company_id': cls.company_b.id, 'name': '2020-01-01', 'rate': rate}
            for currency, rate in ((cls.env.ref('base.USD'), 1), (cls.env.ref('base.EUR'), 0.8))])

    def test_one_page(self):
        self.plan.write({
            'customer_summary': "Makes <machines>", 'strengths': "Known in every plant",
            'goal_ids': [Command.create({'name': "Less downtime", 'contribution': "Monitoring"})]})
        self.acme.activity_schedule(
            'mail.mail_activity_data_call', date.today() + timedelta(days=9), summary="Call the plant",
            user_id=self.manager.id)
        page = self.as_user(self.plan, self.executive).document
        for text in ("Makes &lt;machines&gt;", "Known in every plant", "Less downtime", "Monitoring",
                     "Call the plant", "kam_manager", "Gold"):
            self.assertIn(text, page)

    def test_the_year_in_figures(self):
        """Two companies and currencies, a credit note, the year before, an entity alone: hand-computed.

        1000 EUR + 500 USD at 0.80 EUR - 300 EUR = 1100 EUR, against 880 before: a quarter more.
        """
        self.sell(self.acme_partner, 1000, 30)
        self.sell(self.acme_asia, 500, 60, company=self.company_b)
        self.sell(self.acme_partner, 300, 40, move_type='out_refund')
        self.sell(self.acme_partner, 880, 500)
        self.sell(self.beta_partner, 9999, 30)
        self.assertEqual(self.acme._yearly_sales()[self.acme.id][:2], (1100, 880))
        self.assertIn("1,100 EUR, +25 %", self.plan.facts)
        self.assertEqual(self.acme._yearly_sales(self.acme_asia)[self.acme.id][0], 400)

    def test_margin(self):
        self.pump.with_company(self.company_a).standard_price = 60
        self.sell(self.acme_partner, 100, 10)
        self.assertEqual(self.acme._yearly_sales()[self.acme.id][2], 40)

    def sell(self, partner, amount, days, **values):
        return self.invoice(partner, date.today() - timedelta(days=days), amount, **values)


@tagged('post_install', '-at_install')
class TestBuyingFactors(PlanCase):

    def test_an_opportunity_has_its_own_ranking(self):
        value, price = (self.env.ref(f'kam_management.buying_factor_{name}') for name in ('value', 'price'))
        self.as_user(self.plan, self.manager).factor_ids = [
            Command.create({'account_id': self.acme.id, 'factor_id': value.id, 'sequence': 1}),
            Command.create({'account_id': self.acme.id, 'factor_id': price.id, 'sequence': 2})]
        lead = self.env['crm.lead'].create({
            'name': "Gears", 'type': 'opportunity', 'partner_id': self.acme_asia.id, 'user_id': self.manager.id,
            'company_id': self.company_a.id})
        own = self.as_user(lead, self.manager)
        own.action_rank_factors()
        self.assertEqual(own.kam_factor_ids.factor_id, value | price)
        own.kam_factor_ids[1].sequence = 0
        own.invalidate_recordset()
        self.assertEqual(own.kam_factor_ids[0].factor_id, price)
        self.assertEqual(self.acme.factor_ids[0].factor_id, value, "The account keeps its own")
        self.assertEqual(own.action_open_kam_plan()['res_id'], self.plan.id)
        self.assertEqual(own.action_open_kam_account()['res_id'], self.acme.id)

    def test_only_for_its_own_account(self):
        lead = self.env['crm.lead'].create({
            'name': "Gears", 'type': 'opportunity', 'partner_id': self.beta_partner.id})
        with self.assertRaisesRegex(Exception, "no opportunity of Acme"):
            self.env['kam.buying.rank'].create({
                'account_id': self.acme.id, 'lead_id': lead.id,
                'factor_id': self.env.ref('kam_management.buying_factor_value').id})
