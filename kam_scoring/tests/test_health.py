from odoo.fields import Command
from odoo.tests import tagged

from .common import AS_OF, ScoringCase


@tagged('post_install', '-at_install')
class TestHealth(ScoringCase):
    """acme is the only key account; 26.4 days beyond terms between 60 and 0 give 56 points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish_model(criteria=[('influence', 10, 'linear', 1, 5)], rules=[{'tier': 'general'}])
        cls.judge(acme='5')
        cls.health_model = cls.env['kam.scoring.model'].create({
            'program_id': cls.program.id, 'name': "Health", 'purpose': 'health',
            'criterion_ids': [Command.create({
                'metric': 'collection_timeliness', 'weight': 10, 'bound_zero': 60, 'bound_full': 0})]})
        cls.health_model.action_publish()

    def run_health(self, day=AS_OF):
        run = self.env['kam.score.run']._score_program(self.program, day, purpose='health')
        self.env.invalidate_all()
        return run

    def test_two_models_side_by_side(self):
        self.assertEqual(self.health_model.version, 1)
        self.assertEqual(self.program.health_model_id, self.health_model)
        self.assertEqual(self.program.scoring_model_id.purpose, 'selection')
        self.run_scoring()
        run = self.run_health()
        self.assertEqual((run.state, run.account_count, run.proposal_count), ('done', 1, 0), "key accounts only")
        self.assertEqual((self.acme.score, self.acme.health), (100, 56))
        self.assertEqual(len(self.acme.score_ids.filtered('is_current')), 2)
        self.assertEqual(self.acme.score_id.purpose, 'selection')
        self.assertEqual(self.acme.health_line_ids.mapped('metric'), ['collection_timeliness'])
        self.assertEqual(self.acme.score_line_ids.mapped('metric'), ['influence'])
        self.assertEqual((self.beta.health, self.beta.health_coverage, self.beta.health_state), (0, 0, False))

    def test_states(self):
        self.run_health()
        self.assertEqual(self.acme.health_state, 'amber', "45 to 65")
        mine = [('program_id', '=', self.program.id)]
        Account = self.env['kam.account']
        self.assertEqual(Account.search([*mine, ('health_state', '=', 'amber')]), self.acme)
        self.assertFalse(Account.search([*mine, ('health_state', 'in', ('green', 'red'))]))
        self.assertEqual(Account.search([*mine, ('health_state', '=', False)]), self.beta | self.free)
        self.assertEqual(Account.search([*mine, ('health_state', '!=', False)]), self.acme)

    def test_it_recommends_nothing(self):
        self.run_scoring()
        before = self.acme.recommended_tier_id
        run = self.run_health()
        self.assertEqual(self.acme.recommended_tier_id, before)
        self.assertFalse(run.score_ids.recommended_tier_id)

    def test_who_is_key_no_longer_has_none(self):
        self.run_health()
        self.acme.sudo().tier_id = self.tiers['general']
        self.run_health()
        self.assertEqual((self.acme.health, self.acme.health_coverage), (0, 0))

    def test_champion_starts_both(self):
        runs = self.env['kam.score.run']._score_purposes(self.program)
        self.assertEqual(runs.mapped('purpose'), ['selection', 'health'])
        self.assertEqual(runs.mapped('state'), ['done', 'done'])
