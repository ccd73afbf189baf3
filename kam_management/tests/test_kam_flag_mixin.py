from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamFlagMixin(KamCase):
    """Flags on contacts and documents, as the sales user who may not open an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env['res.partner'].create({'name': "Eve", 'parent_id': cls.acme_asia.id})
        cls.lead, cls.other_lead = cls.env['crm.lead'].create([
            {'name': "Lead", 'type': 'opportunity', 'partner_id': partner.id, 'company_id': cls.company_a.id,
             'user_id': cls.sales.id, 'team_id': False}
            for partner in (cls.contact, cls.beta_partner)])
        cls.order = cls.env['sale.order'].create({
            'partner_id': cls.contact.id, 'company_id': cls.company_a.id, 'user_id': cls.sales.id})

    def test_flags(self):
        for record in (self.acme_partner, self.contact, self.lead, self.order):
            record = self.as_user(record, self.sales)
            self.assertTrue(record.is_key_account, record)
            self.assertEqual(record.kam_tier_id.name, "Gold")
            self.assertEqual(record.kam_manager_id, self.manager)
            self.assertEqual(record.kam_sponsor_id, self.executive)
        self.assertFalse(self.as_user(self.other_lead, self.sales).is_key_account)

    def test_flags_follow_the_account(self):
        self.assertEqual(self.lead.kam_tier_id, self.tiers['gold'])
        self.acme.sudo().tier_id = self.tiers['general']
        self.assertFalse(self.lead.is_key_account)
        self.acme.entity_ids.filtered(lambda entity: entity.partner_id == self.acme_asia).unlink()
        self.assertFalse(self.lead.kam_account_id)
        partner = self.acme_partner.with_company(self.company_a)
        self.assertTrue(partner.kam_account_id)
        self.acme.active = False
        self.assertFalse(partner.kam_account_id)

    def test_search(self):
        Lead = self.as_user(self.env['crm.lead'], self.sales)
        ours = [('id', 'in', (self.lead | self.other_lead).ids)]
        self.assertEqual(Lead.search([*ours, ('is_key_account', '=', True)]), self.lead)
        self.assertEqual(Lead.search([*ours, ('is_key_account', '=', False)]), self.other_lead)
        self.assertEqual(Lead.search([*ours, ('kam_tier_id', 'ilike', 'gold')]), self.lead)
        self.assertEqual(Lead.search([*ours, ('kam_tier_id', 'in', self.tiers['general'].ids)]), self.other_lead)
        self.assertEqual(Lead.search([*ours, ('kam_manager_id', '=', self.manager.id)]), self.lead)
        self.assertEqual(Lead.search([*ours, ('kam_sponsor_id', '=', False)]), self.other_lead)
        self.assertEqual(Lead.search([*ours, ('kam_tier_id', '!=', self.tiers['gold'].id)]), self.other_lead)
        Partner = self.as_user(self.env['res.partner'], self.sales)
        stranger = self.env['res.partner'].create({'name': "Stranger", 'is_company': True})
        not_gold = Partner.search([('kam_tier_id', 'not in', self.tiers['gold'].ids)])
        self.assertIn(stranger, not_gold, "a contact without account is not in the tier")
        self.assertNotIn(self.acme_partner, not_gold)
        self.assertEqual(
            Partner.search([('is_key_account', '=', True)]), self.acme_partner | self.acme_asia | self.contact)
        self.assertEqual(Partner.search([('kam_account_id', '=', self.acme.id), ('is_company', '=', False)]),
                         self.contact)
        self.assertNotIn(self.acme_partner, Partner.search([('kam_account_id', '=', False)]))

    def test_group_by(self):
        groups = self.as_user(self.env['crm.lead'], self.sales)._read_group(
            [('id', 'in', (self.lead | self.other_lead).ids)], ['kam_tier_id', 'kam_manager_id'], ['__count'])
        self.assertEqual(groups, [
            (self.tiers['gold'], self.manager, 1), (self.tiers['general'], self.colleague, 1)])
        groups = self.as_user(self.env['sale.order'], self.sales)._read_group(
            [('id', '=', self.order.id)], ['is_key_account'], ['__count'])
        self.assertEqual(groups, [(True, 1)])

    def test_flags_are_per_company(self):
        partner = self.as_user(self.acme_partner, self.outsider)
        self.assertFalse(partner.is_key_account)
        self.assertFalse(partner.kam_account_id)
        Partner = self.as_user(self.env['res.partner'], self.outsider)
        self.assertNotIn(self.acme_partner, Partner.search([('is_key_account', '=', True)]))

    def test_first_program_by_sequence_counts(self):
        self.program_b.company_ids |= self.company_a
        account = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_partner.id})
        partner = self.acme_partner.with_company(self.company_a)
        self.assertEqual(partner.kam_account_id, self.acme)
        self.assertEqual(self.acme_partner.with_company(self.company_b).kam_account_id, account)
        self.program_b.sequence = 0
        partner.invalidate_recordset()
        self.assertEqual(partner.kam_account_id, account)
        self.assertEqual(partner.search([('kam_account_id', '=', account.id)]), self.acme_partner)

    def test_flags_cost_no_query_per_document(self):
        orders = self.env['sale.order'].create([
            {'partner_id': self.contact.id, 'company_id': self.company_a.id, 'user_id': self.sales.id}
            for _ in range(30)])

        def read(records):
            return self.statements(lambda: self.as_user(records, self.sales).mapped('kam_tier_id.name'))

        read(orders)
        self.assertLessEqual(read(orders), read(orders[:1]))

    def test_partner_card_shows_the_tier(self):
        statistics = self.as_user(self.acme_partner, self.sales)._compute_application_statistics_hook()
        self.assertIn("Gold", [entry['value'] for entry in statistics[self.acme_partner.id]])
