from odoo.tests import HttpCase, tagged

from .rebalance_common import RebalanceCase


@tagged('post_install', '-at_install')
class TestRebalanceTours(HttpCase, RebalanceCase):

    def path(self, rebalance):
        return f'/odoo/rebalancing/{rebalance.id}'

    def test_compute_and_choose(self):
        """A champion computes, compares, chooses, and reads who gets what and why."""
        rebalance = self.rebalance()
        self.start_tour(self.path(rebalance), 'kam_rebalance_compute', login='kam_champion')
        self.assertEqual(rebalance.scenario_id.kind, 'fairest')

    def test_drag(self):
        """Cards that are dragged ask what if; the answer is there at once; computed scenarios stay."""
        self.golds[0].sudo().no_move_reason = "The contract is being renegotiated"
        rebalance = self.computed()
        balanced = self.scenario(rebalance, 'balanced')
        before = balanced._places()
        self.start_tour(self.path(rebalance), 'kam_rebalance_drag', login='kam_champion')
        self.assertEqual(balanced._places(), before)
        self.assertEqual(rebalance.scenario_id.kind, 'hand')
        self.assertEqual(self.move_of(rebalance, self.mini).to_user_id, self.ann)
        self.assertEqual(self.move_of(rebalance, self.golds[0]).to_user_id, self.ann)

    def test_from_the_question_to_the_roll_back(self):
        """Consulted, commented by a manager, decided by somebody else, one move refused, carried out, rolled back."""
        rebalance, before = self.computed(), self.seat_rows()
        moves = self.moves(rebalance)
        self.start_tour(self.path(rebalance), 'kam_rebalance_consult', login='kam_champion')
        self.start_tour('/odoo/rebalancing', 'kam_rebalance_comment', login='kam_ann')
        comments = self.as_user(rebalance, self.champion2).message_ids.mapped('body')
        self.assertTrue(any("They asked for Ann by name" in comment for comment in comments))
        self.start_tour(self.path(rebalance), 'kam_rebalance_decide', login='kam_champion2')
        self.assertEqual(sorted(moves.mapped('decision')), ['approved'] * (len(moves) - 1) + ['refused'])
        self.start_tour(self.path(rebalance), 'kam_rebalance_carry_out', login='kam_champion')
        self.assertEqual(rebalance.state, 'rolled_back')
        self.assertEqual(set(moves.mapped('state')), {'proposed', 'rolled_back'})
        current = [row for row in self.seat_rows() if row[0] in {old[0] for old in before}]
        self.assertEqual(current, before)
