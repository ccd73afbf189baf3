from datetime import date

from odoo.tests import tagged

from .people import PeopleCase


@tagged('post_install', '-at_install')
class TestKamStakeholderLeft(PeopleCase):

    def tasks(self):
        return self.env['mail.activity'].search([
            ('res_model', '=', 'kam.account'), ('res_id', '=', self.acme.id)])

    def test_archived_and_back(self):
        self.as_user(self.ann_partner, self.sales).sudo().active = False
        self.assertEqual((self.ann.date_left, self.ann.left_reason), (date.today(), 'archived'))
        task = self.tasks()
        self.assertEqual(task.summary, "Ann (Decider) has left: who takes the role?")
        self.assertEqual(task.user_id, self.manager)
        self.assertEqual(self.ann.buying_role, 'decider', "what was known stays")
        self.ann_partner.message_bounce = 1
        self.assertEqual(len(self.tasks()), 1, "asked once")
        self.ann_partner.message_bounce = 0
        self.assertTrue(self.ann.date_left, "still archived")
        self.ann_partner.active = True
        self.assertFalse(self.ann.date_left or self.ann.left_reason or self.tasks())

    def test_changes_the_company(self):
        self.ann_partner.parent_id = self.acme_asia
        self.assertFalse(self.ann.date_left, "another entity of the same account")
        self.ann_partner.parent_id = self.beta_partner
        self.assertEqual(self.ann.left_reason, 'moved')
        self.assertEqual(len(self.tasks()), 1)
        self.ann_partner.parent_id = self.acme_partner
        self.assertFalse(self.ann.date_left)

    def test_a_stranger_does_not_leave(self):
        cyd = self._person(self.acme, self.cyd_partner)
        self.cyd_partner.parent_id = self.free_partner
        self.assertFalse(cyd.date_left, "was never at a legal entity of the account")

    def test_mails_come_back(self):
        self.eve_partner._message_receive_bounce("eve@example.com", self.eve_partner)
        self.assertEqual(self.eve.left_reason, 'bounced')
        self.eve_partner._message_reset_bounce("eve@example.com")
        self.assertFalse(self.eve.date_left)

    def test_by_hand(self):
        self.as_user(self.bob, self.manager).action_has_left()
        self.assertEqual(self.bob.left_reason, 'told')
        self.bob_partner.message_bounce = 0
        self.assertTrue(self.bob.date_left, "nothing in Odoo says otherwise")
        self.as_user(self.bob, self.manager).action_is_back()
        self.assertFalse(self.bob.date_left or self.tasks())

    def test_several_at_once_and_without_manager(self):
        self.env['kam.assignment'].search([('account_id', '=', self.acme.id)]).sudo()._end(date(2024, 12, 31))
        self.env['kam.assignment']._cron_refresh_current()
        (self.ann_partner | self.bob_partner).active = False
        self.assertEqual(set((self.ann | self.bob).mapped('left_reason')), {'archived'})
        self.assertFalse(self.tasks(), "nobody is there to be asked")
        self.program.champion_ids = self.champion
        self.eve_partner.active = False
        self.assertEqual(self.tasks().user_id, self.champion)
