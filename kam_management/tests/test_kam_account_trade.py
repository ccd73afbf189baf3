from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamAccountTrade(KamCase):
    """Category follows trade and tier; a lost customer opens a track (S22, S23, F07)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for company in (cls.company_a, cls.company_b):
            cls.env['account.chart.template'].try_loading('generic_coa', company=company, install_demo=False)
        cls.reason = cls.env.ref('crm.lost_reason_1')

    @classmethod
    def invoice(cls, partner, day, company=None, post=True):
        move = cls.env['account.move'].with_company(company or cls.company_a).create({
            'move_type': 'out_invoice', 'partner_id': partner.id, 'invoice_date': day,
            'company_id': (company or cls.company_a).id,
            'invoice_line_ids': [Command.create({'name': "x", 'price_unit': 100, 'tax_ids': [Command.clear()]})]})
        if post:
            move.action_post()
        return move

    def refresh(self, day):
        with freeze_time(day):
            self.env['kam.account']._cron_refresh_trade()

    def test_category_follows_invoices_of_all_entities(self):
        self.assertEqual((self.beta.category, self.acme.category), ('target', 'key'))
        with freeze_time('2026-03-01'):
            self.invoice(self.beta_partner, '2026-02-01', post=False)
            self.invoice(self.beta_partner, '2026-02-01', company=self.company_b)
            self.assertEqual(self.beta.category, 'target', "a draft, and a company outside of the programme")
            self.invoice(self.beta_partner, '2026-02-10')
            self.assertEqual(self.beta.category, 'normal', "at once")
            self.assertEqual(self.beta.date_first_invoice, date(2026, 2, 10))
            self.invoice(self.acme_asia, '2026-02-20')
        self.assertEqual((self.acme.category, self.acme.date_last_invoice), ('key', date(2026, 2, 20)))
        self.refresh('2027-02-10')
        self.assertEqual(self.beta.category, 'normal', "365 days")
        self.refresh('2027-02-11')
        self.assertEqual((self.beta.category, self.acme.category), ('lost', 'key'))

    def test_zero_days_leave_it_to_the_tier(self):
        self.program.lost_after_days = 0
        self.invoice(self.beta_partner, '2020-01-01')
        self.assertEqual(self.beta.category, 'normal')

    def test_entities_bring_their_trade(self):
        self.invoice(self.env['res.partner'].create({'name': "Beta US", 'is_company': True}), '2026-01-05')
        partner = self.env['res.partner'].search([('name', '=', "Beta US")])
        with freeze_time('2026-02-01'):
            self.beta.entity_ids = [Command.create({'partner_id': partner.id})]
            self.assertEqual(self.beta.category, 'normal')
            self.beta.entity_ids.filtered(lambda entity: entity.partner_id == partner).unlink()
            self.assertEqual(self.beta.category, 'target')

    def test_whoever_has_traded_is_no_prospect(self):
        partner = self.env['res.partner'].create({'name': "Delta", 'is_company': True})
        self.invoice(partner, '2026-01-05')
        account = self.as_user(self.env['kam.account'], self.manager).create({
            'program_id': self.program.id, 'partner_id': partner.id})
        self.assertEqual(account.tier_id, self.program.entry_tier_id)

    def test_lost_by_trade_opens_the_track_and_coming_back_closes_it(self):
        with freeze_time('2026-03-01'):
            self.invoice(self.beta_partner, '2026-02-10')
        self.refresh('2027-03-01')
        self.refresh('2027-03-02')
        self.assertEqual((self.beta.win_back_state, self.beta.date_lost), ('analyse', date(2027, 3, 1)))
        self.assertEqual(len(self.beta.activity_ids), 3, "the steps of the plan, once")
        self.assertEqual(self.beta.activity_ids.user_id, self.colleague)
        self.assertIn("Why was it lost?", [entry['text'] for entry in self.beta.attention])
        beta = self.as_user(self.beta, self.colleague)
        with self.assertRaisesRegex(ValidationError, "Why was Beta lost"):
            beta.win_back_state = 'approach'
        beta.write({'lost_reason_id': self.reason.id, 'win_back_state': 'approach'})
        with freeze_time('2027-04-01'):
            self.invoice(self.beta_partner, '2027-04-01')
        self.assertEqual((self.beta.category, self.beta.win_back_state), ('normal', 'won'))

    def test_lost_by_tier_asks_why(self):
        change = self.propose(self.acme, 'lost', lost_reason_id=False)
        with self.assertRaisesRegex(UserError, "Say why Acme was lost"):
            change.action_submit()
        change.lost_reason_id = self.reason
        self.decide(change)
        self.assertEqual((self.acme.category, self.acme.lost_reason_id), ('lost', self.reason))
        self.assertEqual(self.acme.win_back_state, 'approach', "the reason is known")
        self.decide(self.propose(self.acme, 'potential'))
        self.assertEqual(self.acme.win_back_state, 'won')

    def test_reset_to_draft_takes_the_trade_back(self):
        with freeze_time('2026-03-01'):
            first = self.invoice(self.beta_partner, '2026-02-10')
            self.invoice(self.beta_partner, '2026-02-20').button_draft()
            self.assertEqual(self.beta.date_last_invoice, date(2026, 2, 10))
            first.button_draft()
        self.assertEqual((self.beta.category, self.beta.date_last_invoice), ('target', False))

    def test_limit_and_companies_of_the_programme_count_at_once(self):
        with freeze_time('2026-03-01'):
            self.invoice(self.beta_partner, '2026-01-30')
            self.assertEqual(self.beta.category, 'normal')
            self.as_user(self.program, self.champion).lost_after_days = 29
            self.assertEqual((self.beta.category, self.beta.win_back_state), ('lost', 'analyse'), "30 days ago")
            self.program.lost_after_days = 30
            self.assertEqual((self.beta.category, self.beta.win_back_state), ('normal', 'won'))
            self.invoice(self.free_partner, '2026-02-01', company=self.company_b)
            self.program.company_ids |= self.company_b
            self.assertEqual(self.free.category, 'normal')

    def test_the_statement_and_the_compute_agree(self):
        with freeze_time('2026-03-01'):
            for partner, day in (
                (self.acme_partner, '2025-01-01'), (self.beta_partner, '2025-03-01'), (self.free_partner, '2025-02-28'),
            ):
                self.invoice(partner, day)
            accounts = self.acme | self.beta | self.free
            written = accounts.mapped('category')
            self.assertEqual(written, ['key', 'normal', 'lost'])
            self.env.add_to_compute(accounts._fields['category'], accounts)
            self.assertEqual(accounts.mapped('category'), written)

    def test_a_second_loss_is_explained_anew(self):
        self.decide(self.propose(self.beta, 'lost', user=self.colleague))
        self.assertEqual(self.beta.win_back_state, 'approach')
        self.beta.win_back_state = 'given_up'
        self.decide(self.propose(self.beta, 'general', user=self.colleague))
        self.assertEqual(self.beta.win_back_state, 'won', "who had given up was wrong")
        with freeze_time('2026-03-01'):
            self.invoice(self.beta_partner, '2026-02-10')
        self.refresh('2027-03-01')
        self.assertEqual((self.beta.win_back_state, self.beta.lost_reason_id.id), ('analyse', False))

    def test_the_track_says_what_is_true(self):
        self.decide(self.propose(self.beta, 'lost', user=self.colleague))
        beta = self.as_user(self.beta, self.colleague)
        with self.assertRaisesRegex(ValidationError, "Beta is won back when it buys"):
            beta.win_back_state = 'won'
        self.decide(self.propose(self.beta, 'general', user=self.colleague))
        with self.assertRaisesRegex(ValidationError, "follows by itself"):
            beta.win_back_state = 'analyse'

    def test_the_night_finds_who_got_lost_in_another_way(self):
        self.free.tier_id.category = 'lost'
        self.assertEqual((self.free.category, self.free.win_back_state), ('lost', False))
        self.refresh('2026-03-01')
        self.assertEqual((self.free.win_back_state, self.free.date_lost), ('analyse', date(2026, 3, 1)))
        lost = self.env['kam.account'].create({
            'program_id': self.program.id, 'tier_id': self.tiers['lost'].id,
            'partner_id': self.env['res.partner'].create({'name': "Gone", 'is_company': True}).id})
        self.assertEqual(lost.win_back_state, 'analyse')

    def test_night_costs_the_same_for_any_number(self):
        def statements():
            self.env.flush_all()
            start = self.cr.sql_log_count
            self.env['kam.account']._cron_refresh_trade()
            return self.cr.sql_log_count - start

        statements()
        few = statements()
        partners = self.env['res.partner'].create([
            {'name': f"Many {number}", 'is_company': True} for number in range(40)])
        self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id, 'tier_id': self.tiers['general'].id}
            for partner in partners])
        self.assertLessEqual(statements(), few)
