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

    def local_plan(self, account, entity, year=2026, **values):
        return self.env['kam.plan'].create({
            'account_id': account.id, 'entity_id': entity.id, 'date_from': f'{year}-01-01', 'date_to': f'{year}-12-31',
            **values})

    def beta_south(self):
        partner = self.env['res.partner'].create({'name': "Beta South", 'is_company': True})
        self.env['kam.account.entity'].create({'account_id': self.beta.id, 'partner_id': partner.id})
        return partner

    def test_a_local_plan_goes_along(self):
        self.env['kam.assignment'].create(self._seat_values(self.acme, self.executive, 'service'))
        south = self.beta_south()
        self.env['kam.assignment'].create(self._seat_values(self.beta, self.sales, 'service'))
        local = self.local_plan(self.beta, south, local_owner_id=self.sales.id)
        objective = self.env['kam.plan.objective'].create({
            'plan_id': local.id, 'name': "Grow", 'measure': 'manual', 'manual_unit': "visits", 'target_value': 5,
            'date_target': '2026-10-01'})
        ours = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'})
        self.merge(self.acme_partner | self.beta_partner, self.acme_partner)
        self.assertEqual((local.account_id, local.entity_id, local.state), (self.acme, south, 'draft'))
        self.assertEqual(local.parent_id, ours, "below the plan of the account that goes on")
        self.assertEqual(local.owner_id, self.manager, "whoever has no seat there could not open it")
        self.assertEqual(objective.account_id, self.acme)

    def test_a_local_plan_of_the_entity_that_disappears(self):
        local, later = (self.local_plan(self.beta, self.beta_partner, year) for year in (2026, 2027))
        theirs = self.local_plan(self.acme, self.acme_partner, 2027)
        self.merge(self.acme_partner | self.beta_partner, self.acme_partner)
        self.assertEqual((local.account_id, local.entity_id, local.state), (self.acme, self.acme_partner, 'draft'))
        self.assertEqual((later.account_id, later.state), (self.beta, 'closed'), "one plan at a time")
        self.assertEqual(theirs.state, 'draft')
        self.acme.plan_ids._check_period()
        self.acme.plan_ids._check_entity()

    def test_a_local_plan_with_a_new_destination(self):
        other = self.env['res.partner'].create({'name': "Acme and Beta", 'is_company': True})
        local = self.local_plan(self.beta, self.beta_partner)
        self.merge(self.acme_partner | self.beta_partner | other, other)
        self.assertEqual((local.account_id, local.entity_id, local.state), (self.acme, other, 'draft'))
        self.acme.plan_ids._check_entity()

    def test_local_plans_of_two_entities_that_become_one(self):
        kept, clashing = self.local_plan(self.acme, self.acme_partner), self.local_plan(self.acme, self.acme_asia)
        later = self.local_plan(self.acme, self.acme_asia, 2027)
        self.merge(self.acme_partner | self.acme_asia, self.acme_partner)
        self.assertEqual([plan.state for plan in (kept, clashing, later)], ['draft', 'closed', 'draft'])
        self.assertEqual((kept | clashing | later).entity_id, self.acme_partner)
        self.assertIn("merged with another one", clashing.message_ids[0].body)

    def test_estimates_of_two_entities_add_up(self):
        categ = self.env['product.category'].create({'name': "Gears"})
        self.env['kam.wallet.line'].create([
            {'account_id': self.acme.id, 'categ_id': categ.id, 'entity_id': entity.id, 'spend': spend}
            for entity, spend in ((self.acme_partner, 100), (self.acme_asia, 30))])
        self.merge(self.acme_partner | self.acme_asia, self.acme_partner)
        self.assertEqual(self.acme.wallet_line_ids.mapped('spend'), [130])

    def test_nothing_and_something_is_something(self):
        nothing = {'spends_nothing': True}
        gears, pumps = self.env['product.category'].create([{'name': "Gears"}, {'name': "Pumps"}])
        self.env['kam.wallet.line'].create([
            {'account_id': self.acme.id, 'categ_id': categ.id, 'entity_id': entity.id, **spend}
            for categ, entity, spend in (
                (gears, self.acme_partner, nothing), (gears, self.acme_asia, {'spend': 30}),
                (pumps, self.acme_partner, nothing), (pumps, self.acme_asia, nothing))])
        self.merge(self.acme_partner | self.acme_asia, self.acme_partner)
        self.assertEqual({line.categ_id: (line.spend, line.spends_nothing) for line in self.acme.wallet_line_ids}, {
            gears: (30, False), pumps: (0, True)})
