from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ScoringCase

INFLUENCE = ('influence', 10, 'linear', 1, 5)
RULES = [{'tier': 'diamond', 'score_min': 80}, {'tier': 'gold', 'score_min': 50}, {'tier': 'general'}]


@tagged('post_install', '-at_install')
class TestOverride(ScoringCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish_model(criteria=[INFLUENCE, ('revenue', 10, 'linear', 0, 2400)], rules=RULES)
        cls.today = fields.Date.today()

    def hold(self, user=None, account=None, **vals):
        return self.as_user(self.env['kam.score.override'], user or self.champion).create({
            'account_id': (account or self.acme).id, 'reason': "A dealer invoices them", **vals})

    def run_today(self):
        return self.run_scoring(self.today)

    def test_criterion(self):
        """acme: no judgement and no revenue this year: influence is held at 60 points, revenue counts 0."""
        self.judge(acme='5')
        self.hold(metric='influence', points=60)
        self.run_today()
        line = self.acme.score_line_ids.filtered(lambda line: line.metric == 'influence')
        self.assertEqual((line.points, line.value, line.is_held), (60, 5, True), "the value stays what it is")
        self.assertTrue(self.acme.is_held)
        self.assertFalse(self.beta.score_line_ids.filtered('is_held'))

    def test_without_data_a_held_criterion_counts(self):
        self.hold(metric='influence', points=60)
        self.run_today()
        line = self.acme.score_line_ids.filtered(lambda line: line.metric == 'influence')
        self.assertEqual((line.points, line.has_data), (60, False))
        self.assertGreaterEqual(self.acme.score_coverage, 50)

    def test_tier(self):
        self.judge(acme='1')
        self.hold(tier_id=self.tiers['diamond'].id)
        self.run_today()
        self.assertEqual(self.acme.recommended_tier_id, self.tiers['diamond'])
        self.assertEqual(self.acme.score_id.recommended_tier_id, self.tiers['diamond'])

    def test_it_ends_by_itself(self):
        self.judge(acme='1')
        hold = self.hold(tier_id=self.tiers['diamond'].id, date_end=self.today + timedelta(days=10))
        self.run_today()
        hold.sudo().write({'date_from': self.today - timedelta(days=10), 'date_end': self.today})
        self.run_today()
        self.assertEqual(self.acme.recommended_tier_id, self.tiers['general'])
        self.assertFalse(self.acme.is_held)
        self.assertFalse(self.acme.held_ids)
        self.assertEqual(self.acme.override_ids, hold.sudo(), "it stays as history")

    def test_search(self):
        self.hold(metric='influence', points=60)
        Account = self.env['kam.account']
        mine = [('program_id', '=', self.program.id)]
        self.assertEqual(Account.search([*mine, ('is_held', '=', True)]), self.acme)
        self.assertNotIn(self.acme, Account.search([*mine, ('is_held', '=', False)]))

    def test_champions_only(self):
        for user in (self.manager, self.executive, self.sales):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.hold(user, metric='influence', points=60)
        self.program.champion_ids = self.champion2
        with self.assertRaisesRegex(AccessError, "Only a champion of"), self.cr.savepoint():
            self.hold(metric='influence', points=60)

    def test_author_and_start_are_the_systems(self):
        for vals in ({'author_id': self.champion2.id}, {'date_from': '2020-01-01'}):
            with self.assertRaisesRegex(UserError, "written by the system"), self.cr.savepoint():
                self.hold(metric='influence', points=60, **vals)
        hold = self.hold(metric='influence', points=60)
        self.assertEqual(hold.author_id, self.champion)
        with self.assertRaisesRegex(UserError, "not changed afterwards"):
            hold.points = 100

    def test_end(self):
        hold = self.hold(metric='influence', points=60)
        hold.action_end()
        self.assertFalse(hold.is_held)
        self.hold(metric='influence', points=70)  # no clash with the one that ended

    def test_one_at_a_time(self):
        self.hold(metric='influence', points=60)
        with self.assertRaisesRegex(ValidationError, "already"), self.cr.savepoint():
            self.hold(metric='influence', points=70)
        self.hold(metric='revenue', points=70)
        self.hold(tier_id=self.tiers['gold'].id)

    def test_bad_input(self):
        with self.assertRaisesRegex(ValidationError, "after a year"), self.cr.savepoint():
            self.hold(metric='influence', points=60, date_end=self.today + timedelta(days=400))
        with self.assertRaisesRegex(ValidationError, "is not a tier of"), self.cr.savepoint():
            self.hold(tier_id=self.program_b.tier_ids[0].id)

    def test_used_one_is_not_deleted(self):
        hold = self.hold(metric='influence', points=60)
        hold.sudo().date_from = self.today - timedelta(days=3)
        with self.assertRaisesRegex(UserError, "End it instead"):
            hold.unlink()

    def test_who_sees_it(self):
        hold = self.hold(metric='influence', points=60)
        self.assertTrue(self.as_user(self.acme, self.manager).held_ids)
        foreign = self.as_user(self.env['kam.score.override'], self.colleague)
        self.assertFalse(foreign.search([('id', '=', hold.id)]))
        outsider = self.as_user(self.env['kam.score.override'], self.outsider)
        self.assertFalse(outsider.search([('id', '=', hold.id)]))
