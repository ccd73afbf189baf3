from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .rebalance_common import RebalanceCase


@tagged('post_install', '-at_install')
class TestKamRebalanceDecide(RebalanceCase):
    """Those concerned are heard; a champion who is not concerned decides; the others read."""

    def readable(self, model, user):
        return self.as_user(self.env[model], user).search([('program_id', '=', self.program.id)])

    def test_managers_read_what_concerns_them_once_they_are_consulted(self):
        models = ('kam.rebalance', 'kam.rebalance.person', 'kam.rebalance.scenario', 'kam.rebalance.move',
                  'kam.rebalance.load')
        rebalance = self.computed()
        for model in models:
            self.assertFalse(self.readable(model, self.bob), model)
            self.assertTrue(self.readable(model, self.executive), model)
            self.assertTrue(self.readable(model, self.champion2), model)
        rebalance.action_consult()
        for model in models:
            self.assertTrue(self.readable(model, self.bob), model)
            self.assertFalse(self.readable(model, self.cyd), model)
        self.assertEqual(self.readable('kam.rebalance.scenario', self.bob), rebalance.scenario_id)
        moves = self.readable('kam.rebalance.move', self.bob)
        self.assertEqual(moves, rebalance.scenario_id.move_ids.filtered(
            lambda move: self.bob in move.from_user_id | move.to_user_id))
        self.assertLess(len(moves), 7)
        self.as_user(rebalance, self.bob).message_post(body="Gold1 and I do not get on")
        self.assertIn("do not get on", rebalance.message_ids[0].body)
        with self.assertRaises(AccessError):
            self.as_user(rebalance, self.bob).name = "Mine"
        with self.assertRaises(AccessError):
            self.as_user(moves[0], self.bob).note = "Mine"
        with self.assertRaises(AccessError):
            self.as_user(rebalance, self.executive).name = "Mine"

    def test_screen_of_a_manager(self):
        """All that the form shows can be read by somebody who may read a part of it only."""
        rebalance = self.rebalance(fairness=100, kept_account_ids=[Command.set(self.golds[0].ids)])
        rebalance.action_compute()
        rebalance.action_consult()
        one2many = {'fields': {'display_name': {}}}
        self.env.invalidate_all()
        values = self.as_user(rebalance, self.bob).web_read({
            'move_ids': {'fields': {'reason': {}, 'account_id': one2many, 'from_user_id': one2many}},
            'load_ids': {'fields': {'points_after': {}, 'color': {}}}, 'scenario_ids': {'fields': {'name': {}}},
            'scenario_id': one2many, 'person_ids': {'fields': {'user_id': one2many, 'capacity': {}}},
            'kept_account_ids': one2many, 'move_count': {}, 'can_manage': {}, 'can_approve': {}, 'message': {}})[0]
        moves = self.env['kam.rebalance.move'].browse(move['id'] for move in values['move_ids'])
        self.assertEqual(moves, rebalance.scenario_id.move_ids.filtered(
            lambda move: self.bob in move.from_user_id | move.to_user_id))
        self.assertEqual((len(values['load_ids']), len(values['scenario_ids'])), (2, 1))
        self.assertFalse(values['can_manage'] or values['can_approve'] or values['kept_account_ids'])
        self.assertIn("could go to Ann", self.as_user(moves, self.bob).filtered(
            lambda move: move.is_move)[0]._why_not(self.ann))

    def test_nobody_else_reads(self):
        self.computed().action_consult()
        with self.assertRaises(AccessError):
            self.readable('kam.rebalance', self.sales)

    def test_two_companies(self):
        """A programme of another company: not seen, and not chosen."""
        rebalance = self.computed()
        self.assertFalse(self.as_user(self.env['kam.rebalance'], self.champion, self.company_b).search(
            [('id', '=', rebalance.id)]))
        outsider = self._user('kam_champion_b', 'kam_management.group_kam_champion', self.company_b)
        for model in ('kam.rebalance', 'kam.rebalance.move', 'kam.rebalance.load', 'kam.rebalance.person',
                      'kam.rebalance.scenario'):
            self.assertFalse(self.readable(model, outsider), model)
        with self.assertRaises(AccessError):
            self.rebalance(outsider)

    def test_consult(self):
        rebalance = self.computed()
        rebalance.action_consult()
        self.assertEqual((rebalance.state, rebalance.activity_ids.user_id), ('consulted', self.ann | self.bob))
        self.scenario(rebalance, 'fairest').action_choose()
        self.assertEqual((rebalance.state, rebalance.date_consulted), ('proposed', False))
        self.assertFalse(rebalance.activity_ids, "another scenario is another question")
        rebalance.action_consult()
        self.as_user(rebalance, self.champion2).action_approve()
        self.assertFalse(rebalance.activity_ids, "decided")

    def test_who_cannot_open_it_is_named(self):
        self.env['kam.assignment'].create(
            {**self._seat_values(self.golds[5], self.sales, 'manager'), 'date_from': '2024-06-01'})
        rebalance = self.rebalance(fairness=100, owner_months=0)
        self.person(rebalance, self.sales).role = 'leaves'
        rebalance.action_compute()
        rebalance.action_consult()
        self.assertIn("kam_sales", rebalance.message)
        self.assertNotIn(self.sales, rebalance.activity_ids.user_id)

    def test_not_the_one_who_asks(self):
        rebalance = self.computed()
        self.assertFalse(rebalance.can_approve)
        with self.assertRaisesRegex(AccessError, "You have asked for Spring yourself"):
            rebalance.action_approve()
        with self.assertRaisesRegex(AccessError, "You have asked for Spring yourself"):
            self.moves(rebalance)[0].action_approve()
        self.assertTrue(self.as_user(rebalance, self.champion2).can_approve)
        self.as_user(rebalance, self.champion2).action_approve()
        self.assertEqual((rebalance.state, rebalance.approver_id), ('approved', self.champion2))
        self.assertEqual(set(self.moves(rebalance).mapped('decision')), {'approved'})

    def test_not_a_beneficiary(self):
        self.env['kam.assignment'].create(
            {**self._seat_values(self.mini, self.champion2, 'manager'), 'date_from': '2024-06-01'})
        rebalance = self.computed(fairness=100)
        self.assertIn(self.champion2, self.moves(rebalance).to_user_id)
        with self.assertRaisesRegex(AccessError, "changes your own accounts"):
            self.as_user(rebalance, self.champion2).action_approve()
        third = self._user('kam_champion3', 'kam_management.group_kam_champion', self.company_a)
        self.as_user(rebalance, third).action_approve()
        self.assertEqual(rebalance.state, 'approved')

    def test_only_champions_of_the_programme(self):
        rebalance = self.computed()
        self.program.champion_ids = self.champion
        other = self.as_user(rebalance, self.champion2)
        self.assertFalse(other.can_approve)
        for action in ('action_approve', 'action_compute', 'action_consult', 'action_cancel'):
            with self.assertRaises(AccessError):
                getattr(other, action)()
        for user in (self.executive, self.manager):
            with self.assertRaises(AccessError):
                self.as_user(rebalance, user).action_approve()

    def test_move_by_move(self):
        rebalance = self.computed(fairness=100)
        first, second, *others = self.as_user(self.moves(rebalance), self.champion2)
        first.action_refuse()
        self.assertEqual(rebalance.state, 'proposed', "the others wait")
        second.action_approve()
        for move in others:
            move.action_refuse()
        self.assertEqual((rebalance.state, rebalance.approver_id), ('approved', self.champion2))
        rebalance.action_carry_out()
        self.assertEqual((first.state, second.state), ('proposed', 'applied'))
        self.assertFalse(self.env['kam.assignment'].search([
            ('account_id', '=', first.account_id.id), ('user_id', '=', self.bob.id)]))

    def test_what_a_part_breaks_is_told(self):
        """Bob takes two Gold accounts for the one that he gives; without giving it, he has too much."""
        rebalance = self.rebalance(fairness=100)
        self.person(rebalance, self.bob).capacity = 8
        rebalance.action_compute()
        moves = self.as_user(self.moves(rebalance), self.champion2)
        moves.filtered(lambda move: move.account_id == self.mini).action_refuse()
        moves.filtered(lambda move: move.account_id != self.mini).action_approve()
        self.assertEqual(rebalance.state, 'approved')
        self.assertIn("- Bob carries 8 points at most.", rebalance.message)

    def test_all_refused(self):
        rebalance = self.computed()
        self.as_user(self.moves(rebalance), self.champion2).action_refuse()
        self.assertEqual(rebalance.state, 'cancelled')

    def test_outdated_is_not_approved(self):
        rebalance = self.computed()
        rebalance.fairness = 3
        with self.assertRaisesRegex(UserError, "Compute it again"):
            self.as_user(rebalance, self.champion2).action_approve()

    def test_nothing_moves(self):
        rebalance = self.computed()
        self.scenario(rebalance, 'today').action_choose()
        with self.assertRaisesRegex(UserError, "No account moves"):
            self.as_user(rebalance, self.champion2).action_approve()

    def test_decided_is_decided(self):
        rebalance = self.approved()
        for values in ({'fairness': 3}, {'scenario_id': self.scenario(rebalance, 'fewest').id},
                       {'person_ids': [Command.create({'user_id': self.cyd.id})]},
                       {'kept_account_ids': [Command.set(self.mini.ids)]}):
            with self.assertRaisesRegex(UserError, "cannot be edited|has been decided"):
                rebalance.write(values)
        with self.assertRaisesRegex(UserError, "Moves are computed"):
            self.moves(rebalance)[0].decision = 'refused'
        with self.assertRaisesRegex(UserError, "not possible any more"):
            self.moves(rebalance)[0].action_refuse()
        rebalance.action_draft()
        self.assertEqual((rebalance.state, rebalance.approver_id), ('draft', self.env['res.users']))
        self.assertEqual(set(rebalance.scenario_id.move_ids.mapped('decision')), {'waiting'})

    def test_cancel(self):
        rebalance = self.approved()
        rebalance.action_cancel()
        self.assertEqual(rebalance.state, 'cancelled')
        with self.assertRaisesRegex(UserError, 'it is in the state "Cancelled"'):
            rebalance.action_carry_out()
