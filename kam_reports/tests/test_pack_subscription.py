from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamReportsCase, open_workbook

MODULE = 'odoo.addons.kam_reports.models.kam_pack_subscription'
# A Wednesday.
TODAY = '2026-05-27'


@tagged('post_install', '-at_install')
class TestPackSubscription(KamReportsCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.pack.subscription'].search([]).active = False
        people = cls.champion | cls.executive | cls.manager | cls.colleague
        for user in people:
            user.email = f'{user.login}@example.com'

    def subscribe(self, user=None, **values):
        return self.as_user(self.env['kam.pack.subscription'], user or self.champion).create({
            'program_id': self.program.id, 'frequency': 'weekly', 'weekday': '2', 'date_start': '2026-05-01',
            'user_ids': [Command.set(self.executive.ids)], **values})

    def send(self, day=TODAY):
        """What the scheduled action does on a day."""
        self.env.flush_all()
        with freeze_time(day), self.enter_registry_test_mode(), mute_logger(MODULE, 'odoo.sql_db'):
            self.env.ref('kam_reports.ir_cron_send_packs').method_direct_trigger()
        self.env.invalidate_all()

    def sendings(self, subscription):
        return subscription.sudo().sending_ids.sorted('id')

    def messages(self, pack):
        return self.env['mail.message'].sudo().search([('model', '=', 'kam.pack'), ('res_id', '=', pack.id)])

    # When

    def due(self, day, **values):
        subscription = self.env['kam.pack.subscription'].new({
            'program_id': self.program.id, 'date_start': date(2026, 5, 1), 'weekday': '2', 'month_day': 10,
            'days_before': 3, **values})
        day = date.fromisoformat(day)
        return subscription._due_day(day)[1] if subscription._is_due(day) else None

    def test_weekly(self):
        for day, period in (('2026-05-26', None), ('2026-05-27', '2026-W22'), ('2026-05-31', '2026-W22'),
                            ('2026-06-01', None), ('2026-06-03', '2026-W23'), ('2027-01-01', '2026-W53')):
            self.assertEqual(self.due(day, frequency='weekly'), period, day)
        self.assertIsNone(self.due('2026-05-27', frequency='weekly', date_start=date(2026, 5, 28)))

    def test_monthly(self):
        for day, period in (('2026-05-09', None), ('2026-05-10', '2026-05'), ('2026-05-31', '2026-05'),
                            ('2026-06-09', None), ('2026-06-10', '2026-06')):
            self.assertEqual(self.due(day, frequency='monthly'), period, day)
        self.assertIsNone(self.due('2026-05-31', frequency='monthly', date_start=date(2026, 5, 20)))

    def test_before_each_review(self):
        self.program.date_next_review = '2026-06-15'
        for day, period in (('2026-06-11', None), ('2026-06-12', 'review 2026-06-15'),
                            ('2026-06-15', 'review 2026-06-15'), ('2026-06-16', None)):
            self.assertEqual(self.due(day, frequency='review'), period, day)
        # Somebody subscribes on the day before the review: at once.
        self.assertTrue(self.due('2026-06-14', frequency='review', date_start=date(2026, 6, 14)))
        self.program.date_next_review = False
        self.assertIsNone(self.due('2026-06-12', frequency='review'))

    def test_dossier_before_each_review_of_its_account(self):
        self.program.date_next_review = '2026-06-02'
        account, other = self.acme, self.delta
        Review = self.env['kam.review']
        Review.create([
            {'account_id': account.id, 'kind': 'internal', 'date_due': '2026-06-15'},
            {'account_id': account.id, 'kind': 'business', 'date_due': '2026-07-20'},
            {'account_id': other.id, 'kind': 'business', 'date_due': '2026-06-10'}])
        for day, period in (('2026-06-08', None), ('2026-06-12', 'review 2026-06-15'), ('2026-06-16', None),
                            ('2026-07-17', 'review 2026-07-20'), ('2026-07-21', None)):
            self.assertEqual(self.due(day, frequency='review', pack_type='dossier', account_id=account.id), period, day)

    def test_next_day(self):
        with freeze_time(TODAY):
            subscription = self.subscribe()
            self.assertEqual(subscription.date_next, date(2026, 5, 27))
        self.send()
        subscription.invalidate_recordset()
        with freeze_time(TODAY):
            self.assertEqual(subscription.date_next, date(2026, 6, 3))

    # To whom

    def test_rights_and_language_of_the_recipient(self):
        """The executive sees the portfolio, the colleague one account of it, in German dates."""
        self.env['res.lang']._activate_lang('de_DE')
        self.colleague.lang = 'de_DE'
        subscription = self.subscribe(user_ids=[Command.set((self.executive | self.colleague).ids)])
        self.send()
        sendings = self.sendings(subscription)
        self.assertEqual(set(sendings.mapped('state')), {'sent'}, sendings.mapped('error'))
        accounts = {}
        for sending in sendings:
            pack = sending.pack_id
            self.assertEqual((pack.user_id, pack.subscription_id), (sending.user_id, subscription.sudo()))
            attachment = self.messages(pack).attachment_ids
            self.assertEqual(attachment.name, pack.file_name)
            sheet = open_workbook(attachment.raw).worksheets[2]
            accounts[sending.user_id] = [
                value for row in range(5, 8) if (value := sheet.cell(row, 1).value) in ("Acme", "Delta")]
            if sending.user_id == self.colleague:
                self.assertIn("22.05.2026", sheet['A2'].value)
        self.assertEqual(accounts, {self.executive: ["Acme", "Delta"], self.colleague: ["Delta"]})

    def test_message(self):
        subscription = self.subscribe()
        self.send()
        pack = self.sendings(subscription).pack_id
        message = self.messages(pack)
        self.assertEqual(message.partner_ids, self.executive.partner_id)
        self.assertEqual(message.author_id, self.champion.partner_id)
        self.assertIn(f'{self.program.get_base_url()}/odoo/kam-packs/{pack.id}', message.body)
        mail = self.env['mail.mail'].sudo().search([('mail_message_id', '=', message.id)])
        self.assertEqual(mail.state, 'outgoing', "it waits for the queue, with the transaction of the sending")

    def test_attached_file_is_personal(self):
        subscription = self.subscribe()
        self.send()
        attachment = self.messages(self.sendings(subscription).pack_id).attachment_ids
        self.assertTrue(self.as_user(attachment, self.executive).raw)
        for user in (self.champion, self.manager, self.outsider):
            with self.assertRaises(AccessError):
                self.as_user(attachment, user).raw  # noqa: B018

    def test_link(self):
        subscription = self.subscribe(delivery='link')
        self.send()
        pack = self.sendings(subscription).pack_id
        message = self.messages(pack)
        self.assertFalse(message.attachment_ids)
        self.assertIn(f'/odoo/kam-packs/{pack.id}', message.body)

    def test_groups(self):
        """Everybody in the group who works for a company of the programme, and each person once."""
        group = self.env.ref('kam_management.group_kam_user')
        subscription = self.subscribe(group_ids=[Command.set(group.ids)], user_ids=[Command.set(self.manager.ids)])
        recipients = subscription.sudo()._recipients()
        self.assertLessEqual(self.manager | self.colleague | self.champion, recipients)
        self.assertFalse(recipients & (self.outsider | self.sales))
        leaver = self._user('kam_leaver', 'kam_management.group_kam_user', self.company_a)
        self.assertIn(leaver, subscription.sudo()._recipients())
        leaver.active = False
        self.assertNotIn(leaver, subscription.sudo()._recipients())

    def test_sponsor_pack(self):
        """Those of a group who sponsor an account get their own ones."""
        group = self.env.ref('kam_management.group_kam_executive')
        other = self._user('kam_executive2', 'kam_management.group_kam_executive', self.company_a)
        subscription = self.subscribe(
            pack_type='sponsor', group_ids=[Command.set(group.ids)], user_ids=[Command.clear()])
        self.assertEqual(subscription.sudo()._recipients(), self.executive)
        self.assertNotIn(other, subscription.sudo()._recipients())
        self.send()
        pack = self.sendings(subscription).pack_id
        self.assertEqual(pack.executive_id, self.executive)

    def test_who_may_send_to_whom(self):
        own = self.subscribe(self.manager, user_ids=[Command.set(self.manager.ids)])
        self.assertEqual(own.owner_id, self.manager)
        with self.assertRaisesRegex(AccessError, "for yourself"):
            self.subscribe(self.manager)
        with self.assertRaisesRegex(AccessError, "for yourself"):
            own.user_ids = [Command.link(self.executive.id)]
        with self.assertRaisesRegex(AccessError, "for yourself"):
            own.group_ids = [Command.link(self.env.ref('kam_management.group_kam_executive').id)]
        with self.assertRaises(AccessError):
            own.owner_id = self.champion
        with self.assertRaises(AccessError):
            self.subscribe(self.sales, user_ids=[Command.set(self.sales.ids)])
        with self.assertRaises(AccessError):
            self.subscribe(self.outsider, user_ids=[Command.set(self.outsider.ids)])
        with self.assertRaises(AccessError):
            self.subscribe(self.colleague, pack_type='dossier', account_id=self.acme.id,
                           user_ids=[Command.set(self.colleague.ids)])
        with self.assertRaisesRegex(ValidationError, "who gets the pack"):
            self.subscribe(user_ids=[Command.clear()])

    def test_access(self):
        """Own subscriptions; champions all of their companies."""
        own = self.subscribe(self.manager, user_ids=[Command.set(self.manager.ids)])
        boards = self.subscribe()
        Subscription = self.env['kam.pack.subscription']
        self.assertEqual(self.as_user(Subscription, self.manager).search([]), own)
        self.assertLessEqual(own | boards, self.as_user(Subscription, self.champion).search([]))
        self.assertFalse(self.as_user(Subscription, self.champion, self.company_b).search([]) & (own | boards))
        self.assertFalse(self.as_user(Subscription, self.executive).search([]))
        self.send()
        Sending = self.env['kam.pack.sending']
        self.assertEqual(self.as_user(Sending, self.manager).search([]).subscription_id, own)
        with self.assertRaises(AccessError):
            self.as_user(self.sendings(own), self.manager).state = 'waiting'

    # Nothing twice

    def test_once_per_period(self):
        subscription = self.subscribe()
        self.send()
        self.send()
        self.send('2026-05-29')
        self.assertEqual(len(self.sendings(subscription)), 1)
        self.send('2026-06-03')
        self.assertEqual(self.sendings(subscription).mapped('period'), ['2026-W22', '2026-W23'])
        self.assertEqual(len(self.env['kam.pack'].sudo().search([('subscription_id', '=', subscription.id)])), 2)

    def test_new_recipient(self):
        """Whoever joins in the running period gets the pack, the others none again."""
        subscription = self.subscribe()
        self.send()
        subscription.user_ids = [Command.link(self.manager.id)]
        self.send()
        self.assertEqual(self.sendings(subscription).user_id, self.executive | self.manager)
        self.assertEqual(len(self.sendings(subscription)), 2)

    def test_archived(self):
        subscription = self.subscribe()
        subscription.active = False
        self.send()
        self.assertFalse(self.sendings(subscription))

    def test_send_now(self):
        subscription = self.subscribe(weekday='4')
        with freeze_time(TODAY):
            subscription.action_send_now()
            subscription.action_send_now()
        self.send()
        self.assertEqual((self.sendings(subscription).period, self.sendings(subscription).state), (TODAY, 'sent'))
        with self.assertRaises(AccessError):
            self.as_user(subscription, self.manager).action_send_now()

    # What fails

    def test_failure_is_reported_to_the_owner(self):
        """One recipient may not export: the other gets the pack, the owner one activity."""
        self.manager.group_ids = [Command.unlink(self.env.ref('base.group_allow_export').id)]
        subscription = self.subscribe(user_ids=[Command.set((self.manager | self.executive).ids)])
        self.send()
        states = {sending.user_id: sending.state for sending in self.sendings(subscription)}
        self.assertEqual(states, {self.manager: 'failed', self.executive: 'sent'})
        [activity] = subscription.sudo().activity_ids
        self.assertEqual(activity.user_id, self.champion)
        self.assertIn("kam_manager (2026-W22)", activity.note)
        self.assertIn("not allowed to export", activity.note)
        self.assertEqual(subscription.failed_count, 1)
        # Not again by itself; the next failure goes into the same activity.
        self.send()
        self.assertEqual(subscription.failed_count, 1)
        self.send('2026-06-03')
        [activity] = subscription.sudo().activity_ids
        self.assertIn("2026-W23", activity.note)

    def test_retry(self):
        export = self.env.ref('base.group_allow_export')
        self.manager.group_ids = [Command.unlink(export.id)]
        subscription = self.subscribe(user_ids=[Command.set(self.manager.ids)])
        self.send()
        self.manager.group_ids = [Command.link(export.id)]
        sending = self.as_user(self.sendings(subscription), self.champion)
        with self.assertRaises(AccessError):
            self.as_user(sending, self.colleague).action_retry()
        sending.action_retry()
        self.send()
        self.assertEqual((sending.state, sending.error), ('sent', False))

    def test_unexpected_error(self):
        """Whatever it is: it is reported, and the next recipient gets a pack."""
        subscription = self.subscribe(user_ids=[Command.set((self.manager | self.executive).ids)])
        KamPack = self.registry['kam.pack']
        make = KamPack._make

        def fail_for_manager(pack, code, scope, subscription=None):
            if pack.env.user == self.manager:
                raise ZeroDivisionError("of all things")
            return make(pack, code, scope, subscription)
        with patch.object(KamPack, '_make', fail_for_manager):
            self.send()
        sendings = {sending.user_id: sending for sending in self.sendings(subscription)}
        self.assertEqual(sendings[self.manager].state, 'failed')
        self.assertIn("of all things", sendings[self.manager].error)
        self.assertEqual(sendings[self.executive].state, 'sent')

    def test_recipient_of_another_company(self):
        """Named by hand, who cannot see the programme: a failure that says so, and no pack."""
        self.outsider.email = 'outsider@example.com'
        subscription = self.subscribe(user_ids=[Command.set(self.outsider.ids)])
        self.send()
        self.assertEqual(self.sendings(subscription).state, 'failed')
        self.assertFalse(self.env['kam.pack'].sudo().search([('subscription_id', '=', subscription.id)]))

    def test_without_address(self):
        self.executive.partner_id.email = False
        subscription = self.subscribe()
        self.send()
        self.assertIn("has no e-mail address", self.sendings(subscription).error)
        self.executive.notification_type = 'inbox'
        self.sendings(subscription).sudo().write({'state': 'waiting'})
        self.send()
        self.assertEqual(self.sendings(subscription).state, 'sent')
