from datetime import date, timedelta

from odoo.tests import tagged

from .people import PeopleCase


@tagged('post_install', '-at_install')
class TestKamStakeholderContact(PeopleCase):

    def day(self, days):
        return date.today() - timedelta(days=days)

    def last(self, person):
        self.env.invalidate_all()
        return person.date_last_contact

    def test_meetings(self):
        self.meeting(self.ann_partner, self.manager, -5)
        self.assertFalse(self.last(self.ann), "a meeting to come is no contact yet")
        self.meeting(self.ann_partner, self.manager, 20)
        self.meeting(self.ann_partner, self.manager, 8, state='declined')
        self.assertEqual(self.last(self.ann), self.day(20), "a declined meeting did not happen")
        self.meeting(self.ann_partner, self.manager, 10).active = False
        self.assertEqual(self.last(self.ann), self.day(20))
        self.assertFalse(self.last(self.bob))

    def test_mails(self):
        self.mail(self.ann_partner, 3, author_id=self.manager.partner_id.id, message_type='email_outgoing',
                  recipients=self.ann_partner)
        self.assertFalse(self.last(self.ann), "what only we wrote is not two-way")
        self.mail(self.ann_partner, 12, recipients=self.manager.partner_id)
        self.mail(self.ann_partner, 2, message_type='notification')
        self.assertEqual(self.last(self.ann), self.day(12))

    def test_calls(self):
        lead = self.env['crm.lead'].create({'name': "Pumps", 'partner_id': self.bob_partner.id})
        for record, kind in ((self.ann_partner, 'call'), (lead, 'call'), (self.eve, 'todo')):
            activity = record.with_user(self.manager).sudo().activity_schedule(
                f'mail.mail_activity_data_{kind}', user_id=self.manager.id)
            activity.with_user(self.manager).sudo()._action_done()
        self.assertEqual(self.last(self.ann), date.today())
        self.assertEqual(self.last(self.bob), date.today())
        self.assertFalse(self.last(self.eve), "a to-do is no call")
        days = self.ann._last_contacts_by_user()
        self.assertEqual(days, {(self.ann.id, self.manager.id): date.today()})

    def test_live(self):
        self.meeting(self.ann_partner, self.manager, 90)
        self.meeting(self.bob_partner, self.manager, 91)
        self.mail(self.eve_partner, 1)
        self.env.invalidate_all()
        people = self.ann | self.bob | self.eve
        self.assertEqual(people.mapped('is_live'), [True, False, True])
        mine = [('account_id', '=', self.acme.id)]
        Stakeholder = self.env['kam.stakeholder']
        self.assertEqual(Stakeholder.search([*mine, ('is_live', '=', True)]), self.ann | self.eve)
        self.assertEqual(Stakeholder.search([*mine, ('is_live', '=', False)]), self.bob)
        self.program.contact_live_days = 100
        self.eve.action_has_left()
        self.env.invalidate_all()
        self.assertEqual(people.mapped('is_live'), [True, True, False], "whoever has left is no live contact")
        self.assertEqual(Stakeholder.search([*mine, ('is_live', '=', True)]), self.ann | self.bob)

    def test_by_whom(self):
        """A mail counts for those whom it answers or goes to; one to nobody of us for nobody in particular."""
        question = self.mail(self.ann_partner, 9, author_id=self.executive.partner_id.id, message_type='comment')
        self.mail(self.ann_partner, 8, parent_id=question.id)
        self.mail(self.bob_partner, 7, recipients=self.manager.partner_id | self.cyd_partner)
        self.mail(self.eve_partner, 6)
        people = self.ann | self.bob | self.eve
        self.assertEqual(people._last_contacts_by_user(), {
            (self.ann.id, self.executive.id): self.day(8), (self.bob.id, self.manager.id): self.day(7),
            (self.eve.id, None): self.day(6)})
        self.bob.user_ids = self.manager
        self.assertEqual(self.bob.coverage_ids.date_last_contact, self.day(7))
