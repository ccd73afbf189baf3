from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .rebalance_common import RebalanceCase


@tagged('post_install', '-at_install')
class TestKamRebalanceScreen(RebalanceCase):

    def test_loads_chart(self):
        """Rows by name, in points, with what is at most and what would be fair."""
        self.program.manager_load_limit = 20
        rebalance = self.computed()
        chart = self.scenario(rebalance, 'today').loads_chart
        self.assertFalse(chart['is_tiers'])
        rows = [(row['name'], row['before'], row['after'], row['limit'], row['fair']) for row in chart['rows']]
        self.assertEqual(rows, [('Ann', 24, 24, 20, 13.5), ('Bob', 3, 3, 20, 13.5)])
        self.assertEqual(chart['rows'][0]['color'], 1, "red: more than the capacity")

    def test_drop(self):
        """A drag in a computed scenario is asked in a copy; the answer comes in words."""
        rebalance = self.computed()
        balanced = self.scenario(rebalance, 'balanced')
        action = balanced.copy_and_move(self.mini.id, self.ann.id)
        hand = self.scenario(rebalance, 'hand')
        self.assertEqual(action['domain'], [('scenario_id', '=', hand.id)])
        self.assertIn("Mini with Ann", action['context']['rebalance_note']['text'])
        self.assertEqual(self.move_of(rebalance, self.mini, 'hand').to_user_id, self.ann)
        self.assertEqual(self.move_of(rebalance, self.mini, 'balanced').to_user_id, self.bob)

    def test_drop_that_breaks_a_rule(self):
        self.golds[0].no_move_reason = "The contract is being renegotiated"
        rebalance = self.computed()
        self.scenario(rebalance, 'today').action_edit_by_hand()
        note = self.move_of(rebalance, self.golds[0], 'hand').drop_on(self.bob.id)
        self.assertIn("renegotiated", note['broken'])
        self.assertEqual(rebalance.scenario_id.get_board()['broken_count'], 1)
        note = self.move_of(rebalance, self.golds[1], 'hand').drop_on(self.bob.id)
        self.assertFalse(note['broken'])

    def test_board_by_person(self):
        """Somebody who is concerned looks, and drags nothing."""
        rebalance = self.computed()
        rebalance.action_consult()
        scenario = self.as_user(rebalance.scenario_id, self.ann)
        board = scenario.get_board()
        self.assertFalse(board['can_edit'])
        self.assertEqual({row['name'] for row in board['loads']}, {'Ann', 'Bob'})
        with self.assertRaises(AccessError):
            scenario.copy_and_move(self.mini.id, self.ann.id)
        self.assertTrue(rebalance.scenario_id.get_board()['can_edit'])

    def test_form_of_somebody_who_is_concerned(self):
        """It shows the own moves, not those between others, and opens without an error."""
        rebalance = self.rebalance()
        rebalance.person_ids = [Command.create({'user_id': self.cyd.id, 'role': 'joins'})]
        rebalance.action_compute()
        rebalance.action_consult()
        moves = self.moves(rebalance)
        own = moves.filtered(lambda move: move.to_user_id == self.cyd)
        self.assertTrue(own)
        self.assertTrue(moves - own)
        self.env.flush_all()
        self.env.invalidate_all()
        form = Form(self.as_user(rebalance, self.cyd))
        self.assertEqual({move['id'] for move in form.moved_ids._records}, set(own.ids))
        self.assertEqual(self.as_user(rebalance, self.cyd).moved_ids, own)
        self.assertFalse(form.can_edit)

    def test_no_way_to_a_board_without_answer(self):
        rebalance = self.rebalance()
        for button in (rebalance.action_open_board, rebalance.action_open_moves):
            with self.assertRaisesRegex(UserError, "Compute"):
                button()

    def test_settings_are_kept(self):
        """New rebalancings of the programme begin with what a champion keeps; those of another one do not."""
        rebalance = self.rebalance(cost_move=7, fit_language=True)
        rebalance.action_keep_settings()
        form = Form(self.as_user(self.env['kam.rebalance'], self.champion).with_context(
            default_program_id=self.program.id))
        self.assertEqual((form.cost_move, form.fit_language), (7, True))
        form.program_id = self.program_b
        other = Form(self.as_user(self.env['kam.rebalance'], self.champion).with_context(
            default_program_id=self.program_b.id))
        self.assertEqual((other.cost_move, other.fit_language), (1, False))
        with self.assertRaises(AccessError):
            self.as_user(rebalance, self.ann).action_keep_settings()

    def test_ways_in(self):
        """From the programme, and from a load that is too high."""
        rebalance = self.computed()
        program = self.as_user(self.program, self.champion)
        self.assertEqual(program.rebalance_count, 1)
        self.assertIn(rebalance, rebalance.search(program.action_open_rebalancings()['domain']))
        profile = self.env['kam.profile'].search([('user_id', '=', self.ann.id)])
        action = self.as_user(profile, self.champion).action_rebalance()
        self.assertEqual(action['context']['default_program_id'], self.program.id)

    def test_who_says_what_does_not_move(self):
        self.assertTrue(self.as_user(self.mini, self.champion).is_program_champion)
        self.assertFalse(self.as_user(self.mini, self.bob).is_program_champion)
        self.program.champion_ids = self.champion2
        self.mini.invalidate_recordset(['is_program_champion'])
        self.assertFalse(self.as_user(self.mini, self.champion).is_program_champion)
