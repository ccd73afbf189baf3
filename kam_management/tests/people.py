from datetime import datetime, timedelta

from odoo.fields import Command

from .common import KamCase


class PeopleCase(KamCase):
    """People at Acme (Gold: at least four contacts): `ann` decides, `bob` speaks for us, `eve` uses our products.

    `cyd` works for Beta. Nobody has been in touch with anybody. `days_ago` makes contacts.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['mail.activity'].search([('res_model', '=', 'kam.account')]).unlink()
        cls.ann_partner, cls.bob_partner, cls.eve_partner, cls.cyd_partner = cls.env['res.partner'].create([
            {'name': name, 'parent_id': company.id, 'email': f"{name.lower()}@example.com"}
            for name, company in (("Ann", cls.acme_partner), ("Bob", cls.acme_asia), ("Eve", cls.acme_partner),
                                  ("Cyd", cls.beta_partner))])
        cls.ann = cls._person(cls.acme, cls.ann_partner, buying_role='decider', influence='3')
        cls.bob, cls.eve = (
            cls._person(cls.acme, partner, buying_role=role, parent_id=cls.ann.id)
            for partner, role in ((cls.bob_partner, 'champion'), (cls.eve_partner, 'user')))

    @classmethod
    def _person(cls, account, partner, **values):
        return cls.env['kam.stakeholder'].create({'account_id': account.id, 'partner_id': partner.id, **values})

    def meeting(self, partner, user, days, state='accepted'):
        start = datetime.now() - timedelta(days=days, hours=1)
        event = self.env['calendar.event'].with_context(no_mail_to_attendees=True, dont_notify=True).create({
            'name': "Talk", 'start': start, 'stop': start + timedelta(minutes=30), 'user_id': user.id,
            'partner_ids': [Command.set((partner | user.partner_id).ids)]})
        event.attendee_ids.filtered(lambda attendee: attendee.partner_id == partner).state = state
        return event

    def mail(self, author, days, message_type='email', recipients=None, **values):
        return self.env['mail.message'].create({
            'model': 'res.partner', 'res_id': author.id, 'author_id': author.id, 'message_type': message_type,
            'date': datetime.now() - timedelta(days=days), 'body': "Hello",
            'partner_ids': [Command.set(recipients.ids if recipients else [])], **values})
