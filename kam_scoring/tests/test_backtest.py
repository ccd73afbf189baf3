from datetime import date
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kam_management.tests.rpc_common import ACCESS, USER, RpcCase
from odoo.addons.kam_scoring.models import kam_score_run

from .common import ScoringCase

AS_OF = date(2024, 7, 15)


@tagged('post_install', '-at_install')
class TestBacktest(ScoringCase):
    """A programme of its own, in EUR over both companies, replayed at the 8 month ends from 2023-11-30 to 2024-06-30.

    Two of them, 2023-11-30 and 2023-12-31, are old enough to have an outcome. On the 15th of each month from January
    2023 to June 2024 an invoice; 1 USD = 0.80 EUR, from June 2023 0.90 EUR.

    =======  ====================  ============================================  =========
    account  each month of 2023    each month of 2024                            influence
    =======  ====================  ============================================  =========
    alpha    1000 EUR              1000 EUR
    bravo    600 EUR               100 EUR                                       5
    charlie  100 USD               800 USD
    delta    50 EUR                50 EUR; 7000 on 2022-12-20, 8000 on
                                   2024-02-10, of which none is left on 04-20
    echo     700 EUR               700 EUR                                       1
    =======  ====================  ============================================  =========

    Score: the mean of revenue (12,000 EUR: 100 points) and influence. Gold, with two places, from 60; Potential from
    50; the others General.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.past = cls.env['kam.program'].create({
            'name': "Past", 'currency_id': cls.env.ref('base.EUR').id, 'demotion_band': 0,
            'company_ids': [Command.set((cls.company_a | cls.company_b).ids)]})
        cls.past_tiers = {tier.value_class: tier for tier in cls.past.tier_ids}
        cls.past_tiers['gold'].capacity = 2
        cls.accounts = {}
        for name, tier, company, first, second, influence in (
            ('alpha', 'general', cls.company_a, 1000, 1000, False), ('bravo', 'gold', cls.company_a, 600, 100, '5'),
            ('charlie', 'gold', cls.company_b, 100, 800, False), ('delta', 'general', cls.company_a, 50, 50, False),
            ('echo', 'potential', cls.company_a, 700, 700, '1'),
        ):
            partner = cls.env['res.partner'].create({'name': name.title(), 'is_company': True})
            account = cls.accounts[name] = cls.env['kam.account'].create({
                'program_id': cls.past.id, 'partner_id': partner.id, 'tier_id': cls.past_tiers['general'].id})
            if influence:
                cls.judge_account(account, influence)
            account.sudo().tier_id = cls.past_tiers[tier]
            for month in range(18):
                cls.invoice(partner, date(2023, 1, 15) + relativedelta(months=month), first if month < 12 else second,
                            company=company, product=cls.advice)
        delta = cls.accounts['delta'].partner_id
        cls.invoice(delta, '2022-12-20', 7000, product=cls.advice)
        cls.invoice(delta, '2024-02-10', 8000, product=cls.advice)
        cls.invoice(delta, '2024-04-20', 8000, product=cls.advice, move_type='out_refund')
        cls.model = cls.env['kam.scoring.model'].create({
            'name': "Past", 'program_id': cls.past.id, 'criterion_ids': [
                Command.create({'metric': metric, 'weight': 1, 'normalization': 'linear', 'bound_zero': zero,
                                'bound_full': full})
                for metric, zero, full in (('revenue', 0, 12000), ('influence', 1, 5))],
            'tier_rule_ids': [
                Command.create({'tier_id': cls.past_tiers[tier].id, 'score_min': score})
                for tier, score in (('gold', 60), ('potential', 50), ('general', 0))]})

    @classmethod
    def backtest(cls, **values):
        backtest = cls.env['kam.scoring.backtest'].create({
            'model_id': cls.model.id, 'month_count': 8, 'date': AS_OF, **values})
        backtest._begin()
        cls.env.invalidate_all()
        assert backtest.state == 'done', backtest.message
        return backtest

    def names(self, lines):
        return [line.account_id.display_name for line in lines]

    def test_who_would_change_today(self):
        """Revenue of 12 months: Alpha 11,000, Bravo 3600 (mean with influence 65), Charlie 5 * 90 + 6 * 720 = 4770."""
        backtest = self.backtest()
        self.assertEqual(
            (backtest.account_count, backtest.change_count, backtest.in_count, backtest.out_count), (5, 3, 1, 1))
        changes = {
            line.account_id.display_name: (
                line.from_tier_id.value_class, line.to_tier_id.value_class, line.transition, line.reason,
                round(line.score, 2)) for line in backtest.change_ids}
        self.assertEqual(changes, {
            'Alpha': ('general', 'gold', 'in', 'score', 91.67),
            'Charlie': ('gold', 'general', 'out', 'score', 39.75),
            'Echo': ('potential', 'general', 'down', 'score', 32.08)})
        self.assertEqual(self.names(backtest.change_ids), ['Alpha', 'Charlie', 'Echo'])
        self.assertEqual(
            [(move.kind, move.from_tier_id.value_class, move.to_tier_id.value_class, move.account_count)
             for move in backtest.transition_ids],
            [('down', 'potential', 'general', 1), ('in', 'general', 'gold', 1), ('out', 'gold', 'general', 1)])

    def test_why(self):
        """One place only: Bravo makes room for Alpha. A gate keeps Charlie out, whatever its score."""
        self.past_tiers['gold'].capacity = 1
        self.model.gate_ids = [Command.create({'metric': 'growth', 'operator': 'at_most', 'limit': 100})]
        backtest = self.backtest()
        reasons = {line.account_id.display_name: line.reason for line in backtest.change_ids}
        self.assertEqual(reasons, {'Alpha': 'score', 'Bravo': 'capacity', 'Charlie': 'gate', 'Echo': 'score'})

    def test_stability(self):
        """Delta: Potential, General twice, Potential twice, General three times; the others stay. 5 accounts."""
        backtest = self.backtest()
        self.assertEqual(backtest.month_ids.mapped('date'), [
            date(2023, 11, 30), date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31),
            date(2024, 4, 30), date(2024, 5, 31), date(2024, 6, 30)])
        self.assertEqual(backtest.month_ids.mapped('account_count'), [5] * 8)
        self.assertEqual(backtest.month_ids.mapped('compared_count'), [0] + [5] * 7)
        self.assertEqual(backtest.month_ids.mapped('changed_count'), [0, 1, 0, 1, 0, 1, 0, 0])
        self.assertEqual(backtest.month_ids.mapped('changed_share'), [0, 20, 0, 20, 0, 20, 0, 0])
        self.assertAlmostEqual(backtest.changed_share, 100 * 3 / 35, 1)
        self.assertEqual(backtest.swing_count, 1)
        self.assertEqual((self.names(backtest.swing_ids), backtest.swing_ids.change_count), (['Delta'], 3))

    def test_false_greens_and_reds(self):
        """Before and after. Bravo 3600 -> 1100 and 3600 -> 600; Charlie 540 -> 3690 and 540 -> 4320."""
        backtest = self.backtest()
        self.assertEqual(backtest.month_ids.mapped('has_outcome'), [True] * 2 + [False] * 6)
        self.assertEqual(backtest.followed_count, 10)
        self.assertEqual((backtest.false_green_count, backtest.false_red_count), (2, 2))
        self.assertEqual(backtest.false_green_share, 50, "2 of Alpha and Bravo, twice")
        self.assertAlmostEqual(backtest.false_red_share, 100 * 2 / 6, 1)
        for line, name, before, after, percent in (
            (backtest.false_green_ids, 'Bravo', 3600, 600, -83.33), (backtest.false_red_ids, 'Charlie', 540, 4320, 700),
        ):
            self.assertEqual(self.names(line), [name])
            self.assertEqual(line.date, date(2023, 12, 31), "the worse of the two")
            self.assertEqual((line.revenue_before, line.revenue_after), (before, after))
            self.assertAlmostEqual(line.change_percent, percent, 2)
        self.assertFalse(self.backtest(fall_percent=90).false_green_count, "it fell by less")

    def test_against_revenue_alone(self):
        """Two places, so k = 2. Revenue after: Alpha 6000, Echo 4200, Charlie 3690 and 4320.

        The model's top are Alpha and Bravo, those by revenue Alpha and Echo. To be found: Alpha and Echo, then Alpha
        and Charlie.
        """
        backtest = self.backtest()
        first, second = backtest.month_ids[:2]
        for month, revenue_hits in ((first, 2), (second, 1)):
            self.assertEqual(
                (month.followed_count, month.top_count, month.good_count, month.hit_count, month.revenue_hit_count),
                (5, 2, 2, 1, revenue_hits))
        self.assertEqual((first.precision, first.recall, first.lift), (50, 50, 1.25))
        self.assertEqual((first.revenue_precision, first.revenue_recall, first.revenue_lift), (100, 100, 2.5))
        self.assertEqual((backtest.precision, backtest.recall, backtest.lift), (50, 50, 1.25))
        self.assertEqual(
            (backtest.revenue_precision, backtest.revenue_recall, backtest.revenue_lift), (75, 75, 1.88))

    def test_health(self):
        """Key accounts only: Bravo is healthy at both month ends and falls, Charlie is at risk and rises."""
        self.model = self.model.create({
            'name': "Health", 'program_id': self.past.id, 'purpose': 'health', 'green_from': 60, 'amber_from': 50,
            'criterion_ids': [Command.create(vals[0]) for vals in (
                self.model.criterion_ids[0].copy_data({'model_id': False}),
                self.model.criterion_ids[1].copy_data({'model_id': False}))]})
        backtest = self.env['kam.scoring.backtest'].create({
            'model_id': self.model.id, 'month_count': 8, 'date': AS_OF})
        backtest._begin()
        self.assertEqual((backtest.state, backtest.account_count), ('done', 2), backtest.message)
        self.assertEqual((self.names(backtest.false_green_ids), self.names(backtest.false_red_ids)),
                         (['Bravo'], ['Charlie']))
        self.assertEqual(backtest.month_ids[0].top_count, 1, "one is at risk")
        self.assertEqual((backtest.precision, backtest.revenue_precision), (0, 0))
        self.assertEqual(
            {line.account_id.display_name: (line.from_level, line.to_level, line.transition)
             for line in backtest.change_ids},
            {'Bravo': (False, 'green', 'new'), 'Charlie': (False, 'red', 'new')})

    def test_nothing_else_is_written(self):
        def written():
            domain = [('program_id', '=', self.past.id)]
            return [self.env[name].search_count(domain) for name in (
                'kam.score', 'kam.score.run', 'kam.tier.change', 'kam.account')]
        before = written()
        tiers = {name: account.tier_id for name, account in self.accounts.items()}
        self.backtest()
        self.assertEqual(written(), before)
        self.assertEqual({name: account.tier_id for name, account in self.accounts.items()}, tiers)
        self.assertFalse(any(account.score for account in self.accounts.values()))

    def test_what_is_not_replayed_is_said(self):
        self.model.criterion_ids[1].metric = 'live_contacts'
        self.assertIn("Live Contacts", self.backtest().limits)
        self.model.criterion_ids[1].unlink()
        self.assertNotIn("Live Contacts", self.backtest().limits)

    def test_large_programmes_are_queued(self):
        model = self.as_user(self.model, self.champion)
        with patch.object(kam_score_run, 'LIVE_ACCOUNTS', 2):
            backtest = model.backtest_ids.browse(model.action_backtest()['res_id'])
        self.assertEqual(backtest.state, 'waiting')
        self.assertFalse(backtest.look_ids, "there is nothing to look at yet")
        self.assertEqual(model.action_backtest()['res_id'], backtest.id, "no second one")
        self.work_off()
        self.assertEqual(backtest.state, 'done')
        backtest.action_look()
        self.assertEqual(backtest.look_ids.user_id, self.champion)

    def work_off(self):
        with self.enter_registry_test_mode():
            self.env.ref('kam_scoring.ir_cron_backtest_waiting').method_direct_trigger()
        self.env.invalidate_all()

    def test_killed_in_the_background(self):
        """One that dies says so, the others go on; one that a restart interrupted is not taken for running."""
        Backtest = self.env['kam.scoring.backtest']
        interrupted, broken, sound = Backtest.create([
            {'model_id': self.model.id, 'state': state} for state in ('running', 'waiting', 'waiting')])
        execute = Backtest.__class__._execute

        def die(backtest):
            if backtest.id == broken.id:
                raise SystemError("killed")
            execute(backtest)

        with patch.object(self.registry['kam.scoring.backtest'], '_execute', die), \
                mute_logger('odoo.addons.kam_scoring.models.kam_scoring_backtest'):
            self.work_off()
        self.assertEqual((interrupted.state, broken.state, sound.state), ('failed', 'failed', 'done'))
        self.assertIn("interrupted", interrupted.message)
        self.assertIn("killed", broken.message)

    def test_failure_says_why(self):
        self.model.criterion_ids.weight = 0
        backtest = self.env['kam.scoring.backtest']._start(self.model)
        self.assertEqual(backtest.state, 'failed')
        self.assertIn("weight", backtest.message)

    def test_access(self):
        backtest = self.backtest()
        with self.assertRaises(AccessError):
            self.as_user(backtest, self.manager).read(['state'])
        self.assertEqual(self.as_user(backtest, self.executive).state, 'done')
        for user in (self.manager, self.executive):
            with self.assertRaises(AccessError):
                self.as_user(backtest, user).action_again()
            with self.assertRaises(AccessError):
                self.as_user(self.model, user).action_backtest()
        own = self.as_user(backtest, self.champion)
        look = Command.create({'user_id': self.champion.id})
        for vals in ({'content': "x"}, {'fall_percent': 10}, {'look_ids': [look]}):
            with self.assertRaises(UserError):
                own.write(vals)
        with self.assertRaises(AccessError):
            own.look_ids.create({'backtest_id': backtest.id, 'user_id': self.champion.id})
        again = own.browse(own.action_again()['res_id'])
        again.fall_percent = 10
        again.action_start()
        self.assertEqual((again.state, again.month_count, again.user_id), ('done', 8, self.champion))
        self.past.company_ids = self.company_b
        lines = self.as_user(backtest, self.champion, self.company_a)
        for name in ('month', 'transition', 'account'):
            self.assertFalse(lines.env[f'kam.scoring.backtest.{name}'].search([('backtest_id', '=', backtest.id)]))


@tagged('post_install', '-at_install')
class TestPublishGate(ScoringCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls.env['kam.scoring.model'].create({'name': "Draft", 'program_id': cls.program.id})
        cls.draft._fill_defaults()
        cls.own = cls.draft.with_user(cls.champion).with_context(
            allowed_company_ids=cls.champion.company_ids.ids)

    def assertStopped(self, text, model=None):
        with self.assertRaisesRegex(RedirectWarning, text):
            (model or self.own).action_publish()
        self.assertEqual(self.draft.state, 'draft')

    def look(self, model=None):
        model = model or self.own
        return model.backtest_ids.browse(model.action_backtest()['res_id'])

    def test_an_untried_draft_stays_a_draft(self):
        self.assertStopped("not been tried")
        backtest = self.look()
        self.assertEqual((backtest.state, backtest.look_ids.user_id), ('done', self.champion), backtest.message)
        self.assertTrue(backtest.is_up_to_date)
        self.own.action_publish()
        self.assertEqual(self.draft.state, 'published')

    def test_each_publisher_looks(self):
        self.look()
        other = self.as_user(self.draft, self.champion2)
        self.assertStopped("not looked at", other)
        self.assertEqual(self.look(other), self.look(), "the same result")
        other.action_publish()
        self.assertEqual(self.draft.publisher_id, self.champion2)

    def test_a_change_asks_for_another_one(self):
        """Each number of the content counts; a name, or the same number again, does not."""
        rule = self.own.tier_rule_ids.filtered(lambda rule: not rule.gate_criterion_id)[0]
        timeliness = self.own.criterion_ids.filtered(lambda one: one.metric == 'collection_timeliness')
        first = self.look()
        contents = {self.draft._content()}
        for change in (
            lambda: self.own.criterion_ids[0].write({'weight': 31}),
            lambda: self.own.criterion_ids[1].write({'bound_full': 41}),
            lambda: self.own.criterion_ids[2].write({'missing': 'zero'}),
            lambda: timeliness.write({'normalization': 'bands', 'band_ids': [
                Command.create({'value_from': 1, 'points': 50})]}),
            lambda: timeliness.band_ids.write({'points': 60}),
            lambda: self.own.criterion_ids[0].write({'weight_ids': [
                Command.create({'tier_ids': self.tiers['gold'].ids, 'weight': 5})]}),
            lambda: self.own.write({'gate_ids': [Command.create({'metric': 'collection_rate', 'limit': 5})]}),
            lambda: self.own.gate_ids.write({'limit': 6}),
            lambda: rule.write({'score_min': rule.score_min + 1}),
            lambda: self.own.tier_rule_ids.filtered('gate_criterion_id').write({'gate_points_max': 7}),
            lambda: rule.unlink(),
        ):
            change()
            contents.add(self.draft._content())
        self.assertEqual(len(contents), 12)
        self.assertStopped("changed since")
        self.env.invalidate_all()
        self.assertFalse(first.is_up_to_date)
        second = self.look()
        self.assertNotEqual(second, first)
        self.own.name = "Another name"
        self.own.action_publish()

    def test_a_copy_has_the_same_content(self):
        self.assertEqual(self.draft.copy()._content(), self.draft._content())

    def test_superuser_loads_data(self):
        self.draft.action_publish()
        self.assertEqual(self.draft.state, 'published')

    def test_without_invoices(self):
        company = self.env['res.company'].create({'name': "New", 'currency_id': self.env.ref('base.EUR').id})
        self.champion.company_ids += company
        program = self.env['kam.program'].create({'name': "New", 'company_ids': [Command.set(company.ids)]})
        draft = self.env['kam.scoring.model'].create({'name': "New", 'program_id': program.id})
        draft._fill_defaults()
        own = self.as_user(draft, self.champion)
        self.assertIn("no posted customer invoice", self.look(own).message)
        own.action_publish()
        self.assertEqual(draft.state, 'published')

    def test_only_champions(self):
        self.program.champion_ids = self.champion2
        for method in ('action_backtest', 'action_publish', 'action_what_if', 'get_what_if'):
            with self.assertRaises(AccessError):
                getattr(self.own, method)()


@tagged('post_install', '-at_install')
class TestPublishGateByRpc(RpcCase, ScoringCase):

    def test_no_way_round(self):
        """A champion publishes by the web's own route only what has been looked at; others reach none of it."""
        draft = self.env['kam.scoring.model'].create({'name': "Draft", 'program_id': self.program.id})
        draft._fill_defaults()
        name, ids = 'kam.scoring.model', draft.ids
        self.refused('odoo.exceptions.RedirectWarning', self.champion, name, 'action_publish', ids)
        self.refused(USER, self.champion, name, 'write', ids, {'state': 'published'})
        for user in (self.manager, self.executive):
            for method, args in (
                ('action_publish', ()), ('action_backtest', ()), ('get_what_if', ()), ('get_what_if_outcome', ({},)),
                ('keep_what_if', ({},)),
            ):
                self.refused(ACCESS, user, name, method, ids, *args)
        action = self.rpc(self.champion, name, 'action_backtest', ids)
        backtest = 'kam.scoring.backtest'
        self.assertEqual(action['res_model'], backtest)
        self.refused(USER, self.champion, backtest, 'write', [action['res_id']], {'content': "x"})
        self.refused(ACCESS, self.champion, f'{backtest}.look', 'create', {
            'backtest_id': action['res_id'], 'user_id': self.champion2.id})
        self.refused(ACCESS, self.champion, backtest, 'unlink', [action['res_id']])
        self.refused('odoo.exceptions.RedirectWarning', self.champion2, name, 'action_publish', ids)
        self.assertTrue(self.rpc(self.champion, name, 'action_publish', ids))
        self.env.invalidate_all()
        self.assertEqual(draft.state, 'published')
