from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamTierChangeGuard(KamCase):
    """A customer that was told does not go down by a whim (S11, N1). Acme is Gold, told on 2026-01-10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme.date_told = '2026-01-10'

    def review(self, day, verdict, account=None):
        """One review of the programme on that day, with a verdict of the champion."""
        account = account or self.acme
        with freeze_time(day):
            self.program.date_next_review = day
            self.env['kam.tier.review']._put_on_list(account, 'request', "Test")
            review = self.as_user(account.tier_review_ids.filtered(lambda review: not review.verdict), self.champion)
            review.action_pass() if verdict == 'passed' else review.action_fail()

    def demotion(self, value_class='strategic', **values):
        return self.propose(
            self.acme, value_class, **{'customer_message': "We keep your engineer on site.", **values})

    def test_it_takes_failed_reviews_in_a_row(self):
        self.assertEqual(self.acme.failed_review_count, 0)
        with freeze_time('2026-02-01'):
            with self.assertRaisesRegex(UserError, "only after 2 failed reviews in a row; so far it has failed 0"):
                self.demotion().action_submit()
        self.review('2026-03-01', 'failed')
        self.review('2026-06-01', 'passed')
        self.review('2026-09-01', 'failed')
        self.assertEqual(self.acme.failed_review_count, 1, "a passed one starts the row anew")
        self.review('2026-12-01', 'failed')
        self.assertEqual(self.acme.failed_review_count, 2)

    def test_two_verdicts_at_one_review_count_once(self):
        self.review('2026-03-01', 'failed')
        self.review('2026-03-01', 'failed')
        self.assertEqual(self.acme.failed_review_count, 1)

    def test_probation_has_to_run_its_time(self):
        self.review('2026-03-01', 'failed')
        self.review('2026-06-01', 'failed')
        with freeze_time('2026-06-02'):
            change = self.demotion()
            with self.assertRaisesRegex(UserError, "no probation plan"):
                change.action_submit()
            self.as_user(self.acme, self.manager).write({
                'probation_plan': "Monthly call, new offer", 'date_probation_end': '2026-08-31'})
            self.assertEqual(str(self.acme.date_probation_start), '2026-06-02')
            with self.assertRaisesRegex(UserError, "runs until"):
                change.action_submit()
        with freeze_time('2026-09-01'):
            self.decide(change)
        self.assertEqual(self.acme.tier_id, self.tiers['strategic'])
        self.assertEqual((str(change.date_told), change.failed_review_count), ('2026-01-10', 2))
        self.assertEqual(self.acme.failed_review_count, 0, "in the new tier it starts afresh")
        self.assertFalse(self.acme.probation_plan)
        self.assertTrue(self.acme.date_told, "it still is a key account, and knows")

    def test_words_for_the_customer(self):
        self.review('2026-03-01', 'failed')
        self.review('2026-06-01', 'failed')
        with freeze_time('2026-06-02'):
            self.acme.write({'probation_plan': "x", 'date_probation_end': '2026-06-30'})
        with freeze_time('2026-07-01'):
            change = self.demotion('general', customer_message=False)
            with self.assertRaisesRegex(UserError, "words by which the customer is told"):
                change.action_submit()
            change.customer_message = "You stay with your account manager."
            self.decide(change)
        self.assertFalse(self.acme.date_told, "no key account any more")

    def test_guard_holds_also_at_the_decision(self):
        with freeze_time('2026-06-02'):
            self.acme.date_told = False
            change = self.propose(self.acme, 'strategic')
            change.action_submit()
            self.acme.date_told = '2026-06-02'
            with self.assertRaisesRegex(UserError, "failed reviews in a row"):
                self.as_user(change, self.champion).action_approve()

    def test_who_was_not_told_or_is_lost_goes_without_guard(self):
        self.decide(self.demotion('lost'))
        self.assertEqual(self.acme.category, 'lost')
        self.beta.sudo().tier_id = self.tiers['gold']
        self.decide(self.propose(self.beta, 'strategic', user=self.colleague))
        self.assertEqual(self.beta.tier_id, self.tiers['strategic'])

    def test_upwards_stays_easy(self):
        self.decide(self.propose(self.acme, 'diamond'))
        self.assertEqual(self.acme.tier_id, self.tiers['diamond'])

    def test_told_is_not_taken_back(self):
        with self.assertRaisesRegex(AccessError, "told already"):
            self.as_user(self.acme, self.manager).date_told = False
        self.as_user(self.acme, self.champion).date_told = '2026-01-11'
        with self.assertRaisesRegex(ValidationError, "no key account"):
            self.as_user(self.free, self.champion).date_told = '2026-01-10'
        with self.assertRaisesRegex(ValidationError, "on a day to come"):
            self.as_user(self.acme, self.champion).date_told = '2199-01-01'

    def test_the_manager_tells(self):
        self.acme.date_told = False
        with freeze_time('2026-06-02'):
            self.as_user(self.acme, self.manager).action_tell_customer()
        self.assertEqual(str(self.acme.date_told), '2026-06-02')
