from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import RecordCapturer, tagged

from odoo.addons.kam_scoring.tests.common import AS_OF, ScoringCase


@tagged('post_install', '-at_install')
class TestAccountAnalysis(ScoringCase):
    """The documents of ScoringCase by month, as of 29 February 2024; see `_acme_documents` for the sums."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Analysis = cls.env['kam.account.analysis']

    def refresh(self, day=AS_OF):
        return self.Analysis._refresh(self.program, day)

    def row(self, account, year, month):
        return self.Analysis.search([('account_id', '=', account.id), ('month', '=', date(year, month, 1))])

    def score(self, account, day, points, health=None, **values):
        run = self.env['kam.score.run'].create({'program_id': self.program.id, 'date': day, 'state': 'done'})
        for purpose, score in (('selection', points), ('health', health)):
            if score is not None:
                self.env['kam.score'].create({
                    'run_id': run.id if purpose == 'selection' else run.copy({'date': day}).id,
                    'account_id': account.id, 'program_id': self.program.id, 'purpose': purpose, 'date': day,
                    'score': score, 'coverage': 100, 'is_snapshot': True, **values})

    # Figures

    def test_months(self):
        """Two companies and currencies, a credit note, a dozen: revenue and margin by hand."""
        self.refresh()
        expected = {
            '2024-02': (100, 40), '2023-06': (1080, 540), '2023-05': (220, 200), '2023-03': (1000, 400),
            '2023-02': (500, 200), '2022-03': (400, 360), '2022-02': (999, 939)}
        rows = self.Analysis.search([('account_id', '=', self.acme.id), ('revenue', '!=', 0)])
        self.assertEqual({str(row.month)[:7]: (row.revenue, row.margin) for row in rows}, expected)
        self.assertEqual(rows.currency_id, self.env.ref('base.EUR'))
        self.assertEqual(self.row(self.beta, 2023, 8).revenue, -250)

    def test_margin_rate(self):
        """Lines without cost count for the revenue only; the rate of many rows is that of their sums."""
        self.invoice(self.acme_partner, '2024-02-10', 300, product=self.advice)
        self.refresh()
        row = self.row(self.acme, 2024, 2)
        self.assertEqual((row.revenue, row.margin, row.margin_rate), (400, 40, 40))
        [(rate,)] = self.Analysis._read_group(
            [('account_id', '=', self.acme.id), ('month', '>=', '2023-05-01')], [], ['margin_rate:avg'])
        self.assertAlmostEqual(rate, 100 * (40 + 540 + 200) / (100 + 1080 + 220))

    def test_key_account_has_each_month(self):
        """From the first invoice on, so that counting key accounts by month counts them all; others have no gaps."""
        self.refresh()
        self.assertEqual(self.Analysis.search_count([('account_id', '=', self.acme.id)]), 25)
        self.assertEqual(self.Analysis.search_count([('account_id', '=', self.free.id)]), 2)

    def test_running_month_has_everybody(self):
        """Also accounts that have never bought, and no month that is still to come."""
        self.refresh()
        rows = self.Analysis.search([('program_id', '=', self.program.id), ('month', '=', '2024-02-01')])
        self.assertEqual(rows.account_id, self.acme | self.beta | self.free)
        self.assertFalse(self.Analysis.search([('program_id', '=', self.program.id), ('month', '>', '2024-02-01')]))
        self.assertEqual(self.row(self.beta, 2024, 2).revenue, 0)

    def test_scores(self):
        """The last score of a month; a month with a score has a row although nothing was sold."""
        model = self.env['kam.scoring.model'].create({
            'name': "Health", 'program_id': self.program.id, 'purpose': 'health', 'green_from': 70, 'amber_from': 40})
        model._fill_defaults()
        model.action_publish()
        self.score(self.acme, '2024-01-10', 50)
        self.score(self.acme, '2024-01-31', 60, health=69)
        self.score(self.acme, '2024-02-20', 70, is_snapshot=False, is_current=True)
        self.score(self.beta, '2024-01-31', 0, coverage=0)
        self.refresh()
        row = self.row(self.acme, 2024, 1)
        self.assertEqual((row.revenue, row.score, row.health, row.health_state), (0, 60, 69, 'amber'))
        self.assertEqual(self.row(self.acme, 2024, 2).score, 70)
        self.assertFalse(self.row(self.beta, 2024, 1), "No data, no score")

    def test_scores_are_averaged_over_those_that_have_one(self):
        self.score(self.acme, '2024-02-20', 70)
        self.refresh()
        [(score,)] = self.Analysis._read_group(
            [('program_id', '=', self.program.id), ('month', '=', '2024-02-01')], [], ['score:avg'])
        self.assertEqual(score, 70)

    def test_standing_of_the_time(self):
        """Tier, category, manager and sponsor are those of the end of the month."""
        self.env['kam.tier.change'].create({
            'account_id': self.acme.id, 'from_tier_id': self.tiers['general'].id,
            'to_tier_id': self.tiers['gold'].id, 'state': 'applied', 'date_applied': '2023-05-15'})
        self.acme.assignment_ids.filtered(lambda seat: seat.role == 'manager').date_from = '2023-05-31'
        self.refresh()
        for month, tier, category, manager in (
                (3, 'general', 'normal', self.env['res.users']), (5, 'gold', 'key', self.manager),
                (6, 'gold', 'key', self.manager)):
            row = self.row(self.acme, 2023, month)
            self.assertEqual((row.tier_id, row.category, row.manager_id), (self.tiers[tier], category, manager))
        self.assertFalse(self.row(self.acme, 2023, 6).sponsor_id)
        self.assertEqual(self.row(self.acme, 2024, 2).sponsor_id, self.executive)

    def test_category_by_trade(self):
        """Before the first invoice a target, after too long a silence lost."""
        self.program.lost_after_days = 90
        for day in ('2022-11-30', '2023-02-28', '2023-03-31'):
            self.score(self.free, day, 50)
        self.refresh()
        self.assertEqual(
            [self.row(self.free, *month).category for month in ((2022, 11), (2022, 12), (2023, 2), (2023, 3))],
            ['target', 'normal', 'normal', 'lost'])

    # How they were looked after

    def served(self):
        """Of acme, in January: two issues, one of them resolved too late in February, 3 of 4 promises, two reviews."""
        promise = self.env['kam.promise'].create({
            'tier_id': self.acme.tier_id.id, 'name': "Calls", 'check': 'manual',
            'role_id': self.env.ref('kam_management.role_service').id})
        issues = self.env['kam.issue'].create([
            {'name': "Hot", 'account_id': self.acme.id, 'date_reported': f'2024-01-{day} 09:00:00'}
            for day in ('10', '31')])
        self.env['kam.promise.result'].create([
            {'promise_id': promise.id, 'account_id': self.acme.id, 'date': f'2024-0{month}-01', 'total': total,
             'kept': kept, 'state': 'broken'} for month, total, kept in ((1, 4, 3), (2, 1, 0))])
        with freeze_time('2024-01-20'):
            reviews = self.env['kam.review'].create([
                {'account_id': self.acme.id, 'kind': kind, 'date_due': '2024-01-20'}
                for kind in ('business', 'internal')])
            reviews.action_hold()
        rating = reviews.scorecard_ids.filtered(lambda one: one.dimension == 'satisfaction')[:1]
        rating.answer = '0'
        self.env.flush_all()
        done = self.env['kam.issue.stage'].search([('kind', '=', 'done')], limit=1)
        with freeze_time('2024-02-20 09:00:00'):
            issues[0].write({'stage_id': done.id, 'resolution': "Done"})
            self.env.flush_all()

    def test_service(self):
        self.served()
        self.refresh()
        names = ('issues_reported', 'issues_late', 'promises_due', 'promises_kept', 'promises_rate', 'reviews_held',
                 'satisfaction')
        january, february = self.row(self.acme, 2024, 1), self.row(self.acme, 2024, 2)
        self.assertEqual([january[name] for name in names], [2, 0, 4, 3, 75, 2, 0])
        self.assertEqual([february[name] for name in names], [0, 1, 1, 0, 0, 0, 0])
        [(rate, satisfaction, reported)] = self.Analysis._read_group(
            [('account_id', '=', self.acme.id)], [],
            ['promises_rate:avg', 'satisfaction:avg', 'issues_reported:sum'])
        self.assertEqual((rate, satisfaction, reported), (60, 0, 2), "a month without answer is not in the mean")
        [(unknown,)] = self.Analysis._read_group([('account_id', '=', self.beta.id)], [], ['satisfaction:avg'])
        self.assertFalse(unknown)

    def test_service_equals_sql(self):
        self.served()
        self.refresh()
        self.env.cr.execute(
            """SELECT COUNT(*), COUNT(*) FILTER (WHERE date_resolution_due < date_resolved)
                 FROM kam_issue WHERE account_id = %s""", [self.acme.id])
        expected = self.env.cr.fetchone()
        self.assertEqual(self.Analysis._read_group(
            [('account_id', '=', self.acme.id)], [], ['issues_reported:sum', 'issues_late:sum']), [expected])

    def test_month_of_service_alone(self):
        """Who bought nothing and complained has a row."""
        self.assertFalse(self.row(self.free, 2023, 3))
        self.env['kam.issue'].create({
            'name': "Hot", 'account_id': self.free.id, 'date_reported': '2023-03-10 09:00:00'})
        self.refresh()
        row = self.row(self.free, 2023, 3)
        self.assertEqual((row.issues_reported, row.revenue), (1, 0))
        self.assertEqual(self.refresh(), 0)

    # Computing again

    def test_nothing_new(self):
        self.assertTrue(self.refresh())
        self.assertEqual(self.refresh(), 0)

    def test_changes(self):
        """What was corrected is written, what is gone goes, the rest stays as it is."""
        self.refresh()
        before = self.row(self.free, 2022, 12)
        self.env['account.move'].search([('partner_id', '=', self.free_partner.id)]).button_draft()
        self.invoice(self.acme_partner, '2023-03-10', 10)
        self.assertEqual(self.refresh(), 3, "and the one of today: without an invoice it is a target")
        self.assertFalse(before.exists())
        self.assertEqual(self.row(self.acme, 2023, 3).revenue, 1010)

    def test_statements_do_not_grow(self):
        self.refresh()
        few = self.statements(self.refresh)
        partners = self.env['res.partner'].create([{'name': f"P{n}", 'is_company': True} for n in range(20)])
        self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id} for partner in partners])
        for partner in partners[:5]:
            self.invoice(partner, '2024-01-01', 10)
        self.env['kam.issue'].create([
            {'name': "Hot", 'account_id': account.id, 'date_reported': '2023-03-10 09:00:00'}
            for account in self.env['kam.account'].search([('partner_id', 'in', partners.ids)])])
        self.assertEqual(self.statements(self.refresh), few)

    def test_a_run_asks_for_it(self):
        self.publish_model()
        cron = self.env.ref('kam_reports.ir_cron_account_analysis')
        with RecordCapturer(self.env['ir.cron.trigger'], [('cron_id', '=', cron.id)]) as triggers:
            self.run_scoring()
        self.assertTrue(triggers.records)

    def test_scheduled(self):
        self.invoice(self.acme_partner, date.today(), 10)
        with self.enter_registry_test_mode():
            self.env.ref('kam_reports.ir_cron_account_analysis').method_direct_trigger()
        today = date.today()
        self.assertEqual(self.row(self.acme, today.year, today.month).revenue, 10)

    # Access

    def seen(self, user, companies=None):
        return set(self.as_user(self.Analysis, user, companies).search([]).account_id.sudo().mapped('display_name'))

    def test_rows_follow_their_account(self):
        self.refresh()
        both = self.company_a | self.company_b
        gone = self.env['kam.account'].search([('program_id', 'not in', (self.program | self.program_b).ids)])
        for user, names in (
            (self.champion, {"Acme", "Beta", "Free"}), (self.executive, {"Acme", "Beta", "Free"}),
            (self.manager, {"Acme", "Free"}), (self.colleague, {"Beta", "Free"}), (self.outsider, {"Free"}),
        ):
            rows = self.as_user(self.Analysis, user).search([('account_id', 'not in', gone.ids)])
            self.assertEqual(set(rows.account_id.mapped('display_name')), names, user.login)
        self.assertEqual(self.seen(self.champion, both), {"Acme", "Beta", "Free"})

    def test_other_company(self):
        """A programme of company B alone is not in company A, whoever looks."""
        account = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.gamma_partner.id})
        self.invoice(self.gamma_partner, '2024-01-20', 300, company=self.company_b)
        self.Analysis._refresh(self.program_b, AS_OF)
        row = self.row(account, 2024, 1)
        self.assertEqual((row.revenue, row.currency_id.name), (300, 'USD'), "without what company A sells")
        self.assertNotIn("Gamma", self.seen(self.executive))
        self.assertNotIn("Gamma", self.seen(self.champion, self.company_a))
        self.assertIn("Gamma", self.seen(self.champion, self.company_b))
        self.assertIn("Gamma", self.seen(self.outsider))

    def test_nobody_else(self):
        with self.assertRaises(AccessError):
            self.as_user(self.Analysis, self.sales).search([])

    def test_nobody_writes(self):
        self.refresh()
        for user in (self.champion, self.executive, self.manager):
            own = self.as_user(self.Analysis, user)
            with self.assertRaises(AccessError):
                own.create({'account_id': self.acme.id, 'program_id': self.program.id, 'month': '2020-01-01'})
            with self.assertRaises(AccessError):
                self.as_user(self.row(self.acme, 2024, 2), user).revenue = 1e9
            with self.assertRaises(AccessError):
                self.as_user(self.row(self.acme, 2024, 2), user).unlink()

    def test_pivot(self):
        """The pivot view as the browser asks for it, with the filters of the menu."""
        self.refresh()
        rows = self.as_user(self.Analysis, self.executive).formatted_read_grouping_sets(
            [('category', '=', 'key'), ('program_id', '=', self.program.id)], [[], ['month:month'], ['tier_id']],
            ['__count', 'account_id:count_distinct', 'revenue:sum', 'margin_rate:avg', 'score:avg'])
        total = rows[0][0]
        self.assertEqual((total['account_id:count_distinct'], total['revenue:sum']), (1, 4299))
        self.assertEqual(len(rows[1]), 25)

    def test_opens_the_account(self):
        self.refresh()
        action = self.as_user(self.row(self.acme, 2024, 2), self.manager).action_open_account()
        self.assertEqual((action['res_model'], action['res_id']), ('kam.account', self.acme.id))
