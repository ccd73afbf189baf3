from datetime import date, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models import kam_stakeholder_map
from .people import PeopleCase


@tagged('post_install', '-at_install')
class TestKamStakeholder(PeopleCase):

    def test_reporting_lines(self):
        with self.assertRaisesRegex(ValidationError, "in a circle"), self.env.cr.savepoint():
            self.ann.parent_id = self.bob
        cyd = self._person(self.beta, self.cyd_partner)
        with self.assertRaisesRegex(ValidationError, "on the map of Beta"), self.env.cr.savepoint():
            self.eve.parent_id = cyd
        self.assertEqual(self.eve.parent_id, self.ann, "nothing is lost by the attempt")

    def test_bad_people(self):
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self._person(self.acme, self.ann_partner)
        with self.assertRaisesRegex(ValidationError, "Acme is a company"), self.env.cr.savepoint():
            self._person(self.acme, self.acme_partner)
        with self.assertRaisesRegex(UserError, "stays on the map"), self.env.cr.savepoint():
            self.as_user(self.ann, self.manager).partner_id = self.cyd_partner
        # A stranger may have a say; it is told.
        cyd = self._person(self.acme, self.cyd_partner)
        self.assertEqual(cyd.warning, "Cyd belongs to Beta, which is no legal entity of Acme. Add the entity, or leave "
                                      "it so when this person advises the customer.")
        self.assertFalse(self.bob.warning, "Acme Asia is an entity of Acme")
        twin = self._person(self.acme, self.ann_partner.copy({'name': "Annie", 'email': "ANN@example.com"}))
        self.assertIn("Ann has the same e-mail address", twin.warning)
        self.assertIn("Annie has the same e-mail address", self.ann.warning)

    def test_coverage(self):
        self.as_user(self.ann, self.manager).user_ids = self.manager | self.executive
        self.assertEqual(self.ann.main_user_id, self.manager, "the first is the main contact")
        self.ann.coverage_ids.filtered(lambda cover: cover.user_id == self.executive).is_main = True
        self.assertEqual(self.ann.main_user_id, self.executive)
        self.ann.user_ids = self.executive | self.sales
        self.assertEqual(self.ann.coverage_ids.user_id, self.executive | self.sales)
        self.assertEqual(
            self.ann.warning, "kam_sales holds no seat at Acme and does not see what is noted here. A programme "
                              "champion assigns seats.")
        with self.assertRaisesRegex(ValidationError, "none of the companies"), self.env.cr.savepoint():
            self.ann.user_ids |= self.outsider
        self.champion2.active = False
        with self.assertRaisesRegex(ValidationError, "does not work here"), self.env.cr.savepoint():
            self.env['kam.coverage'].create({'stakeholder_id': self.bob.id, 'user_id': self.champion2.id})
        self.assertEqual(self.env['kam.stakeholder'].search([('user_ids', 'in', self.sales.ids)]), self.ann)

    def test_add_several_at_once(self):
        self.eve.active = False
        fay, gus = self.env['res.partner'].create([
            {'name': name, 'parent_id': self.acme_partner.id} for name in ("Fay", "Gus")])
        wizard = Form(self.as_user(self.env['kam.add.people'], self.manager).with_context(
            default_account_id=self.acme.id))
        wizard.other_ids = self.cyd_partner
        wizard = wizard.save()
        self.assertEqual(wizard.line_ids.partner_id, fay | gus, "whoever is on the map, also archived, is not proposed")
        with self.assertRaisesRegex(UserError, "Choose at least one"), self.env.cr.savepoint():
            wizard.other_ids = False
            wizard.action_add()
        wizard.other_ids = self.cyd_partner
        line = wizard.line_ids.filtered(lambda line: line.partner_id == fay)
        line.write({'buying_role': 'buyer', 'influence': '2', 'user_id': self.manager.id})
        action = wizard.action_add()
        self.assertEqual(action['domain'], [('account_id', '=', self.acme.id)])
        added = self.acme.stakeholder_ids - self.ann - self.bob
        self.assertEqual(added.partner_id, fay | self.cyd_partner)
        person = added.filtered(lambda person: person.partner_id == fay)
        self.assertEqual((person.buying_role, person.influence, person.main_user_id), ('buyer', '2', self.manager))
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.add.people'], self.executive).create({
                'account_id': self.beta.id, 'other_ids': [Command.set(self.cyd_partner.ids)]}).action_add()

    def test_erased_in_time(self):
        team = self.as_user(self.ann, self.manager)
        team.write({'stance': 'opponent', 'purpose': "Prepare the tender"})
        team.remark_ids = [Command.create({'body': "Golfs with their supplier", 'purpose': "Prepare the tender"})]
        self.bob.stance = 'supporter'
        today = date.today()
        self.assertEqual(team.date_erase, today + relativedelta(months=12))
        self.assertEqual(team.remark_ids.date_erase, today + relativedelta(months=12))
        with self.assertRaisesRegex(ValidationError, "kept until"), self.env.cr.savepoint():
            team.date_erase = today + relativedelta(months=37)
        with self.assertRaisesRegex(ValidationError, "kept until"), self.env.cr.savepoint():
            team.remark_ids.date_erase = today + relativedelta(months=37)
        team.date_erase = today + timedelta(days=1)
        self.env['kam.stakeholder.assessment']._cron_erase()
        self.assertEqual(self.ann.stance, 'opponent')
        (self.ann.assessment_ids | self.bob.assessment_ids).date_erase = today
        self.ann.remark_ids.date_erase = today
        self.env.flush_all()
        self.env['kam.stakeholder.assessment']._cron_erase()
        self.assertFalse(self.env['kam.stakeholder.remark'].search([('account_id', '=', self.acme.id)]))
        self.assertFalse(self.ann.stance or self.bob.stance)
        self.assertTrue(self.ann.exists())

    def test_purpose(self):
        with self.assertRaisesRegex(ValidationError, "for what purpose you note that Ann is"), self.env.cr.savepoint():
            self.ann.stance = 'opponent'
        with self.assertRaisesRegex(ValidationError, "for what purpose"), self.env.cr.savepoint():
            self.ann.write({'threat_kind': 'supplier', 'purpose': "  "})
        self.ann.stance = 'friendly'
        self.ann.write({'stance': 'critic', 'handling': 'trust', 'purpose': "Keep the frame contract"})
        self.assertEqual((self.ann.stance, self.ann.handling), ('critic', 'trust'))
        self.assertEqual(len(self.ann.assessment_ids), 1)

    def test_two_become_one(self):
        """Contacts are merged: the map keeps one person with everything that was noted about both."""
        self.eve.write({'stance': 'critic', 'purpose': "Tender", 'interest_short': "Less downtime", 'influence': '2'})
        self.eve.user_ids = self.manager | self.executive
        self.bob.user_ids = self.manager
        self.eve.remark_ids = [Command.create({'body': "Knows Bob", 'purpose': "Tender"})]
        child = self._person(self.acme, self.cyd_partner, parent_id=self.eve.id)
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.bob_partner | self.eve_partner).ids, self.eve_partner)
        self.env.invalidate_all()
        self.assertFalse(self.eve.exists())
        self.assertEqual(self.bob.partner_id, self.eve_partner)
        self.assertEqual((self.bob.buying_role, self.bob.influence, self.bob.stance), ('champion', '2', 'critic'))
        self.assertEqual(self.bob.interest_short, "Less downtime")
        self.assertEqual((self.bob.user_ids, self.bob.main_user_id), (self.manager | self.executive, self.manager))
        self.assertEqual(self.bob.remark_ids.body, "Knows Bob")
        self.assertEqual(child.parent_id, self.bob)

    def test_accounts_become_one(self):
        there, twin = self._person(self.beta, self.cyd_partner), self._person(self.beta, self.ann_partner)
        self.beta.sudo()._merge_into(self.acme)
        self.assertEqual(there.account_id, self.acme)
        self.assertFalse(twin.exists())
        self.assertEqual(self.acme.stakeholder_ids, self.ann | self.bob | self.eve | there)

    def test_a_deleted_contact_goes_from_the_map(self):
        self.bob_partner.unlink()
        self.assertFalse(self.bob.exists())

    def test_flat(self):
        for partner in self.env['res.partner'].create([
                {'name': f"P{number}", 'parent_id': self.acme_partner.id} for number in range(12)]):
            self._person(self.acme, partner, parent_id=self.ann.id, user_ids=[Command.set(self.manager.ids)],
                         stance='friendly')
        spec = {name: {} for name in ('function', 'stance', 'date_last_contact', 'is_live', 'may_assess', 'influence')}
        spec |= {'partner_id': {'fields': {'display_name': {}}}, 'user_ids': {'fields': {'display_name': {}}}}
        people = self.acme.stakeholder_ids.sorted('id')
        Stakeholder = self.as_user(self.env['kam.stakeholder'], self.manager)

        def read(count):
            domain = [('id', 'in', people[3:3 + count].ids)]
            return self.statements(lambda: Stakeholder.hierarchy_read(domain, dict(spec), 'parent_id', 'child_ids'))
        read(2), read(12)
        self.assertEqual(read(2), read(12))

        everybody = [('id', 'in', people.ids)]
        with patch.object(kam_stakeholder_map, 'MAP_PEOPLE', 5):
            found = Stakeholder.hierarchy_read(everybody, dict(spec), 'parent_id', 'child_ids')
        self.assertEqual(
            [row['id'] for row in found], Stakeholder.search(everybody, limit=5).ids, "a map has an end")

        def listed(count):
            return self.statements(lambda: Stakeholder.web_search_read([('id', 'in', people[3:3 + count].ids)], spec))
        listed(1), listed(12)
        self.assertEqual(listed(1), listed(12))
