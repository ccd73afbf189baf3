from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.kam_management.tests.people import PeopleCase
from odoo.addons.kam_scoring.metrics import METRICS, Scope

from .common import AS_OF, ScoringCase


class SignalCase(ScoringCase, PeopleCase):
    """ScoringCase with the people of PeopleCase. Records are made on the days that the tests say."""

    def made(self, records, day):
        """As if the records had been there since a day."""
        self.env.flush_all()
        self.cr.execute(SQL("UPDATE %s SET create_date = %s WHERE id = ANY(%s)",
                            SQL.identifier(records._table), day, records.ids))
        records.invalidate_recordset(['create_date'])
        return records

    def on(self, code, account=None, day=AS_OF):
        self.env.flush_all()
        value = self.value(code, account or self.acme, Scope.of(self.program, day))
        return value if value is None else float(value)

    def documents(self, code, account=None, day=AS_OF):
        model, domain = METRICS[code].documents(Scope.of(self.program, day), account or self.acme)
        return self.env[model].search(domain)


@tagged('post_install', '-at_install')
class TestWalletMetrics(SignalCase):
    """Sales of Acme as of 2024-02-29: Acme 1000 - 100 + 100 = 1000, Acme Asia 320 + 1080 = 1400 (dollars converted)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env['product.category']
        cls.drives = Category.create({'name': "Drives"})
        cls.pumps = Category.create({'name': "Pumps of Drives", 'parent_id': cls.drives.id})
        cls.services = Category.create({'name': "Services"})
        cls.pump.categ_id = cls.pumps
        cls.program.wallet_category_ids = cls.drives | cls.services

    def line(self, categ, spend, account=None, day='2023-01-01', **values):
        return self.made(self.env['kam.wallet.line'].create({
            'account_id': (account or self.acme).id, 'categ_id': categ.id, 'spend': spend, **values}), day)

    def test_share_and_potential(self):
        self.assertIsNone(self.on('share_of_wallet'), "nobody has estimated")
        self.assertIsNone(self.on('wallet_potential'))
        self.line(self.drives, 6000)
        self.assertAlmostEqual(self.on('share_of_wallet'), 100 * 2400 / 6000, 12)
        self.assertEqual(self.on('wallet_potential'), 3600)
        self.line(self.services, 2000, is_blocked=True, blocked_reason="In-house")
        self.assertAlmostEqual(self.on('share_of_wallet'), 100 * 2400 / 8000, 12, "blocked or not, they spend it")
        self.assertEqual(self.on('wallet_potential'), 3600, "but it cannot be won")
        asia = self.line(self.drives, 1000, entity_id=self.acme_asia.id)
        self.assertAlmostEqual(self.on('share_of_wallet'), 100 * 2400 / 8000, 12, "the whole, not its part again")
        self.assertIn(asia, self.documents('share_of_wallet'))
        self.assertIsNone(self.on('share_of_wallet', self.beta))

    def test_by_entity(self):
        """1400 of 2800 at Acme Asia; 1000 at Acme, more than the estimated 800."""
        self.line(self.drives, 2800, entity_id=self.acme_asia.id)
        self.line(self.drives, 800, entity_id=self.acme_partner.id)
        self.assertAlmostEqual(self.on('share_of_wallet'), 100 * (1400 + 1000) / 3600, 12)
        self.assertEqual(self.on('wallet_potential'), 1400, "one entity's surplus does not fill another's gap")

    def test_another_day(self):
        self.line(self.drives, 6000, day='2023-06-15')
        # the day before the sale in pounds, and with that of 2023-02-28
        self.assertAlmostEqual(self.on('share_of_wallet', day=date(2024, 2, 27)), 100 * (2400 - 100 + 500) / 6000, 12)
        self.assertIsNotNone(self.on('share_of_wallet', day=date(2023, 6, 15)))
        self.assertIsNone(self.on('share_of_wallet', day=date(2023, 6, 14)), "not estimated yet")

    def test_nothing_estimated_is_no_data(self):
        self.line(self.drives, 0)
        self.assertIsNone(self.on('share_of_wallet'))
        self.line(self.services, 500, self.free, is_blocked=True, blocked_reason="In-house")
        self.assertEqual((self.on('share_of_wallet', self.free), self.on('wallet_potential', self.free)), (0, 0))

    def test_same_figures_as_on_the_account(self):
        with freeze_time(AS_OF):
            self.line(self.drives, 6000)
            self.line(self.services, 1500)
            self.line(self.services, 300, self.beta, entity_id=self.beta_partner.id)
            self.env.invalidate_all()
            for account in (self.acme, self.beta):
                self.assertAlmostEqual(self.on('share_of_wallet', account), account.wallet_share, 9)
                self.assertAlmostEqual(self.on('wallet_potential', account), account.white_amount, 9)


@tagged('post_install', '-at_install')
class TestPipelineMetric(SignalCase):

    def lead(self, partner, revenue, probability, company=None, day='2024-01-15', **values):
        lead = self.env['crm.lead'].create({
            'name': "Pumps", 'type': 'opportunity', 'partner_id': partner.id, 'expected_revenue': revenue,
            'company_id': (company or self.company_a).id, 'user_id': False, **values})
        lead.probability = probability
        return self.made(lead, day)

    def test_pipeline(self):
        """1000 x 50 % + 2000 USD x 25 % x 0.90 of two entities, and of no company 100 x 10 %."""
        self.assertIsNone(self.on('open_pipeline_weighted'), "there never was an opportunity")
        first = self.lead(self.ann_partner, 1000, 50)
        second = self.lead(self.acme_asia, 2000, 25, self.company_b)
        third = self.lead(self.acme_partner, 100, 10)
        third.company_id = False
        self.lead(self.acme_partner, 9000, 50, type='lead')
        self.lead(self.acme_partner, 9000, 50, day='2024-03-01')
        other = self.env['res.company'].create({'name': "Elsewhere"})
        self.lead(self.acme_partner, 9000, 50, other)
        self.assertEqual(self.on('open_pipeline_weighted'), 500 + 450 + 10)
        self.assertEqual(self.documents('open_pipeline_weighted'), first | second | third)
        self.assertEqual(
            self.on('open_pipeline_weighted', day=date(2023, 5, 31)), None, "nothing was there yet")

    def test_rate_of_the_as_of_date(self):
        self.lead(self.acme_asia, 2000, 50, self.company_b, day='2023-01-01')
        self.assertEqual(self.on('open_pipeline_weighted', day=date(2023, 5, 31)), 800)
        self.assertEqual(self.on('open_pipeline_weighted', day=date(2023, 6, 1)), 900)

    def test_closed(self):
        """Won in March: open in February, with the probability of today."""
        lead = self.lead(self.acme_partner, 1000, 50)
        lead.action_set_won()
        lead.date_closed = datetime(2024, 3, 1, 8)
        gone = self.lead(self.acme_partner, 700, 50)
        gone.action_set_lost()
        gone.date_closed = datetime(2024, 2, 10)
        self.assertEqual(self.on('open_pipeline_weighted'), 1000)
        self.assertEqual(self.documents('open_pipeline_weighted'), lead)
        self.assertEqual(self.on('open_pipeline_weighted', day=date(2024, 3, 1)), 0, "had some, none is open")
        self.assertFalse(self.documents('open_pipeline_weighted', day=date(2024, 3, 1)))


@tagged('post_install', '-at_install')
class TestPeopleMetrics(SignalCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = date.today()

    def test_live_contacts(self):
        """Ann met us, Bob was called about an opportunity, Eve wrote too long ago."""
        self.meeting(self.ann_partner, self.manager, 90)
        self.meeting(self.ann_partner, self.manager, 20)
        self.mail(self.eve_partner, 91)
        lead = self.env['crm.lead'].create({'name': "Pumps", 'partner_id': self.bob_partner.id})
        call = lead.activity_schedule('mail.mail_activity_data_call', user_id=self.manager.id)
        call._action_done()
        self.assertEqual(self.on('live_contacts', day=self.today), 2)
        self.assertEqual(self.acme.live_contact_count, 2, "as on the account")
        self.assertIsNone(self.on('live_contacts', self.beta, self.today), "no map: nothing is known")
        self._person(self.beta, self.cyd_partner)
        self.assertEqual(self.on('live_contacts', self.beta, self.today), 0)
        self.program.contact_live_days = 91
        self.assertEqual(self.on('live_contacts', day=self.today), 3)
        self.eve.action_has_left()
        self.bob.active = False
        self.env.invalidate_all()
        self.assertEqual(self.on('live_contacts', day=self.today), self.acme.live_contact_count)
        self.assertEqual(self.acme.live_contact_count, 1)
        self.assertEqual(self.documents('live_contacts', day=self.today), self.ann)

    def test_declined_meetings_and_our_own_mails(self):
        self.meeting(self.ann_partner, self.manager, 10, state='declined')
        self.meeting(self.ann_partner, self.manager, -3)
        self.mail(self.bob_partner, 3, author_id=self.manager.partner_id.id, recipients=self.bob_partner)
        self.assertEqual(self.on('live_contacts', day=self.today), 0)

    def test_live_contacts_of_a_past_day(self):
        self.mail(self.ann_partner, 100)
        self.mail(self.bob_partner, 5)
        past = self.today - timedelta(days=60)
        self.assertIsNone(self.on('live_contacts', day=past), "nobody was on the map")
        self.made(self.ann | self.bob, past - timedelta(days=50))
        self.assertEqual(self.on('live_contacts', day=past), 1, "the mail of Ann; that of Bob came later")
        self.assertEqual(self.on('live_contacts', day=self.today), 1, "Bob; Ann wrote too long ago")
        self.ann.date_left = past + timedelta(days=1)
        self.assertEqual(self.on('live_contacts', day=past), 1, "she left later")

    def test_stakeholder_cover(self):
        self.assertEqual(self.on('stakeholder_cover', day=self.today), 0)
        self.ann.user_ids = self.manager | self.executive
        self.bob.user_ids = self.champion2
        self.assertAlmostEqual(self.on('stakeholder_cover', day=self.today), 100 * 2 / 3, 12)
        self.ann.buying_role = 'influencer'
        self.assertEqual(self.on('stakeholder_cover', day=self.today), 50, "a decider is missing: 2 of 3 + 1")
        self._person(self.beta, self.cyd_partner).user_ids = self.colleague
        self.assertAlmostEqual(self.on('stakeholder_cover', self.beta, self.today), 100 / 3, 12)
        self.assertIsNone(self.on('stakeholder_cover', self.free, self.today))
        self.champion2.active = False
        self.assertEqual(self.on('stakeholder_cover', day=self.today), 25, "whoever has left covers nobody")


@tagged('post_install', '-at_install')
class TestServiceMetrics(SignalCase):
    """The apps need not be installed: their tables are stood in for by temporary ones, which PostgreSQL sees first."""

    def table(self, name, columns, rows):
        self.cr.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")  # pylint: disable=sql-injection
        for row in rows:
            self.cr.execute(SQL("INSERT INTO %s VALUES %s", SQL.identifier(name), tuple(row)))

    def test_rating(self):
        self.table('rating_rating', "partner_id int, rating float8, consumed boolean, rated_on timestamp", [
            (self.ann_partner.id, 5, True, '2023-03-01 00:00:00'),
            (self.bob_partner.id, 2, True, '2024-02-29 23:59:00'),
            (self.acme_partner.id, 3, True, '2023-06-01'), (self.acme_partner.id, 0, True, '2023-06-01'),
            (self.acme_partner.id, 1, False, '2023-06-01'), (self.acme_partner.id, 1, True, '2023-02-28 12:00:00'),
            (self.acme_partner.id, 1, True, '2024-03-01 00:00:00'), (self.beta_partner.id, 1, True, '2022-01-01')])
        self.assertAlmostEqual(self.on('rating'), 10 / 3, 12)
        self.assertIsNone(self.on('rating', self.beta))

    def test_survey(self):
        self.table('survey_survey', "id int, scoring_type varchar", [(1, 'scoring_with_answers'), (2, 'no_scoring')])
        columns = ("partner_id int, survey_id int, state varchar, test_entry boolean, end_datetime timestamp, "
                   "scoring_percentage float8")
        self.table('survey_user_input', columns, [
            (self.ann_partner.id, 1, 'done', False, '2023-12-01', 90),
            (self.bob_partner.id, 1, 'done', None, '2024-02-29', 70),
            (self.bob_partner.id, 1, 'done', True, '2024-02-01', 1),
            (self.bob_partner.id, 1, 'in_progress', False, None, 0),
            (self.bob_partner.id, 2, 'done', False, '2024-02-01', 0),
            (self.eve_partner.id, 1, 'done', False, '2024-03-01', 1)])
        self.assertEqual(self.on('survey_score'), 80)
        self.assertIsNone(self.on('survey_score', self.free))

    def test_deliveries(self):
        """Three in time (also late in the evening of the day), one late, of both companies and entities."""
        self.table('stock_picking_type', "id int, code varchar", [(1, 'outgoing'), (2, 'incoming')])
        columns = ("partner_id int, picking_type_id int, company_id int, state varchar, date_done timestamp, "
                   "date_deadline timestamp")
        acme, asia, a, b = self.acme_partner.id, self.acme_asia.id, self.company_a.id, self.company_b.id
        other = self.env['res.company'].create({'name': "Elsewhere"}).id
        self.table('stock_picking', columns, [
            (acme, 1, a, 'done', '2023-03-01 09:00:00', '2023-03-04'),
            (asia, 1, b, 'done', '2024-02-29 22:00:00', '2024-02-29 08:00:00'),
            (self.eve_partner.id, 1, a, 'done', '2023-05-01', '2023-05-01'),
            (acme, 1, a, 'done', '2023-05-02', '2023-05-01'), (acme, 1, a, 'done', '2023-05-02', None),
            (acme, 1, a, 'assigned', None, '2023-05-01'),
            (acme, 2, a, 'done', '2023-05-02', '2023-05-01'), (acme, 1, other, 'done', '2023-05-02', '2023-05-01'),
            (acme, 1, a, 'done', '2023-02-28', '2023-02-01'), (acme, 1, a, 'done', '2024-03-01', '2023-02-01')])
        self.assertEqual(self.on('on_time_delivery'), 75)
        self.assertIsNone(self.on('on_time_delivery', self.beta))

    def test_overdue_tasks(self):
        columns = ("partner_id int, company_id int, active boolean, is_template boolean, state varchar, "
                   "create_date timestamp, date_deadline timestamp")
        acme, bob, a = self.acme_partner.id, self.bob_partner.id, self.company_a.id
        self.table('project_task', columns, [
            (acme, a, True, False, '01_in_progress', '2024-01-01', '2024-02-28 17:00:00'),
            (bob, None, True, None, '03_approved', '2022-01-01', '2022-02-01'),
            (acme, a, True, False, '1_done', '2024-01-01', '2024-02-01'),
            (acme, a, True, False, '01_in_progress', '2024-01-01', '2024-02-29 08:00:00'),
            (acme, a, True, False, '01_in_progress', '2024-03-01', '2024-02-01'),
            (acme, a, True, True, '01_in_progress', '2024-01-01', '2024-02-01'),
            (acme, a, False, False, '01_in_progress', '2024-01-01', '2024-02-01'),
            (self.free_partner.id, a, True, False, '1_done', '2024-01-01', '2024-02-01'),
            (self.beta_partner.id, a, True, False, '1_done', '2022-01-01', '2022-02-01')])
        self.assertEqual(self.on('overdue_tasks'), 2)
        self.assertEqual(self.on('overdue_tasks', self.free), 0, "all done")
        self.assertIsNone(self.on('overdue_tasks', self.beta), "nothing was due in the year")

    def test_domains_behind_the_values(self):
        """Models may be missing; the account's entities and the window are named in any case."""
        for code in ('rating', 'survey_score', 'on_time_delivery', 'overdue_tasks'):
            model, domain = METRICS[code].documents(self.scope, self.acme)
            self.assertEqual(set(domain[0][2]), set((self.acme_partner | self.acme_asia).ids), code)
            if METRICS[code].is_available(self.env):
                self.env[model].search(domain)

    def test_offered_where_the_app_is_installed(self):
        required = {
            'rating': 'rating', 'survey_score': 'survey', 'on_time_delivery': 'stock', 'overdue_tasks': 'project'}
        Criterion = self.env['kam.scoring.criterion']
        for installed in (set(), {'stock'}, set(required.values())):
            with patch.object(self.env.registry, '_init_modules', {'kam_scoring', *installed}):
                offered = {code for code, _label in Criterion._selection_metric()} & required.keys()
            self.assertEqual(offered, {code for code, module in required.items() if module in installed})


