from datetime import date, datetime

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamAccountVisit(KamCase):
    """Gold: the manager visits every 45 days, the sponsor every 180. Acme's seats began on 2024-01-01."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eve = cls.env['res.partner'].create({'name': "Eve", 'parent_id': cls.acme_asia.id})

    def meeting(self, day, *users, customer=None, **values):
        return self.env['calendar.event'].create({
            'name': "Secret talks", 'start': datetime.combine(day, datetime.min.time()).replace(hour=9),
            'stop': datetime.combine(day, datetime.min.time()).replace(hour=10),
            'partner_ids': [Command.set(((customer or self.eve) | self.env['res.users'].union(*users).partner_id).ids)],
            **values})

    @freeze_time('2024-04-01')
    def test_last_next_and_due(self):
        self.assertEqual(self.acme.date_manager_visit_due, date(2024, 2, 15), "45 days after taking the seat")
        self.meeting(date(2024, 3, 1), self.manager)
        self.meeting(date(2024, 3, 10), self.manager, customer=self.beta_partner)
        self.meeting(date(2024, 3, 11), self.colleague)
        self.meeting(date(2024, 3, 12), self.manager, active=False)
        self.meeting(date(2024, 4, 20), self.manager, self.executive)
        self.acme.invalidate_recordset()
        acme = self.acme
        self.assertEqual(
            (acme.date_last_manager_visit, acme.date_next_manager_visit, acme.date_manager_visit_due),
            (date(2024, 3, 1), date(2024, 4, 20), date(2024, 4, 15)))
        self.assertEqual(
            (acme.date_last_sponsor_visit, acme.date_next_sponsor_visit, acme.date_sponsor_visit_due),
            (False, date(2024, 4, 20), date(2024, 6, 29)))
        self.assertFalse(acme.is_visit_overdue)
        with freeze_time('2024-04-16'):
            acme.invalidate_recordset()
            self.assertTrue(acme.is_manager_visit_overdue, "also while one is planned")
            Account = self.as_user(self.env['kam.account'], self.champion)
            self.assertIn(acme, Account.search([('is_visit_overdue', '=', True)]))
            self.assertNotIn(acme, Account.search([('is_sponsor_visit_overdue', '=', True)]))
            self.assertIn(acme, Account.search([('is_sponsor_visit_overdue', '=', False)]))
            self.assertEqual(self.as_user(self.program, self.champion).overdue_visit_count, 1)
            self.assertIn("Visit overdue by 1 days", [entry['text'] for entry in acme.attention])

    @freeze_time('2024-09-01')
    def test_visit_of_a_former_holder_counts_for_the_days_in_the_seat(self):
        self.meeting(date(2024, 5, 1), self.executive)
        self.meeting(date(2024, 8, 1), self.executive)
        self.env['kam.assignment'].create({
            'account_id': self.acme.id, 'user_id': self.sales.id, 'date_from': '2024-07-01',
            'role_id': self.env.ref('kam_management.role_sponsor').id})
        self.assertEqual(self.acme.sponsor_id, self.sales)
        self.assertEqual(self.acme.date_last_sponsor_visit, date(2024, 5, 1))
        self.assertEqual(self.acme.date_sponsor_visit_due, date(2024, 12, 28), "180 days after taking the seat")

    @freeze_time('2024-06-01')
    def test_without_holder_no_visit_is_due(self):
        self.meeting(date(2024, 2, 1), self.manager)
        self.assertTrue(self.acme.is_manager_visit_overdue)
        # As after a merge of partners: the seat ends, nobody follows.
        self.acme.assignment_ids.filtered(lambda seat: seat.role == 'manager')._end(date(2024, 5, 1))
        self.assertFalse(self.acme.manager_id)
        self.acme.invalidate_recordset()
        self.assertEqual(self.acme.date_last_manager_visit, date(2024, 2, 1))
        self.assertFalse(self.acme.date_manager_visit_due)
        self.assertNotIn(self.acme, self.env['kam.account'].search([('is_visit_overdue', '=', True)]))

    @freeze_time('2024-04-01')
    def test_who_declines_does_not_visit(self):
        event = self.meeting(date(2024, 3, 1), self.manager, self.executive)
        event.attendee_ids.filtered(lambda attendee: attendee.partner_id == self.executive.partner_id).do_decline()
        self.acme.invalidate_recordset()
        self.assertEqual(self.acme.date_last_manager_visit, date(2024, 3, 1))
        self.assertFalse(self.acme.date_last_sponsor_visit)

    @freeze_time('2024-04-01')
    def test_planned_at_nine_where_the_user_is(self):
        acme = self.as_user(self.acme, self.executive).with_context(tz='Asia/Taipei')
        context = acme.action_plan_visit()['context']
        self.assertEqual(
            (context['default_start'], context['default_stop']), ('2024-04-08 01:00:00', '2024-04-08 03:00:00'))
        self.assertEqual(
            set(context['default_partner_ids']),
            set((self.executive | self.manager).partner_id.ids + self.acme_partner.ids))

    @freeze_time('2024-04-01')
    def test_contacts_count_in_each_programme(self):
        account_b = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_partner.id})
        self.env['res.partner'].create([
            {'name': "Bob", 'parent_id': self.acme_partner.id},
            {'name': "Works 2", 'parent_id': self.acme_partner.id, 'type': 'delivery'}])
        counts = (self.acme | account_b)._contact_counts()
        self.assertEqual((counts[self.acme.id], counts[account_b.id]), (2, 1), "Eve and Bob; Bob; no addresses")

    @freeze_time('2024-04-01')
    def test_tier_with_visits_of_the_manager_only(self):
        """Potential: every 90 days, the sponsor never. Beta's seat began on 2024-01-01."""
        self.beta.sudo().tier_id = self.tiers['potential']
        overdue = self.env['kam.account'].search([('is_visit_overdue', '=', True)])
        self.assertTrue(self.beta.is_visit_overdue)
        self.assertIn(self.beta, overdue)
        self.assertNotIn(self.free, overdue, "nobody's account")

    @freeze_time('2024-04-01')
    def test_what_invoices_are_overdue(self):
        """One sum for all entities, in the currency of the programme."""
        self.env['account.chart.template'].try_loading('generic_coa', company=self.company_a, install_demo=False)
        invoices = self.env['account.move'].with_company(self.company_a).create([
            {'move_type': 'out_invoice', 'partner_id': partner.id, 'invoice_date': '2024-01-10',
             'invoice_date_due': '2024-02-10', 'invoice_line_ids': [
                Command.create({'name': "x", 'price_unit': price, 'tax_ids': False})]}
            for partner, price in (
                (self.acme_partner, 100), (self.acme_partner, 200), (self.acme_asia, 300), (self.beta_partner, 1000))])
        invoices.action_post()
        acme = self.as_user(self.acme, self.manager)
        self.assertIn("Invoices of 600 EUR are overdue.", acme.visit_reason)

    @freeze_time('2024-04-01')
    def test_days_are_told_to_whoever_sees_the_account(self):
        self.meeting(date(2024, 3, 1), self.executive, privacy='private', user_id=self.executive.id)
        self.assertEqual(self.as_user(self.acme, self.manager).date_last_sponsor_visit, date(2024, 3, 1))

    @freeze_time('2024-04-01')
    def test_what_a_sponsor_wants_to_know(self):
        self.meeting(date(2024, 2, 1), self.executive)
        Lead = self.env['crm.lead'].with_company(self.company_a)
        Lead.create([
            {'name': "Closing", 'type': 'opportunity', 'partner_id': self.eve.id, 'company_id': company.id,
             'expected_revenue': 1000, 'date_deadline': '2024-05-01', 'user_id': self.executive.id, 'team_id': False}
            for company in self.company_a])
        self.decide(self.propose(self.acme, 'diamond'))
        self.propose(self.acme, 'gold')
        acme = self.as_user(self.acme, self.executive)
        self.assertEqual(acme.visit_reason.splitlines(), [
            "A tier change is open.", "Opportunities of 1,000 EUR close within 60 days."])
        self.assertEqual(acme.changes_since_visit.splitlines()[0], "Promoted to Diamond by kam_champion")
        with freeze_time('2024-09-01'):
            self.env.invalidate_all()
            self.assertIn("The visit is overdue by", acme.visit_reason)

    @freeze_time('2024-06-15')
    def test_amounts_in_the_currency_of_the_programme(self):
        """EUR 1,000 and USD 2,200 at 1.10 are EUR 3,000; what the reader may not see does not count."""
        self.program.company_ids = self.company_a | self.company_b
        rates = [{'name': '2024-01-01', 'rate': rate, 'currency_id': currency.id, 'company_id': company.id}
                 for company in (self.company_a, self.company_b)
                 for currency, rate in ((self.env.ref('base.EUR'), 1), (self.env.ref('base.USD'), 1.1))]
        self.env['res.currency.rate'].search([]).unlink()
        self.env['res.currency.rate'].create(rates)
        for company, amount in ((self.company_a, 1000), (self.company_b, 2200)):
            currency = company.currency_id
            self.env['account.chart.template'].try_loading('generic_coa', company=company, install_demo=False)
            company.currency_id = currency  # the chart of accounts brings its own
            self.env['account.move'].with_company(company).create({
                'move_type': 'out_invoice', 'partner_id': self.acme_asia.id, 'invoice_date': '2024-05-01',
                'invoice_date_due': '2024-05-31', 'invoice_payment_term_id': False,
                'invoice_line_ids': [Command.create({'name': "x", 'price_unit': amount, 'tax_ids': False})],
            }).action_post()
        self.meeting(date(2024, 4, 1), self.executive)
        account_b = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_partner.id})
        account_b.entity_ids = [Command.create({'partner_id': self.acme_asia.id})]
        accounts = self.as_user(self.acme | account_b, self.champion)
        self.assertIn("Invoices of 3,000 EUR are overdue.", accounts[0].visit_reason)
        self.assertIn("Invoices posted: 2 (3,000 EUR)", accounts[0].changes_since_visit)
        self.assertIn("Invoices of 2,200 USD are overdue.", accounts[1].visit_reason, "the other programme, company B")
        acme = self.as_user(self.acme, self.executive)
        self.assertIn("Invoices of 1,000 EUR are overdue.", acme.visit_reason, "company A only")
        self.assertIn("Invoices posted: 1 (1,000 EUR)", acme.changes_since_visit)
        with freeze_time('2024-04-15'):
            self.env.invalidate_all()
            self.assertNotIn("overdue.", acme.visit_reason)

    @freeze_time('2024-09-01')
    def test_seats_begun_and_ended_since_the_visit(self):
        self.meeting(date(2024, 5, 1), self.executive)
        role = self.env.ref('kam_management.role_manager')
        self.env['kam.assignment'].create({
            'account_id': self.acme.id, 'user_id': self.colleague.id, 'date_from': '2024-07-01', 'role_id': role.id})
        self.assertEqual(sorted(self.as_user(self.acme, self.executive).changes_since_visit.splitlines()), [
            "kam_colleague took the seat Account Manager.", "kam_manager left the seat Account Manager."])

    def test_board_costs_the_same_for_any_number(self):
        names = ['attention', 'next_step', 'is_visit_overdue', 'manager_id', 'visit_reason', 'changes_since_visit']
        partners = self.env['res.partner'].create([
            {'name': f"Many {number}", 'is_company': True} for number in range(80)])
        accounts = self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id, 'tier_id': self.tiers['general'].id}
            for partner in partners])
        accounts.sudo().tier_id = self.tiers['strategic']
        self.env['kam.assignment'].create([
            {'account_id': account.id, 'user_id': self.colleague.id, 'date_from': '2024-01-01',
             'role_id': self.env.ref('kam_management.role_manager').id} for account in accounts])
        self.env['crm.lead'].create([
            {'name': "Closing", 'type': 'opportunity', 'partner_id': partner.id, 'company_id': company.id,
             'expected_revenue': 100, 'date_deadline': fields.Date.today(), 'team_id': False, 'user_id': False}
            for partner in partners for company in self.company_a | self.company_b])
        for partner in partners:
            self.meeting(fields.Date.today(), self.colleague, customer=partner)

        def read(records):
            return self.statements(lambda: self.as_user(records, self.champion).read(names))

        read(accounts[:8])
        self.assertLessEqual(read(accounts), read(accounts[:8]))
