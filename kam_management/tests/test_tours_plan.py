from datetime import date

from odoo.tests import HttpCase, tagged

from .test_kam_wallet_line import WalletCase


@tagged('post_install', '-at_install')
class TestToursPlan(HttpCase, WalletCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year = date.today().year

    def test_from_the_template_to_approval(self):
        self.env['kam.plan.template'].search([]).active = False
        self.env.ref('kam_management.plan_template_key').active = True
        self.beta.sudo().tier_id = self.tiers['gold']
        self.sell(self.beta_partner, self.drive, 800, 100)
        self.start_tour(f'/odoo/key-accounts/{self.beta.id}', 'kam_plan_make', login='kam_colleague')
        plan = self.beta.plan_ids
        self.assertEqual((plan.state, plan.strategy, plan.goal_ids.name), (
            'review', "From supplier to partner", "Less downtime"))
        self.start_tour('/odoo/account-plans-to-approve', 'kam_plan_approve', login='kam_champion')
        self.assertEqual(plan.state, 'active')

    def test_an_invoice_moves_the_track(self):
        plan = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'date_from': date(self.year - 1, date.today().month, 1),
            'date_to': date(self.year + 1, 12, 31)})
        self.env['kam.plan.objective'].create({
            'plan_id': plan.id, 'name': "Grow", 'measure': 'revenue', 'baseline': 100, 'target_value': 1000,
            'date_target': plan.date_to})
        self.start_tour(f'/odoo/account-plans/{plan.id}', 'kam_plan_off_track', login='kam_manager')
        self.sell(self.acme_partner, self.drive, 1000, 1)
        self.start_tour(f'/odoo/account-plans/{plan.id}', 'kam_plan_on_track', login='kam_manager')

    def test_a_white_spot_becomes_an_opportunity(self):
        self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_grid_wallet', login='kam_manager')
        line = self.acme.wallet_line_ids
        self.assertEqual((line.spend, line.categ_id, len(line.lead_ids)), (5000, self.drives, 1))

    def test_what_cannot_be_saved_stays_in_its_cell(self):
        self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_grid_mistake', login='kam_manager')
        self.assertFalse(self.acme.wallet_line_ids)

    def test_a_forecast_from_last_year(self):
        plan = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'date_from': date(self.year, 1, 1), 'date_to': date(self.year, 12, 31)})
        self.sell(self.acme_partner, self.drive, 640, (date.today() - date(self.year - 1, 5, 5)).days)
        self.start_tour(f'/odoo/account-plans/{plan.id}', 'kam_grid_forecast', login='kam_manager')
        self.assertEqual(sorted(plan.forecast_ids.mapped('revenue')), [640, 1200])