@tagged('post_install', '-at_install')
class TestSignalsInARun(SignalCase):

    def test_run_with_all_metrics_that_are_offered(self):
        """They compute together, and an archived account has no values."""
        codes = [code for code, one in METRICS.items() if one.is_available(self.env)]
        self.publish_model(criteria=[
            (code, 10, 'linear', METRICS[code].zero, METRICS[code].full) for code in codes])
        self.judge(acme='5')
        run = self.run_scoring()
        self.assertEqual(run.state, 'done', run.message)
        failed = [line['metric'] for line in self.acme.score_id.breakdown if line['failed']]
        self.assertFalse(failed)
        self.assertEqual({line['metric']: line['points'] for line in self.acme.score_id.breakdown}['influence'], 100)

    def test_documents_open(self):
        """The button beside each figure leads to records that the reader may see."""
        self.publish_model(criteria=[
            (code, 10, 'linear', 0, 5)
            for code in ('influence', 'wallet_potential', 'live_contacts', 'open_pipeline_weighted')])
        self.judge(acme='5')
        self.run_scoring()
        account = self.as_user(self.acme, self.manager)
        models = {line.metric: line.action_open_documents()['res_model'] for line in account.score_line_ids}
        self.assertEqual(models, {
            'influence': 'kam.judgement', 'wallet_potential': 'kam.wallet.line', 'live_contacts': 'kam.stakeholder',
            'open_pipeline_weighted': 'crm.lead'})


