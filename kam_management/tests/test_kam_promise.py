from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .service_common import ServiceCase


@tagged('post_install', '-at_install')
class TestKamPromise(ServiceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env.ref('kam_management.role_service')

    def promise(self, check, **values):
        return self.as_user(self.env['kam.promise'], self.champion).create({
            'name': "Promise", 'tier_id': self.tiers['gold'].id, 'role_id': self.role.id, 'check': check, **values})

    def measure(self, day):
        with freeze_time(day):
            self.env['kam.promise'].with_user(self.env.ref('base.user_root'))._cron_measure()
            self.env.flush_all()

    def results(self, promise):
        """{(account, month): (due, kept, state)}"""
        return {(result.account_id, str(result.date)[:7]): (result.total, result.kept, result.state)
                for result in self.env['kam.promise.result'].search([('promise_id', '=', promise.id)])}

    def resolved(self, reported, day, **values):
        issue = self.issue(date_reported=reported, **values)
        with freeze_time(day):
            issue.write({'stage_id': self.stages['done'].id, 'resolution': "Done"})
            self.env.flush_all()
        return issue

    def test_issues(self):
        answer, solve = self.promise('issue_response', target_percent=60), self.promise('issue_resolution')
        # Due on the 12th of June; answered and resolved in time, resolved late, and not at all.
        self.resolved('2026-06-05 16:00:00', '2026-06-08 10:00:00')
        self.resolved('2026-06-05 16:00:00', '2026-06-20 10:00:00').date_responded = '2026-06-08 09:00:00'
        self.issue()
        # Not due yet, and of a customer of another tier.
        self.issue(date_reported='2026-06-28 16:00:00')
        self.resolved('2026-06-05', '2026-06-08', user=self.colleague, account_id=self.beta.id)
        self.measure('2026-06-25')
        self.assertEqual(self.results(answer), {(self.acme, '2026-06'): (3, 2, 'kept')})
        self.assertEqual(self.results(solve), {(self.acme, '2026-06'): (3, 1, 'broken')})
        result = solve.result_ids
        self.assertEqual((result.broken, round(result.rate, 1), result.keeper_id, result.role_id), (
            2, 33.3, self.service, self.role))
        self.assertFalse(self.activities(result), "the month is not over")
        self.assertEqual((result.program_id, result.tier_id), (self.program, self.tiers['gold']))

    def test_keeper_hears_once(self):
        promise = self.promise('issue_resolution')
        self.issue()
        self.measure('2026-06-30')
        self.measure('2026-07-01')
        self.measure('2026-07-02')
        result = promise.result_ids
        activity = self.activities(result, 'mail_activity_type_promise_broken')
        self.assertEqual((len(result), activity.user_id), (1, self.service), "operations, not sales")
        self.assertIn("Acme: Promise was kept to 0 percent only", activity.summary)
        mine = self.as_user(self.env['kam.promise.result'], self.service).search([])
        self.assertEqual(mine, result)
        [row] = mine.web_read({'display_name': {}, 'account_id': {'fields': {'display_name': {}}}, 'rate': {},
                               'can_confirm': {}})
        self.assertEqual(row['account_id']['display_name'], "Acme")
        # What was told stays.
        self.env['kam.issue'].search([('account_id', '=', self.acme.id)]).unlink()
        self.measure('2026-07-03')
        self.assertEqual(result.state, 'broken')

    def test_another_tier_since(self):
        """What the new tier promises counts from the month on in which the account came into it."""
        gold, diamond = self.promise('manual'), self.promise('manual', tier_id=self.tiers['diamond'].id)
        self.measure('2026-06-30')
        with freeze_time('2026-07-01'):
            self.env['kam.tier.change'].create({
                'account_id': self.acme.id, 'from_tier_id': self.acme.tier_id.id, 'reason': "Figures",
                'to_tier_id': self.tiers['diamond'].id, 'state': 'approved', 'date_effective': '2026-07-01'})
            self.env['kam.tier.change']._cron_apply_approved()
        self.measure('2026-07-01')
        self.measure('2026-08-01')
        self.assertEqual(
            [sorted(month for _account, month in self.results(promise)) for promise in (gold, diamond)],
            [['2026-05', '2026-06'], ['2026-07', '2026-08']])

    def test_another_keeper(self):
        """What is not told yet is for whoever holds the seat now; what was kept stays with whoever kept it."""
        promise, by_hand = self.promise('issue_resolution'), self.promise('manual')
        self.issue()
        self.measure('2026-06-30')
        result, june = promise.result_ids, by_hand.result_ids.filtered(lambda result: result.date == date(2026, 6, 1))
        self.assertEqual((result | june).keeper_id, self.service)
        kept = by_hand.result_ids - june
        self.as_user(kept, self.service).action_kept()
        seat = self.acme.assignment_ids.filtered(lambda seat: seat.user_id == self.service)
        with freeze_time('2026-07-01'):
            seat.date_to = '2026-06-30'
            self.env['kam.assignment'].create({
                **self._seat_values(self.acme, self.stranger, 'service'), 'date_from': '2026-07-01'})
            self.env.flush_all()
        self.measure('2026-07-01')
        self.assertEqual((result | june).keeper_id, self.stranger)
        self.assertEqual(self.activities(result).user_id, self.stranger)
        self.assertTrue(self.as_user(june, self.stranger).can_confirm)
        self.assertEqual(kept.keeper_id, self.service)

    def test_visits(self):
        promise = self.promise('visit')
        # Held since 2024 without any visit: overdue. Without a seat nothing is due.
        self.measure('2026-06-30')
        self.assertEqual(self.results(promise), {(self.acme, '2026-06'): (1, 0, 'broken')}, "the past is not asked")
        self.tiers['gold'].write({'manager_visit_days': 0, 'sponsor_visit_days': 0})
        self.measure('2026-07-31')
        self.assertEqual(len(self.results(promise)), 1)

    def test_by_hand(self):
        promise = self.promise('manual')
        self.measure('2026-07-01')
        results = promise.result_ids
        self.assertEqual(self.results(promise), {
            (self.acme, '2026-06'): (0, 0, 'open'), (self.acme, '2026-07'): (0, 0, 'open')})
        june = results.filtered(lambda result: result.date == date(2026, 6, 1))
        for user in (self.executive, self.manager, self.service):
            self.as_user(june, user).action_kept()
        self.assertEqual(june.state, 'kept')
        for user in (self.colleague, self.stranger, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError), self.cr.savepoint():
                self.as_user(june, user).action_broken()
        self.measure('2026-07-02')
        self.assertEqual(self.results(promise)[self.acme, '2026-06'], (1, 1, 'kept'))
        self.as_user(june, self.service).action_broken()
        self.measure('2026-07-03')
        with self.assertRaisesRegex(UserError, "follows from records"):
            self.as_user(june, self.service).action_kept()
        with self.assertRaises(AccessError):
            self.as_user(june, self.manager).write({'state': 'kept'})
        self.assertEqual(self.as_user(promise, self.champion).kept_percent, 0)

    def test_filter(self):
        fields = self.env['ir.model.fields']
        promise = self.promise(
            'filter', model_id=self.env['ir.model']._get_id('crm.lead'),
            partner_field_id=fields._get('crm.lead', 'partner_id').id,
            date_field_id=fields._get('crm.lead', 'date_deadline').id,
            due_domain="[('type', '=', 'opportunity')]", kept_domain="[('priority', '=', '2')]")
        contact = self.env['res.partner'].create({'name': "Jo", 'parent_id': self.acme_asia.id})
        self.env['crm.lead'].create([
            {'name': "Lead", 'type': 'opportunity', 'partner_id': partner.id, 'date_deadline': day,
             'priority': priority, 'company_id': company.id}
            for partner, day, priority, company in (
                (self.acme_partner, '2026-06-01', '2', self.company_a), (contact, '2026-06-30', '2', self.company_a),
                (contact, '2026-06-30', '0', self.company_a), (contact, '2026-07-01', '0', self.company_a),
                (self.beta_partner, '2026-06-01', '2', self.company_a), (contact, '2026-06-01', '0', self.company_b))])
        self.measure('2026-07-02')
        self.assertEqual(self.results(promise), {
            (self.acme, '2026-06'): (3, 2, 'broken'), (self.acme, '2026-07'): (1, 0, 'broken')})

    def test_bad_definitions(self):
        fields = self.env['ir.model.fields']
        good = {
            'model_id': self.env['ir.model']._get_id('crm.lead'),
            'partner_field_id': fields._get('crm.lead', 'partner_id').id,
            'date_field_id': fields._get('crm.lead', 'date_deadline').id}
        self.promise('filter', **good)
        for bad in (
            {'date_field_id': False}, {'partner_field_id': fields._get('crm.lead', 'user_id').id},
            {'date_field_id': fields._get('sale.order', 'date_order').id},
            {'due_domain': "[('nothing', '=', 1)]"}, {'kept_domain': "import os"}, {'due_domain': "[1, 2"},
        ):
            with self.subTest(bad=bad), self.assertRaises(ValidationError), self.cr.savepoint():
                self.promise('filter', **{**good, **bad})
        if 'stock.picking' not in self.env:
            with self.assertRaisesRegex(ValidationError, "Inventory"):
                self.promise('delivery')

    def test_proposed(self):
        stock = 'stock.picking' in self.env
        tiers = self.as_user(self.program.tier_ids, self.champion)
        self.assertFalse(tiers.promise_ids, "a company decides what it promises")
        gold = tiers.filtered(lambda tier: tier.value_class == 'gold')
        own, old = self.promise('issue_response', name="Within a day"), self.promise(
            'manual', name="Capacity priority", active=False)
        tiers.action_propose_promises()
        checks = {tier.value_class: sorted(tier.promise_ids.mapped('check')) for tier in tiers}
        delivery = ['delivery'] if stock else []
        self.assertEqual(checks, {
            'diamond': [*delivery, 'issue_resolution', 'issue_response', *['manual'] * 4, 'visit'],
            'gold': [*delivery, 'issue_resolution', 'issue_response', *['manual'] * 2, 'visit'],
            'strategic': [*delivery, 'issue_resolution', 'issue_response', 'manual', 'visit'],
            'potential': [*delivery, 'issue_resolution', 'issue_response', 'visit'],
            'general': ['issue_resolution', 'issue_response'],
            'problem': [],
            'key_opportunity': ['issue_resolution', 'issue_response', 'visit'],
            'general_opportunity': ['issue_resolution', 'issue_response'],
            'lost': []})
        self.assertIn(own, gold.promise_ids)
        self.assertFalse(old.active)
        diamond = tiers.filtered(lambda tier: tier.value_class == 'diamond')
        self.assertEqual(
            diamond.promise_ids.filtered(lambda promise: promise.check == 'manual').mapped('role_id.name'),
            ["Operations", "Technical", "Service"])
        # Again, after one was deleted and one renamed: only what is missing.
        diamond.promise_ids.filtered(lambda promise: promise.check == 'visit').unlink()
        count = len(tiers.promise_ids)
        tiers.action_propose_promises()
        self.assertEqual(len(tiers.promise_ids), count + 1)
        self.measure('2026-07-01')
        with self.assertRaises(AccessError):
            self.as_user(gold, self.manager).action_propose_promises()

    def test_proposed_where_nothing_is_promised(self):
        tier = self.as_user(self.tiers['general'], self.champion)
        tier.write({'issue_response_hours': 0, 'issue_resolve_hours': 0})
        tier.action_propose_promises()
        self.assertFalse(tier.promise_ids)

    def test_proposed_in_every_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        tier = self.as_user(self.tiers['gold'], self.champion).with_context(lang='zh_CN')
        tier.action_propose_promises()
        promise = tier.promise_ids.filtered(lambda promise: promise.check == 'issue_response')
        self.assertEqual(promise.with_context(lang='en_US').name, "Rapid response")

    def test_who_sees_what(self):
        promise = self.promise('manual', tier_id=self.tiers['gold'].id)
        self.measure('2026-07-01')
        for user, count in ((self.manager, 2), (self.executive, 2), (self.champion, 2), (self.service, 2),
                            (self.colleague, 0), (self.outsider, 0), (self.stranger, 0)):
            with self.subTest(user=user.login):
                Result = self.as_user(self.env['kam.promise.result'], user)
                self.assertEqual(Result.search_count([('promise_id', '=', promise.id)]), count)
        with self.assertRaises(AccessError):
            self.as_user(promise, self.manager).name = "Less"
        self.assertFalse(self.as_user(self.env['kam.promise'], self.outsider).search([('id', '=', promise.id)]))

    def test_one_statement_for_all_accounts(self):
        promise = self.promise('manual', tier_id=self.tiers['general'].id)
        few = self.statements(lambda: promise.sudo()._measure(date(2026, 6, 1)))
        partners = self.env['res.partner'].create([{'name': f"P{i}", 'is_company': True} for i in range(20)])
        self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id, 'tier_id': self.tiers['general'].id}
            for partner in partners])
        self.assertEqual(self.statements(lambda: promise.sudo()._measure(date(2026, 7, 1))), few)
        self.assertEqual(len(self.results(promise)), 24)
