from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamAccountEvent(KamCase):

    @freeze_time('2026-06-10')
    def test_one_line_of_plain_words_each(self):
        self.acme.date_told = '2026-02-01'
        self.env['kam.assignment'].create({
            'account_id': self.acme.id, 'user_id': self.colleague.id, 'date_from': '2026-03-01',
            'role_id': self.env.ref('kam_management.role_manager').id})
        self.decide(self.propose(self.acme, 'diamond', user=self.champion2))
        events = self.as_user(self.acme, self.executive).event_ids
        self.assertEqual([(event.date, event.description) for event in events][:4], [
            (date(2026, 6, 10), "Promoted to Diamond by kam_champion"),
            (date(2026, 3, 1), "kam_colleague takes the seat Account Manager"),
            (date(2026, 2, 28), "kam_manager leaves the seat Account Manager"),
            (date(2026, 2, 1), "The customer was told that it is a key account")])
        self.assertEqual(len(events), 6)

    @freeze_time('2026-06-10')
    def test_plans(self):
        plan = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'})
        self.as_user(plan, self.manager).action_submit()
        with freeze_time('2026-06-10 23:30:00'):
            self.as_user(plan, self.executive).action_approve()
        with freeze_time('2026-07-01'):
            self.as_user(plan, self.manager).action_close()
        beta_plan = self.env['kam.plan'].create({
            'account_id': self.beta.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'})
        beta_plan.sudo()._close()

        def story(account, user, **context):
            events = self.as_user(account, user).with_context(lang='en_US', **context).event_ids
            return [(event.date, event.kind, event.description) for event in events.filtered('version_id')]

        self.assertEqual(story(self.acme, self.manager), [
            (date(2026, 7, 1), 'closed', "kam_manager closes the plan Acme 2026"),
            (date(2026, 6, 10), 'approved', "kam_executive approves the plan Acme 2026")])
        self.env.invalidate_all()
        self.assertEqual(story(self.acme, self.manager, tz='Asia/Shanghai')[1][0], date(2026, 6, 11))
        self.assertEqual(story(self.beta, self.colleague), [
            (date(2026, 6, 10), 'closed', "The plan Beta 2026 is closed")], "not by anybody")
        # Whoever reads the account reads its story, also where the plan is not theirs.
        self.beta.assignment_ids._end(date(2026, 6, 9))
        self.env['kam.account'].flush_model()
        self.assertFalse(self.as_user(beta_plan, self.manager).has_access('read'))
        self.assertEqual(len(story(self.beta, self.manager)), 1)

    def test_access_follows_the_account(self):
        Event = self.env['kam.account.event']
        mine = [('account_id', '=', self.acme.id)]
        for user, seen in ((self.manager, True), (self.colleague, False), (self.executive, True), (self.champion, True),
                           (self.outsider, False)):
            self.assertEqual(bool(self.as_user(Event, user).search(mine)), seen, user.login)
        self.assertFalse(self.as_user(Event, self.champion, self.company_b).search(mine))
        with self.assertRaises(AccessError):
            self.as_user(Event, self.sales).search(mine)
