from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..measures import MEASURES, Scope, Span
from .plan_common import TODAY, MeasureCase


@tagged('post_install', '-at_install')
class TestKamPlanMeasures(MeasureCase):
    """Every measure, computed by hand, for the account and for one legal entity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        country = cls.company_a.account_fiscal_country_id = cls.env.ref('base.be')
        group = cls.env['account.tax.group'].create({
            'name': "Tax", 'company_id': cls.company_a.id, 'country_id': country.id})
        tax = cls.env['account.tax'].create({
            'name': "10 %", 'amount': 10, 'type_tax_use': 'sale', 'company_id': cls.company_a.id,
            'tax_group_id': group.id, 'country_id': country.id})
        with freeze_time(TODAY):
            # 1000 net, 1100 with tax: 600 paid after 20 days, 400 after 30, 100 settled by the credit note
            first = cls.invoice(cls.acme_partner, '2026-01-10', 100, quantity=10, taxes=tax)
            cls.pay(first, 600, '2026-01-30')
            cls.pay(first, 400, '2026-02-09')
            cls.reconcile(first, cls.invoice(cls.acme_partner, '2026-02-10', 100, move_type='out_refund'))
            # 400 USD = 320 EUR, a quarter paid after 10 days
            asian = cls.invoice(cls.acme_asia, '2026-03-01', 200, quantity=2, company=cls.company_b)
            cls.pay(asian, 100, '2026-03-11')
            cls.invoice(cls.acme_partner, '2026-04-01', 500, product=cls.advice)
            # What does not count: before, after, not posted, somebody else's; paid before
            before = cls.invoice(cls.acme_partner, '2025-11-01', 999)
            cls.pay(before, 500, '2025-12-31')
            cls.invoice(cls.acme_partner, '2026-07-03', 777)
            cls.invoice(cls.acme_partner, '2026-05-01', 888, post=False)
            cls.invoice(cls.beta_partner, '2026-05-01', 555)

    def values(self, code, day=TODAY, start='2026-01-01', records=None):
        """(account, entity Acme Asia)"""
        spans = [Span(key, self.acme.id, entity, date.fromisoformat(start), date.fromisoformat(day), records)
                 for key, entity in enumerate((None, self.acme_asia.id))]
        with freeze_time(day):
            found = MEASURES[code].values(Scope.of(self.program, spans, date.fromisoformat(day)))
        return found.get(0), found.get(1)

    def test_revenue(self):
        # 1000 - 100 + 320 + 500
        self.assertEqual(self.values('revenue'), (1720, 320))
        self.assertEqual(self.values('revenue', '2026-01-09'), (0, 0), "no document is a revenue of 0")

    def test_margin(self):
        # 1000 - 100 + 320 less 600 - 60 + 80; the advice has no cost
        self.assertEqual(self.values('margin'), (600, 240))
        # 600 / 1220 and 240 / 320
        self.assertEqual(self.values('margin_percent'), (49.18, 75))
        self.assertEqual(self.values('margin_percent', '2026-01-09'), (None, None))

    def test_payment_days(self):
        # (600 * 20 + 400 * 30 + 80 * 10) / 1080 = 22.96
        self.assertEqual(self.values('payment_days'), (23, 10))
        self.assertEqual(self.values('payment_days', '2026-02-01'), (20, None))

    def test_open_pipeline(self):
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acme_partner.id})
        leads = self.env['crm.lead'].create([
            {'name': "Lead", 'type': 'opportunity', 'partner_id': partner.id, 'expected_revenue': amount,
             'probability': probability, 'company_id': company.id, 'user_id': False, 'team_id': False}
            for partner, amount, probability, company in (
                (contact, 1000, 50, self.company_a), (self.acme_asia, 1000, 25, self.company_b),
                (contact, 100, 10, self.company_a.browse()), (contact, 4000, 50, self.company_a),
                (contact, 8000, 50, self.company_a), (self.beta_partner, 700, 50, self.company_a))])
        leads[3].action_set_lost()
        leads[4].action_set_won()
        # 500 + 250 USD = 200 + 10
        self.assertEqual(self.values('open_pipeline'), (710, 200))

    def test_live_contacts(self):
        """Of those on the map: Ann was met lately, Bob too long ago; Cem has declined; Dan is not on the map."""
        ann, bob, cem, dan = self.env['res.partner'].create([
            {'name': name, 'parent_id': parent.id} for name, parent in (
                ("Ann", self.acme_partner), ("Bob", self.acme_asia), ("Cem", self.acme_partner),
                ("Dan", self.acme_partner))])
        self.env['kam.stakeholder'].create([
            {'account_id': self.acme.id, 'partner_id': person.id} for person in (ann, bob, cem)])
        events = self.env['calendar.event'].create([
            {'name': "Visit", 'start': f'{day} 09:00:00', 'stop': f'{day} 10:00:00', 'partner_ids': [
                (4, partner.id) for partner in (self.manager.partner_id, guest)]}
            for guest, day in ((ann, '2026-06-15'), (ann, '2026-06-16'), (bob, '2026-03-31'), (cem, '2026-06-20'),
                               (dan, '2026-06-20'))])
        events[3].attendee_ids.filtered(lambda attendee: attendee.partner_id == cem).state = 'declined'
        self.assertEqual(self.values('live_contacts'), (1, 0))

    def test_share_of_wallet_without_a_wallet(self):
        self.assertEqual(self.values('share_of_wallet'), (None, None))

    def test_share_of_wallet(self):
        pumps, drives = self.env['product.category'].create([{'name': "Pumps"}, {'name': "Drives"}])
        self.env['kam.wallet.line'].create([
            {'account_id': self.acme.id, 'entity_id': entity and entity.id, 'spend': spend, 'categ_id': categ.id}
            for categ, entity, spend in (
                (pumps, None, 3000), (pumps, self.acme_asia, 500), (drives, self.acme_asia, 800))])
        # 1720 + 999 of 3800 (pumps as a whole), and 320 of 1300
        self.assertEqual(self.values('share_of_wallet'), (71.55, 24.62))

    def test_count_of_records(self):
        ann, bob = self.env['res.partner'].create([
            {'name': "Ann", 'parent_id': self.acme_partner.id}, {'name': "Bob", 'parent_id': self.beta_partner.id}])
        self.env['calendar.event'].create([
            {'name': name, 'start': f'{day} 09:00:00', 'stop': f'{day} 10:00:00',
             'partner_ids': [(4, guest.id)]}
            for name, day, guest in (
                ("Review", '2026-02-01', ann), ("Yearly review", '2026-07-02', ann), ("Lunch", '2026-03-01', ann),
                ("Review", '2025-12-31', ann), ("Review", '2026-07-03', ann), ("Review", '2026-02-01', bob))])
        records = (self.manager, 'calendar.event', [('name', 'ilike', "review")])
        self.assertEqual(self.values('record_count', records=records), (2, 0))

    def test_orders_are_counted_with_the_rights_of_the_author(self):
        self.env['sale.order'].create([
            {'partner_id': self.acme_asia.id, 'company_id': self.company_a.id, 'date_order': '2026-05-01',
             'user_id': user.id} for user in (self.manager, self.colleague)])
        count = {user: self.values('record_count', records=(user, 'sale.order', []))
                 for user in (self.manager, self.champion)}
        self.assertEqual(count, {self.manager: (1, 1), self.champion: (2, 2)})
