from odoo.fields import Command
from odoo.tests import Form, tagged

from .people import PeopleCase


@tagged('post_install', '-at_install')
class TestKamWhoLeaves(PeopleCase):
    """Ann is in touch with the manager only, Bob with the manager and the executive, Eve wrote to nobody of us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tiers['gold'].stakeholder_min = 2

    def setUp(self):
        super().setUp()
        self.meeting(self.ann_partner, self.manager, 5)
        self.meeting(self.bob_partner, self.manager, 6)
        self.meeting(self.bob_partner, self.executive, 7)
        self.mail(self.eve_partner, 8)
        self.env.flush_all()

    def ask(self, user=None, **values):
        return self.as_user(self.env['kam.who.leaves'], user or self.executive).create({
            name: [Command.set(records.ids)] for name, records in values.items()})

    def test_a_contact_leaves(self):
        line = self.ask(stakeholder_ids=self.ann).line_ids
        self.assertEqual(line.account_id, self.acme)
        self.assertEqual((line.live_before, line.live_after, line.live_min), (3, 2, 2))
        self.assertTrue(line.is_decider_lost and line.is_severe)
        self.assertFalse(line.is_champion_lost)
        self.assertEqual(line.lost_ids, self.ann)
        self.assertFalse(self.ann.date_left, "asking changes nothing")

    def test_one_of_us_leaves(self):
        wizard = self.ask(user_ids=self.manager)
        self.assertEqual(wizard.line_ids.lost_ids, self.ann, "the executive knows Bob, Eve wrote to nobody")
        self.assertEqual((wizard.line_ids.live_before, wizard.line_ids.live_after), (3, 2))
        self.assertIn("1 accounts would lose live contacts, 1 of them", wizard.message)
        line = self.ask(user_ids=self.manager | self.executive).line_ids
        self.assertEqual(line.lost_ids, self.ann | self.bob)
        self.assertTrue(line.is_decider_lost and line.is_champion_lost and line.live_after < line.live_min)
        self.assertEqual(self.ask(user_ids=self.colleague).message, "No account would lose a live contact.")

    def test_what_the_asker_may_see(self):
        self.assertFalse(self.ask(self.colleague, user_ids=self.manager).line_ids)
        self.assertEqual(self.ask(self.manager, user_ids=self.manager).line_ids.account_id, self.acme)
        self.assertEqual(self.ask(self.champion, user_ids=self.manager).line_ids.account_id, self.acme)

    def test_form(self):
        form = Form(self.as_user(self.env['kam.who.leaves'], self.manager))
        self.assertFalse(form.message)
        form.user_ids.add(self.manager)
        self.assertEqual(len(form.line_ids), 1)
        self.assertEqual(form.save().line_ids.action_open_map()['domain'], [('account_id', '=', self.acme.id)])

    def test_flat(self):
        partners = self.env['res.partner'].create([{'name': f"C{n}", 'is_company': True} for n in range(8)])
        people = self.env['kam.stakeholder']
        for partner in partners:
            account = self.env['kam.account'].create({'program_id': self.program.id, 'partner_id': partner.id})
            contact = self.env['res.partner'].create({'name': "P", 'parent_id': partner.id})
            people |= self._person(account, contact)
            self.meeting(contact, self.manager, 4)

        def ask(count):
            return self.statements(lambda: self.ask(self.champion, stakeholder_ids=people[:count])._affected())
        ask(1)
        self.assertLessEqual(ask(8), ask(1) + 4, "inserting lines apart")
