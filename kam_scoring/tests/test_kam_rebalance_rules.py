from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .rebalance_common import RebalanceCase


@tagged('post_install', '-at_install')
class TestKamRebalanceRules(RebalanceCase):
    """What does not move, who does not take over, and what cannot hold together, in words."""

    def why_not(self, rebalance, account, user):
        return self.move_of(rebalance, account)._why_not(user)

    def assertFrozen(self, account, words, **values):
        rebalance = self.computed(fairness=100, **values)
        move = self.move_of(rebalance, account)
        self.assertTrue(move.is_frozen)
        self.assertRegex(move.frozen_reason, words)
        for scenario in rebalance.scenario_ids:
            self.assertFalse(self.move_of(rebalance, account, scenario.kind).is_move, scenario.kind)
        self.assertRegex(self.why_not(rebalance, account, self.bob), words)
        return rebalance

    def assertUnfit(self, account, user, words, **values):
        rebalance = self.computed(fairness=100, **values)
        for scenario in rebalance.scenario_ids:
            self.assertNotEqual(self.move_of(rebalance, account, scenario.kind).to_user_id, user, scenario.kind)
        self.assertRegex(self.why_not(rebalance, account, user), words)

    def assertFits(self, rebalance, account, user):
        self.assertRegex(self.why_not(rebalance, account, user), "could go to|That is where it goes")

    def days(self, count):
        return fields.Date.today() + timedelta(days=count)

    def test_do_not_move_list(self):
        self.assertFrozen(self.golds[0], "Gold1 is on the list", kept_account_ids=[Command.set(self.golds[0].ids)])

    def test_account_that_is_not_to_move(self):
        gold = self.golds[0]
        with self.assertRaisesRegex(AccessError, "Only a champion"):
            self.as_user(gold, self.ann).no_move_reason = "Mine"
        self.as_user(gold, self.champion).write({'no_move_reason': "In court", 'date_no_move': self.days(40)})
        self.assertFrozen(gold, "Gold1 is not to move: In court.")
        gold.date_no_move = self.days(20)
        self.assertFalse(self.move_of(self.computed(), gold).is_frozen, "on the first day it may move again")

    def test_plan_in_review(self):
        plan = self.env['kam.plan'].create({
            'account_id': self.golds[0].id, 'date_from': self.days(-10), 'date_to': self.days(300)})
        plan.sudo().state = 'review'
        self.assertFrozen(self.golds[0], "Gold1: the account plan is in review or ends on")
        plan.sudo().state = 'active'
        rebalance = self.computed(fairness=100)
        self.assertFalse(self.move_of(rebalance, self.golds[0]).is_frozen)
        self.assertFalse(self.move_of(rebalance, self.golds[0], 'fairest').is_move, "others cost less")
        hand = self.scenario(rebalance, 'today')
        hand.action_edit_by_hand()
        self.move_of(rebalance, self.golds[0]).to_user_id = self.bob
        move = self.move_of(rebalance, self.golds[0])
        self.assertEqual(move.cost_plan, 2)
        self.assertIn("a plan in progress", move.reason)

    def test_plan_that_ends(self):
        plan = self.env['kam.plan'].create({
            'account_id': self.golds[0].id, 'date_from': self.days(-300), 'date_to': self.days(59)})
        plan.sudo().state = 'active'
        self.assertFrozen(self.golds[0], "plan is in review or ends on")
        self.assertFalse(self.move_of(self.computed(freeze_days=50), self.golds[0]).is_frozen)

    def test_late_deal(self):
        lead = self.env['crm.lead'].create({
            'name': "Big pumps", 'type': 'opportunity', 'partner_id': self.golds[0].partner_id.id, 'probability': 80,
            'date_deadline': self.days(30)})
        self.assertFrozen(self.golds[0], r'Gold1: the deal "Big pumps" \(80 %\) is due on')
        lead.probability = 60
        self.assertFalse(self.move_of(self.computed(), self.golds[0]).is_frozen)

    def test_changed_hands_lately(self):
        self.env['kam.assignment'].create(
            {**self._seat_values(self.mini, self.ann, 'manager'), 'date_from': self.days(-100)})
        rebalance = self.rebalance(fairness=100)
        rebalance.person_ids = [Command.create({'user_id': self.bob.id})]
        rebalance.action_compute()
        move = self.move_of(rebalance, self.mini)
        self.assertFalse(move.is_move)
        self.assertRegex(move.frozen_reason, "Mini came to Ann on .* and changes hands once in 12 months")
        rebalance.owner_months = 3
        rebalance.action_compute()
        self.assertFalse(self.move_of(rebalance, self.mini).is_frozen)

    def test_new_customer_may_move(self):
        """A first seat is no change of hands."""
        fresh = self._account("Fresh", 'gold')
        self.env['kam.assignment'].create(
            {**self._seat_values(fresh, self.ann, 'manager'), 'date_from': self.days(-10)})
        self.assertFalse(self.move_of(self.computed(), fresh).is_frozen)

    def test_somebody_stays(self):
        """The sponsor leaves with the account manager's seat: nobody whom the customer knows would be there."""
        gold = self.golds[0]
        self.seat(gold, 'sponsor')._end(self.days(10))
        self.assertUnfit(gold, self.bob, "Gold1 would keep nobody whom it knows if it went to Bob")
        self.env['kam.assignment'].create({
            **self._seat_values(gold, self.bob, 'manager'),
            'role_id': self.env.ref('kam_management.role_service').id})
        rebalance = self.computed()
        self.assertFits(rebalance, gold, self.bob)
        self.assertEqual(self.move_of(rebalance, gold, 'today').cost, 0)

    def test_language(self):
        self.env['res.lang']._activate_lang('fr_FR')
        french = self._account("Paris", 'gold', self.ann, lang='fr_FR')
        profile = self.env['kam.profile'].search([('user_id', '=', self.bob.id)])
        profile.language_ids = self.env.ref('base.lang_en')
        self.assertUnfit(french, self.bob, "Paris speaks French.*, which is not among the languages of Bob",
                         fit_language=True)
        profile.language_ids |= self.env.ref('base.lang_fr')
        self.assertFits(self.computed(fit_language=True), french, self.bob)

    def test_country(self):
        french = self._account("Paris", 'gold', self.ann, country_id=self.env.ref('base.fr').id)
        profile = self.env['kam.profile'].search([('user_id', '=', self.bob.id)])
        profile.country_ids = self.env.ref('base.de')
        self.assertUnfit(french, self.bob, "Paris is in France, which is not among the countries of Bob",
                         fit_country=True)

    def test_sales_team(self):
        north, south = self.env['crm.team'].create([{'name': "North"}, {'name': "South"}])
        self.env['crm.team.member'].create([
            {'crm_team_id': team.id, 'user_id': user.id} for team, user in ((north, self.ann), (south, self.bob))])
        self.assertUnfit(self.golds[0], self.bob, "Gold1 would leave its sales team if it went to Bob", fit_team=True)

    def test_competence(self):
        self.tiers['gold'].competence_min = 3
        self.assertUnfit(self.golds[0], self.bob, "which takes a mean level of competence of 3.0; Bob: below it")
        lines = self.env['kam.profile'].search([('user_id', '=', self.bob.id)]).line_ids
        self.assertTrue(lines)
        lines.level = 3
        self.assertFits(self.computed(), self.golds[0], self.bob)

    def test_both_seats(self):
        self.seat(self.golds[0], 'sponsor')._end(self.days(-1))
        self.env['kam.assignment'].create(
            {**self._seat_values(self.golds[0], self.bob, 'sponsor'), 'date_from': self.days(0)})
        self.assertUnfit(self.golds[0], self.bob, "Bob cannot manage Gold1 and sponsor it at the same time")

    def test_lost_relationships(self):
        """Of two live contacts, Ann alone covers one: half of the cost."""
        people = self.env['kam.stakeholder'].create([
            {'account_id': self.golds[0].id, 'partner_id': self.env['res.partner'].create({
                'name': name, 'parent_id': self.golds[0].partner_id.id}).id} for name in ("Eve", "Fay")])
        self.env['kam.coverage'].create([
            {'stakeholder_id': person.id, 'user_id': user.id} for person, user in (
                (people[0], self.ann), (people[1], self.ann), (people[1], self.executive))])
        for person in people:
            self.env['mail.message'].create({
                'model': 'res.partner', 'res_id': person.partner_id.id, 'author_id': person.partner_id.id,
                'message_type': 'email', 'body': "Hello", 'date': fields.Datetime.now() - timedelta(days=3)})
        rebalance = self.computed(fairness=100)
        self.scenario(rebalance, 'today').action_edit_by_hand()
        self.move_of(rebalance, self.golds[0]).to_user_id = self.bob
        move = self.move_of(rebalance, self.golds[0])
        self.assertEqual(move.cost_relationship, 1.5)
        self.assertIn("1 of 2 live contacts are covered by nobody else", move.reason)

    def test_whoever_leaves_hands_over_in_spite_of_a_freeze(self):
        plan = self.env['kam.plan'].create({
            'account_id': self.golds[0].id, 'date_from': self.days(-10), 'date_to': self.days(300)})
        plan.sudo().state = 'review'
        rebalance = self.rebalance()
        self.person(rebalance, self.ann).role = 'leaves'
        rebalance.action_compute()
        self.assertEqual(self.move_of(rebalance, self.golds[0]).to_user_id, self.bob)

    def test_impossible_in_words(self):
        """The smallest set of rules that cannot hold together, not all that there are."""
        rebalance = self.rebalance(kept_account_ids=[Command.set(self.golds[0].ids)])
        self.person(rebalance, self.ann).role = 'leaves'
        rebalance.action_compute()
        self.assertEqual(rebalance.state, 'proposed')
        self.assertFalse(rebalance.scenario_id)
        self.assertEqual(set(rebalance.scenario_ids.mapped('kind')), {'today', 'fewest', 'fairest', 'balanced'})
        self.assertEqual(self.scenario(rebalance, 'balanced').state, 'infeasible')
        self.assertEqual(sorted(rebalance.message.splitlines()), sorted([
            "These cannot hold together; change one of them:",
            "- Ann leaves and hands over all accounts. Let this person stay if that is wrong.",
            "- Gold1 is on the list of accounts that do not move. Take it off the list if it may."]))
        self.assertEqual(self.scenario(rebalance, 'today').broken_count, 1)
        rebalance.kept_account_ids = False
        rebalance.action_compute()
        self.assertTrue(rebalance.scenario_id)
        self.assertFalse(rebalance.message)

    def test_too_little_capacity_in_words(self):
        rebalance = self.rebalance()
        rebalance.person_ids.capacity = 12
        rebalance.action_compute()
        self.assertIn("- Ann carries 12 points at most. Raise the capacity, or add somebody.", rebalance.message)
        self.assertIn("- Bob carries 12 points at most.", rebalance.message)
        self.assertEqual(len(rebalance.message.splitlines()), 3)
