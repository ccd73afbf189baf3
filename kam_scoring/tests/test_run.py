from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.kam_scoring.metrics import METRICS

from .common import ScoringCase


@tagged('post_install', '-at_install')
class TestRun(ScoringCase):

    def breakdown(self, account):
        return {line['metric']: line for line in account.score_id.breakdown}

    def test_enrolment(self):
        self.publish_model()
        stranger = self.env['res.partner'].create({'name': "Stranger"})
        self.invoice(stranger, '2024-03-01', 50)
        hidden = self.env['res.partner'].create({'name': "Hidden"})
        self.invoice(hidden, '2024-01-01', 50)
        hidden.active = False
        self.invoice(self.company_b.partner_id, '2024-01-01', 50)
        run = self.run_scoring()
        gamma = self.account_of(self.gamma_partner)
        self.assertEqual(run.enrolled_count, 1, "not the archived one, not our own company, not after the as-of date")
        self.assertEqual(
            (gamma.partner_id, gamma.tier_id, gamma.tier_sequence, gamma.is_key),
            (self.gamma_partner, self.tiers['general'], self.tiers['general'].sequence, False))
        self.assertEqual(
            (gamma.category, gamma.date_last_invoice, gamma.win_back_state), ('lost', date(2024, 1, 15), 'analyse'),
            "no invoice for more than a year")
        self.assertEqual(gamma.entity_ids.partner_id, self.gamma_partner)
        self.assertEqual(run.account_count, 4)
        self.assertEqual(self.run_scoring().enrolled_count, 0)

    def test_archived_account_stays_out(self):
        self.publish_model()
        self.beta.active = False
        run = self.run_scoring()
        self.assertNotIn(self.beta, run.score_ids.account_id)
        self.assertEqual(run.enrolled_count, 1, "Beta's customer is not enrolled again")

    def test_hand_computed_score(self):
        """Two customers; revenue 2400 and 0 give 100 and 0 points by place, growth is -100 for the second.

        acme: margin 49.17 % of 40 -> 100; growth 166 % -> 100; timeliness 26.4 of 60 days -> 56; rate 45 % -> 0;
        influence 4 -> 75. Score (30 * 100 + 20 * 100 + 15 * 100 + 15 * 56 + 10 * 0 + 10 * 75) / 100 = 80.9.
        """
        self.publish_model()
        self.beta.active = False
        self.invoice(self.gamma_partner, '2024-01-15', 300, move_type='out_refund', product=self.advice)
        self.judge(acme='4')
        self.run_scoring()
        self.assertEqual(
            {metric: round(line['points'], 9) for metric, line in self.breakdown(self.acme).items()},
            {'revenue': 100, 'margin': 100, 'growth': 100, 'collection_timeliness': 56, 'collection_rate': 0,
             'influence': 75})
        self.assertAlmostEqual(self.acme.score, 80.9, 9)
        self.assertEqual((self.acme.score_coverage, self.acme.score_rank), (100, 1))
        # free: revenue 0 shares the last place with gamma's 0: 50 * (1 + (0 - 1) / 2) = 25; growth -100 -> 0
        self.assertAlmostEqual(self.free.score, (30 * 25 + 15 * 0) / 45, 9)
        self.assertEqual(self.free.score_coverage, 45)
        self.assertIsNone(self.breakdown(self.free)['margin']['points'])
        contributions = sum(line['contribution'] for line in self.acme.score_id.breakdown)
        self.assertAlmostEqual(contributions, self.acme.score, 9)

    def test_same_figures_in_plain_python(self):
        """The formulas of engine/points.py, recomputed from the values: the same double precision figures."""
        model = self.publish_model()
        self.judge(acme='4', beta='2', free='3')
        self.run_scoring()
        accounts = self.env['kam.account'].search([('program_id', '=', self.program.id)])
        scope = self.scope
        earned = {}
        for criterion in model.criterion_ids:
            values = {key: float(value) for key, value in METRICS[criterion.metric].values(scope).items()}
            for account_id, value in values.items():
                if criterion.normalization == 'percentile':
                    less = sum(other < value for other in values.values())
                    greater = sum(other > value for other in values.values())
                    value = 50.0 * (1 + (less - greater) / (len(values) - 1))
                points = 100.0 * (value - criterion.bound_zero) / (criterion.bound_full - criterion.bound_zero)
                earned[account_id, criterion] = min(100.0, max(0.0, points))
        for account in accounts:
            known = [criterion for criterion in model.criterion_ids if (account.id, criterion) in earned]
            weight = sum(criterion.weight for criterion in known)
            score = sum(criterion.weight * earned[account.id, criterion] for criterion in known) / weight
            self.assertEqual(account.score, score, account.display_name)
            self.assertEqual(account.score_coverage, 100.0 * weight / 100.0)

    def test_rank_and_ties(self):
        """Equal scores: more data first, then more revenue."""
        self.publish_model(criteria=[('influence', 10, 'linear', 1, 5), ('revenue', 1, 'linear', 10000, 20000),
                                     ('collection_rate', 1, 'linear', 99, 100)])
        self.judge(acme='1', beta='1', free='1')
        self.run_scoring()
        gamma = self.account_of(self.gamma_partner)
        ranked = self.env['kam.score'].search([('run_id', '=', self.acme.score_run_id.id)], order='rank')
        # free and beta know as much; free has the higher revenue. gamma lacks the influence.
        self.assertEqual(ranked.mapped('account_id.id'), [self.acme.id, self.free.id, self.beta.id, gamma.id])
        self.assertEqual(ranked.mapped('score'), [0, 0, 0, 0])
        self.assertEqual(
            [round(coverage, 6) for coverage in ranked.mapped('coverage')],
            [100, round(1100 / 12, 6), round(1100 / 12, 6), round(200 / 12, 6)])

    def test_tie_goes_to_the_older_account(self):
        self.publish_model(criteria=[('influence', 10, 'linear', 1, 5)])
        self.judge(acme='3', beta='3', free='3')
        self.run_scoring()
        self.assertEqual([account.score_rank for account in (self.acme, self.beta, self.free)], [1, 2, 3])

    def test_without_any_data(self):
        """Nothing is known: no rank, coverage 0, and the account keeps its tier."""
        nobody = self.env['kam.account'].create({
            'program_id': self.program.id,
            'partner_id': self.env['res.partner'].create({'name': "Nobody", 'is_company': True}).id})
        self.publish_model()
        self.run_scoring()
        self.assertEqual((nobody.score, nobody.score_coverage, nobody.score_rank), (0, 0, 0))
        self.assertEqual(nobody.recommended_tier_id, nobody.tier_id)

    def test_run_changes_no_tier(self):
        self.publish_model()
        before = {account: account.tier_id for account in (self.acme, self.beta, self.free)}
        self.run_scoring()
        self.assertNotEqual(self.free.recommended_tier_id, False)
        self.assertEqual({account: account.tier_id for account in before}, before)

    def test_no_accounts(self):
        empty = self.env['kam.program'].create({'name': "Empty", 'company_ids': [(6, 0, [
            self.env['res.company'].create({'name': "New"}).id])]})
        self.publish_model(empty)
        run = self.run_scoring(program=empty)
        self.assertEqual((run.state, run.account_count, run.proposal_count), ('done', 0, 0))
        self.assertIn("no accounts yet", run.message)

    def test_failures_say_why(self):
        run = self.failing_run()
        self.assertEqual(run.state, 'failed')
        self.assertIn("no published scoring model", run.message)
        model = self.publish_model()
        # Constraints forbid what follows; it may come from imports or SQL.
        self.env.cr.execute("DELETE FROM kam_program_company_rel WHERE program_id = %s", [self.program.id])
        self.env.invalidate_all()
        run = self.failing_run()
        self.assertIn("covers no company", run.message)
        self.env.cr.execute("INSERT INTO kam_program_company_rel (program_id, company_id) VALUES (%s, %s)",
                            [self.program.id, self.company_a.id])
        self.env.cr.execute("UPDATE kam_scoring_criterion SET weight = 0 WHERE model_id = %s", [model.id])
        self.env.invalidate_all()
        run = self.failing_run()
        self.assertIn("no criterion with a weight above zero", run.message)
        run = self.failing_run(fields.Date.today() + timedelta(days=2))
        self.assertIn("in the future", run.message)
        self.assertFalse(self.env['kam.score'].search([('program_id', '=', self.program.id)]))

    def test_failed_run_leaves_everything(self):
        self.publish_model()
        self.judge(acme='4')
        self.run_scoring()
        score, scores = self.acme.score, self.env['kam.score'].search([('program_id', '=', self.program.id)])
        self.judge(acme='1')
        with patch('odoo.addons.kam_scoring.engine.proposals.propose', side_effect=ValueErrorInSQL(self.env)):
            run = self.failing_run()
        self.assertEqual(run.state, 'failed')
        self.assertEqual(self.acme.score, score)
        self.assertEqual(self.env['kam.score'].search([('program_id', '=', self.program.id)]), scores)

    def test_broken_metric_fails_its_criterion_only(self):
        self.publish_model()

        def broken(scope):
            return SQL("SELECT id AS account_id, 1 / 0 AS value FROM kam_account")
        with patch.dict(METRICS, {'margin': _with_select(METRICS['margin'], broken)}), mute_logger('odoo.sql_db'):
            run = self.run_scoring()
        self.assertEqual(run.state, 'done')
        self.assertIn("Gross Margin could not be computed", run.message)
        line = self.breakdown(self.acme)['margin']
        self.assertEqual((line['value'], line['points'], line['failed']), (None, None, True))
        self.assertEqual(self.acme.score_coverage, 70, "margin (20) failed, influence (10) is not judged")
        self.assertEqual(
            self.acme.score_line_ids.filtered(lambda line: line.metric == 'margin').value_display, "Failed")

    def test_metric_that_cannot_be_built(self):
        self.publish_model()

        def broken(scope):
            raise KeyError('unit cost')
        with patch.dict(METRICS, {'margin': _with_select(METRICS['margin'], broken)}):
            run = self.run_scoring()
        self.assertEqual(run.state, 'done')
        self.assertIn("unit cost", run.message)

    def test_metric_that_is_not_installed_any_more(self):
        self.publish_model()
        self.env.cr.execute("UPDATE kam_scoring_criterion SET metric = 'gone' WHERE metric = 'margin'")
        self.env.invalidate_all()
        run = self.run_scoring()
        self.assertEqual(run.state, 'done')
        self.assertIn("unknown metric", run.message)
        self.assertEqual(self.acme.score_coverage, 70)
        line = self.acme.score_line_ids.filtered(lambda line: line.metric == 'gone')
        self.assertEqual(line.value_display, "Failed")
        with self.assertRaises(UserError):
            line.action_open_documents()

    def test_missing_rate_is_told(self):
        self.publish_model()
        self.env['res.currency.rate'].search([]).unlink()
        self.assertIn("No exchange rate for EUR", self.run_scoring().message)

    def test_merged_customer(self):
        """After a merge of contacts a run finds one account with the documents of both."""
        self.publish_model()
        self.run_scoring()
        wizard = self.env['base.partner.merge.automatic.wizard'].create({})
        wizard._merge([self.acme_partner.id, self.gamma_partner.id], self.acme_partner)
        self.env.invalidate_all()
        run = self.run_scoring()
        self.assertEqual((run.state, run.enrolled_count), ('done', 0))
        revenue = self.breakdown(self.acme)['revenue']
        self.assertEqual(revenue['value'], 2700)

    def test_statements_do_not_grow(self):
        """The same number of statements for ten times the customers, and for ten times the new ones.

        Without tier rules: whether a draft is withdrawn, or none is, does not depend on their number.
        """
        self.publish_model(criteria=[('revenue', 10, 'percentile', 0, 100), ('margin', 10, 'linear', 0, 40)])
        self.run_scoring()

        def statements(day, count):
            for partner in self.env['res.partner'].create([
                    {'name': f"Customer {day} {number}", 'is_company': True} for number in range(count)]):
                self.invoice(partner, day, 100)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            run = self.env['kam.score.run']._score_program(self.program, day)
            self.env.flush_all()
            self.assertEqual((run.state, run.enrolled_count), ('done', count))
            return self.cr.sql_log_count - before
        few, many = statements(date(2024, 3, 1), 4), statements(date(2024, 3, 2), 40)
        self.assertEqual(self.env['kam.account'].search_count([('program_id', '=', self.program.id)]), 48)
        self.assertLessEqual(many, few)

    def test_statements(self):
        """A usual night, with nobody new."""
        self.publish_model()
        self.run_scoring()
        self.assertLess(self.statements(
            lambda: self.env['kam.score.run']._score_program(self.program, date(2024, 3, 1))), 60)

    def test_today_is_one_day_for_all(self):
        """Half past eleven at night in UTC is morning of the next day in Shanghai: the next run is the newest still."""
        self.publish_model()
        with freeze_time('2026-11-24 23:30:00'):
            program = self.as_user(self.program, self.champion).with_context(tz='Asia/Shanghai')
            run = self.env['kam.score.run']._score_program(program)
            self.assertEqual(run.date, date(2026, 11, 24))
            self.assertTrue(self.run_scoring(None).score_ids.filtered('is_current'))

    def test_score_now(self):
        self.publish_model()
        action = self.as_user(self.program, self.champion).action_score()
        run = self.env['kam.score.run'].browse(action['res_id'])
        self.assertEqual((run.state, run.date), ('done', fields.Date.today()))
        self.assertEqual(run.create_uid, self.champion)
        self.assertEqual(self.program.last_run_id, run)


def _with_select(metric, select):
    return type(metric)(**{**metric.__dict__, 'select': select})


class ValueErrorInSQL:
    """A side effect that breaks the transaction as a bad statement does."""

    def __init__(self, env):
        self.env = env

    def __call__(self, *args):
        self.env.cr.execute("SELECT 'x'::int")
