from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import KamCase

MODELS = (
    'kam.account', 'kam.account.entity', 'kam.assignment', 'kam.program', 'kam.role', 'kam.tier', 'kam.tier.change')


@tagged('post_install', '-at_install')
class TestAccess(KamCase):

    def visible(self, model, user, companies=None):
        return self.as_user(self.env[model], user, companies).search([])

    def test_account_manager_sees_own_and_unmanaged_accounts(self):
        accounts = self.visible('kam.account', self.manager)
        self.assertIn(self.acme, accounts)
        self.assertIn(self.free, accounts)
        self.assertNotIn(self.beta, accounts)
        self.assertNotIn(self.beta.entity_ids, self.visible('kam.account.entity', self.manager))
        self.assertNotIn(self.beta.assignment_ids, self.visible('kam.assignment', self.manager))
        with self.assertRaises(AccessError):
            self.as_user(self.beta, self.manager).read(['tier_id'])

    def test_account_manager_writes_own_accounts_only(self):
        self.as_user(self.acme, self.manager).entity_ids = [Command.create({
            'partner_id': self.env['res.partner'].create({'name': "Acme US", 'is_company': True}).id})]
        with self.assertRaises(AccessError):
            self.as_user(self.free, self.manager).active = False
        with self.assertRaises(AccessError):
            self.as_user(self.acme.assignment_ids[0], self.manager).duty = "x"

    def test_account_manager_leaves_proposals_of_others_alone(self):
        change = self.propose(self.free, 'potential', user=self.colleague)
        self.assertIn(change, self.visible('kam.tier.change', self.manager))
        with self.assertRaises(AccessError):
            self.as_user(change, self.manager).reason = "x"
        with self.assertRaises(AccessError):
            self.as_user(change, self.manager).action_submit()
        hidden = self.propose(self.beta, 'potential', user=self.colleague)
        self.assertNotIn(hidden, self.visible('kam.tier.change', self.manager))

    def test_executive_reads_the_portfolio_and_writes_sponsored_accounts(self):
        self.assertLessEqual(self.acme | self.beta | self.free, self.visible('kam.account', self.executive))
        self.as_user(self.acme, self.executive).message_post(body="Visited")
        self.as_user(self.acme, self.executive).write({'active': True})
        with self.assertRaises(AccessError):
            self.as_user(self.beta, self.executive).write({'active': True})
        with self.assertRaises(AccessError):
            self.propose(self.acme, 'diamond', user=self.executive)

    def test_executive_sees_the_next_steps_of_the_portfolio(self):
        self.beta.activity_schedule('mail.mail_activity_data_todo', summary="Call", user_id=self.colleague.id)
        beta = self.as_user(self.beta, self.executive)
        self.assertEqual(beta.activity_ids.mapped('summary'), ["Call"])
        self.assertEqual(beta.activity_summary, "Call")
        beta.message_post(body="Ask for the board as well")

    def test_champion_does_everything(self):
        for model in MODELS:
            self.as_user(self.env[model], self.champion).check_access('create')
        self.as_user(self.beta, self.champion).active = False

    def test_sales_user_sees_flags_only(self):
        for model in MODELS:
            if model != 'kam.tier':
                with self.assertRaises(AccessError):
                    self.visible(model, self.sales)
        self.assertIn(self.tiers['gold'], self.visible('kam.tier', self.sales))
        with self.assertRaises(AccessError):
            self.as_user(self.tiers['gold'], self.sales).capacity = 99

    def test_portal_reads_none_of_our_fields(self):
        portal = new_test_user(self.env, 'kam_portal', groups='base.group_portal')
        portal.partner_id.parent_id = self.acme_partner
        partner = self.acme_partner.with_user(portal)
        partner.check_access('read')
        for field in ('is_key_account', 'kam_tier_id', 'kam_manager_id', 'kam_account_id', 'kam_entity_ids'):
            with self.assertRaises(AccessError):
                partner.read([field])
        with self.assertRaises(AccessError):
            partner.search([('is_key_account', '=', True)])
        for model in MODELS:
            with self.assertRaises(AccessError):
                self.env[model].with_user(portal).search([])

    def test_company_isolation(self):
        account_b = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.beta_partner.id})
        for user, companies, seen, hidden in (
            (self.outsider, None, account_b, self.acme | self.free),
            (self.champion, self.company_a, self.acme, account_b),
            (self.champion, self.company_b, account_b, self.acme),
        ):
            accounts = self.visible('kam.account', user, companies)
            self.assertLessEqual(seen, accounts)
            self.assertFalse(hidden & accounts)
            programs = self.visible('kam.program', user, companies)
            self.assertIn(seen.program_id, programs)
            self.assertNotIn(hidden.program_id[:1], programs)
            self.assertNotIn(hidden.tier_id[:1], self.visible('kam.tier', user, companies))
            self.assertNotIn(hidden.entity_ids[:1], self.visible('kam.account.entity', user, companies))

    def test_account_manager_sees_invoices_of_own_accounts(self):
        self.env['account.chart.template'].try_loading('generic_coa', company=self.company_a, install_demo=False)
        invoices = self.env['account.move'].with_company(self.company_a).create([
            {'move_type': 'out_invoice', 'partner_id': partner.id, 'invoice_user_id': self.champion.id,
             'invoice_line_ids': [Command.create({'name': "x", 'price_unit': 100})]}
            for partner in (self.acme_asia, self.beta_partner)])
        visible = self.visible('account.move', self.manager)
        self.assertIn(invoices[0], visible)
        self.assertNotIn(invoices[1], visible)
        self.assertEqual(self.as_user(self.acme, self.manager)._invoice_domain()[0][2],
                         (self.acme_partner | self.acme_asia).ids)
