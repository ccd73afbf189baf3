from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .service_common import ServiceCase


@tagged('post_install', '-at_install')
class TestServiceTours(HttpCase, ServiceCase):
    """Account managers in the browser, and the sponsor who helps them."""

    def test_issue_to_the_sponsor(self):
        self.start_tour('/odoo/kam-issues', 'kam_issue_to_the_sponsor', login='kam_manager')
        issue = self.env['kam.issue'].search([('account_id', '=', self.acme.id)])
        self.assertEqual(
            (issue.name, issue.customer_words, issue.resolution, issue.is_open, issue.owner_id),
            ("Gearbox runs hot", "It is glowing", "Gearbox replaced", False, self.service))
        self.assertTrue(issue.date_escalated)

    def test_the_sponsor_helps_before_it_is_late(self):
        """Late soon, told to the sponsor by the nightly job, who helps; then the account manager resolves it."""
        self.program.tier_ids.write({'manager_visit_days': 0, 'sponsor_visit_days': 0})
        # Every hour counts: 40 until it is late, and the sponsor hears of it after 30. An answer was not promised.
        self.calendar.attendance_ids.unlink()
        self.tiers['gold'].issue_response_hours = 0
        issue = self.issue(date_reported=fields.Datetime.now() - timedelta(hours=31))
        self.assertFalse(self.activities(issue))
        self.env['kam.issue'].with_user(self.env.ref('base.user_root'))._cron_escalate()
        self.assertEqual(self.activities(issue).user_id, self.executive)
        self.start_tour('/odoo/my-day', 'kam_issue_sponsor_helps', login='kam_executive')
        self.assertFalse(self.activities(issue))
        self.assertTrue(issue.is_open, "the sponsor has helped, the account manager goes on")
        self.start_tour('/odoo/kam-issues', 'kam_issue_after_help', login='kam_manager')
        self.assertEqual((issue.is_open, issue.sla_state, issue.resolution), (False, 'kept', "Gearbox replaced"))

    def test_my_day(self):
        self.program.tier_ids.write({'manager_visit_days': 0, 'sponsor_visit_days': 0})
        issue = self.issue(owner_id=self.manager.id)
        self.start_tour('/odoo/my-day', 'kam_my_day', login='kam_manager')
        self.assertFalse(issue.is_open)
