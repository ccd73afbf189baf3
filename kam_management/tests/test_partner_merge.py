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

    def test_plans_and_wallets_go_along(self):
        categ = self.env['product.category'].create({'name': "Gears"})
        factor = self.env.ref('kam_management.buying_factor_price')
        plan = self.env['kam.plan'].create({
            'account_id': self.beta.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'})
        goal = self.env['kam.plan.goal'].create({'plan_id': plan.id, 'name': "Less downtime"})
        self.env['kam.buying.rank'].create({'account_id': self.beta.id, 'factor_id': factor.id})
        line = self.env['kam.wallet.line'].create({'account_id': self.beta.id, 'categ_id': categ.id, 'spend': 70})
        self.merge(self.acme_partner | self.beta_partner, self.acme_partner)
        self.assertEqual((plan.account_id, plan.state, goal.account_id), (self.acme, 'draft', self.acme))
        self.assertEqual(self.acme.factor_ids.factor_id, factor)
        self.assertEqual(line.account_id, self.acme)

    def test_estimates_of_two_entities_add_up(self):
        categ = self.env['product.category'].create({'name': "Gears"})
        self.env['kam.wallet.line'].create([
            {'account_id': self.acme.id, 'categ_id': categ.id, 'entity_id': entity.id, 'spend': spend}
            for entity, spend in ((self.acme_partner, 100), (self.acme_asia, 30))])
        self.merge(self.acme_partner | self.acme_asia, self.acme_partner)
        self.assertEqual(self.acme.wallet_line_ids.mapped('spend'), [130])