@tagged('post_install', '-at_install')
class TestIssueMetrics(SignalCase):

    def test_open_issues(self):
        """Two of Acme's four are open on the day; nobody counts before the first one was written down."""
        done = self.env['kam.issue.stage'].search([('kind', '=', 'done')], limit=1)
        self.assertIsNone(self.on('open_issues'))
        for reported, resolved in (
                ('2024-02-01 08:00:00', False), ('2024-02-29 23:59:59', '2024-03-01 00:00:00'),
                ('2024-02-02 08:00:00', '2024-02-29 23:00:00'), ('2024-03-01 00:00:00', False)):
            self.env['kam.issue'].create({
                'name': "Late", 'account_id': self.acme.id, 'date_reported': reported, 'date_responded': resolved,
                'date_resolved': resolved, 'resolution': resolved and "Sent",
                **({'stage_id': done.id} if resolved else {})})
        self.assertEqual(self.on('open_issues'), 2)
        self.assertEqual(sorted(self.documents('open_issues').mapped('date_reported')), [
            datetime(2024, 2, 1, 8), datetime(2024, 2, 29, 23, 59, 59)])
        self.assertEqual(self.on('open_issues', self.beta), 0)
        self.assertIsNone(self.on('open_issues', day=date(2024, 1, 31)))
