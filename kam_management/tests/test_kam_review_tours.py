from datetime import date, timedelta

from odoo.tests import HttpCase, tagged

from .review_common import ReviewCase


@tagged('post_install', '-at_install')
class TestKamReviewTours(HttpCase, ReviewCase):
    """A review from My Day to the last decision, and the page that an executive reads before a visit."""

    def test_holding_a_review(self):
        today = date.today()
        plan = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'date_from': today - timedelta(days=100),
            'date_to': today + timedelta(days=100)})
        review = self.env['kam.review'].create({'account_id': self.acme.id, 'date_due': today})
        self.start_tour('/odoo/my-day', 'kam_review_hold', login='kam_manager')
        self.assertEqual((review.state, review.satisfaction), ('closed', '8'))
        self.assertEqual(plan.action_ids.name, "Show the monitoring")

    def test_reading_the_briefing(self):
        self.env['kam.review'].create({
            'account_id': self.acme.id, 'kind': 'visit', 'reason': "The new plant in Asia"})
        self.env['kam.issue'].create({'account_id': self.acme.id, 'name': "Gearbox runs hot"})
        self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_review_briefing', login='kam_executive')
