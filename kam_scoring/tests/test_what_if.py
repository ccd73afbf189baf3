from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.kam_scoring import engine
from odoo.addons.kam_scoring.metrics import Scope

from .common import AS_OF, ScoringCase


@tagged('post_install', '-at_install')
class TestWhatIf(ScoringCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge(acme='4', beta='2')
        cls.model = cls.publish_model()
        cls.first_run = cls.run_scoring()
        cls.own = cls.model.with_user(cls.champion).with_context(allowed_company_ids=cls.champion.company_ids.ids)

    def criterion(self, metric, model=None):
        return (model or self.model).criterion_ids.filtered(lambda one: one.metric == metric)

    def rule(self, value_class):
        return self.model.tier_rule_ids.filtered(lambda rule: rule.tier_id.value_class == value_class)

    def current(self):
        return {score.account_id: (score.score, score.recommended_tier_id.name, score.rank) for score in self.env[
            'kam.score'].search([('program_id', '=', self.program.id), ('is_current', '=', True)])}

    def test_same_numbers_same_scores(self):
        """Every column that a run writes, from the values that it has kept."""
        outcome = self.own.get_what_if_outcome({})
        self.assertEqual((outcome['total'], outcome['rows']), (0, []))
        self.assertTrue(all(place['now'] == place['then'] for place in outcome['places']))
        self.assertEqual(sum(place['now'] for place in outcome['places']), 4)
        scope, spec = Scope.of(self.program, AS_OF), self.model._spec()
        kept, _failed = engine.whatif.kept_metrics(self.env, self.first_run)
        relations, select = engine.score.scores(scope, spec, kept={
            metric: engine.whatif.SQL("SELECT account_id, %s AS value FROM kam_kept", engine.whatif._column(metric))
            for metric in kept})
        rows = self.env.execute_query(engine.whatif.with_relations(
            [('kam_kept', engine.whatif._kept(scope, spec, kept)), *relations],
            engine.whatif.SQL("SELECT account_id, score, coverage, rank, fingerprint FROM (%s) again", select)))
        scores = self.env['kam.score'].search([('run_id', '=', self.first_run.id)])
        self.assertEqual(
            sorted(rows),
            sorted((score.account_id.id, score.score, score.coverage, score.rank or None, score.fingerprint)
                   for score in scores))

    def test_same_as_a_run(self):
        """What the screen says is what a run with these numbers does."""
        changes = {
            'criteria': {
                str(self.criterion('revenue').id): {'weight': 5},
                str(self.criterion('margin').id): {'weight': 60, 'bound_full': 60},
                str(self.criterion('influence').id): {'bound_zero': 2}},
            'rules': {str(self.rule('strategic').id): {'score_min': 20, 'coverage_min': 0},
                      str(self.rule('potential').id): {'score_min': 10},
                      str(self.rule('gold').id): {'score_min': 60, 'coverage_min': 10},
                      str(self.rule('diamond').id): {'score_min': 99}}}
        outcome = self.own.get_what_if_outcome(changes)
        self.assertTrue(outcome['total'])
        draft = self.own.browse(self.own.keep_what_if(changes)['res_id'])
        self.assertEqual((draft.state, draft.version), ('draft', self.model.version + 1))
        self.assertEqual(self.criterion('margin', draft).bound_full, 60)
        self.assertEqual(self.criterion('margin').bound_full, 40, "published, unchanged")
        before = self.current()
        draft.sudo().action_publish()
        self.run_scoring()
        after = self.current()
        self.assertEqual(
            {row['id']: (row['from'], row['to'], row['score_now'], row['score_then']) for row in outcome['rows']},
            {account.id: (before[account][1], after[account][1], before[account][0], after[account][0])
             for account in after if before[account][1] != after[account][1]})
        self.assertEqual(draft.get_what_if_outcome({})['total'], 0)

    def test_places(self):
        """One place in Gold instead of none of that kind: the best takes it. It stays with the tier."""
        changes = {'rules': {
            str(self.rule('diamond').id): {'score_min': 100}, str(self.rule('gold').id): {
                'score_min': 0, 'coverage_min': 0, 'capacity': 1}}}
        outcome = self.own.get_what_if_outcome(changes)
        gold = next(place for place in outcome['places'] if place['id'] == self.tiers['gold'].id)
        self.assertEqual(gold['then'], 1)
        self.own.keep_what_if(changes)
        self.assertEqual(self.tiers['gold'].capacity, 8)

    def test_draft_with_other_criteria_and_gates(self):
        """What the scores do not keep comes from the ledger: without growth in the model, a gate on it."""
        published = self.publish_model(criteria=[('revenue', 1, 'percentile', 0, 100)], rules=[
            {'tier': 'gold', 'score_min': 0}])
        self.run_scoring()
        draft = published.copy()
        draft.gate_ids = [Command.create({'metric': 'growth', 'operator': 'at_most', 'limit': 100})]
        outcome = self.as_user(draft, self.champion).get_what_if_outcome({})
        self.assertEqual([row['name'] for row in outcome['rows']], [], "Acme is in Gold already: it keeps its tier")
        self.acme.sudo().tier_id = self.tiers['general']
        outcome = self.as_user(draft, self.champion).get_what_if_outcome({})
        self.assertEqual([row['name'] for row in outcome['rows']], ["Acme"], "it grew by 167 %")
        passes = {'gates': {str(draft.gate_ids.id): {'limit': 200}}}
        self.assertFalse(self.as_user(draft, self.champion).get_what_if_outcome(passes)['rows'])

    def test_draft_keeps_its_numbers(self):
        draft = self.as_user(self.model.copy(), self.champion)
        criterion = self.criterion('growth', draft)
        action = draft.keep_what_if({'criteria': {str(criterion.id): {'weight': 33}}})
        self.assertEqual((action['res_id'], criterion.weight), (draft.id, 33))

    def test_nothing_is_written(self):
        before = self.current()
        gates = [rule['gate'] for rule in self.own.get_what_if()['rules']]
        self.assertEqual([gate for gate in gates if gate], ["Days Beyond Terms"])
        self.own.get_what_if_outcome({'criteria': {str(self.criterion('revenue').id): {'weight': 1}}})
        self.env.invalidate_all()
        self.assertEqual(self.current(), before)
        self.assertEqual(self.criterion('revenue').weight, 30)
        self.assertFalse(self.env.execute_query(engine.whatif.SQL(
            "SELECT 1 FROM pg_class WHERE relname = 'kam_kept'")))

    def test_bad_numbers(self):
        criterion = str(self.criterion('revenue').id)
        for changes in (
            {'criteria': {criterion: {'weight': -1}}},
            {'criteria': {criterion: {'weight': float('nan')}}},
            {'criteria': {criterion: {'weight': "1"}}},
            {'criteria': {criterion: {'metric': 1}}},
            {'criteria': {criterion: {'bound_full': 0}}},
            {'criteria': {criterion: {'bound_full': 101}}},
            {'criteria': {'0': {'weight': 1}}},
            {'criteria': {str(one.id): {'weight': 0} for one in self.model.criterion_ids}},
        ):
            for method in ('get_what_if_outcome', 'keep_what_if'):
                with self.assertRaises(UserError, msg=changes):
                    getattr(self.own, method)(changes)

    def test_only_champions(self):
        for user in (self.manager, self.executive):
            model = self.as_user(self.model, user)
            for method, args in (('get_what_if', ()), ('get_what_if_outcome', ({},)), ('keep_what_if', ({},))):
                with self.assertRaises(AccessError):
                    getattr(model, method)(*args)

    def test_before_the_first_run(self):
        model = self.as_user(self.publish_model(self.program_b), self.champion)
        self.assertFalse(model.get_what_if()['date'])
        with self.assertRaisesRegex(UserError, "not been scored"):
            model.get_what_if_outcome({})

    def test_health(self):
        """Healthy from another score on; nobody is placed."""
        health = self.env['kam.scoring.model'].create({
            'name': "Health", 'program_id': self.program.id, 'purpose': 'health', 'criterion_ids': [
                Command.create({'metric': 'influence', 'weight': 1, 'bound_zero': 1, 'bound_full': 5})]})
        health.action_publish()
        self.env['kam.score.run']._score_program(self.program, AS_OF, purpose='health')
        own = self.as_user(health, self.champion)
        self.assertEqual(own.get_what_if_outcome({})['total'], 0)
        outcome = own.get_what_if_outcome({'levels': {'green_from': 80}})
        self.assertEqual([(row['name'], row['from'], row['to']) for row in outcome['rows']],
                         [("Acme", "Healthy", "To Watch")], "75 points")
