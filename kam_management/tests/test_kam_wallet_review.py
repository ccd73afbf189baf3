from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .test_kam_wallet_line import WalletCase


@tagged('post_install', '-at_install')
class TestKamWalletReview(WalletCase):
    """Cases at the edges of wallet and forecast."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env['kam.plan'].create({
            'account_id': cls.acme.id, 'date_from': '2025-01-01', 'date_to': '2025-12-31'})

    def bill(self, day, amount, product, **values):
        return self.invoice(self.acme_partner, day, amount, product=product, **values)

    def forecast(self, user=None, **values):
        return self.as_user(self.env['kam.forecast.line'], user or self.manager).create({
            'plan_id': self.plan.id, 'categ_id': self.drives.id, 'date_from': '2025-04-01', 'revenue': 1000, **values})

    def night(self, day):
        with freeze_time(day):
            self.env['kam.forecast.line']._cron_close_quarters()

    def test_two_companies_in_two_currencies(self):
        """400 EUR, and 600 USD of company B at 2 USD for 1 EUR = 700 EUR."""
        self.env['res.currency.rate'].create([
            {'name': '2021-02-03', 'company_id': self.company_b.id, 'currency_id': currency.id, 'rate': rate}
            for currency, rate in ((self.company_a.currency_id, 0.5), (self.company_b.currency_id, 1))])
        self.program.company_ids |= self.company_b
        self.sell(self.acme_partner, self.drive, 400, 20)
        self.sell(self.acme_asia, self.gear, 600, 20, company=self.company_b)
        self.assertEqual(self.line(self.acme, self.drives, 1400).our_sales, 700)

    def test_a_category_that_is_no_column_any_more_is_no_white_spot(self):
        self.sell(self.acme_partner, self.gear, 400, 20)
        self.program.wallet_category_ids |= self.gears
        line = self.line(self.acme, self.gears, 1000)
        self.program.wallet_category_ids -= self.gears
        self.env.invalidate_all()
        self.assertEqual((line.our_sales, line.state), (400, 'sold'))
        columns = self.as_user(line, self.manager).get_grid({})['columns']
        self.assertIn(self.gears.id, [column['id'] for column in columns])

    def test_the_grid_has_the_categories_of_all_programmes(self):
        self.program_b.wallet_category_ids = self.gears
        other = self.env['kam.account'].create({'program_id': self.program_b.id, 'partner_id': self.beta_partner.id})
        other.sudo().tier_id = self.program_b.tier_ids.filtered('is_key')[:1]
        grid = self.as_user(self.env['kam.wallet.line'], self.champion).get_grid({})
        columns = [column['id'] for column in grid['columns']]
        self.assertLessEqual({self.drives.id, self.services.id, self.gears.id}, set(columns))
        hints = {row['id']: row['hint'] for row in grid['rows']}
        self.assertIn("USD", hints[other.id])
        self.assertIn("EUR", hints[self.acme.id])

    def test_a_white_spot_that_a_colleague_works_on(self):
        line = self.line(self.acme, self.drives, 1000)
        lead = self.env['crm.lead'].create({
            'name': "Theirs", 'type': 'opportunity', 'user_id': self.sales.id, 'kam_wallet_line_id': line.id})
        with self.assertRaisesRegex(UserError, "kam_sales works on an opportunity already"):
            self.as_user(line, self.manager).action_create_opportunity()
        self.assertEqual(self.as_user(line, self.champion).action_create_opportunity()['res_id'], lead.id)

    def test_estimates_go_along_when_accounts_merge(self):
        kept, lost = self.line(self.acme, self.drives, 1000), self.line(self.beta, self.drives, 5)
        moved = self.line(self.beta, self.services, 70)
        self.env['kam.account'].sudo()._merge_partners(self.beta_partner, self.acme_partner)
        self.assertEqual((moved.account_id, kept.spend, lost.account_id), (self.acme, 1000, self.beta))

    def test_conflict_asks_for_attention(self):
        self.sell(self.acme_partner, self.drive, 400, 20)
        self.line(self.acme, self.drives, 100)
        self.assertIn("Wallet smaller than our sales: Drives", [entry['text'] for entry in self.acme.attention])

    def test_whom_a_competitor_takes_from(self):
        rival = self.env['kam.competitor'].create({'name': "Rival Wallets"})
        self.line(self.acme, self.drives, 100, holder='competitor', competitor_id=rival.id)
        self.line(self.beta, self.drives, 100, holder='competitor', competitor_id=rival.id)
        self.assertEqual(self.as_user(rival, self.manager).wallet_line_count, 1)
        self.assertEqual(self.as_user(rival, self.champion).wallet_line_count, 2)

    def test_a_line_without_cost_is_no_profit(self):
        """100 at a cost of 60, and 100 of another product at an unknown cost, both in Drives: the margin is 40."""
        unknown = self.env['product.product'].create({'name': "No Cost", 'categ_id': self.drives.id})
        self.bill('2025-05-01', 100, self.drive)
        self.bill('2025-05-01', 100, unknown)
        with freeze_time('2025-03-01'):
            line = self.forecast()
        self.assertEqual((line.actual_revenue, line.actual_margin), (200, 40))
        with freeze_time('2026-01-01'):
            plan = self.env['kam.plan'].create({
                'account_id': self.acme.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'})
            plan._fill_forecast()
        self.assertEqual((plan.forecast_ids.revenue, plan.forecast_ids.margin), (200, 40))

    def test_what_is_made_too_late_has_no_accuracy(self):
        """Nobody forecasts what has been invoiced."""
        self.bill('2025-05-05', 800, self.drive)
        with freeze_time('2025-06-29'):
            late = self.forecast(revenue=800)
        with freeze_time('2025-03-20'):
            honest = self.forecast(categ_id=self.services.id, revenue=400)
        self.night('2025-07-20')
        self.assertTrue(late.is_late and late.date_closed)
        self.assertFalse(late.accuracy)
        self.assertEqual((honest.accuracy, self.plan.forecast_accuracy), (0, 0), "400 forecast, nothing invoiced")

    def test_a_change_before_the_first_night_of_the_quarter(self):
        with freeze_time('2025-03-20'):
            line = self.forecast(revenue=1000)
        with freeze_time('2025-04-02'):
            line.revenue = 5
        self.assertEqual((line.revenue_first, line.revenue), (1000, 5))
        self.night('2025-04-03')
        self.assertEqual(line.revenue_first, 1000)
        with self.assertRaisesRegex(UserError, "stays where it is"):
            line.date_from = date(2025, 7, 1)

    def test_accuracy_is_never_below_nothing(self):
        self.bill('2025-05-05', 500, self.drive, move_type='out_refund')
        with freeze_time('2025-03-20'):
            line = self.forecast(revenue=100)
            none = self.forecast(categ_id=self.services.id, revenue=0)
        self.night('2025-07-20')
        self.assertEqual((line.revenue_closed, line.accuracy), (-500, 0))
        self.assertEqual(none.accuracy, 100, "nothing forecast, nothing invoiced")

    def test_what_is_kept_is_not_given_by_defaults(self):
        with freeze_time('2025-03-20'):
            line = self.as_user(self.env['kam.forecast.line'], self.manager).with_context(
                default_accuracy=100, default_date_closed='2025-03-01', default_revenue_first=7, default_is_begun=True,
            ).create({'plan_id': self.plan.id, 'categ_id': self.drives.id, 'date_from': '2025-04-01'})
        self.assertEqual((line.accuracy, line.date_closed, line.revenue_first, line.is_begun), (0, False, 0, False))

    def test_many_lines_are_looked_up(self):
        """The figures of a line are found by key: not by going through those of all accounts."""
        line = self.line(self.acme, self.drives, 1000)

        class Sales(dict):
            def items(self):
                raise AssertionError("goes through all")
        key = self.acme.id, self.acme_partner.id, self.drives.id
        self.assertEqual(line._own_sales(Sales({key: (5.0, 3.0)})), (5, 3))


@tagged('post_install', '-at_install')
class TestKamGridTyping(HttpCase, WalletCase):

    def test_typing_goes_on_while_a_cell_is_saved(self):
        self.start_tour('/odoo/action-kam_management.kam_whitespace_action', 'kam_grid_typing', login='kam_manager')
        self.assertEqual({line.categ_id: line.spend for line in self.acme.wallet_line_ids}, {
            self.drives: 90000, self.services: 7000})
