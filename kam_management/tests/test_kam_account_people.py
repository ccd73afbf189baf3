from odoo.tests import tagged

from .people import PeopleCase


@tagged('post_install', '-at_install')
class TestKamAccountPeople(PeopleCase):

    def texts(self, account):
        self.env.invalidate_all()
        return {entry['text'] for entry in account.attention}

    def found(self, domain):
        accounts = self.acme | self.beta | self.free
        return self.env['kam.account'].search([('id', 'in', accounts.ids), *domain])

    def test_figures(self):
        """Gold asks for four contacts (three at Acme are known); Beta is no key account and has no map."""
        self.assertEqual(self.tiers['gold'].stakeholder_min, 4)
        acme = self.acme
        self.assertEqual((acme.people_count, acme.live_contact_count, acme.is_single_threaded), (3, 0, True))
        self.meeting(self.ann_partner, self.manager, 5)
        self.meeting(self.bob_partner, self.manager, 5)
        self.env.invalidate_all()
        self.assertEqual((acme.live_contact_count, acme.has_live_decider, acme.has_live_champion), (2, True, True))
        self.assertTrue(acme.is_single_threaded)
        self.tiers['gold'].stakeholder_min = 2
        self.env.invalidate_all()
        self.assertFalse(acme.is_single_threaded)
        self.tiers['gold'].stakeholder_min = 0
        self.bob.action_has_left()
        self.env.invalidate_all()
        self.assertTrue(acme.is_single_threaded, "one contact is too few whatever the tier asks for")
        self.assertFalse(self.beta.is_single_threaded or self.free.is_single_threaded)
        self.assertEqual((self.beta.people_count, self.beta.has_decider), (0, False))

    def test_searches(self):
        self.meeting(self.ann_partner, self.manager, 5)
        cyd = self._person(self.beta, self.cyd_partner)
        self.assertEqual(self.found([('is_single_threaded', '=', True)]), self.acme | self.beta)
        self.assertEqual(self.found([('is_single_threaded', '=', False)]), self.free)
        self.assertEqual(self.found([('has_live_decider', '=', True)]), self.acme)
        self.assertEqual(self.found([('has_live_decider', '=', False)]), self.beta | self.free)
        self.assertFalse(self.found([('has_live_champion', '=', True)]))
        cyd.active = False
        self.assertEqual(self.found([('is_single_threaded', '=', True)]), self.acme)

    def test_attention(self):
        texts = self.texts(self.acme)
        self.assertIn("0 of 4 live contacts", texts)
        self.assertNotIn("No decider known", texts)
        self.assertNotIn("0 of 4 contacts", texts)
        self.ann.buying_role = 'buyer'
        self.assertIn("No decider known", self.texts(self.acme))
        self.bob.action_has_left()
        self.assertIn("Champion has left", self.texts(self.acme))
        self.assertIn("Our champion at the customer has left: another has to be won.", self.acme.visit_reason)
        self.eve.buying_role = 'champion'
        self.assertNotIn("Champion has left", self.texts(self.acme))
        self.acme.stakeholder_ids.unlink()
        self.assertIn("3 of 4 contacts", self.texts(self.acme), "without a map, contacts count as before")

    def test_flat(self):
        partners = self.env['res.partner'].create([{'name': f"C{n}", 'is_company': True} for n in range(10)])
        accounts = self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id, 'tier_id': self.tiers['general'].id}
            for partner in partners])
        for account in accounts:
            self._person(account, self.env['res.partner'].create(
                {'name': "P", 'parent_id': account.partner_id.id}), buying_role='decider')
        Account = self.as_user(self.env['kam.account'], self.champion)
        spec = {name: {} for name in ('people_count', 'live_contact_count', 'has_live_decider', 'attention')}

        def read(count):
            return self.statements(lambda: Account.web_search_read([('id', 'in', accounts[:count].ids)], spec))
        read(1)
        self.assertEqual(read(1), read(10))
