from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamTierChangeException(KamCase):
    """Into a key tier leads one of two doors (S13, N4)."""

    EXCEPTION = {
        'criteria_state': 'not_met', 'is_exception': True, 'exception_reason': "Opens the rail market",
        'exception_until': '2026-09-30'}

    def exception(self, account=None, value_class='strategic', **values):
        return self.propose(account or self.free, value_class, **{**self.EXCEPTION, **values})

    def test_criteria_have_to_be_stated(self):
        change = self.propose(self.free, 'strategic', criteria_state=False)
        self.assertIn("Say whether Free meets the entry criteria of Strategic", change.obstacles)
        with self.assertRaisesRegex(UserError, "Say whether Free"):
            change.action_submit()
        change.criteria_state = 'not_met'
        with self.assertRaisesRegex(UserError, "Ask for an exception"):
            change.action_submit()
        change.criteria_state = 'met'
        change.action_submit()

    def test_criteria_are_asked_only_on_the_way_into_key_tiers(self):
        for account, value_class in ((self.free, 'potential'), (self.acme, 'strategic'), (self.acme, 'general')):
            change = self.propose(account, value_class, criteria_state=False)
            self.assertFalse(change.needs_criteria)
            change.action_submit()
        self.assertTrue(self.propose(self.acme, 'diamond').needs_criteria)

    @freeze_time('2026-06-01')
    def test_exception_needs_reason_and_day(self):
        change = self.exception(exception_reason=" ", exception_until='2026-06-01')
        with self.assertRaisesRegex(UserError, "(?s)reason for the exception.*day after today"):
            change.action_submit()
        change.write({'exception_reason': "Opens the rail market", 'exception_until': '2026-06-02'})
        change.action_submit()
        with self.assertRaisesRegex(AccessError, "Only a champion"):
            change.action_approve()
        self.as_user(change, self.champion).action_approve()
        self.assertEqual((change.exception_state, self.free.exception_id), ('open', change))
        self.assertEqual(self.free.exception_until, date(2026, 6, 2))

    @freeze_time('2026-06-01')
    def test_exceptions_in_force_are_limited(self):
        self.program.exception_limit = 1
        self.decide(self.exception())
        second = self.exception(self.beta)
        second.action_submit()
        decision = self.as_user(second, self.champion)
        self.assertIn("has 1 open exceptions; its limit is 1", decision.obstacles)
        with self.assertRaisesRegex(UserError, "Close one before"):
            decision.action_approve()
        self.as_user(self.free, self.champion).action_close_exception()
        decision.action_approve()
        self.assertEqual(self.beta.tier_id, self.tiers['strategic'])

    @freeze_time('2026-06-01')
    def test_approved_for_later_counts_as_well(self):
        self.program.exception_limit = 1
        late = self.decide(self.exception(date_effective='2026-07-01'))
        self.assertEqual((late.state, late.exception_state), ('approved', 'open'))
        second = self.exception(self.beta)
        second.action_submit()
        with self.assertRaisesRegex(UserError, "Close one before"):
            self.as_user(second, self.champion).action_approve()
        self.free.sudo().tier_id = self.tiers['problem']
        with freeze_time('2026-07-01'):
            self.env['kam.tier.change']._cron_apply_approved()
        self.assertEqual((late.state, late.exception_state), ('refused', 'closed'))

    def test_expired_exception_tells_and_changes_nothing(self):
        with freeze_time('2026-06-01'):
            change = self.decide(self.exception())
            self.env['kam.tier.change']._cron_expire_exceptions()
            self.assertEqual(change.exception_state, 'open')
        with freeze_time('2026-10-01'):
            self.env['kam.tier.change']._cron_expire_exceptions()
            self.env['kam.tier.change']._cron_expire_exceptions()
        self.assertEqual(change.exception_state, 'expired')
        self.assertEqual(self.free.tier_id, self.tiers['strategic'])
        self.assertEqual(self.free.activity_ids.user_id, self.champion, "who granted it; once")
        review = self.free.tier_review_ids
        self.assertEqual((review.kind, review.verdict), ('exception', False))
        self.assertTrue(self.free.is_on_review)

    @freeze_time('2026-06-01')
    def test_renewal_stays_in_the_tier_and_ends_the_old_exception(self):
        old = self.decide(self.exception())
        action = self.as_user(self.free, self.manager).action_renew_exception()
        context = action['context']
        self.assertEqual(context['default_to_tier_id'], self.tiers['strategic'].id)
        new = self.exception(exception_until='2027-01-31')
        self.assertEqual(new.kind, 'renewal')
        self.decide(new)
        self.assertEqual((old.exception_state, new.exception_state), ('closed', 'open'))
        self.assertEqual(self.free.exception_id, new)
        self.assertEqual(self.free.tier_id, self.tiers['strategic'])
        with self.assertRaisesRegex(UserError, "nothing to renew"):
            self.exception(self.acme, 'gold').action_submit()

    @freeze_time('2026-06-01')
    def test_leaving_ends_the_exception(self):
        change = self.decide(self.exception())
        self.decide(self.propose(self.free, 'general', user=self.champion2))
        self.assertEqual(change.exception_state, 'closed')
        self.assertFalse(self.free.exception_id)

    @freeze_time('2026-06-01')
    def test_only_champions_close(self):
        change = self.decide(self.exception())
        with self.assertRaisesRegex(AccessError, "Only a champion"):
            self.as_user(self.free, self.manager).action_close_exception()
        with self.assertRaisesRegex(UserError, "with its buttons"):
            change.exception_state = 'closed'
        self.as_user(change, self.champion).action_close_exception()
        with self.assertRaisesRegex(UserError, "no exception in force"):
            self.as_user(change, self.champion).action_close_exception()

    @freeze_time('2026-06-01')
    def test_programme_counts_exceptions(self):
        self.decide(self.exception())
        self.assertEqual((self.program.exception_count, self.program.expired_count), (1, 0))
        found = self.env['kam.tier.change'].search(self.program.action_open_exceptions()['domain'] + [
            ('exception_state', 'in', ('open', 'expired'))])
        self.assertEqual(len(found), 1)
