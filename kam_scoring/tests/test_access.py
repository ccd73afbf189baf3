from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ScoringCase

MODELS = ('kam.scoring.model', 'kam.scoring.criterion', 'kam.scoring.tier.rule')
RESULTS = ('kam.score.run', 'kam.score', 'kam.score.line')


@tagged('post_install', '-at_install')
class TestAccess(ScoringCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.publish_model()
        cls.publish_model(cls.program_b)
        cls.run_scoring()
        cls.run_scoring(program=cls.program_b)

    def seen(self, name, user):
        return self.as_user(self.env[name], user).search([])

    def test_scores_of_visible_accounts(self):
        gamma = self.account_of(self.gamma_partner)
        for name in ('kam.score', 'kam.score.line'):
            in_a = [self.seen(name, user).account_id.filtered(lambda account: account.program_id == self.program)
                    for user in (self.manager, self.executive, self.champion)]
            self.assertEqual(in_a[0], self.acme | self.free | gamma, "own ones and those without manager")
            self.assertEqual(in_a[1], self.acme | self.beta | self.free | gamma)
            self.assertEqual(in_a[2], self.acme | self.beta | self.free | gamma)

    def test_companies(self):
        """Programme B covers company B only: users of company A see nothing of it."""
        for name in (*MODELS, *RESULTS):
            for user in (self.manager, self.executive):
                records = self.seen(name, user)
                programs = records.model_id.program_id if name in MODELS[1:] else records.program_id
                self.assertNotIn(self.program_b, programs, name)
                self.assertIn(self.program, programs, name)
            selected = self.as_user(self.env[name], self.champion, self.company_a).search([])
            programs = selected.model_id.program_id if name in MODELS[1:] else selected.program_id
            self.assertNotIn(self.program_b, programs, "not the selected company")
            self.assertIn(self.program_b.id, self._programs(self.seen(name, self.champion), name))

    def _programs(self, records, name):
        return (records.model_id.program_id if name in MODELS[1:] else records.program_id).ids

    def test_nobody_writes_results(self):
        for name in RESULTS:
            for user in (self.manager, self.executive, self.champion):
                Model = self.as_user(self.env[name], user)
                self.assertTrue(Model.has_access('read'))
                for operation in ('write', 'create', 'unlink'):
                    self.assertFalse(Model.has_access(operation), (name, user.login, operation))

    def test_only_champions_change_models(self):
        for name in MODELS:
            for user in (self.manager, self.executive):
                Model = self.as_user(self.env[name], user)
                self.assertTrue(Model.has_access('read'))
                for operation in ('write', 'create', 'unlink'):
                    self.assertFalse(Model.has_access(operation), (name, user.login, operation))
            self.assertTrue(self.as_user(self.env[name], self.champion).has_access('write'))

    def test_others_see_nothing(self):
        for name in (*MODELS, *RESULTS):
            with self.assertRaises(AccessError):
                self.as_user(self.env[name], self.sales).search([])

    def test_only_champions_score(self):
        for user in (self.manager, self.executive):
            with self.assertRaises(AccessError):
                self.as_user(self.program, user).action_score()
        self.program.champion_ids = self.champion2
        with self.assertRaises(AccessError):
            self.as_user(self.program, self.champion).action_score()
        self.as_user(self.program, self.champion2).action_score()

    def test_influence(self):
        self.as_user(self.acme, self.manager).influence = '4'
        self.as_user(self.beta, self.champion).influence = '2'
        with self.assertRaises(AccessError):
            self.as_user(self.beta, self.manager).influence = '5'

    def test_champion_works_on_a_new_version(self):
        model = self.as_user(self.model, self.champion)
        draft = model.browse(model.action_new_version()['res_id'])
        draft.criterion_ids[0].weight = 40
        draft.tier_rule_ids[-1].score_min = 10
        draft.criterion_ids[-1].unlink()
        draft.action_backtest()
        draft.action_publish()
        self.assertEqual((draft.state, model.state), ('published', 'retired'))
