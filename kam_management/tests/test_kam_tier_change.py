from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamTierChange(KamCase):

    def test_kinds(self):
        self.assertEqual(self.propose(self.free, 'strategic').kind, 'nomination')
        self.assertEqual(self.propose(self.free, 'potential').kind, 'promotion')
        self.assertEqual(self.propose(self.free, 'problem').kind, 'demotion')
        self.assertEqual(self.propose(self.acme, 'diamond').kind, 'promotion')
        self.assertEqual(self.propose(self.acme, 'strategic').kind, 'demotion')
        self.assertEqual(self.propose(self.acme, 'general').kind, 'exit')

    def test_nominate_submit_approve(self):
        change = self.propose(self.free, 'strategic')
        self.assertEqual(self.free.tier_id, self.tiers['general'], "a proposal moves nothing")
        change.action_submit()
        self.assertEqual((change.state, change.requester_id), ('submitted', self.manager))
        decision = self.as_user(change, self.champion)
        self.assertTrue(decision.can_decide)
        decision.action_approve()
        self.assertEqual((change.state, change.approver_id), ('applied', self.champion))
        self.assertEqual(self.free.tier_id, self.tiers['strategic'])
        self.assertTrue(self.free.is_key)

    def test_new_key_account_gets_its_manager_and_sponsor(self):
        change = self.propose(self.free, 'strategic', sponsor_id=False)
        self.assertEqual(change.manager_id, self.manager, "who nominates an unmanaged customer means to manage it")
        change.action_submit()
        decision = self.as_user(change, self.champion)
        with self.assertRaisesRegex(UserError, "Free has no executive sponsor"):
            decision.action_approve()
        decision.sponsor_id = self.manager
        with self.assertRaisesRegex(UserError, "cannot be account manager and executive sponsor"):
            decision.action_approve()
        decision.sponsor_id = self.executive
        decision.action_approve()
        self.assertEqual((self.free.manager_id, self.free.sponsor_id), (self.manager, self.executive))

    def test_nominated_account_keeps_the_manager_it_has(self):
        self.decide(self.propose(self.beta, 'strategic', user=self.colleague))
        self.assertEqual((self.beta.manager_id, self.beta.sponsor_id), (self.colleague, self.executive))
        self.assertEqual(len(self.beta.assignment_ids), 2)

    def test_submission_needs_a_reason(self):
        with self.assertRaisesRegex(UserError, "Say why Free"):
            self.propose(self.free, 'strategic', reason=" ").action_submit()

    def test_nobody_approves_a_request_of_their_own(self):
        change = self.propose(self.free, 'strategic', user=self.champion)
        change.action_submit()
        self.assertFalse(change.can_decide)
        with self.assertRaisesRegex(AccessError, "Another champion"):
            change.action_approve()
        self.as_user(change, self.champion2).action_approve()
        self.assertEqual(change.state, 'applied')

    def test_only_champions_of_the_program_decide(self):
        change = self.propose(self.free, 'strategic')
        change.action_submit()
        with self.assertRaisesRegex(AccessError, "Only a champion"):
            self.as_user(change, self.colleague).action_approve()
        self.program.champion_ids = self.champion2
        with self.assertRaisesRegex(AccessError, "Only a champion of Programme A"):
            self.as_user(change, self.champion).action_approve()
        self.as_user(change, self.champion2).action_approve()

    def test_refusal_keeps_the_reason(self):
        change = self.propose(self.free, 'strategic')
        change.action_submit()
        action = self.as_user(change, self.champion).action_refuse()
        wizard = Form(self.as_user(self.env['kam.tier.change.refuse'], self.champion).with_context(**action['context']))
        wizard.reason = "One good year only"
        wizard.save().action_refuse()
        self.assertEqual((change.state, change.refusal_reason), ('refused', "One good year only"))
        self.assertEqual(self.free.tier_id, self.tiers['general'])

    def test_workflow_is_closed_to_writes(self):
        change = self.as_user(self.propose(self.free, 'strategic'), self.champion)
        with self.assertRaisesRegex(UserError, "with its buttons"):
            change.write({'state': 'applied'})
        with self.assertRaisesRegex(UserError, "starts as a draft"):
            self.propose(self.free, 'gold', state='approved')
        with self.assertRaisesRegex(UserError, "starts as a draft"):
            self.propose(self.free, 'gold', requester_id=self.champion.id)

    def test_submitted_and_applied_are_frozen(self):
        change = self.propose(self.free, 'strategic', evidence="3 letters of intent")
        change.action_submit()
        with self.assertRaisesRegex(UserError, "cannot be edited"):
            change.evidence = "10 letters of intent"
        decision = self.as_user(change, self.champion)
        decision.action_approve()
        for vals in ({'reason': "x"}, {'date_effective': '2020-01-01'}, {'to_tier_id': self.tiers['gold'].id}):
            with self.assertRaisesRegex(UserError, "cannot be edited"):
                decision.write(vals)
        with self.assertRaisesRegex(UserError, "Only drafts"):
            decision.unlink()

    def test_approving_twice(self):
        change = self.propose(self.free, 'strategic')
        change.action_submit()
        self.as_user(change, self.champion).action_approve()
        with self.assertRaisesRegex(UserError, "waits for no decision: it is applied by kam_champion"):
            self.as_user(change, self.champion2).action_approve()

    def test_account_moved_meanwhile(self):
        first, second = self.propose(self.free, 'strategic'), self.propose(self.free, 'potential')
        (first | second).action_submit()
        self.as_user(first, self.champion).action_approve()
        with self.assertRaisesRegex(UserError, "is in Strategic now, not in General"):
            self.as_user(second, self.champion).action_approve()

    def test_capacity_warns_and_blocks(self):
        self.tiers['gold'].capacity = 1
        change = self.propose(self.free, 'gold')
        self.assertIn("its capacity is 1", change.capacity_warning)
        change.action_submit()
        decision = self.as_user(change, self.champion)
        with self.assertRaisesRegex(UserError, "Make room first"):
            decision.action_approve()
        decision.override_reason = "Agreed by the board until the merger is through"
        decision.action_approve()
        self.assertEqual(self.free.tier_id, self.tiers['gold'])

    def test_program_size_counts_only_newcomers(self):
        self.program.size_min = self.program.size_max = 1
        self.assertIn("its limit is 1", self.propose(self.free, 'strategic').capacity_warning)
        self.assertFalse(self.propose(self.acme, 'strategic').capacity_warning)

    def test_change_for_a_later_day(self):
        with freeze_time('2026-03-01'):
            change = self.propose(self.free, 'strategic', date_effective='2026-04-01')
            change.action_submit()
            self.as_user(change, self.champion).action_approve()
            self.assertEqual(change.state, 'approved')
            self.env['kam.tier.change']._cron_apply_approved()
            self.assertEqual(self.free.tier_id, self.tiers['general'])
        with freeze_time('2026-04-01'):
            self.env['kam.tier.change']._cron_apply_approved()
            self.assertEqual(self.free.tier_id, self.tiers['strategic'])
            self.assertEqual(change.date_applied, date(2026, 4, 1))

    def test_late_change_of_a_moved_account_is_refused_and_the_rest_applied(self):
        with freeze_time('2026-03-01'):
            late = self.propose(self.free, 'strategic', date_effective='2026-04-01')
            other = self.propose(self.acme, 'diamond', date_effective='2026-04-01')
            (late | other).action_submit()
            self.as_user(late | other, self.champion).action_approve()
            self.free.sudo().tier_id = self.tiers['problem']
        with freeze_time('2026-04-01'):
            self.env['kam.tier.change']._cron_apply_approved()
        self.assertEqual((late.state, other.state), ('refused', 'applied'))

    def test_tier_of_another_program(self):
        with self.assertRaisesRegex(ValidationError, "not a tier of"):
            self.propose(self.free, 'gold', to_tier_id=self.program_b.tier_ids[0].id)

    def test_proposal_of_a_run_belongs_to_whoever_submits_it(self):
        change = self.env['kam.tier.change'].sudo().create({
            'account_id': self.free.id, 'to_tier_id': self.tiers['strategic'].id, 'reason': "Score 80",
            'origin': 'run', 'requester_id': self.env.ref('base.user_root').id, 'criteria_state': 'met',
            'manager_id': self.manager.id, 'sponsor_id': self.executive.id})
        self.as_user(change, self.champion).action_submit()
        with self.assertRaisesRegex(AccessError, "Another champion"):
            self.as_user(change, self.champion).action_approve()
        self.as_user(change, self.champion2).action_approve()
