from dataclasses import replace
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.kam_management.tests.rpc_common import ACCESS, RpcCase
from odoo.addons.kam_scoring.engine import moves as engine_moves
from odoo.addons.kam_scoring.engine import words
from odoo.addons.kam_scoring.metrics import METRICS

from .common import ScoringCase

JANUARY, FEBRUARY = date(2024, 1, 31), date(2024, 2, 29)
INFLUENCE, MARGIN = ('influence', 10, 'linear', 1, 5), ('margin', 30, 'linear', 0, 40)


class ExplainCase(ScoringCase):
    """Acme's margin is above 40 % in January and in February: 100 points of weight 30. Influence weighs 10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.publish_model(criteria=[INFLUENCE, MARGIN])

    def january(self, level='3'):
        self.judge(acme=level)
        self.run_scoring(JANUARY)

    def february(self, level='3'):
        self.judge(acme=level)
        self.run_scoring(FEBRUARY)

    def movement(self, since=None, account=None):
        account = account or self.acme
        return self.as_user(account, self.manager)._score_movements(since)[account]

    def check(self, movement, score_then, score_now, **expected):
        """The deltas and kinds of the moves, and that they sum up to the difference of the score."""
        self.assertAlmostEqual(movement.score_then, score_then, 9)
        self.assertAlmostEqual(movement.score_now, score_now, 9)
        found = {move.metric: (round(move.delta, 9), move.kind) for move in movement.moves}
        self.assertEqual(found, expected)
        self.assertAlmostEqual(sum(move.delta for move in movement.moves), movement.delta, 9)
        self.assertAlmostEqual(movement.delta, score_now - score_then, 9)

    def text(self, since=None):
        return self.as_user(self.acme, self.manager)._score_moved_texts(since).get(self.acme)


@tagged('post_install', '-at_install')
class TestExplain(ExplainCase):

    def test_another_value(self):
        """(10 * 50 + 30 * 100) / 40 = 87.5, then (10 * 100 + 30 * 100) / 40 = 100."""
        self.january()
        self.february('5')
        movement = self.movement()
        self.check(movement, 87.5, 100, influence=(12.5, 'value'), margin=(0, 'none'))
        self.assertEqual((movement.date_then, movement.date_now), (JANUARY, FEBRUARY))
        self.assertFalse(movement.is_seam)
        self.assertEqual([move.metric for move in movement.moves], ['influence', 'margin'], "in the order of the model")
        influence = movement.moves[0]
        self.assertEqual((influence.then.value, influence.then.points, influence.then.contribution), (3, 50, 12.5))
        self.assertEqual((influence.now.value, influence.now.points, influence.now.contribution), (5, 100, 25))
        self.assertEqual(self.text(), "+13 since January 31, 2024: Influence rose from 3 of 5 to 5 of 5.")
        self.assertEqual(self.as_user(self.acme, self.manager).score_moved, self.text())

    def test_missing_becomes_known(self):
        """Margin alone is 100 of 100; with influence it makes 75 of 87.5."""
        self.january(False)
        self.february('3')
        self.check(self.movement(), 100, 87.5, influence=(12.5, 'known'), margin=(-25, 'share'))
        self.assertEqual(self.text(), "−13 since January 31, 2024: Gross Margin counts for less, as more figures are "
                         "known. Against it: Influence is known now: 3 of 5.")

    def test_known_becomes_missing(self):
        self.january('3')
        self.february(False)
        self.check(self.movement(), 87.5, 100, influence=(-12.5, 'unknown'), margin=(25, 'share'))
        self.assertIn("Gross Margin counts for more, as other figures are missing", self.text())

    def test_new_version_of_the_model(self):
        """Weights 30 and 30 instead of 10 and 30: (30 * 50 + 30 * 100) / 60 = 75."""
        self.january()
        new = self.publish_model(criteria=[('influence', 30, 'linear', 1, 5), MARGIN])
        self.february()
        movement = self.movement()
        self.check(movement, 87.5, 75, influence=(12.5, 'weight'), margin=(-25, 'share'))
        self.assertTrue(movement.is_seam)
        self.assertEqual((movement.model_then, movement.model_now), (self.model.id, new.id))
        new.sudo().date_published = '2024-02-10 12:00:00'
        self.assertEqual(
            self.text(), "−13 since January 31, 2024: the model changed on February 10, 2024 (version 2); Gross Margin "
            "counts for less, as others weigh more. Against it: Influence weighs 30 instead of 10.")

    def test_small_step_beside_a_new_weight(self):
        """(10 * 50 + 30 * 100) / 40 = 87.5, then (30 * 55 + 30 * 100) / 60 = 77.5: the figure hardly moved, the weight
        did; what counts is what made more of the difference."""
        self.january()
        self.publish_model(criteria=[('influence', 30, 'linear', 0.8, 4.8), MARGIN])
        self.february()
        self.check(self.movement(), 87.5, 77.5, influence=(15, 'weight'), margin=(-25, 'share'))

    def test_new_and_gone_criteria(self):
        """Influence and growth, which is known: margin went, growth came."""
        self.january()
        self.publish_model(criteria=[('growth', 10, 'linear', -1000, -500), INFLUENCE])
        self.february()
        movement = self.movement()
        self.check(movement, 87.5, 75, growth=(50, 'new'), influence=(12.5, 'share'), margin=(-75, 'gone'))
        flags = {move.metric: (move.is_new, move.is_gone) for move in movement.moves}
        self.assertEqual(flags, {'growth': (True, False), 'influence': (False, False), 'margin': (False, True)})

    def test_held_and_released(self):
        self.january()
        hold = self.env['kam.score.override'].create({
            'account_id': self.acme.id, 'metric': 'influence', 'points': 10, 'reason': "Its founder left",
            'date_from': '2024-02-01', 'date_end': '2024-03-05'})
        self.february()
        self.check(self.movement(), 87.5, 77.5, influence=(-10, 'held'), margin=(0, 'none'))
        self.assertIn("Influence, held by people: 10 instead of 50 points", self.text())
        self.assertEqual(self.acme.score_id.held_ids, hold)
        self.assertFalse(self.acme.score_ids[-1].held_ids, "not in January")
        self.run_scoring(date(2024, 3, 10))
        self.check(self.movement(), 77.5, 87.5, influence=(10, 'released'), margin=(0, 'none'))

    def test_failed_metric(self):
        self.january()

        def broken(scope):
            return SQL("SELECT id AS account_id, 1 / 0 AS value FROM kam_account")
        with patch.dict(METRICS, {'margin': replace(METRICS['margin'], select=broken)}), mute_logger('odoo.sql_db'):
            self.february()
        self.check(self.movement(), 87.5, 50, influence=(37.5, 'share'), margin=(-75, 'failed'))
        self.assertIn("Gross Margin could not be computed", self.text())

    def test_place_among_customers(self):
        """Beta overtakes Acme, whose own figure is the same."""
        self.publish_model(criteria=[('influence', 10, 'percentile', 0, 100)])
        self.judge(beta='2')
        self.january('3')
        self.judge(beta='5')
        self.february('3')
        self.check(self.movement(), 100, 0, influence=(-100, 'place'))
        self.assertIn("Influence, by its place among the customers: 0 instead of 100 points", self.text())
        self.judge(beta='5')
        self.run_scoring(date(2024, 3, 1))
        movement = self.movement()
        self.check(movement, 0, 0, influence=(0, 'none'))
        self.assertEqual(self.text(), "Unchanged since February 29, 2024.")

    def test_better_figure_worse_place(self):
        self.publish_model(criteria=[('influence', 10, 'percentile', 0, 100)])
        self.judge(beta='2')
        self.january('3')
        self.judge(beta='5')
        self.february('4')
        self.check(self.movement(), 100, 0, influence=(-100, 'place'))

    def test_any_earlier_date(self):
        for day, level in ((date(2023, 6, 30), '1'), (date(2023, 12, 31), '2'), (JANUARY, '3'), (FEBRUARY, '5')):
            self.judge(acme=level)
            self.run_scoring(day)
        self.assertEqual(self.movement(date(2023, 12, 31)).date_then, date(2023, 12, 31))
        self.assertEqual(self.movement(date(2024, 1, 30)).date_then, date(2023, 12, 31))
        self.assertEqual(self.movement(date(2023, 9, 1)).date_then, date(2023, 6, 30))
        self.assertEqual(self.movement(date(2030, 1, 1)).date_then, JANUARY, "never with itself")
        self.assertFalse(self.acme._score_movements(date(2023, 6, 29)))
        self.assertFalse(self.acme.browse()._score_movements())
        values = self.as_user(self.acme.score_id, self.manager).get_moves('2023-06-29')
        self.assertEqual(values, {'first_date': '2023-06-30', 'movement': False})
        old = self.as_user(self.acme.score_ids[-2], self.manager)
        self.assertEqual(old.get_moves()['first_date'], '2023-06-30')
        self.assertFalse(old.get_moves()['movement']['moves'][0]['kind'] == 'none', "of that score, not of today's")

    def test_no_comparison_without_data(self):
        self.run_scoring(JANUARY)
        self.judge(free='3')
        self.run_scoring(FEBRUARY)
        self.assertEqual(self.free._score_movements(), {})
        self.assertFalse(self.free.score_moved)

    def test_chart(self):
        self.january()
        self.february(False)
        chart = self.as_user(self.acme, self.manager).score_chart
        self.assertEqual(chart['score_id'], self.acme.score_id.id)
        self.assertEqual([(row['label'], row['value'], row['weight'], row['has_data']) for row in chart['rows']],
                         [("Influence", "No data", 10, False), ("Gross Margin", "49.2 %", 30, True)])
        self.assertAlmostEqual(sum(row['contribution'] for row in chart['rows']), chart['score'], 9)
        self.assertEqual([row['line_id'] for row in chart['rows']], self.acme.score_line_ids.ids)
        self.assertFalse(self.acme.health_chart)
        values = self.as_user(self.acme.score_id, self.manager).get_moves()['movement']
        self.assertEqual([move['line_id'] for move in values['moves']], self.acme.score_line_ids.ids)
        self.assertEqual(values['moves'][0]['now']['points'], False)
        self.assertEqual(values['moves'][0]['then'], {
            'value': "3 of 5", 'points': 50, 'weight': 10, 'contribution': 12.5, 'is_held': False})

    def test_history_shows_the_seam(self):
        self.january()
        self.publish_model(criteria=[('influence', 30, 'linear', 1, 5), MARGIN])
        self.february()
        self.judge(acme='5')
        self.run_scoring(date(2024, 3, 2))
        history = self.as_user(self.acme.score_id, self.manager).get_history()
        self.assertEqual([(score['date'], round(score['score'], 6), score['version']) for score in history],
                         [('2024-01-31', 87.5, 1), ('2024-02-29', 75, 2), ('2024-03-02', 100, 2)])
        action = self.acme.action_open_score_history()
        groups = self.as_user(self.env['kam.score'], self.manager)._read_group(
            action['domain'], action['context']['graph_groupbys'], ['score:avg'])
        self.assertEqual([(model.version, round(score, 6)) for _month, model, score in groups],
                         [(1, 87.5), (2, 75), (2, 100)], "a series per version")

    def test_kept_out(self):
        model = self.model.copy()
        model.gate_ids = [Command.create({
            'metric': 'collection_timeliness', 'operator': 'at_most', 'limit': 20, 'tier_ids': [Command.set(
                (self.tiers['diamond'] | self.tiers['gold']).ids)]})]
        model.action_publish()
        self.february()
        account = self.as_user(self.acme, self.manager)
        self.assertEqual(account.score_gates_text, "Kept out of Diamond, Gold: Days Beyond Terms at most 20 days.")
        self.assertFalse(self.free.score_gates_text)

    def test_health(self):
        health = self.env['kam.scoring.model'].create({
            'name': "Health", 'program_id': self.program.id, 'purpose': 'health',
            'criterion_ids': [Command.create({'metric': 'influence', 'weight': 1, 'bound_zero': 1, 'bound_full': 5})]})
        health.action_publish()
        for day, level in ((JANUARY, '5'), (FEBRUARY, '2')):
            self.judge(acme=level)
            self.run_scoring(day)
            self.env['kam.score.run']._score_program(self.program, day, purpose='health')
            self.env.invalidate_all()
        account = self.as_user(self.acme, self.manager)
        self.assertEqual([row['label'] for row in account.health_chart['rows']], ["Influence"])
        self.assertEqual(account.health_moved, "−75 since January 31, 2024: Influence fell from 5 of 5 to 2 of 5.")
        self.assertAlmostEqual(account._score_movements(purpose='health')[account].delta, -75, 9)

    def test_flat_in_queries(self):
        partners = self.env['res.partner'].create([{'name': f"C{i}", 'is_company': True} for i in range(8)])
        accounts = self.env['kam.account'].create([{
            'program_id': self.program.id, 'partner_id': partner.id, 'tier_id': self.tiers['general'].id,
        } for partner in partners])
        for account in accounts:
            self.judge_account(account, '3')
        self.run_scoring(JANUARY)
        for account in accounts:
            self.judge_account(account, '5')
        self.run_scoring(FEBRUARY)
        accounts = self.as_user(accounts, self.champion)
        for read in (lambda some: some._score_movements(), lambda some: some.mapped('score_moved'),
                     lambda some: some.mapped('score_gates_text')):
            read(accounts)  # what is looked up once: rights, the language
            counts = [self.statements(lambda read=read, some=some: read(some)) for some in (accounts[:1], accounts)]
            self.assertEqual(*counts)
        self.assertEqual(len(accounts._score_movements()), 8)
        self.assertTrue(all(text.startswith("+50 since") for text in accounts.mapped('score_moved')))

    def test_foreign_accounts(self):
        self.judge(beta='3')
        self.january()
        self.judge(beta='5')
        self.february()
        beta = self.as_user(self.beta, self.manager)
        score = self.as_user(self.beta.score_id, self.manager)
        for call in (beta._score_movements, beta._score_moved_texts, score.get_moves):
            with self.assertRaises(AccessError):
                call()
        self.assertTrue(self.as_user(self.beta, self.executive)._score_movements())
        self.assertTrue(self.as_user(self.beta, self.colleague)._score_movements())


@tagged('post_install', '-at_install')
class TestExplainWords(ExplainCase):
    """Figures without scores behind them: how they are said."""

    def said(self, metric, then, now, env=None, **points):
        side = engine_moves.Side(then, 50.0, 10.0, 25.0, False, False)
        move = engine_moves.Move(metric, side, replace(side, value=now, points=40.0, contribution=20.0), False)
        return words.move_text(env or self.env, move, self.program.currency_id).replace("\xa0", " ")

    def test_by_unit_and_direction(self):
        self.assertEqual(self.said('margin', 31.2, 24.4), "Gross Margin fell from 31 % to 24 %")
        self.assertEqual(self.said('margin', 24.1, 24.4), "Gross Margin rose from 24.1 % to 24.4 %")
        self.assertEqual(self.said('margin', -2.3, 4), "Gross Margin rose from -2.3 % to 4.0 %")
        self.assertEqual(self.said('collection_timeliness', 12, 31), "pays 19 days later")
        self.assertEqual(self.said('collection_timeliness', 31, 28.5), "pays 3 days earlier")
        self.assertEqual(self.said('collection_timeliness', 30, 31), "pays a day later")
        self.assertEqual(self.said('revenue', 1234567.8, 934567.8), "Revenue fell from 1,234,568 € to 934,568 €")
        self.assertEqual(self.said('influence', 4, 2), "Influence fell from 4 of 5 to 2 of 5")

    def test_in_the_language_of_the_reader(self):
        self.env['res.lang']._activate_lang('de_DE')
        german = self.env(context=dict(self.env.context, lang='de_DE'))
        self.assertEqual(words.value_text(german, 1234.5, 'percent', None), "1.234,5 %")
        self.assertIn("1.234.568", self.said('revenue', 1234567.8, 934567.8, german))
        self.january()
        self.february('5')
        text = self.acme.with_context(lang='de_DE').score_moved
        self.assertIn("31. Januar 2024", text)
        self.assertNotEqual(text, self.acme.score_moved, "each reader has their own")

    def test_only_what_explains(self):
        """The three largest, none of them next to nothing beside the largest."""
        side = engine_moves.Side(1.0, 50.0, 10.0, 20.0, False, False)
        moves = tuple(
            engine_moves.Move(f'm{delta}', side, replace(side, contribution=20.0 + delta), False)
            for delta in (0.4, -3, 12, 5, 2, -4))
        movement = engine_moves.Movement(1, 1, JANUARY, FEBRUARY, 50, 62.4, 1, 1, moves)
        self.assertEqual([move.delta for move in movement.largest()], [12, 5, -4])
        small = replace(movement, score_now=50.3, moves=moves[:1])
        self.assertEqual(small.largest(), [])
        self.assertEqual(words.movement_text(self.env, small, self.program.currency_id),
                         "+0.3 since January 31, 2024, in small steps.")


@tagged('post_install', '-at_install')
class TestExplainRpc(RpcCase, ExplainCase):

    def test_no_moves_of_foreign_accounts(self):
        self.judge(beta='3')
        self.january()
        self.judge(beta='5')
        self.february('5')
        mine, foreign = self.acme.score_id.id, self.beta.score_id.id
        moves = self.rpc(self.manager, 'kam.score', 'get_moves', [mine], '2024-01-31')
        self.assertAlmostEqual(moves['movement']['delta'], 12.5, 9)
        self.assertEqual(len(self.rpc(self.manager, 'kam.score', 'get_history', [mine])), 2)
        for method in ('get_moves', 'get_history'):
            self.refused(ACCESS, self.manager, 'kam.score', method, [foreign])
            self.refused(ACCESS, self.outsider, 'kam.score', method, [mine])
            self.refused(ACCESS, self.sales, 'kam.score', method, [mine])
        self.refused(ACCESS, self.manager, 'kam.account', 'read', [self.beta.id], ['score_moved', 'score_chart'])
        self.refused(ACCESS, self.manager, 'kam.account', '_score_movements', [self.acme.id])
        self.assertTrue(self.rpc(self.executive, 'kam.score', 'get_moves', [foreign])['movement'])
