from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamTierChangeDecide(KamCase):
    """All tier changes of a review in one sitting (F55)."""

    def wizard(self, changes, user=None):
        action = self.as_user(changes, user or self.champion).action_decide()
        return self.as_user(self.env['kam.tier.change.decide'], user or self.champion).browse(action['res_id'])

    def test_each_decision_counts_by_itself(self):
        self.tiers['gold'].capacity = 1
        good, full, bad = (
            self.propose(self.free, 'potential'), self.propose(self.beta, 'gold', user=self.colleague),
            self.propose(self.acme, 'diamond'))
        (good | bad).action_submit()
        full.action_submit()
        wizard = self.wizard(good | full | bad)
        self.assertEqual(len(wizard.line_ids), 3)
        line = {line.change_id: line for line in wizard.line_ids}
        self.assertIn("its capacity is 1", line[full].obstacles)
        wizard.action_approve_all()
        self.assertEqual([line[change].decision for change in (good, full, bad)], ['approve', False, 'approve'])
        line[full].decision = 'approve'
        line[bad].write({'decision': 'refuse', 'refusal_reason': "One good year only"})
        action = wizard.action_confirm()
        self.assertEqual((good.state, full.state, bad.state), ('applied', 'submitted', 'refused'))
        self.assertEqual(bad.refusal_reason, "One good year only")
        self.assertEqual(action['res_id'], wizard.id, "what could not be carried out is shown again")
        self.assertEqual(wizard.line_ids.change_id, full)
        wizard.line_ids.override_reason = "Until the merger is through"
        self.assertFalse(wizard.line_ids.obstacles)
        wizard.line_ids.decision = 'approve'
        self.assertEqual(wizard.action_confirm()['type'], 'ir.actions.act_window_close')
        self.assertEqual(full.state, 'applied')

    def test_refusal_needs_a_reason_and_the_rest_goes_on(self):
        first, second = self.propose(self.free, 'potential'), self.propose(self.acme, 'diamond')
        (first | second).action_submit()
        wizard = self.wizard(first | second)
        wizard.line_ids.filtered(lambda line: line.change_id == first).decision = 'refuse'
        wizard.line_ids.filtered(lambda line: line.change_id == second).decision = 'approve'
        wizard.action_confirm()
        self.assertEqual((first.state, second.state), ('submitted', 'applied'))
        self.assertIn("Say why it is refused", wizard.line_ids.obstacles)

    def test_only_what_waits_for_this_champion(self):
        own = self.propose(self.free, 'potential', user=self.champion)
        draft = self.propose(self.beta, 'potential', user=self.colleague)
        own.action_submit()
        with self.assertRaisesRegex(UserError, "Nothing here waits"):
            self.wizard(own | draft)
        self.assertEqual(self.wizard(own | draft, self.champion2).line_ids.change_id, own)

    def test_nothing_chosen(self):
        change = self.propose(self.free, 'potential')
        change.action_submit()
        with self.assertRaisesRegex(UserError, "Choose Approve or Refuse"):
            self.wizard(change).action_confirm()
