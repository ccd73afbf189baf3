from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .service_common import ServiceCase


@tagged('post_install', '-at_install')
class TestKamMyDay(ServiceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        # Only what a test wants: no visits are due.
        cls.program.tier_ids.write({'manager_visit_days': 0, 'sponsor_visit_days': 0})
        cls.plan = cls.env['kam.plan'].create({
            'account_id': cls.acme.id, 'date_from': cls.today - timedelta(days=100),
            'date_to': cls.today + timedelta(days=100)})

    def day(self, days):
        return self.today + timedelta(days=days)

    def load(self, user=None):
        day = self.as_user(self.env['kam.my.day'], user or self.manager).load_day()
        return [entry['title'] for entry in day['late']], [entry['title'] for entry in day['week']]

    def action(self, days, user=None, **values):
        return self.env['kam.plan.action'].create({
            'name': f"Action {days}", 'plan_id': self.plan.id, 'date_due': self.day(days),
            'user_id': (user or self.manager).id, **values})

    def test_all_is_well(self):
        self.action(30)
        self.assertEqual(self.load(), ([], []))
        self.assertEqual(self.load(self.stranger), ([], []))

    def test_what_costs_most_comes_first(self):
        for days in (-30, -2, 3):
            self.action(days)
        self.action(-1, priority='1')
        self.issue(name="Fire", severity='critical', owner_id=self.manager.id, date_reported=fields.Datetime.now())
        self.env['kam.risk'].create({
            'name': "Debt", 'account_id': self.acme.id, 'kind': 'bad_debt', 'date_review': self.day(5),
            'severity': '5', 'likelihood': '5'})
        self.env['kam.risk'].create({
            'name': "Contract", 'account_id': self.acme.id, 'kind': 'contract', 'date_contract_end': self.day(100),
            'notice_days': 90, 'lead_days': 60, 'date_review': False})
        late, week = self.load()
        self.assertEqual(late, ["Action -30", "Action -1", "Action -2"], "12, 6.9 and 3.9 points for each of the tier")
        self.assertEqual(week, ["Fire", "Contract", "Debt", "Action 3"])

    def test_a_better_customer_comes_first(self):
        self.action(-2)
        beta = self.env['kam.plan'].create({
            'account_id': self.beta.id, 'date_from': self.day(-10), 'date_to': self.day(10)})
        self.env['kam.assignment'].create(self._seat_values(self.beta, self.manager, 'service'))
        self.env['kam.plan.action'].create({
            'name': "General", 'plan_id': beta.id, 'date_due': self.day(-20), 'user_id': self.manager.id})
        self.assertEqual(self.load()[0], ["Action -2", "General"])

    def test_visits_people_promises_activities(self):
        self.tiers['gold'].write({'manager_visit_days': 30, 'sponsor_visit_days': 30})
        contact = self.env['res.partner'].create({'name': "Jo", 'parent_id': self.acme_partner.id})
        person = self.env['kam.stakeholder'].create({'account_id': self.acme.id, 'partner_id': contact.id})
        person.user_ids = self.manager
        promise = self.env['kam.promise'].create({
            'name': "Fast", 'tier_id': self.tiers['gold'].id, 'check': 'manual',
            'role_id': self.env.ref('kam_management.role_service').id})
        promise._measure((self.today.replace(day=1) - timedelta(days=1)).replace(day=1))
        promise.result_ids._confirm(False)
        self.acme.activity_schedule(
            'mail.mail_activity_data_call', summary="Call them", user_id=self.manager.id, date_deadline=self.today)
        late, week = self.load()
        self.assertEqual(late, ["Acme"])
        self.assertIn("Call them", week, "something else at the same account")
        self.assertEqual(week[0], promise.result_ids.display_name)
        self.assertIn(person.display_name, week)
        self.assertEqual(self.load(self.executive)[0], ["Acme"])
        self.assertEqual(self.load(self.service)[1], [promise.result_ids.display_name])

    def test_another_department(self):
        self.action(-1, user=self.service)
        self.issue(name="Hot")
        self.assertEqual(self.load(self.service), (["Hot", "Action -1"], []))
        self.assertEqual(self.load(self.colleague), ([], []))
        self.assertEqual(self.load()[0], ["Hot"], "the account manager sees what is late at the customer")

    def test_escalation_is_one_entry(self):
        issue = self.issue(name="Hot")
        issue.action_escalate()
        self.assertEqual(self.load(self.executive)[0], [self.activities(issue).summary])

    def test_a_reminder_is_no_second_entry(self):
        risk = self.env['kam.risk'].create({
            'name': "Debt", 'account_id': self.acme.id, 'date_review': self.day(-1)})
        risk.with_user(self.env.ref('base.user_root'))._cron_remind()
        self.assertTrue(self.activities(risk))
        self.assertEqual(self.load(), (["Debt"], []))

    def test_many_cost_the_same(self):
        self.issue()
        self.action(-1)
        self.load()
        few = self.statements(self.load)
        for _number in range(10):
            self.issue()
            self.action(-1)
        self.assertLessEqual(self.statements(self.load), few + 2)
