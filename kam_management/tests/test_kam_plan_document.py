from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .test_kam_plan import PlanCase


@tagged('post_install', '-at_install')
class TestKamPlanDocument(PlanCase):

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
        """Two companies' currencies, a credit note, the year before: hand-computed."""
        self._invoice(self.acme_partner, 1000, 30)
        self._invoice(self.acme_asia, 500, 60)
        self._invoice(self.acme_partner, 300, 40, 'out_refund')
        self._invoice(self.acme_partner, 800, 500)
        self._invoice(self.beta_partner, 9999, 30)
        # 1000 + 500 - 300 = 1200, against 800 before: half as much again.
        self.assertEqual(self.acme._yearly_sales()[self.acme.id][:2], (1200, 800))
        self.assertIn("+50 %", self.plan.facts)
        # The entity alone
        self.assertEqual(self.acme._yearly_sales(self.acme_asia)[self.acme.id][0], 500)

    def test_margin(self):
        product = self.env['product.product'].create({'name': "Gear", 'type': 'consu'})
        product.with_company(self.company_a).standard_price = 60
        self._invoice(self.acme_partner, 100, 10, product=product)
        self.assertEqual(self.acme._yearly_sales()[self.acme.id][2], 40)
        self.assertEqual(self.acme._sales_by_category(), [(product.categ_id.name or "Other", 100)])

    def _invoice(self, partner, amount, days, move_type='out_invoice', product=None):
        company = self.company_a
        if not company.chart_template:
            self.env['account.chart.template'].try_loading('generic_coa', company, install_demo=False)
        move = self.env['account.move'].with_company(company).create({
            'move_type': move_type, 'partner_id': partner.id, 'company_id': company.id,
            'invoice_date': date.today() - timedelta(days=days),
            'invoice_line_ids': [Command.create({
                'product_id': product and product.id, 'name': "Goods", 'quantity': 1, 'price_unit': amount,
                'tax_ids': []})]})
        move.action_post()
        return move


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
