from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamTierReview(KamCase):

    def open_reviews(self):
        return self.env['kam.tier.review'].search([('program_id', '=', self.program.id), ('verdict', '=', False)])

    def test_list_is_made_two_weeks_before(self):
        self.program.date_next_review = '2026-06-30'
        with freeze_time('2026-06-15'):
            self.env['kam.tier.review']._cron_make_lists()
        self.assertFalse(self.open_reviews())
        with freeze_time('2026-06-16'):
            self.env['kam.tier.review']._cron_make_lists()
            self.env['kam.tier.review']._cron_make_lists()
        review = self.open_reviews()
        self.assertEqual(review.account_id, self.acme, "the one key account, once")
        self.assertEqual((review.date, review.tier_id, review.kind), (date(2026, 6, 30), self.tiers['gold'], 'regular'))

    def test_request_joins_the_list_with_its_reason(self):
        with freeze_time('2026-06-16'):
            self.program.date_next_review = '2026-06-20'
            self.env['kam.tier.review']._make_lists(self.program)
            self.as_user(self.acme, self.manager).action_review()
            self.as_user(self.acme, self.manager).action_review()
            with self.assertRaises(AccessError):
                self.as_user(self.acme, self.outsider).action_review()
        review = self.open_reviews()
        self.assertEqual((review.kind, review.reason), ('request', "kam_manager asks for it."))

    @freeze_time('2026-06-20')
    def test_verdicts_and_the_date_of_the_next_review(self):
        self.program.write({'date_next_review': '2026-06-20', 'review_months': 3})
        self.as_user(self.program, self.champion).action_make_review_list()
        self.as_user(self.beta, self.champion).action_review()
        acme, beta = self.open_reviews().sorted(lambda review: review.account_id.id)
        for user in (self.manager, self.executive):
            with self.assertRaises(AccessError):
                self.as_user(acme, user).action_pass()
        self.as_user(acme, self.champion).action_pass()
        self.assertEqual(self.program.date_next_review, date(2026, 6, 20), "beta is not decided")
        self.as_user(beta, self.champion).action_fail()
        self.assertEqual(self.program.date_next_review, date(2026, 9, 20))
        self.assertEqual((beta.verdict, beta.reviewer_id, beta.date_done), ('failed', self.champion, date(2026, 6, 20)))
        with self.assertRaisesRegex(UserError, "decided already, by kam_champion"):
            self.as_user(beta, self.champion2).action_pass()

    def test_verdict_is_closed_to_edits(self):
        self.env['kam.tier.review']._make_lists(self.program)
        review = self.as_user(self.open_reviews(), self.champion)
        with self.assertRaisesRegex(UserError, "with the buttons"):
            review.verdict = 'failed'
        review.note = "Margin is back"
        review.action_pass()
        with self.assertRaisesRegex(UserError, "history"):
            review.note = "Margin is not back"
        with self.assertRaisesRegex(UserError, "history"):
            review.unlink()

    def test_failing_a_told_customer_asks_for_a_probation_plan(self):
        self.acme.date_told = '2026-01-10'
        self.env['kam.tier.review']._make_lists(self.program)
        self.as_user(self.open_reviews(), self.champion).action_fail()
        activity = self.acme.activity_ids
        self.assertEqual((activity.summary, activity.user_id), ("Agree on a probation plan", self.manager))

    def test_passing_ends_the_probation(self):
        self.acme.write({'probation_plan': "x", 'date_probation_end': '2199-01-01'})
        self.assertEqual(self.program.probation_count, 1)
        self.env['kam.tier.review']._make_lists(self.program)
        self.as_user(self.open_reviews(), self.champion).action_pass()
        self.assertFalse(self.acme.date_probation_start or self.acme.probation_plan)

    def test_access(self):
        self.env['kam.tier.review']._make_lists(self.program)
        review = self.open_reviews()
        Review = self.env['kam.tier.review']
        for user, seen in ((self.manager, True), (self.colleague, False), (self.executive, True),
                           (self.champion, True), (self.outsider, False)):
            self.assertEqual(bool(review & self.as_user(Review, user).search([])), seen, user.login)
        self.assertFalse(self.as_user(Review, self.champion, self.company_b).search([('id', '=', review.id)]))
        with self.assertRaises(AccessError):
            self.as_user(Review, self.sales).search([])

    def test_list_costs_the_same_for_any_number(self):
        def statements(accounts):
            self.env.flush_all()
            start = self.cr.sql_log_count
            self.env['kam.tier.review']._put_on_list(accounts, 'request', "x")
            return self.cr.sql_log_count - start

        many = self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id}
            for partner in self.env['res.partner'].create([
                {'name': f"Many {number}", 'is_company': True} for number in range(40)])])
        statements(self.acme)
        self.assertLessEqual(statements(many), statements(self.free))
