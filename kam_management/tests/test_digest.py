from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .ledger_common import LedgerCase
from .service_common import ServiceCase

NOW = '2026-06-20 12:00:00'
FIGURES = ('revenue', 'in_time', 'promise', 'review', 'visit')


@tagged('post_install', '-at_install')
class TestDigest(LedgerCase, ServiceCase):
    """Figures of key accounts in the digest e-mail of company A, on 20 June 2026 at noon. Acme is the key account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.account'].search([('id', 'not in', (cls.acme | cls.beta | cls.free).ids)]).active = False
        cls.pump = cls.env['product.product'].create({'name': "Pump", 'type': 'consu', 'taxes_id': False})
        cls.digest = cls.env['digest.digest'].create({
            'name': "Weekly", 'company_id': cls.company_a.id, 'periodicity': 'weekly',
            **{f'kpi_kam_{name}': True for name in FIGURES}})

    def value(self, name, user=None, digest=None, days=30, end=NOW):
        end = datetime.fromisoformat(end)
        digest = (digest or self.digest).with_user(user or self.executive).with_company(self.company_a)
        with freeze_time(end):
            self.env.flush_all()
            digest = digest.with_context(start_datetime=end - timedelta(days=days), end_datetime=end)
            digest.invalidate_recordset([f'kpi_kam_{name}_value'])
            return digest[f'kpi_kam_{name}_value']

    def test_revenue(self):
        """Net of tax, of key accounts, in the period and the company of the digest."""
        self.invoice(self.acme_partner, '2026-06-10', 1000)
        self.invoice(self.acme_asia, '2026-06-20', 500)
        self.invoice(self.acme_partner, '2026-06-11', 300, move_type='out_refund')
        self.invoice(self.acme_partner, '2026-05-21', 44)
        self.invoice(self.acme_partner, '2026-06-21', 55)
        self.invoice(self.acme_partner, '2026-06-12', 66, post=False)
        self.invoice(self.acme_partner, '2026-06-12', 77, company=self.company_b)
        self.invoice(self.beta_partner, '2026-06-12', 88)
        for user in (self.executive, self.champion):
            self.assertEqual(self.value('revenue', user), 1200, user.login)
        self.assertEqual(self.value('revenue', days=1), 500)

    def test_late_issues(self):
        """Answered within 8 and resolved within 40 working hours, by the 12th of June: as it was at the end."""
        issue = self.issue()
        self.issue(user=self.colleague, account_id=self.beta.id)
        self.assertEqual(self.value('in_time', end='2026-06-08 09:00:00'), 100)
        self.assertEqual(self.value('in_time'), 0, "no answer")
        with freeze_time('2026-06-13 10:00:00'):
            issue.write({'stage_id': self.stages['done'].id, 'resolution': "Replaced"})
            self.env.flush_all()
        self.assertEqual(self.value('in_time'), 100)
        self.assertEqual(self.value('in_time', end='2026-06-12 20:00:00'), 0, "it was late then")

    def test_promises(self):
        promise = self.env['kam.promise'].create({
            'name': "Fast", 'tier_id': self.tiers['gold'].id, 'check': 'manual',
            'role_id': self.env.ref('kam_management.role_service').id})
        with self.assertRaises(AccessError):
            self.value('promise')
        Result = self.env['kam.promise.result'].sudo()
        common = {'promise_id': promise.id, 'account_id': self.acme.id}
        Result.create([
            {**common, 'date': '2026-03-01', 'total': 4, 'kept': 1, 'state': 'broken'},
            {**common, 'date': '2026-04-01', 'total': 4, 'kept': 3, 'state': 'broken'},
            {**common, 'date': '2026-05-01', 'total': 0, 'kept': 0, 'state': 'open'},
            {**common, 'date': '2026-06-01', 'total': 5, 'kept': 5, 'state': 'kept'}])
        self.assertEqual(self.value('promise'), 75, "the last month that is over and has a result")
        self.assertEqual(self.value('promise', end='2026-04-30 12:00:00'), 25)
        self.assertEqual(self.value('promise', end='2026-02-15 12:00:00'), 0)

    def test_reviews(self):
        Review = self.env['kam.review'].sudo()
        Review.create([
            {'account_id': account.id, 'state': 'held', 'date_held': day}
            for account, day in ((self.acme, '2026-06-01'), (self.acme, '2026-06-20'), (self.acme, '2026-05-01'),
                                 (self.beta, '2026-06-01'))])
        self.assertEqual(self.value('review'), 2)
        self.assertEqual(self.value('review', days=7), 1)

    def test_visits(self):
        """Meetings of the sponsor with the customer, as the calendar tells them."""
        def meet(day, user, *partners):
            start = datetime.fromisoformat(f'{day} 09:00:00')
            return self.env['calendar.event'].with_context(no_mail_to_attendees=True, dont_notify=True).create({
                'name': "Secret", 'start': start, 'stop': start + timedelta(hours=1),
                'partner_ids': [Command.set((user.partner_id | self.env['res.partner'].union(*partners)).ids)]})
        meet('2026-06-10', self.executive, self.acme_partner, self.acme_asia)
        meet('2026-06-11', self.manager, self.acme_partner)
        meet('2026-06-12', self.executive, self.beta_partner)
        meet('2026-06-25', self.executive, self.acme_partner)
        declined = meet('2026-06-15', self.executive, self.acme_partner)
        declined.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.executive.partner_id).state = 'declined'
        self.assertEqual(self.value('visit'), 1)

    def test_whose_e_mail(self):
        """Executives and champions; others get the e-mail without these figures."""
        for user in (self.manager, self.sales, self.stranger):
            for name in FIGURES:
                with self.subTest(user=user.login, figure=name), self.assertRaises(AccessError):
                    self.value(name, user)
        self.invoice(self.acme_partner, '2026-06-10', 1000)
        with freeze_time(NOW):
            self.env.flush_all()
            names = {user: [kpi['kpi_name'] for kpi in self.digest._compute_kpis(self.company_a, user)]
                     for user in (self.executive, self.manager)}
            [revenue] = [kpi for kpi in self.digest._compute_kpis(self.company_a, self.executive)
                         if kpi['kpi_name'] == 'kpi_kam_revenue']
        self.assertEqual(names[self.manager], [])
        self.assertEqual(set(names[self.executive]), {f'kpi_kam_{name}' for name in FIGURES} - {'kpi_kam_promise'})
        self.assertIn("1k", revenue['kpi_col3']['value'])
        self.assertIn('kam_account_action', revenue['kpi_action'])

    def test_companies(self):
        """A digest of another company tells whoever does not work there nothing."""
        other = self.digest.copy({'company_id': self.company_b.id})
        with self.assertRaises(AccessError):
            self.value('review', self.executive, other)
        self.invoice(self.acme_partner, '2026-06-10', 1000, company=self.company_b)
        self.assertEqual(self.value('revenue', self.champion, other), 0, "Acme is no account of a programme there")

    def test_sending(self):
        self.digest.user_ids = self.executive | self.manager
        with freeze_time(NOW):
            self.digest.action_send_manual()
        mails = self.env['mail.mail'].search([], order='id desc', limit=2)
        by_user = {mail.email_to: mail.body_html for mail in mails}
        self.assertIn("Visits of Sponsors", by_user[self.executive.email_formatted])
        self.assertNotIn("Visits of Sponsors", by_user[self.manager.email_formatted])

    def test_form(self):
        fields = self.env['digest.digest'].with_user(self.champion).get_view(
            self.env.ref('digest.digest_digest_view_form').id, 'form')['arch']
        self.assertIn('kpi_kam_revenue', fields)
        self.assertNotIn('kpi_kam_revenue', self.env['digest.digest'].with_user(self.sales).get_view(
            self.env.ref('digest.digest_digest_view_form').id, 'form')['arch'])
