from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamAccount(KamCase):

    def test_new_account_starts_as_a_prospect_with_its_lead_entity(self):
        contact = self.env['res.partner'].create({'name': "Eve", 'parent_id': self.env['res.partner'].create(
            {'name': "Gamma", 'is_company': True}).id})
        account = self.as_user(self.env['kam.account'], self.manager).create({
            'program_id': self.program.id, 'partner_id': contact.id})
        self.assertEqual(account.partner_id, contact.parent_id, "the company, not the contact")
        self.assertEqual(account.tier_id, self.program.prospect_tier_id)
        self.assertEqual(account.category, 'target')
        self.assertEqual(account.entity_ids.partner_id, contact.parent_id)
        self.assertEqual(account.display_name, "Gamma")

    def test_tier_is_closed_to_users(self):
        with self.assertRaisesRegex(UserError, "approved tier change"):
            self.as_user(self.acme, self.champion).tier_id = self.tiers['diamond']
        with self.assertRaisesRegex(UserError, "approved tier change"):
            self.as_user(self.env['kam.account'], self.champion).create({
                'program_id': self.program.id, 'tier_id': self.tiers['diamond'].id,
                'partner_id': self.env['res.partner'].create({'name': "X", 'is_company': True}).id})
        self.assertEqual(self.acme.tier_id, self.tiers['gold'])

    def test_tier_of_another_program_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not a tier of"):
            self.acme.sudo().tier_id = self.program_b.entry_tier_id

    def test_entity_in_two_accounts_is_refused_by_name(self):
        with self.assertRaisesRegex(UserError, "belongs to the account Acme already"):
            self.as_user(self.beta, self.champion).entity_ids = [Command.create({'partner_id': self.acme_asia.id})]

    @mute_logger('odoo.sql_db')
    def test_entity_in_two_accounts_is_refused_by_the_database(self):
        self.env.flush_all()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute(
                "INSERT INTO kam_account_entity (account_id, program_id, partner_id) VALUES (%s, %s, %s)",
                [self.beta.id, self.program.id, self.acme_asia.id])

    def test_entity_may_be_in_two_programs(self):
        account = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_partner.id})
        self.assertEqual(account.entity_ids.partner_id, self.acme_partner)

    def test_lead_entity_stays(self):
        with self.assertRaisesRegex(UserError, "lead entity"):
            self.acme.entity_ids.filtered('is_lead').unlink()

    def test_contact_is_no_entity(self):
        contact = self.env['res.partner'].create({'name': "Eve", 'parent_id': self.acme_partner.id})
        with self.assertRaisesRegex(ValidationError, "Add the company"):
            self.beta.entity_ids = [Command.create({'partner_id': contact.id})]

    def test_account_with_history_is_not_deleted(self):
        change = self.propose(self.acme, 'diamond')
        change.action_submit()
        self.as_user(change, self.champion).action_approve()
        with self.assertRaisesRegex(UserError, "Archive the account"):
            self.as_user(self.acme, self.champion).unlink()
        self.as_user(self.free, self.champion).unlink()

    def test_board_shows_empty_tiers(self):
        groups = self.as_user(self.env['kam.account'], self.champion).with_context(
            read_group_expand=True).web_read_group([('program_id', '=', self.program.id)], ['tier_id'], ['__count'])
        self.assertEqual(
            [group['tier_id'][1] for group in groups['groups']],
            ["Diamond", "Gold", "Strategic", "Potential", "General", "Problem", "Key Opportunity",
             "General Opportunity", "Lost"])

    def test_board_query_count_does_not_grow(self):
        Account = self.as_user(self.env['kam.account'], self.manager)
        specification = {name: {} for name in ('is_key', 'color', 'activity_state', 'activity_ids')} | {
            name: {'fields': {'display_name': {}}} for name in ('partner_id', 'tier_id', 'manager_id', 'country_id')}

        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            Account.web_search_read([('program_id', '=', self.program.id)], specification, limit=80)
            return self.cr.sql_log_count - start

        read()
        few = read()
        partners = self.env['res.partner'].create([{'name': f"P{i}", 'is_company': True} for i in range(60)])
        self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id} for partner in partners])
        self.assertLessEqual(read(), few)
