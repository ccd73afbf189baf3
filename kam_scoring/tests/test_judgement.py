from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import SQL, file_path, mute_logger
from odoo.tools.sql import column_exists

from odoo.addons.kam_management.tests.rpc_common import ACCESS, USER, RpcCase
from odoo.addons.kam_scoring.metrics import METRICS, Scope

from .common import ScoringCase


@tagged('post_install', '-at_install')
class TestJudgement(ScoringCase):

    def on(self, day, code='influence', account=None):
        self.env.flush_all()
        return self.value(code, account or self.acme, Scope.of(self.program, date.fromisoformat(day)))

    def judge_as(self, user, account=None, kind='influence', level='4', **values):
        Judgement = self.as_user(self.env['kam.judgement'], user)
        return Judgement.create({'account_id': (account or self.acme).id, 'kind': kind, 'level': level, **values})

    # Which one counts

    def test_latest_valid_one_counts_on_any_day(self):
        """3 from January to the end of the year, 5 in March for a month: history stays, and can be replayed."""
        self.judge_account(self.acme, '3', date='2024-01-10', date_end='2025-01-10')
        self.judge_account(self.acme, '5', date='2024-03-01', date_end='2024-04-01')
        self.assertIsNone(self.on('2024-01-09'), "nobody had judged")
        self.assertEqual(self.on('2024-01-10'), 3, "from the day of the judgement")
        self.assertEqual(self.on('2024-02-29'), 3)
        self.assertEqual(self.on('2024-03-01'), 5)
        self.assertEqual(self.on('2024-03-31'), 5, "the last day before it expires")
        self.assertEqual(self.on('2024-04-01'), 3, "on the day of expiry the older one that is valid counts again")
        self.assertEqual(self.on('2025-01-09'), 3)
        self.assertIsNone(self.on('2025-01-10'), "expired: no data")

    def test_two_on_one_day(self):
        self.judge_account(self.acme, '2', date='2024-01-10')
        self.judge_account(self.acme, '4', date='2024-01-10')
        self.judge_account(self.acme, '1', date='2023-01-10')
        self.assertEqual(self.on('2024-02-01'), 4, "the later of the day, not the one entered last")

    def test_kinds_do_not_mix(self):
        self.judge_account(self.acme, '1', 'influence')
        self.judge_account(self.acme, '2', 'fit')
        self.judge_account(self.beta, '3', 'openness')
        self.assertEqual(
            [self.on('2024-02-01', code) for code in ('influence', 'strategic_fit', 'openness')], [1, 2, None])
        self.assertEqual(self.on('2024-02-01', 'openness', self.beta), 3)

    def test_withdrawn(self):
        self.judge_account(self.acme, '4', date='2024-01-10')
        self.judge_account(self.acme, False, date='2024-02-10')
        self.assertEqual((self.on('2024-02-09'), self.on('2024-02-10')), (4, None))

    def test_score_of_a_past_day(self):
        self.publish_model(criteria=[('influence', 10, 'linear', 1, 5)])
        self.judge_account(self.acme, '5', date='2024-01-10', date_end='2024-02-29')
        self.run_scoring(date(2024, 2, 28))
        self.assertEqual((self.acme.score, self.acme.score_coverage), (100, 100))
        self.run_scoring()
        self.assertEqual((self.acme.score, self.acme.score_coverage), (0, 0), "expired on the as-of date: no data")

    def test_other_programme(self):
        """The same customer in two programmes is judged in each."""
        account_b = self.env['kam.account'].create({'program_id': self.program_b.id, 'partner_id': self.acme_asia.id})
        self.judge_account(account_b, '2')
        self.assertIsNone(self.on('2024-02-01'))
        self.env.flush_all()
        self.assertEqual(METRICS['influence'].values(Scope.of(self.program_b, date(2024, 2, 1))), {account_b.id: 2})

    # The fields of the account

    def test_choosing_a_level_is_judging(self):
        account = self.as_user(self.acme, self.manager)
        account.influence = '4'
        account.write({'strategic_fit': '2', 'openness': '5'})
        today = date.today()
        self.assertEqual(
            [(one.kind, one.level, one.user_id, one.date, one.date_end) for one in account.judgement_ids.sorted('id')],
            [(kind, level, self.manager, today, today + relativedelta(months=12)) for kind, level in (
                ('influence', '4'), ('fit', '2'), ('openness', '5'))])
        self.env.invalidate_all()
        self.assertEqual((account.influence, account.strategic_fit, account.openness), ('4', '2', '5'))
        self.assertIn("Influence in Its Market judged: 4 – strong.", account.message_ids.mapped('preview')[-1])
        account.influence = '3'
        self.assertEqual(len(account.judgement_ids), 4, "nothing is overwritten")
        self.assertEqual(account.influence, '3')
        account.influence = False
        account.influence = False
        self.env.invalidate_all()
        self.assertFalse(account.influence)
        self.assertEqual(len(account.judgement_ids), 5, "withdrawn once; there is nothing to withdraw any more")

    def test_many_accounts_at_once(self):
        (self.acme | self.beta).influence = '2'
        self.assertEqual((self.acme | self.beta).judgement_ids.mapped('level'), ['2', '2'])
        self.assertFalse(self.free.influence)

    def test_expired_on_the_form(self):
        self.judge_account(self.acme, '4', date='2024-01-10', date_end='2024-06-10')
        self.judge_account(self.acme, '2', 'fit', date='2024-01-10', date_end='2024-12-10')
        self.judge_account(self.acme, '3', 'fit', date='2024-02-10', date_end='2024-03-10')
        with freeze_time('2024-06-09'):
            self.assertEqual(self.acme.influence, '4')
        self.env.invalidate_all()
        with freeze_time('2024-06-10'):
            self.assertEqual((self.acme.influence, self.acme.strategic_fit), (False, '2'))
            self.assertEqual(
                {one.kind: (one.level, one.state) for one in self.acme.latest_judgement_ids},
                {'influence': ('4', 'expired'), 'fit': ('2', 'current')},
                "the one that counts, else the last one that has expired")

    def test_states(self):
        old = self.judge_account(self.acme, '4', date='2024-01-10', date_end='2024-06-10')
        first = self.judge_account(self.acme, '3')
        second = self.judge_account(self.acme, '5', date='2024-02-01')
        judgements = old | first | second
        self.assertEqual(judgements.mapped('state'), ['expired', 'replaced', 'current'])
        for judgement in judgements:
            self.assertEqual(self.env['kam.judgement'].search([
                ('id', 'in', judgements.ids), ('state', '=', judgement.state)]), judgement)

    def test_search_sort_and_group(self):
        self.judge(acme='4', beta='5')
        self.judge_account(self.free, '3', date='2024-01-10', date_end='2024-06-10')
        Account = self.env['kam.account']
        mine = [('program_id', '=', self.program.id)]
        for domain, expected in (
            ([('influence', '=', '4')], self.acme), ([('influence', '!=', '4')], self.beta | self.free),
            ([('influence', 'in', ('4', '5'))], self.acme | self.beta), ([('influence', '=', False)], self.free),
            ([('influence', '!=', False)], self.acme | self.beta), ([('openness', '=', False)], Account.search(mine)),
            ([('influence', 'in', ('5', False))], self.beta | self.free),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(
                    Account.search(mine + domain), expected.sorted(lambda one: (one.tier_sequence, one.id)))
        self.assertEqual(
            Account.search(mine, order='influence desc nulls last, id'), self.beta + self.acme + self.free)
        self.assertEqual(Account._read_group(mine, ['influence'], ['__count']), [('4', 1), ('5', 1), (False, 1)])
        described = Account.fields_get(['influence', 'openness'], ['groupable', 'sortable', 'searchable'])
        self.assertTrue(all(all(one.values()) for one in described.values()))

    def test_lists_stay_flat(self):
        """One statement for the judgements of a page, however many accounts are on it."""
        accounts = self.acme | self.beta | self.free
        self.judge(acme='4', beta='5', free='1')
        few = self.statements(lambda: self.acme.read(['influence', 'strategic_fit', 'openness']))
        self.assertLessEqual(self.statements(
            lambda: accounts.read(['influence', 'strategic_fit', 'openness'])), few)

    # How long

    def test_the_programme_says_how_long(self):
        self.program.judgement_months = 6
        judgement = self.judge_as(self.manager)
        self.assertEqual(judgement.date_end, date.today() + relativedelta(months=6))
        self.program.judgement_months = 24
        self.env.flush_all()
        self.assertEqual(judgement.date_end, date.today() + relativedelta(months=6), "what was said keeps its end")
        self.program.judgement_months = 0
        self.assertFalse(self.judge_as(self.manager).date_end, "for good")
        self.program.judgement_months = 1
        with self.assertRaisesRegex(UserError, "at most"):
            self.judge_as(self.manager, date_end=date.today() + relativedelta(months=2))
        with self.assertRaisesRegex(UserError, "at most"):
            self.judge_as(self.manager, date_end=False)
        sooner = self.judge_as(self.manager, date_end=date.today() + relativedelta(days=3))
        self.assertEqual(sooner.date_end, date.today() + relativedelta(days=3))
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.judge_as(self.manager, date_end=date.today())

    # Who

    def test_whoever_writes_the_account_judges(self):
        for user, account in (
            (self.manager, self.acme), (self.executive, self.acme), (self.colleague, self.beta),
            (self.champion, self.free),
        ):
            self.assertEqual(self.judge_as(user, account).user_id, user)
        for user, account in (
            (self.manager, self.beta), (self.manager, self.free), (self.executive, self.beta),
            (self.colleague, self.acme), (self.outsider, self.acme), (self.sales, self.acme),
        ):
            with self.subTest(user=user.login, account=account.display_name), self.assertRaises(AccessError):
                self.judge_as(user, account)
            with self.assertRaises(AccessError):
                self.as_user(account, user).openness = '5'

    def test_judgements_are_read_where_the_account_is(self):
        for account in (self.acme, self.beta, self.free):
            self.judge_account(account, '3')
        account_b = self.env['kam.account'].create({'program_id': self.program_b.id, 'partner_id': self.acme_asia.id})
        self.judge_account(account_b, '2')
        everything = self.acme | self.beta | self.free | account_b
        for user, expected in (
            (self.manager, self.acme | self.free), (self.colleague, self.beta | self.free),
            (self.executive, self.acme | self.beta | self.free), (self.champion, everything),
            (self.outsider, self.free | account_b),
        ):
            seen = self.as_user(self.env['kam.judgement'], user).search([('account_id', 'in', everything.ids)])
            self.assertEqual(seen.sudo().account_id, expected, user.login)
        only_a = self.as_user(self.env['kam.judgement'], self.champion, self.company_a)
        self.assertNotIn(account_b, only_a.search([]).account_id)
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.judgement'], self.sales).search([])

    def test_nobody_edits(self):
        judgement = self.judge_as(self.manager, reason="Everybody copies them")
        for user in (self.manager, self.executive, self.champion):
            with self.assertRaisesRegex(AccessError, "Add a new judgement"):
                self.as_user(judgement, user).level = '1'
        for user in (self.manager, self.executive):
            with self.assertRaises(AccessError):
                self.as_user(judgement, user).unlink()

    def test_a_champion_deletes_in_the_open(self):
        judgement = self.judge_as(self.manager, reason="They are fools")
        self.program.champion_ids = self.champion2
        with self.assertRaisesRegex(AccessError, "Only a champion of"):
            self.as_user(judgement, self.champion).unlink()
        self.as_user(judgement, self.champion2).unlink()
        self.assertFalse(self.acme.judgement_ids)
        self.assertIn(f"Judgement deleted: Influence in Its Market, by {self.manager.name}",
                      self.acme.message_ids[0].preview)

    def test_buttons(self):
        account = self.as_user(self.acme, self.manager)
        dialog = account.action_judge()
        judgement = self.env['kam.judgement'].with_user(self.manager).with_context(
            dialog['context'], allowed_company_ids=self.company_a.ids).create({'kind': 'openness', 'level': '5'})
        action = account.action_open_judgements()
        self.assertEqual(self.env['kam.judgement'].search(action['domain']), judgement)

    def test_merge_of_accounts(self):
        """What nobody has judged at the account that goes on goes along; the rest stays as history."""
        self.judge_account(self.acme, '4')
        self.judge_account(self.beta, '1')
        fit = self.judge_account(self.beta, '2', 'fit', date_end='2030-01-01')
        self.beta._merge_into(self.acme)
        self.env.flush_all()
        self.assertEqual((fit.account_id, fit.date_end), (self.acme, date(2030, 1, 1)))
        self.assertEqual((self.acme.influence, self.acme.strategic_fit), ('4', '2'))
        self.assertEqual(self.beta.judgement_ids.kind, 'influence')

    def test_migration_of_the_old_column(self):
        """A level that the chatter explains is dated by it; another by its account. Nothing expires on the way."""
        self.cr.execute("ALTER TABLE kam_account ADD COLUMN influence varchar")
        self.env.flush_all()
        self.cr.execute(SQL("UPDATE kam_account SET influence = '4' WHERE id = ANY(%s)", (self.acme | self.beta).ids))
        message = self.env['mail.message'].create({
            'model': 'kam.account', 'res_id': self.acme.id, 'message_type': 'notification',
            'date': '2024-02-01 10:00:00', 'author_id': self.manager.partner_id.id})
        self.env['mail.tracking.value'].create({
            'field_id': self.env['ir.model.fields']._get('kam.account', 'influence').id, 'new_value_char': "4 – strong",
            'mail_message_id': message.id})
        self.env.flush_all()
        script = file_path('kam_scoring/migrations/19.0.1.1.0/post-judgements.py')
        migrate = load_script(script, 'post_judgements').migrate
        migrate(self.cr, '19.0.1.0.0')
        self.env.invalidate_all()
        self.assertEqual(
            (self.acme.judgement_ids.level, self.acme.judgement_ids.user_id, self.acme.judgement_ids.date),
            ('4', self.manager, date(2024, 2, 1)))
        self.assertEqual(self.beta.judgement_ids.date, self.beta.create_date.date())
        self.assertEqual((self.acme.influence, self.beta.influence, self.free.influence), ('4', '4', False))
        self.assertFalse(column_exists(self.cr, 'kam_account', 'influence'))
        migrate(self.cr, '19.0.1.0.0')
        self.assertEqual(len(self.acme.judgement_ids), 1)


@tagged('post_install', '-at_install')
class TestJudgementRpc(RpcCase):
    """Nobody signs with another name, on another day, or what somebody else has said."""

    def test_forgery(self):
        ours = {'account_id': self.acme.id, 'kind': 'influence', 'level': '5'}
        for forged in ({'user_id': self.executive.id}, {'date': '2020-01-01'}, {'date': '2040-01-01'}):
            self.refused(USER, self.manager, 'kam.judgement', 'create', [{**ours, **forged}])
            self.refused(USER, self.manager, 'kam.account', 'write', self.acme.ids, {
                'judgement_ids': [Command.create({'kind': 'fit', 'level': '5', **forged})]})
        # a default of the context is no way around
        created, = self.rpc(self.manager, 'kam.judgement', 'create', [ours], context={
            'default_user_id': self.executive.id, 'default_date': '2020-01-01'})
        judgement = self.env['kam.judgement'].browse(created)
        self.assertEqual((judgement.user_id, judgement.date), (self.manager, date.today()))
        self.refused(ACCESS, self.manager, 'kam.judgement', 'write', judgement.ids, {'date': '2020-01-01'})
        self.refused(ACCESS, self.executive, 'kam.judgement', 'write', judgement.ids, {'level': '1'})
        self.refused(ACCESS, self.champion, 'kam.judgement', 'write', judgement.ids, {'account_id': self.beta.id})
        self.refused(ACCESS, self.manager, 'kam.judgement', 'unlink', judgement.ids)
        self.refused(ACCESS, self.manager, 'kam.judgement', 'create', [{**ours, 'account_id': self.beta.id}])
        self.refused(ACCESS, self.outsider, 'kam.judgement', 'read', judgement.ids, ['level'])
        self.refused(ACCESS, self.colleague, 'kam.judgement', 'read', judgement.ids, ['level'])
        self.refused(ACCESS, self.colleague, 'kam.account', 'write', self.acme.ids, {'influence': '1'})
        self.assertEqual(judgement.level, '5')
