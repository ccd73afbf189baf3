from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ScoringCase

INFLUENCE = ('influence', 10, 'linear', 1, 5)
RULES = [{'tier': 'diamond', 'score_min': 80}, {'tier': 'gold', 'score_min': 40}, {'tier': 'general'}]


@tagged('post_install', '-at_install')
class TestSingle(ScoringCase):
    """One account scored between two runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()

    def figures(self, account):
        return {line['metric']: (line['value'], round(line['points'] or 0, 6)) for line in account.score_id.breakdown}

    def test_same_as_a_full_run(self):
        """Without any change the account gets what the run gave it: points by value and by place, rank and tier."""
        self.judge(acme='4', beta='3', free='2')
        for account, amount in ((self.acme_partner, 500), (self.beta_partner, 300), (self.free_partner, 900)):
            self.invoice(account, self.today - timedelta(days=3), amount)
        self.publish_model(criteria=[('revenue', 30, 'percentile', 0, 100), INFLUENCE], rules=RULES)
        self.run_scoring(self.today)
        for account in self.acme | self.beta | self.free:
            before = (self.figures(account), account.score, account.score_rank, account.recommended_tier_id)
            self.as_user(account, self.champion).action_rescore()
            self.env.invalidate_all()
            self.assertEqual(
                (self.figures(account), account.score, account.score_rank, account.recommended_tier_id), before)
            self.assertEqual(account.score_run_id.account_id, account)

    def test_new_facts_count_at_once(self):
        self.judge(acme='1', beta='5')
        self.publish_model(criteria=[INFLUENCE], rules=RULES)
        run = self.run_scoring(self.today)
        self.judge(acme='5')
        self.as_user(self.acme, self.manager).action_rescore()
        self.env.invalidate_all()
        self.assertEqual((self.acme.score, self.acme.recommended_tier_id), (100, self.tiers['diamond']))
        self.assertEqual(self.beta.score_run_id, run, "nobody else was scored")
        self.assertEqual(self.program.last_run_id, run, "it is no run of the programme")
        change = self.env['kam.tier.change'].search([('account_id', '=', self.acme.id), ('state', '=', 'draft')])
        self.assertEqual(change.to_tier_id, self.tiers['diamond'])

    def test_proposals_of_others_stay(self):
        self.judge(acme='4', beta='5')
        self.publish_model(criteria=[INFLUENCE], rules=RULES)
        self.run_scoring(self.today)
        others = self.env['kam.tier.change'].search([('account_id', '=', self.beta.id), ('state', '=', 'draft')])
        self.assertTrue(others)
        self.as_user(self.acme, self.champion).action_rescore()
        self.assertTrue(others.exists())

    def test_a_full_tier_takes_no_more(self):
        self.tiers['diamond'].capacity = 1
        self.judge(acme='1', beta='5', free='1')
        self.publish_model(criteria=[INFLUENCE, ('revenue', 1, 'linear', 0, 1e6)], rules=RULES)
        self.invoice(self.beta_partner, self.today, 1000)
        self.invoice(self.free_partner, self.today, 1)
        self.run_scoring(self.today)
        self.judge(free='5')
        self.as_user(self.free, self.champion).action_rescore()
        self.env.invalidate_all()
        self.assertEqual(self.free.recommended_tier_id, self.tiers['gold'])

    def test_never_scored(self):
        self.publish_model(criteria=[INFLUENCE])
        with self.assertRaisesRegex(UserError, "Score the programme first"):
            self.as_user(self.acme, self.champion).action_rescore()

    def test_foreign_accounts(self):
        self.publish_model(criteria=[INFLUENCE])
        self.run_scoring(self.today)
        for user in (self.colleague, self.outsider, self.sales):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.as_user(self.acme, user).action_rescore()
