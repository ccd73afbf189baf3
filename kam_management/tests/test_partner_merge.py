from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestPartnerMerge(KamCase):

    def merge(self, partners, destination):
        self.env['base.partner.merge.automatic.wizard']._merge(partners.ids, destination)
        self.env.invalidate_all()

    def test_both_are_accounts(self):
        change = self.propose(self.beta, 'potential', user=self.colleague)
        self.merge(self.acme_partner | self.beta_partner, self.beta_partner)
        self.assertTrue(self.acme.active, "the account of the higher tier goes on")
        self.assertEqual(self.acme.partner_id, self.beta_partner)
        self.assertEqual(self.acme.entity_ids.partner_id, self.beta_partner | self.acme_asia)
        self.assertEqual(self.acme.manager_id, self.manager)
        self.assertTrue(self.beta.exists(), "history is kept")
        self.assertFalse(self.beta.active)
        self.assertEqual(change.state, 'refused')
        self.assertFalse(self.beta.assignment_ids.filtered(lambda seat: not seat.date_to))

    def test_one_is_an_account(self):
        other = self.env['res.partner'].create({'name': "Acme (duplicate)", 'is_company': True})
        self.merge(self.acme_partner | other, other)
        self.assertEqual(self.acme.partner_id, other)
        self.assertEqual(self.acme.entity_ids.partner_id, other | self.acme_asia)

    def test_entities_of_one_account(self):
        self.merge(self.acme_partner | self.acme_asia, self.acme_asia)
        self.assertEqual(self.acme.partner_id, self.acme_asia)
        self.assertEqual(self.acme.entity_ids.partner_id, self.acme_asia)

    def test_account_in_another_program_survives(self):
        account_b = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_partner.id})
        self.merge(self.acme_partner | self.beta_partner, self.beta_partner)
        self.assertEqual(account_b.partner_id, self.beta_partner)
        self.assertEqual(account_b.entity_ids.partner_id, self.beta_partner)
