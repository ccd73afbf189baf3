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

    def test_access_follows_the_account(self):
        Event = self.env['kam.account.event']
        mine = [('account_id', '=', self.acme.id)]
        for user, seen in ((self.manager, True), (self.colleague, False), (self.executive, True), (self.champion, True),
                           (self.outsider, False)):
            self.assertEqual(bool(self.as_user(Event, user).search(mine)), seen, user.login)
        self.assertFalse(self.as_user(Event, self.champion, self.company_b).search(mine))
        with self.assertRaises(AccessError):
            self.as_user(Event, self.sales).search(mine)
