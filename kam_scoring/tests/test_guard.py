from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ScoringCase

INFLUENCE = ('influence', 10, 'linear', 1, 5)  # 1 to 5 are 0, 25, 50, 75, 100 points
RULES = [{'tier': 'gold', 'score_min': 75}, {'tier': 'general'}]


@tagged('post_install', '-at_install')
class TestGuard(ScoringCase):
    """The demotion guard with scores (N1), entry criteria by the figures (N4), and who is not key (S31).

    acme is Gold; the judgement of influence decides.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({'demotion_reviews': 2, 'demotion_band': 5})
        cls.publish_model(criteria=[INFLUENCE], rules=RULES)

    def proposals(self, account):
        return self.env['kam.tier.change'].search([
            ('account_id', '=', account.id), ('origin', '=', 'run'), ('state', '=', 'draft')])

    def decide_all(self, account):
        """People who agree with whatever scoring proposes."""
        for change in self.proposals(account):
            change = self.as_user(change, self.champion)
            change.write({'manager_id': self.manager.id, 'sponsor_id': self.executive.id})
            self.decide(change, self.champion2)

    def swing(self, account, step, start=date(2024, 1, 31)):
        """Twelve runs, above and below the threshold in turn; the tiers on the way, changes only."""
        tiers = [account.tier_id]
        for number in range(12):
            day = start + step(number)
            self.judge_account(account, '5' if number % 2 == 0 else '1')
            with freeze_time(day):
                self.run_scoring(day)
                self.decide_all(account)
            if account.tier_id != tiers[-1]:
                tiers.append(account.tier_id)
        return [tier.value_class for tier in tiers]

    def test_a_score_that_swings_leads_to_one_change_at_most(self):
        """Month by month, and day by day."""
        for account, step in (
            (self.free, lambda number: relativedelta(months=number)),
            (self.beta, lambda number: relativedelta(years=1, days=7 * number)),
        ):
            self.assertEqual(self.swing(account, step), ['general', 'gold'])

    def test_a_told_customer_that_swings_never_moves(self):
        self.acme.date_told = '2023-12-01'
        self.assertEqual(self.swing(self.acme, lambda number: relativedelta(months=number)), ['gold'])

    def test_band_below_the_threshold(self):
        """With weights of 3 to 1, beta reaches 72 points: less than Gold wants, within the band of an account in it."""
        self.program.scoring_model_id.sudo().state = 'retired'
        self.publish_model(
            criteria=[INFLUENCE, ('revenue', 0, 'linear', 0, 1000)],
            rules=[{'tier': 'gold', 'score_min': 78}, {'tier': 'general'}])
        self.judge(acme='4', beta='4')  # 75 points
        self.run_scoring()
        self.assertEqual(self.acme.recommended_tier_id, self.tiers['gold'], "75 of 78, within the band of 5")
        self.assertEqual(self.beta.recommended_tier_id, self.tiers['general'], "a newcomer has to reach the threshold")
        self.program.demotion_band = 2
        self.run_scoring(date(2024, 3, 1))
        self.assertEqual(self.acme.recommended_tier_id, self.tiers['general'])
        self.assertEqual(self.acme.date_failing_since, date(2024, 3, 1))

    def test_demotion_is_proposed_after_a_month_of_failing(self):
        self.judge(acme='1')
        self.run_scoring(date(2024, 2, 29))
        self.run_scoring(date(2024, 3, 29))
        self.assertFalse(self.proposals(self.acme))
        self.run_scoring(date(2024, 3, 30))
        self.assertEqual(self.proposals(self.acme).kind, 'exit')
        self.judge(acme='5')
        self.run_scoring(date(2024, 3, 31))
        self.assertFalse(self.acme.date_failing_since or self.proposals(self.acme))

    def test_told_customer_is_put_on_the_review_first(self):
        self.acme.date_told = '2023-12-01'
        self.judge(acme='1')
        self.program.date_next_review = '2024-04-01'
        with freeze_time('2024-04-01'):
            for day in (date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 1)):
                self.run_scoring(day)
            self.assertFalse(self.proposals(self.acme))
            review = self.as_user(self.acme.tier_review_ids, self.champion)
            self.assertEqual(
                (review.kind, review.suggestion, review.score, review.score_min), ('score', 'failed', 0, 75))
            self.assertEqual(review.reason, "Its score is below the threshold of its tier.", "once, after three runs")
            review.action_follow_scores()
            self.assertEqual(review.verdict, 'failed')
        with freeze_time('2024-07-01'):
            self.run_scoring(date(2024, 7, 1))
            self.assertFalse(self.proposals(self.acme), "one failed review of two")
            review = self.acme.tier_review_ids.filtered(lambda review: not review.verdict)
            self.as_user(review, self.champion).action_fail()
            self.run_scoring(date(2024, 7, 1))
            self.assertEqual(self.proposals(self.acme).kind, 'exit')
            with self.assertRaisesRegex(UserError, "no probation plan"):
                self.as_user(self.proposals(self.acme), self.champion).action_submit()

    def test_score_is_frozen_with_the_verdict(self):
        self.judge(acme='4')
        self.run_scoring()
        self.env['kam.tier.review']._make_lists(self.program)
        review = self.as_user(self.acme.tier_review_ids, self.champion)
        self.assertEqual((review.score, review.suggestion), (75, 'passed'))
        review.action_pass()
        self.judge(acme='1')
        self.run_scoring(date(2024, 3, 1))
        self.assertEqual((self.acme.score, review.score), (0, 75))

    def test_criteria_are_measured(self):
        self.judge(free='3', beta='4')
        self.run_scoring()
        change = self.propose(self.free, 'gold', criteria_state='met')  # 50 points, whatever somebody states
        self.assertEqual(change.criteria_facts, "score 50, 75 needed; data for 100 %, 0 % needed")
        with self.assertRaisesRegex(UserError, "does not meet the entry criteria of Gold"):
            change.action_submit()
        Change = self.as_user(self.env['kam.tier.change'], self.champion)
        for account, tier, expected in (
            (self.free, 'gold', 'not_met'), (self.beta, 'gold', 'met'),
            (self.beta, 'diamond', False),  # no rule for this tier: people have to say
        ):
            change = Change.create({'account_id': account.id, 'to_tier_id': self.tiers[tier].id})
            self.assertEqual(change.criteria_state, expected)

    def test_exception_ends_when_the_criteria_are_met(self):
        self.judge(free='3')
        with freeze_time('2024-02-29'):
            self.run_scoring()
            change = self.decide(self.propose(
                self.free, 'gold', is_exception=True, exception_reason="Opens rail", exception_until='2024-12-31'))
            self.assertEqual(change.summary, "Made a key account in Gold by kam_champion: score 50, exception until "
                                             "12/31/2024")
            with self.assertRaisesRegex(UserError, "still does not meet the criteria"):
                self.as_user(change, self.champion).action_close_exception()
        self.judge(free='5')
        self.run_scoring(date(2024, 3, 1))
        self.as_user(change, self.champion).action_close_exception()
        self.assertEqual(change.exception_state, 'closed')

    def test_who_meets_the_criteria_and_is_not_key_is_explained(self):
        self.judge(beta='5')
        self.program.quiet_days = 90
        with freeze_time('2024-02-29'):
            self.run_scoring()
            change = self.proposals(self.beta)
            Account = self.as_user(self.env['kam.account'], self.champion)
            self.assertEqual(change.criteria_state, 'met')
            self.assertEqual(Account.search([('is_qualified', '=', True)]), self.beta)
            self.assertEqual(self.beta.not_key_reason, "A tier change to Gold is open.")
            self.as_user(change, self.champion).action_submit()
            self.as_user(change, self.champion2)._refuse("Leaves the market")
            self.assertEqual(self.beta.not_key_reason, "Refused until 05/29/2024: Leaves the market")
            self.assertFalse(Account.search([('is_unexplained', '=', True)]))
        with freeze_time('2024-05-29'):
            self.env.invalidate_all()
            self.assertEqual(Account.search([('is_unexplained', '=', True)]), self.beta)
            program = self.as_user(self.program, self.champion)
            self.assertEqual((program.qualified_count, program.unexplained_count), (1, 1))
            self.run_scoring(date(2024, 5, 29))
            self.assertEqual(self.beta.not_key_reason, "A tier change to Gold is open.", "it shows up again")
