import dataclasses
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.kam_scoring.engine import Criterion, Weight, points
from odoo.addons.kam_scoring.metrics import METRICS

from .common import AS_OF, ScoringCase

INFLUENCE = ('influence', 10, 'linear', 1, 5)
REVENUE = ('revenue', 10, 'linear', 0, 2400)  # acme 2400, beta -250, free 0


@tagged('post_install', '-at_install')
class TestModelParts(ScoringCase):
    """Bands, yes or no, missing data, weights of segments and gates, each as a run applies it."""

    def draft(self, criteria, rules=(), gates=(), **criterion):
        """A published model whose first criterion has more values than (metric, weight, normalization, zero, full)."""
        model = self.env['kam.scoring.model'].create({
            'program_id': self.program.id, 'name': "Parts",
            'criterion_ids': [Command.create({
                'metric': metric, 'weight': weight, 'normalization': normalization, 'bound_zero': zero,
                'bound_full': full, 'sequence': position, **(criterion if not position else {})})
                for position, (metric, weight, normalization, zero, full) in enumerate(criteria)],
            'tier_rule_ids': [Command.create({'tier_id': self.tiers[tier].id, 'score_min': score})
                              for tier, score in rules],
            'gate_ids': [Command.create(vals) for vals in gates]})
        model.action_publish()
        return model

    def line(self, account, metric):
        return next(line for line in account.score_id.breakdown if line['metric'] == metric)

    def points_of(self, metric, *accounts):
        return [self.line(account, metric)['points'] for account in accounts]

    def test_bands(self):
        """From 100 on 30 points, from 2000 on 90; nothing below."""
        self.draft([('revenue', 10, 'bands', 0, 100)], band_ids=[
            Command.create({'value_from': 2000, 'points': 90}), Command.create({'value_from': 0, 'points': 30})])
        self.run_scoring()
        self.assertEqual(self.points_of('revenue', self.acme, self.beta, self.free), [90, 0, 30])

    def test_yes_or_no(self):
        self.draft([('revenue', 10, 'at_least', 0, 2400), ('growth', 10, 'at_most', 0, -100)])
        self.run_scoring()
        self.assertEqual(self.points_of('revenue', self.acme, self.beta, self.free), [100, 0, 0])
        self.assertEqual(self.points_of('growth', self.acme, self.beta, self.free), [0, None, 100])

    def test_missing_data(self):
        """Left out; 50 points; none. The share of data is the same each time."""
        for missing, expected in (('ignore', 100), ('middle', 75), ('zero', 50)):
            self.draft([INFLUENCE, ('revenue', 10, 'at_least', 0, 2400)], missing=missing)
            self.run_scoring()
            self.assertEqual((self.acme.score, self.acme.score_coverage), (expected, 50), missing)

    def test_nothing_known_is_no_rank_whatever_the_policy(self):
        self.draft([('influence', 10, 'linear', 1, 5)], missing='middle')
        self.run_scoring()
        self.assertEqual((self.acme.score_coverage, self.acme.score_rank), (0, 0))
        self.assertEqual(self.acme.recommended_tier_id, self.acme.tier_id)

    def test_weights_of_segments(self):
        """acme is Gold: influence counts 30 of 40 for it, 10 of 20 for the others; farming counts nothing."""
        farming = self.env['res.partner.industry'].create({'name': "Farming"})
        self.free_partner.industry_id = farming
        self.judge(acme='5', beta='5', free='5')
        self.draft([INFLUENCE, ('revenue', 10, 'at_least', 0, 1e6)], weight_ids=[
            Command.create({'sequence': 1, 'tier_ids': [Command.set(self.tiers['gold'].ids)], 'weight': 30}),
            Command.create({'sequence': 2, 'industry_ids': [Command.set(farming.ids)], 'weight': 0})])
        self.run_scoring()
        self.assertEqual([self.acme.score, self.beta.score, self.free.score], [75, 50, 0])
        self.assertEqual(self.line(self.acme, 'influence')['weight'], 30)

    def test_first_weight_that_fits(self):
        by = Criterion(1, 'revenue', 10, 'linear', 0, 1, weights=(
            Weight(20, tier_ids=(1, 2), industry_ids=(7,)), Weight(5, tier_ids=(1,)), Weight(3)))
        [row] = self.env.execute_query(SQL(
            "SELECT array_agg(%s ORDER BY position) FROM (VALUES (1, 7, 1), (1, 8, 2), (2, NULL, 3)) "
            "account (tier_id, industry_id, position)", points.weight(by)))
        self.assertEqual(row[0], [20, 5, 3])

    def test_gate_keeps_out_of_key_tiers(self):
        """acme earns Diamond and pays late: it goes to the best tier that is not key."""
        self.judge(acme='5', beta='5')
        gate = {'metric': 'collection_timeliness', 'operator': 'at_most', 'limit': 20}
        model = self.draft([INFLUENCE], [('diamond', 80), ('potential', 60), ('general', 0)], [gate])
        self.run_scoring()
        self.assertEqual((self.acme.recommended_tier_id, self.beta.recommended_tier_id),
                         (self.tiers['potential'], self.tiers['diamond']), "beta has no due invoices and passes")
        self.assertEqual(self.acme.score_id.failed_gates, model.gate_ids.ids)
        self.assertFalse(self.beta.score_id.failed_gates)
        self.assertEqual(self.acme.score, 100, "a gate takes no points")

    def test_gate_of_one_tier_and_without_data(self):
        self.judge(acme='5', beta='5')
        gate = {'metric': 'margin', 'operator': 'at_least', 'limit': 90, 'missing_passes': False,
                'tier_ids': [Command.set(self.tiers['diamond'].ids)]}
        self.draft([INFLUENCE], [('diamond', 80), ('gold', 60), ('general', 0)], [gate])
        self.run_scoring()
        self.assertEqual((self.acme | self.beta).recommended_tier_id, self.tiers['gold'])

    def test_gate_makes_a_nomination_an_exception(self):
        self.judge(acme='5')
        gate = {'metric': 'collection_timeliness', 'operator': 'at_most', 'limit': 20}
        self.draft([INFLUENCE], [('diamond', 80), ('general', 0)], [gate])
        self.run_scoring()
        change = self.as_user(self.env['kam.tier.change'], self.champion).create({
            'account_id': self.acme.id, 'to_tier_id': self.tiers['diamond'].id, 'reason': "They ask for it"})
        self.assertEqual(change._measured_criteria(), 'not_met')
        self.assertIn("Days Beyond Terms at most 20 days", change._criteria_facts())

    def test_gate_on_a_broken_metric_stops_nobody(self):
        self.judge(acme='5')
        self.draft([INFLUENCE], [('diamond', 80), ('general', 0)], [
            {'metric': 'margin', 'operator': 'at_least', 'limit': 90}])
        broken = dataclasses.replace(
            METRICS['margin'], select=lambda scope: SQL("SELECT id AS account_id, 1 / 0 AS value FROM kam_account"))
        self.startPatcher(patch.dict(METRICS, margin=broken))
        run = self.failing_run(AS_OF)
        self.assertEqual(run.state, 'done')
        self.assertIn("Gross Margin could not be computed", run.message)
        self.assertEqual(self.acme.recommended_tier_id, self.tiers['diamond'])

    # Publishing

    def test_bands_are_needed(self):
        with self.assertRaisesRegex(UserError, "add bands"):
            self.draft([('revenue', 10, 'bands', 0, 100)])

    def test_thresholds_follow_the_tiers(self):
        with self.assertRaisesRegex(UserError, "Gold needs a score of 90, and|cannot ask for less"):
            self.draft([INFLUENCE], [('diamond', 60), ('gold', 90)])

    def test_parts_of_a_published_model_are_closed(self):
        model = self.draft([('revenue', 10, 'bands', 0, 100)], gates=[{'metric': 'margin', 'limit': 1}], band_ids=[
            Command.create({'value_from': 0, 'points': 30})], weight_ids=[Command.create({'weight': 3})])
        as_champion = self.as_user(model, self.champion)
        for action in (
            lambda: as_champion.gate_ids.write({'limit': 2}),
            lambda: as_champion.gate_ids.unlink(),
            lambda: as_champion.criterion_ids.band_ids.write({'points': 100}),
            lambda: as_champion.criterion_ids.weight_ids.unlink(),
            lambda: as_champion.env['kam.scoring.band'].create({
                'criterion_id': model.criterion_ids.id, 'value_from': 7, 'points': 9}),
            lambda: as_champion.env['kam.scoring.gate'].create({'model_id': model.id, 'metric': 'revenue', 'limit': 0}),
        ):
            with self.assertRaisesRegex(UserError, "published or retired"), self.cr.savepoint():
                action()

    def test_new_version_has_all_parts(self):
        model = self.draft(
            [('revenue', 10, 'bands', 0, 100)], [('general', 0)], [{'metric': 'margin', 'limit': 1}],
            band_ids=[Command.create({'value_from': 0, 'points': 30})], missing='zero',
            weight_ids=[Command.create({'weight': 3, 'tier_ids': [Command.set(self.tiers['gold'].ids)]})])
        new = model.copy()
        self.assertEqual(new.version, model.version + 1)
        self.assertEqual(new.criterion_ids.missing, 'zero')
        self.assertEqual(new.criterion_ids.band_ids.mapped('points'), [30])
        self.assertEqual(new.criterion_ids.weight_ids.tier_ids, self.tiers['gold'])
        self.assertEqual(new.gate_ids.mapped('limit'), [1])

    def test_gate_of_another_programme(self):
        with self.assertRaisesRegex(ValidationError, "is not a tier of"), self.cr.savepoint():
            self.draft([INFLUENCE], gates=[{
                'metric': 'margin', 'limit': 1, 'tier_ids': [Command.set(self.program_b.tier_ids[:1].ids)]}])
