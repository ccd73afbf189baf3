from odoo.tests import HttpCase, tagged

from .people import PeopleCase


@tagged('post_install', '-at_install')
class TestPeopleTour(HttpCase, PeopleCase):

    def test_map_several_people(self):
        self.env['res.partner'].create([
            {'name': name, 'parent_id': self.acme_partner.id} for name in ("Fay", "Gus")])
        self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_people', login='kam_manager')
        added = self.acme.stakeholder_ids - self.ann - self.bob - self.eve
        self.assertEqual(set(added.mapped('display_name')), {"Fay", "Gus"})
        self.assertEqual(added.filtered(lambda person: person.display_name == "Fay").buying_role, 'gatekeeper')
