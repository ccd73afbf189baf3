from odoo.tests import HttpCase, tagged

from .service_common import ServiceCase


@tagged('post_install', '-at_install')
class TestServiceTours(HttpCase, ServiceCase):
    """An account manager in the browser."""

    def test_issue_to_the_sponsor(self):
        self.start_tour('/odoo/kam-issues', 'kam_issue_to_the_sponsor', login='kam_manager')
        issue = self.env['kam.issue'].search([('account_id', '=', self.acme.id)])
        self.assertEqual(
            (issue.name, issue.customer_words, issue.resolution, issue.is_open, issue.owner_id),
            ("Gearbox runs hot", "It is glowing", "Gearbox replaced", False, self.service))
        self.assertTrue(issue.date_escalated)

    def test_my_day(self):
        self.program.tier_ids.write({'manager_visit_days': 0, 'sponsor_visit_days': 0})
        issue = self.issue(owner_id=self.manager.id)
        self.start_tour('/odoo/my-day', 'kam_my_day', login='kam_manager')
        self.assertFalse(issue.is_open)
