from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .rebalance_common import RebalanceCase


@tagged('post_install', '-at_install')
class TestKamRebalance(RebalanceCase):
    """Who is on the list, what the scenarios say, and how people play with them."""

    def test_holders_are_on_the_list(self):
        rebalance = self.rebalance()
        self.assertEqual(rebalance.person_ids.user_id, self.ann | self.bob)
        self.assertEqual(rebalance.requester_id, self.champion)
        rebalance.question = 'sponsors'
        self.assertEqual(rebalance.person_ids.user_id, self.executive)

    def test_scenarios(self):
        """27 points, so 13.5 are fair; with whole Gold accounts 15 and 12 are as near as it gets."""
        rebalance = self.computed()
        self.assertEqual(rebalance.state, 'proposed')
        self.assertEqual(sorted(rebalance.scenario_ids.mapped('kind')), ['balanced', 'fairest', 'fewest', 'today'])
        today, fairest = self.scenario(rebalance, 'today'), self.scenario(rebalance, 'fairest')
        self.assertEqual(self.loads(today), {"Ann": 24, "Bob": 3})
        self.assertEqual((today.move_count, today.imbalance), (0, 18.3), "10.5 off each, less 10 % of 13.5")
        self.assertEqual(sorted(self.loads(fairest).values()), [12, 15])
        self.assertEqual((fairest.state, fairest.move_count), ('optimal', 3))
        self.assertAlmostEqual(fairest.imbalance, 0.3, 2, "1.5 off each, less the band of 1.35")
        self.assertEqual(rebalance.scenario_id, self.scenario(rebalance, 'balanced'))
        self.assertEqual(len(today.move_ids), 7, "a row per account, also where it stays")
        self.assertEqual(set(today.move_ids.mapped('reason')), {
            f"Stays with {name}, whose load does not change." for name in ("Ann", "Bob")})

    def test_fewest_moves(self):
        """What has to move for the limits, and no more; fairness is the matter of the others."""
        self.assertEqual(self.scenario(self.computed(), 'fewest').move_count, 0, "there are no limits")
        self.env['kam.profile'].search([('user_id', '=', self.ann.id)]).workload_capacity = 17
        rebalance = self.computed()
        fewest, fairest = self.scenario(rebalance, 'fewest'), self.scenario(rebalance, 'fairest')
        self.assertEqual((fewest.move_count, self.loads(fewest)), (2, {"Ann": 16, "Bob": 11}))
        self.assertEqual(fairest.move_count, 3)
        self.assertLess(fairest.imbalance, fewest.imbalance)

    def test_no_move_without_need(self):
        for account in self.golds[3:]:
            self.env['kam.assignment'].create(
                {**self._seat_values(account, self.bob, 'manager'), 'date_from': '2024-06-01'})
        rebalance = self.computed()
        for kind in ('fewest', 'balanced', 'fairest'):
            self.assertFalse(self.scenario(rebalance, kind).move_count, kind)

    def test_reason_in_words_and_numbers(self):
        rebalance = self.computed(fairness=10)
        move = self.moves(rebalance)[0]
        self.assertEqual((move.from_user_id, move.to_user_id), (self.ann, self.bob))
        self.assertRegex(move.reason, (
            r"^From Ann to Bob: Ann would carry 12 instead of 24 points, Bob would carry 15 instead of 3 points; "
            r"costs [\d.]+ points: [\d.]+ years of working together\.$"))
        self.assertAlmostEqual(move.cost, 1 + move.cost_tenure, 2)
        stays = rebalance.scenario_id.move_ids.filtered(lambda move: move.account_id == self.mini)
        self.assertEqual(stays.reason, "Stays: Bob would carry 15 instead of 3 points.")

    def test_limits(self):
        """Bob can carry five points more, whatever would be fair: two Gold accounts, if Mini goes to Ann."""
        rebalance = self.rebalance(fairness=100)
        self.person(rebalance, self.bob).capacity = 8
        rebalance.action_compute()
        self.assertEqual(self.loads(rebalance.scenario_id), {"Ann": 19, "Bob": 8})
        self.person(rebalance, self.bob).write({'capacity': 0, 'account_limit': 3})
        rebalance.action_compute()
        self.assertEqual(self.loads(rebalance.scenario_id), {"Ann": 15, "Bob": 12})
        rebalance.moves_max = 1
        rebalance.action_compute()
        self.assertEqual(self.loads(rebalance.scenario_id), {"Ann": 20, "Bob": 7})

    def test_limits_of_the_profile_come_first(self):
        self.program.write({'manager_load_limit': 30, 'manager_account_limit': 12})
        profile = self.env['kam.profile'].search([('user_id', '=', self.bob.id)])
        profile.write({'workload_capacity': 9, 'account_limit': 4})
        rebalance = self.rebalance()
        self.assertEqual([(person.capacity, person.account_limit) for person in rebalance.person_ids],
                         [(30, 12), (9, 4)])

    def test_working_time(self):
        """Half of the week: half of the points of the programme, and half of the fair load."""
        self.program.manager_load_limit = 30
        calendar = self.company_a.resource_calendar_id
        half = self.env['resource.calendar'].create({
            'name': "Mornings", 'company_id': self.company_a.id, 'attendance_ids': [Command.clear()] + [
                Command.create({'name': "Morning", 'dayofweek': str(day), 'hour_from': 8, 'hour_to': 12,
                                'day_period': 'morning'}) for day in range(5)]})
        self.assertEqual((calendar.hours_per_week, half.hours_per_week), (40, 20))
        self.env['resource.resource'].create({
            'name': "Bob", 'user_id': self.bob.id, 'company_id': self.company_a.id, 'calendar_id': half.id})
        self.bob.invalidate_recordset()
        rebalance = self.rebalance(fairness=100)
        bob = self.person(rebalance, self.bob)
        self.assertEqual((bob.availability, bob.capacity), (50, 15))
        rebalance.action_compute()
        fair = {load.user_id: load.fair_points for load in rebalance.scenario_id.load_ids}
        self.assertEqual(fair, {self.ann: 18, self.bob: 9})
        self.assertEqual(self.loads(rebalance.scenario_id), {"Ann": 19, "Bob": 8})

    def test_load_in_another_programme_counts(self):
        self.bob.company_ids |= self.company_b
        tier = self.program_b.tier_ids.filtered(lambda tier: tier.value_class == 'diamond')
        other = self.env['kam.account'].create({'program_id': self.program_b.id, 'partner_id': self.acme_partner.id})
        other.sudo().tier_id = tier
        tier.workload_points = 20
        self.env['kam.assignment'].create(self._seat_values(other, self.bob, 'manager'))
        rebalance = self.computed(fairness=100)
        self.assertEqual(self.loads(rebalance.scenario_id), {"Ann": 24, "Bob": 23})
        bob = self.person(rebalance, self.bob)
        self.assertEqual((bob.accounts_elsewhere, bob.points_elsewhere), (1, 20))
        self.assertEqual(
            rebalance.scenario_id.load_ids.filtered(lambda load: load.user_id == self.bob).accounts_after, 2)

    def test_add_and_remove_a_person(self):
        rebalance = self.computed(fairness=100)
        rebalance.person_ids = [Command.create({'user_id': self.cyd.id, 'role': 'joins'})]
        self.assertTrue(rebalance.is_outdated)
        rebalance.action_compute()
        self.assertFalse(rebalance.is_outdated)
        self.assertEqual(sorted(self.loads(rebalance.scenario_id).values()), [8, 8, 11])
        self.person(rebalance, self.ann).role = 'leaves'
        rebalance.action_compute()
        self.assertEqual(self.loads(rebalance.scenario_id)["Ann"], 0)
        self.assertEqual(sorted(self.loads(rebalance.scenario_id).values()), [0, 12, 15])

    def test_vacant_key_account_is_given_to_somebody(self):
        vacant = self._account("Vacant", 'gold')
        move = self.move_of(self.computed(fairness=100), vacant)
        self.assertFalse(move.from_user_id)
        self.assertTrue(move.is_move and move.to_user_id == self.bob)
        self.assertIn("Nobody holds the seat: Bob would carry", move.reason)

    def test_sponsors(self):
        """Seven accounts, one sponsor, and another one: three or four each."""
        other = self._user('kam_other_sponsor', 'kam_management.group_kam_executive', self.company_a)
        rebalance = self.rebalance(question='sponsors', fairness=100)
        self.assertEqual(rebalance.person_ids.user_id, self.executive)
        rebalance.person_ids = [Command.create({'user_id': other.id, 'role': 'joins'})]
        rebalance.action_compute()
        self.assertEqual(sorted(self.loads(rebalance.scenario_id).values()), [3, 4])
        self.assertRegex(self.moves(rebalance)[0].reason, "kam_executive would sponsor [34] instead of 7 accounts")
        self.as_user(rebalance, self.champion2).action_approve()
        rebalance.action_carry_out()
        self.assertEqual(len(self.env['kam.assignment'].search([
            ('user_id', '=', other.id), ('role', '=', 'sponsor'), ('date_from', '=', self.day)])),
            rebalance.move_count)

    def test_edit_by_hand(self):
        rebalance = self.rebalance()
        self.person(rebalance, self.bob).capacity = 8
        rebalance.action_compute()
        with self.assertRaisesRegex(UserError, "in a copy only"):
            self.move_of(rebalance, self.golds[0], 'balanced').to_user_id = self.bob
        self.scenario(rebalance, 'today').action_edit_by_hand()
        hand = self.scenario(rebalance, 'hand')
        self.assertEqual(rebalance.scenario_id, hand)
        self.move_of(rebalance, self.golds[0]).to_user_id = self.bob
        self.assertEqual((self.loads(hand), hand.move_count, hand.broken_count), ({"Ann": 20, "Bob": 7}, 1, 0))
        self.assertIn("Bob would carry 7 instead of 3 points", self.move_of(rebalance, self.golds[0]).reason)
        self.move_of(rebalance, self.golds[1]).to_user_id = self.bob
        self.assertEqual(hand.broken_count, 1)
        self.assertEqual(self.move_of(rebalance, self.golds[1]).broken,
                         "Bob carries 8 points at most. Raise the capacity, or add somebody.")
        with self.assertRaisesRegex(UserError, "Cyd is not part of this rebalancing"):
            self.move_of(rebalance, self.golds[2]).to_user_id = self.cyd
        self.env.invalidate_all()
        rebalance.action_compute()
        self.assertEqual(self.scenario(rebalance, 'hand').move_count, 2, "kept, and checked again")

    def test_why_not(self):
        rebalance = self.rebalance(kept_account_ids=[Command.set(self.golds[0].ids)])
        self.person(rebalance, self.bob).capacity = 8
        rebalance.action_compute()
        wizard = self.as_user(self.env['kam.rebalance.why.not'], self.champion).create({
            'move_id': self.move_of(rebalance, self.golds[0]).id})
        self.assertEqual(wizard.user_ids, self.ann | self.bob)
        wizard.user_id = self.bob
        self.assertIn("Gold1 cannot go to Bob:", wizard.answer)
        self.assertIn("Gold1 is on the list of accounts that do not move.", wizard.answer)
        self.assertIn("Bob carries 8 points at most.", wizard.answer)
        move = rebalance.scenario_id.move_ids.filtered(lambda move: move.to_user_id == self.bob)[0]
        wizard = wizard.create({'move_id': move.id, 'user_id': self.ann.id})
        self.assertIn("could go to Ann. No rule speaks against it." if move.account_id != self.mini else "Ann",
                      wizard.answer)

    def test_form_and_board(self):
        """What the screens do: a new one with people on its list; a board with a column also for who has nothing."""
        form = Form(self.as_user(self.env['kam.rebalance'], self.champion))
        form.name = "Spring"
        form.program_id = self.program
        rebalance = form.save()
        self.assertEqual(rebalance.person_ids.user_id, self.ann | self.bob)
        with Form(rebalance) as form:
            form.question = 'sponsors'
        self.assertEqual(rebalance.person_ids.user_id, self.executive)
        rebalance.question = 'managers'
        rebalance.person_ids = [Command.create({'user_id': self.cyd.id})]
        rebalance.action_compute()
        columns = self.scenario(rebalance, 'today').move_ids.with_context(
            read_group_expand=True).formatted_read_group(
                [('scenario_id', '=', self.scenario(rebalance, 'today').id)], ['to_user_id'], ['points:sum'])
        self.assertEqual({column['to_user_id'][1] for column in columns}, {"Ann", "Bob", "Cyd"})

    def test_nothing_to_share_out(self):
        self.program_b.company_ids |= self.company_a
        rebalance = self.rebalance(program_id=self.program_b.id)
        rebalance.action_compute()
        self.assertEqual(rebalance.state, 'draft')
        self.assertIn("There is nothing to share out", rebalance.message)

    def test_bad_input(self):
        rebalance = self.rebalance()
        with self.assertRaisesRegex(ValidationError, "works in none of the companies"):
            rebalance.person_ids = [Command.create({'user_id': self.outsider.id})]
        with self.assertRaisesRegex(UserError, "with its buttons"):
            rebalance.state = 'approved'
        with self.assertRaisesRegex(UserError, "starts as a draft"):
            self.rebalance(state='approved')
        self.program.champion_ids = self.champion2
        with self.assertRaises(AccessError):
            self.rebalance()
