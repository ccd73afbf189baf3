from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .rebalance_common import RebalanceCase


@tagged('post_install', '-at_install')
class TestKamRebalanceTiers(RebalanceCase):
    """Who is in: Gold holds three of six accounts, and a normal customer has earned a place.

    Scores: Gold1 40, Gold2 45, Gold3 50, Gold4 60, Gold5 70, Gold6 80; Star (Potential) 90. Gold takes 55, Strategic
    35.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        model = cls.env['kam.scoring.model'].create({'name': "Model", 'program_id': cls.program.id})
        model.criterion_ids = [Command.create({
            'metric': 'influence', 'weight': 1, 'normalization': 'linear', 'bound_zero': 0, 'bound_full': 5})]
        model.tier_rule_ids = [
            Command.create({'tier_id': cls.tiers[name].id, 'score_min': least, 'coverage_min': 0})
            for name, least in (('gold', 55), ('strategic', 35))]
        model.action_publish()
        cls.star = cls._account("Star", 'potential', cls.bob)
        scores = dict(zip([*cls.golds, cls.star, cls.mini], (40, 45, 50, 60, 70, 80, 90, 40), strict=True))
        for account, score in scores.items():
            # What a scoring run would write.
            account.sudo().write({
                'score': score, 'score_coverage': 100,
                'recommended_tier_id': cls.tiers['gold' if score >= 55 else 'strategic'].id})
        cls.tiers['gold'].capacity = 4

    def tiers_after(self, rebalance, kind=None):
        scenario = self.scenario(rebalance, kind) if kind else rebalance.scenario_id
        return {move.account_id.display_name: move.to_tier_id.value_class for move in scenario.move_ids}

    def question(self, **values):
        return self.computed(question='tiers', **values)

    def test_by_score(self):
        rebalance = self.question()
        self.assertEqual(self.tiers_after(rebalance), {
            'Gold1': 'strategic', 'Gold2': 'strategic', 'Gold3': 'strategic', 'Gold4': 'gold', 'Gold5': 'gold',
            'Gold6': 'gold', 'Star': 'gold', 'Mini': 'strategic'})
        gold = rebalance.scenario_id.load_ids.filtered(lambda load: load.tier_id == self.tiers['gold'])
        self.assertEqual((gold.points_before, gold.points_after, gold.capacity), (6, 4, 4))
        self.assertEqual(
            self.move_of(rebalance, self.golds[0]).reason,
            "From Gold to Strategic: a score of 40 places it in Strategic, Strategic would hold 4 instead of 1 "
            "accounts, 12 at most; costs 1 points.")
        self.assertEqual(self.scenario(rebalance, 'today').broken_count, 1, "six in a tier of four")

    def test_fewest_moves(self):
        """Two have to go; who falls short most goes."""
        after = self.tiers_after(self.question(), 'fewest')
        self.assertEqual([name for name, tier in after.items() if tier == 'strategic' and name != 'Mini'],
                         ['Gold1', 'Gold2'])
        self.assertEqual(after['Star'], 'potential')

    def test_told_customers_have_a_guard(self):
        for account in self.golds[:2]:
            account.date_told = fields.Date.today()
        rebalance = self.question()
        after = self.tiers_after(rebalance)
        self.assertEqual((after['Gold1'], after['Gold2'], after['Gold3']), ('gold', 'gold', 'strategic'))
        answer = self.move_of(rebalance, self.golds[0])._why_not(self.tiers['strategic'])
        self.assertIn("It goes down only after 2 failed reviews in a row", answer)
        self.assertIn("Gold1 has no probation plan", answer)

    def test_exceptions_and_holds_and_open_changes(self):
        one, two, three = self.golds[:3]
        self.env['kam.tier.change'].sudo().create({
            'account_id': one.id, 'from_tier_id': self.tiers['general'].id, 'to_tier_id': self.tiers['gold'].id,
            'state': 'applied', 'exception_state': 'open', 'is_exception': True, 'exception_reason': "Lighthouse",
            'exception_until': fields.Date.today() + timedelta(days=100)})
        self.as_user(self.env['kam.score.override'], self.champion).create({
            'account_id': two.id, 'tier_id': self.tiers['gold'].id, 'reason': "New factory"})
        self.as_user(self.env['kam.tier.change'], self.ann).create({
            'account_id': three.id, 'to_tier_id': self.tiers['strategic'].id, 'reason': "Weak"})
        rebalance = self.question()
        for account, words in ((one, "by an open exception"), (two, "Gold2 is held at Gold, whatever its score"),
                               (three, "Gold3 has an open tier change already")):
            move = self.move_of(rebalance, account)
            self.assertFalse(move.is_move)
            self.assertIn(words, move.frozen_reason)

    def test_below_the_threshold(self):
        self.tiers['gold'].capacity = 0
        rebalance = self.question()
        answer = self.move_of(rebalance, self.mini)._why_not(self.tiers['gold'])
        self.assertIn("Mini has a score of 40 with data for 100 %, which does not reach: Gold 55", answer)

    def test_refused_not_long_ago(self):
        change = self.propose(self.star, 'gold')
        change.action_submit()
        self.as_user(change, self.champion)._refuse("Too early")
        rebalance = self.question()
        self.assertNotEqual(self.tiers_after(rebalance)['Star'], 'gold')
        self.assertIn("was refused for Gold not long ago",
                      self.move_of(rebalance, self.star)._why_not(self.tiers['gold']))

    def test_impossible(self):
        for account in self.golds[:5]:
            self.as_user(account, self.champion).no_move_reason = "Promised"
        rebalance = self.question()
        self.assertFalse(rebalance.scenario_id)
        self.assertIn("- Gold holds 4 accounts at most.", rebalance.message)
        self.assertEqual(rebalance.message.count("is not to move: Promised"), 5)

    def test_size_of_the_programme(self):
        self.program.write({'size_min': 0, 'size_max': 7})
        self.tiers['gold'].capacity = 0
        rebalance = self.question()
        after = self.tiers_after(rebalance)
        self.assertEqual(after['Star'], 'gold')
        out = [name for name, tier in after.items() if tier == 'potential']
        self.assertEqual(len(out), 1, "seven key accounts are there already: the best come first")
        account = rebalance.scenario_id.move_ids.account_id.filtered(lambda account: account.display_name in out)
        self.assertEqual(account.score, 40)
        self.assertIn("Programme A holds 7 key accounts at most",
                      self.move_of(rebalance, account)._why_not(self.tiers['strategic']))

    # Carrying out

    def test_tier_changes(self):
        """Of today: applied at once, whoever goes down first, so that there is room."""
        rebalance = self.question(date=fields.Date.today())
        self.as_user(rebalance, self.champion2).action_approve()
        rebalance.action_carry_out()
        self.assertEqual((rebalance.state, rebalance.message), ('done', False))
        self.assertEqual((self.golds[0].tier_id, self.star.tier_id), (self.tiers['strategic'], self.tiers['gold']))
        change = self.move_of(rebalance, self.star).tier_change_id
        self.assertEqual((change.requester_id, change.approver_id, change.state, change.kind),
                         (self.champion, self.champion2, 'applied', 'nomination'))
        self.assertIn("Spring: From Potential to Gold", change.reason)

    def test_tier_changes_of_a_later_day(self):
        """Approved and waiting; the tier is full only until the others go on the same day."""
        rebalance = self.question()
        self.as_user(rebalance, self.champion2).action_approve()
        rebalance.action_carry_out()
        self.assertFalse(rebalance.message)
        change = self.move_of(rebalance, self.star).tier_change_id
        self.assertEqual((change.state, change.date_effective), ('approved', self.day))
        self.assertEqual(change.override_reason, "Spring makes room on the same day.")
        rebalance.action_roll_back()
        self.assertEqual((change.state, change.refusal_reason), ('refused', "Spring is rolled back."))
        self.assertEqual(self.star.tier_id, self.tiers['potential'])

    def test_obstacles_are_listed(self):
        """Gold is promoted without a sponsor: its rules stop it, and the others go on."""
        self.seat(self.star, 'sponsor')._end(fields.Date.today() - timedelta(days=1))
        rebalance = self.question(date=fields.Date.today())
        self.as_user(rebalance, self.champion2).action_approve()
        rebalance.action_carry_out()
        move = self.move_of(rebalance, self.star)
        self.assertEqual((move.state, move.stale_reason), (
            'stale', "Star has no executive sponsor. Name one on the tier change."))
        self.assertIn("Star has no executive sponsor", rebalance.message)
        self.assertFalse(self.star.tier_change_ids, "no draft is left behind")
        self.assertEqual(self.golds[0].tier_id, self.tiers['strategic'])

    def test_applied_changes_are_proposed_back(self):
        rebalance = self.question(date=fields.Date.today())
        self.as_user(rebalance, self.champion2).action_approve()
        rebalance.action_carry_out()
        rebalance.action_roll_back()
        back = self.golds[0].tier_change_ids.filtered('is_open')
        self.assertEqual((back.to_tier_id, back.state, back.reason),
                         (self.tiers['gold'], 'draft', "Spring is rolled back."))
        self.assertEqual(self.golds[0].tier_id, self.tiers['strategic'], "people decide")

    def test_who_manages_a_promoted_account_does_not_decide(self):
        self.env['kam.assignment'].create(
            {**self._seat_values(self.star, self.champion2, 'manager'), 'date_from': '2024-06-01'})
        rebalance = self.question()
        with self.assertRaisesRegex(AccessError, "changes your own accounts"):
            self.as_user(rebalance, self.champion2).action_approve()

    def test_managers_are_told(self):
        before = self.env['mail.mail'].search([])
        rebalance = self.question(date=fields.Date.today())
        self.as_user(rebalance, self.champion2).action_approve()
        rebalance.action_carry_out()
        mails = self.env['mail.mail'].search([]) - before
        ours = mails.filtered(lambda mail: "Tiers of your accounts" in (mail.body_html or ""))
        self.assertEqual(ours.recipient_ids, (self.ann | self.bob).partner_id)
