from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_kam_wallet_line import WalletCase


@tagged('post_install', '-at_install')
class TestKamForecastLine(WalletCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env['kam.plan'].create({
            'account_id': cls.acme.id, 'date_from': '2025-01-01', 'date_to': '2025-12-31'})

    def forecast(self, revenue=1000, **values):
        return self.env['kam.forecast.line'].create({
            'plan_id': self.plan.id, 'categ_id': self.drives.id, 'date_from': '2025-04-01', 'revenue': revenue,
            **values})

    def bill(self, day, amount, partner=None, product=None):
        return self.invoice(partner or self.acme_partner, day, amount, product=product or self.drive)

    def test_actual_of_the_quarter(self):
        """April to June: 300 + 200 below Drives; cost of the drive 60, that of the gear unknown."""
        self.bill('2025-04-01', 300)
        self.bill('2025-06-30', 200, self.acme_asia, self.gear)
        self.bill('2025-07-01', 999)
        self.bill('2025-05-01', 999, product=self.service)
        line = self.forecast()
        self.assertEqual((line.actual_revenue, line.actual_margin), (500, 240))
        local = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'entity_id': self.acme_asia.id, 'date_from': '2025-01-01',
            'date_to': '2025-12-31'})
        self.assertEqual(self.forecast(plan_id=local.id).actual_revenue, 200)

    def test_accuracy_is_about_the_forecast_at_the_start(self):
        """Forecast 1,000, changed to 500 in the quarter, invoiced 800: 100 * (1 - 200 / 1000) = 80 percent."""
        line = self.forecast(1000)
        Forecast = self.env['kam.forecast.line']
        with freeze_time('2025-04-02'):
            Forecast._cron_close_quarters()
        self.assertEqual(line.revenue_first, 1000)
        line.revenue = 500
        self.bill('2025-05-05', 800)
        with freeze_time('2025-07-10'):
            Forecast._cron_close_quarters()
        self.assertFalse(line.date_closed, "Invoices may come two weeks late")
        with freeze_time('2025-07-16'):
            Forecast._cron_close_quarters()
        self.assertEqual((line.revenue_closed, line.accuracy), (800, 80))
        self.assertEqual(self.plan.forecast_accuracy, 80)
        with self.assertRaisesRegex(UserError, "Q2 2025 is over"), self.cr.savepoint():
            self.as_user(line, self.manager).revenue = 800
        with self.assertRaisesRegex(UserError, "is history"), self.cr.savepoint():
            self.as_user(line, self.manager).unlink()
        with self.assertRaises(UserError):
            self.as_user(line, self.manager).accuracy = 100

    def test_quarters_of_the_period(self):
        self.assertEqual(self.plan._quarters(), [date(2025, month, 1) for month in (1, 4, 7, 10)])
        with self.assertRaisesRegex(ValidationError, "first day of January"), self.cr.savepoint():
            self.forecast(date_from='2025-04-02')
        with self.assertRaisesRegex(ValidationError, "not in the period"), self.cr.savepoint():
            self.forecast(date_from='2027-01-01')

    def test_grid(self):
        self.bill('2025-05-05', 800)
        self.bill('2024-08-08', 640)
        Forecast = self.as_user(self.env['kam.forecast.line'], self.manager)
        scope = {'plan_id': self.plan.id, 'show': 'revenue'}
        grid = Forecast.set_cell(scope, self.drives.id, '2025-04-01', 1000)
        cell = grid['cells'][f'{self.drives.id}:2025-04-01']
        self.assertEqual((cell['value'], cell['text']), (1000, "800"))
        self.assertEqual([column['label'] for column in grid['columns']][:2], ["Q1 2025", "Q2 2025"])
        Forecast.grid_action('fill', scope, 0)
        grid = Forecast.get_grid(scope)
        self.assertEqual(grid['cells'][f'{self.drives.id}:2025-07-01']['value'], 640, "As a year before")
        self.assertEqual(grid['cells'][f'{self.drives.id}:2025-04-01']['value'], 1000, "What was there stays")
        self.assertEqual(grid['cells']['0:all']['value'], 1640)
        Forecast.grid_action('toggle_joint', scope, self.drives.id, '2025-04-01')
        self.assertTrue(self.plan.forecast_ids.filtered(lambda line: line.revenue == 1000).is_joint)

    def test_access(self):
        line = self.forecast()
        Forecast = self.env['kam.forecast.line']
        self.assertEqual(self.as_user(Forecast, self.manager).search([]), line)
        self.assertEqual(self.as_user(Forecast, self.executive).search([]), line)
        self.assertFalse(self.as_user(Forecast, self.colleague).search([]))
        self.assertFalse(self.as_user(Forecast, self.outsider).search([]))
        with self.assertRaises(AccessError):
            self.as_user(Forecast, self.colleague).get_grid({'plan_id': self.plan.id})
        with self.assertRaises(AccessError):
            self.as_user(Forecast, self.colleague).set_cell(
                {'plan_id': self.plan.id}, self.drives.id, '2025-04-01', 5)
        self.plan._close()
        self.assertFalse(self.as_user(Forecast, self.manager).get_grid({'plan_id': self.plan.id})['can_edit'])

    def test_flat(self):
        day = date(2025, 1, 1)
        Forecast = self.as_user(self.env['kam.forecast.line'], self.manager)
        self.forecast(date_from=day)
        one = self.statements(lambda: Forecast.search([]).read(['actual_revenue', 'revenue']))
        for quarter in range(1, 4):
            for categ in (self.drives, self.services):
                self.forecast(date_from=day + relativedelta(months=3 * quarter), categ_id=categ.id)
        self.assertLessEqual(
            self.statements(lambda: Forecast.search([]).read(['actual_revenue', 'revenue'])), one)
