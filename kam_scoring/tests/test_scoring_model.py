import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ScoringCase


@tagged('post_install', '-at_install')
class TestScoringModel(ScoringCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env['kam.scoring.model'].create({'name': "Value", 'program_id': cls.program.id})
        cls.model._fill_defaults()

    def assertRefused(self, function, *args, **kwargs):
        with self.assertRaises(UserError) as refusal:
            function(*args, **kwargs)
        return str(refusal.exception)

    def test_default_model_is_published(self):
        model = self.env.ref('kam_scoring.model_default')
        program = self.env.ref('kam_management.program_default')
        self.assertEqual(program.scoring_model_id, program.scoring_model_ids.filtered(
            lambda version: version.state == 'published' and version.purpose == 'selection'))
        self.assertEqual(len(model.criterion_ids), 6)
        self.assertEqual(model.weight_total, 100)
        self.assertEqual(
            set(model.tier_rule_ids.tier_id.mapped('value_class')),
            {'diamond', 'gold', 'strategic', 'potential', 'general', 'problem'})
        self.assertEqual(
            model.tier_rule_ids.filtered('gate_criterion_id').tier_id.value_class, 'problem')

    def test_default_health_model(self):
        model = self.env.ref('kam_scoring.model_health_default')
        self.assertEqual(self.env.ref('kam_management.program_default').health_model_id, model)
        self.assertEqual((model.weight_total, model.version), (100, 1))
        self.assertFalse(model.tier_rule_ids)

    def test_versions(self):
        self.assertEqual((self.model.version, self.model.state), (1, 'draft'))
        self.model.action_publish()
        self.assertEqual(self.program.scoring_model_id, self.model)
        draft = self.env['kam.scoring.model'].browse(self.model.action_new_version()['res_id'])
        self.assertEqual((draft.version, draft.state), (2, 'draft'))
        self.assertEqual(draft.criterion_ids.mapped('metric'), self.model.criterion_ids.mapped('metric'))
        self.assertEqual(draft.tier_rule_ids.mapped('score_min'), self.model.tier_rule_ids.mapped('score_min'))
        gate = draft.tier_rule_ids.gate_criterion_id
        self.assertEqual((gate.model_id, gate.metric), (draft, 'collection_timeliness'))
        draft.criterion_ids[0].weight = 50
        draft.action_publish()
        self.env.invalidate_all()
        self.assertEqual(self.model.state, 'retired')
        self.assertEqual(self.program.scoring_model_id, draft)

    def test_published_is_immutable(self):
        self.model.action_publish()
        criterion, rule = self.model.criterion_ids[0], self.model.tier_rule_ids[0]
        draft = self.model.copy()
        for records, vals in (
            (self.model, {'name': "Other"}),
            (self.model, {'criterion_ids': [Command.clear()]}),
            (criterion, {'weight': 1}),
            (rule, {'score_min': 1}),
            (draft.criterion_ids[0], {'model_id': self.model.id}),
        ):
            self.assertIn("New Version", self.assertRefused(records.write, vals))
        for records in (self.model, criterion, rule):
            self.assertRefused(records.unlink)
        self.assertRefused(criterion.create, {'model_id': self.model.id, 'metric': 'revenue'})
        self.assertRefused(rule.create, {'model_id': self.model.id, 'tier_id': self.tiers['lost'].id})
        self.assertRefused(self.model.action_publish)

    def test_state_changes_by_buttons_only(self):
        model = self.as_user(self.model, self.champion)
        self.assertRefused(model.write, {'state': 'published'})
        self.assertRefused(model.create, {'name': "X", 'program_id': self.program.id, 'state': 'published'})
        model.action_backtest()
        model.action_publish()
        self.assertEqual(model.publisher_id, self.champion)

    def test_only_a_champion_of_the_programme_publishes(self):
        with self.assertRaises(AccessError):
            self.as_user(self.model, self.manager).action_publish()
        self.program.champion_ids = self.champion2
        with self.assertRaises(AccessError):
            self.as_user(self.model, self.champion).action_publish()
        self.as_user(self.model, self.champion2).action_backtest()
        self.as_user(self.model, self.champion2).action_publish()

    def test_one_published_per_programme(self):
        self.model.action_publish()
        other = self.model.copy()
        with mute_logger('odoo.sql_db'), self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
            other.sudo().write({'state': 'published'})
            self.env.flush_all()

    def test_nothing_to_score(self):
        self.model.criterion_ids.weight = 0
        self.assertIn("weight", self.assertRefused(self.model.action_publish))
        self.model.criterion_ids = [Command.clear()]
        self.assertIn("weight", self.assertRefused(self.model.action_publish))

    def test_bad_criteria(self):
        for vals in (
            {'bound_zero': 5, 'bound_full': 5},
            {'weight': -1},
            {'weight': float('nan')},
            {'bound_full': float('inf')},
            {'normalization': 'percentile', 'bound_full': 101},
            {'metric': 'margin'},  # there is one already
        ):
            with mute_logger('odoo.sql_db'), self.assertRaises(psycopg2.IntegrityError, msg=vals), \
                    self.env.cr.savepoint():
                self.model.criterion_ids[0].write(vals)
                self.env.flush_all()

    def test_bad_rules(self):
        rule = self.model.tier_rule_ids.filtered(lambda rule: not rule.gate_criterion_id)[0]
        for vals in ({'score_min': 101}, {'score_min': -1}, {'coverage_min': 120}, {'gate_points_max': 101}):
            with mute_logger('odoo.sql_db'), self.assertRaises(psycopg2.IntegrityError, msg=vals), \
                    self.env.cr.savepoint():
                rule.write(vals)
                self.env.flush_all()
        with self.assertRaises(ValidationError):
            rule.tier_id = self.program_b.tier_ids[0]
        with self.assertRaises(ValidationError):
            rule.gate_criterion_id = self.env.ref('kam_scoring.model_default').criterion_ids[0]

    def test_new_criterion_proposes_bounds(self):
        with Form(self.model) as form:
            form.criterion_ids.remove(0)
            with form.criterion_ids.new() as line:
                line.metric = 'revenue'
                self.assertEqual((line.bound_zero, line.bound_full), (0, 100000))
                line.normalization = 'percentile'
                self.assertEqual((line.bound_zero, line.bound_full), (0, 100))

    def test_programme_without_model(self):
        self.model.unlink()
        self.assertFalse(self.program.scoring_model_id)
        action = self.as_user(self.program, self.champion).action_open_scoring_model()
        draft = self.env['kam.scoring.model'].browse(action['res_id'])
        self.assertEqual((draft.state, len(draft.criterion_ids), len(draft.tier_rule_ids)), ('draft', 6, 6))
        self.assertEqual(draft.tier_rule_ids.tier_id.program_id, self.program)
