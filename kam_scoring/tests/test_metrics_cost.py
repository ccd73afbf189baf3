from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.kam_scoring.metrics import METRICS, Scope

from .common import ScoringCase


@tagged('post_install', '-at_install')
class TestMetricsCost(ScoringCase):
    """What customers cost beyond the goods, by hand.

    acme paid late: 400 * 10 + 80 * 10 + 240 * 244 = 63360 days of a euro, that is 13.89 at 8 %.
    """

    def number(self, code, account, scope=None):
        self.env.flush_all()
        value = self.value(code, account, scope)
        return value if value is None else float(value)

    def meeting(self, people, **values):
        return self.env['calendar.event'].create({
            'name': "Visit", 'start': '2024-01-10 09:00:00', 'stop': '2024-01-10 11:30:00',
            'partner_ids': [Command.set(people.ids)], **values})

    def test_late_payment_cost(self):
        self.assertEqual(self.number('late_payment_cost', self.acme), 13.89)
        self.program.cost_of_capital = 12.5
        self.assertEqual(self.number('late_payment_cost', self.acme), round(63360 * 0.125 / 365, 2))
        self.program.cost_of_capital = 0
        self.assertEqual(self.number('late_payment_cost', self.acme), 0)
        self.assertIsNone(self.number('late_payment_cost', self.free), "fell due before the window")
        documents = METRICS['late_payment_cost'].documents(self.scope, self.acme)
        self.assertEqual(self.env['account.move'].search(documents), self.first | self.asian)

    def test_late_payment_cost_on_another_day(self):
        """On 2023-07-09 400 were late by 10 days, and 320 are open since 9 days."""
        scope = Scope.of(self.program, date(2023, 7, 9))
        # and 500 that fell due on 2023-02-28
        late = 400 * 10 + 320 * 9 + 500 * (date(2023, 7, 9) - date(2023, 2, 28)).days
        self.assertEqual(self.number('late_payment_cost', self.acme, scope), round(late * 0.08 / 365, 2))

    def test_cost_to_serve(self):
        """Late payment alone where there is nothing else; credit notes are in the margin and do not count again."""
        self.assertEqual(self.number('cost_to_serve', self.acme), 13.89)
        self.assertIsNone(self.number('cost_to_serve', self.beta))
        self.assertEqual(self.number('net_account_value', self.acme), 1166.11)
        self.assertEqual(self.number('net_account_value', self.beta), -190, "no cost known")
        self.assertEqual(self.number('net_account_value', self.free), 0)
        self.assertEqual(
            self.env['account.move'].search(METRICS['net_account_value'].documents(self.scope, self.acme)),
            self.env['account.move'].search(METRICS['revenue'].documents(self.scope, self.acme)))

    def test_meetings(self):
        """2.5 hours of two of us, without the one who declined, and a day of one of us."""
        ann = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acme_asia.id})
        ours = (self.manager | self.colleague).partner_id
        visit = self.meeting(ann | self.acme_partner | ours | self.executive.partner_id)
        visit.attendee_ids.filtered(lambda guest: guest.partner_id == self.executive.partner_id).state = 'declined'
        self.assertEqual(self.number('cost_to_serve', self.acme), 13.89, "an hour has no cost yet")
        self.program.hour_cost = 50
        self.assertEqual(self.number('cost_to_serve', self.acme), 13.89 + 2 * 2.5 * 50)
        self.meeting(ann | self.manager.partner_id, allday=True, start_date='2024-02-29', stop_date='2024-02-29',
                     start='2024-02-29 08:00:00', stop='2024-02-29 18:00:00')
        self.assertEqual(self.number('cost_to_serve', self.acme), 13.89 + 250 + 8 * 50)
        # Too late, too early, and without the customer.
        self.meeting(ann | ours, start='2024-03-01 09:00:00', stop='2024-03-01 10:00:00')
        self.meeting(ann | ours, start='2023-02-28 09:00:00', stop='2023-02-28 10:00:00')
        self.meeting(ours)
        self.meeting(ann | ours).active = False
        self.assertEqual(self.number('cost_to_serve', self.acme), 663.89)
        self.assertEqual(self.number('net_account_value', self.acme), round(1180 - 663.89, 2))
        self.meeting(self.beta_partner | ours)
        self.assertEqual(self.number('cost_to_serve', self.beta), 250)

    def test_own_hours(self):
        """3 hours at 40 EUR; 2 hours at 50 USD of 0.80 EUR and one at 0.90 EUR."""
        if not METRICS['own_hours_cost'].is_available(self.env):
            self.skipTest("hr_timesheet is not installed")
        own, asian = (self._project(company) for company in (self.company_a, self.company_b))
        own['project'].partner_id = self.acme_partner
        person = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acme_asia.id})
        task = self.env['project.task'].create({
            'name': "Repair", 'project_id': asian['project'].id, 'partner_id': person.id,
            'company_id': self.company_b.id})
        counted = self._hours(own, '2024-02-29', 3) | self._hours(asian, '2023-05-31', 2, task)
        counted |= self._hours(asian, '2023-06-01', 1, task)
        self._hours(own, '2024-03-01', 3)
        self._hours(own, '2023-02-28', 3)
        self._hours(asian, '2024-01-01', 3)  # a project without customer
        self.assertEqual(self.number('own_hours_cost', self.acme), 120 + 80 + 45)
        self.assertIsNone(self.number('own_hours_cost', self.beta))
        self.assertEqual(self.number('cost_to_serve', self.acme), 13.89 + 245)
        self.assertEqual(self.number('net_account_value', self.acme), round(1180 - 13.89 - 245, 2))
        model, domain = METRICS['own_hours_cost'].documents(self.scope, self.acme)
        self.assertEqual(self.env[model].search(domain), counted)

    def test_hours_without_cost(self):
        if not METRICS['own_hours_cost'].is_available(self.env):
            self.skipTest("hr_timesheet is not installed")
        own = self._project(self.company_a)
        own['employee'].hourly_cost = 0
        own['project'].partner_id = self.acme_partner
        self._hours(own, '2024-02-01', 3)
        self.assertIsNone(self.number('own_hours_cost', self.acme), "cost unknown, not free of charge")

    def _project(self, company):
        employee = self.env['hr.employee'].create({
            'name': f"Employee of {company.name}", 'company_id': company.id,
            'hourly_cost': 40 if company == self.company_a else 50})
        project = self.env['project.project'].with_company(company).create({
            'name': "Project", 'company_id': company.id, 'allow_timesheets': True})
        return {'employee': employee, 'project': project}

    def _hours(self, where, day, hours, task=None):
        return self.env['account.analytic.line'].create({
            'name': "Work", 'project_id': where['project'].id, 'task_id': task.id if task else False, 'date': day,
            'unit_amount': hours, 'employee_id': where['employee'].id, 'company_id': where['project'].company_id.id})
