from odoo.tests import tagged

from .common import ScoringCase

INFLUENCE = ('influence', 10, 'linear', 1, 5)  # 1 to 5 are 0, 25, 50, 75, 100 points


@tagged('post_install', '-at_install')
class TestRecommendation(ScoringCase):
    """Who belongs where, with the judgement of influence as the only criterion unless said otherwise."""

    def recommended(self, *accounts):
        return [account.recommended_tier_id.value_class for account in accounts]

    def test_thresholds_and_order(self):
        self.publish_model(criteria=[INFLUENCE], rules=[
            {'tier': 'general'}, {'tier': 'gold', 'score_min': 50}, {'tier': 'diamond', 'score_min': 100}])
        self.judge(acme='5', beta='3', free='2')
        self.run_scoring()
        self.assertEqual(self.recommended(self.acme, self.beta, self.free), ['diamond', 'gold', 'general'])

    def test_capacity_is_taken_by_rank(self):
        self.tiers['diamond'].capacity = 1
        self.publish_model(criteria=[INFLUENCE], rules=[
            {'tier': 'diamond', 'score_min': 50}, {'tier': 'gold', 'score_min': 50}, {'tier': 'general'}])
        self.judge(acme='4', beta='5', free='2')
        self.run_scoring()
        self.assertEqual(self.recommended(self.acme, self.beta, self.free), ['gold', 'diamond', 'general'])

    def test_capacity_does_not_count_who_misses_the_rule(self):
        """The best customer has too little data for Diamond: the place goes to the next one."""
        self.tiers['diamond'].capacity = 1
        self.publish_model(
            criteria=[INFLUENCE, ('growth', 10, 'linear', -100, 100)],
            rules=[{'tier': 'diamond', 'score_min': 50, 'coverage_min': 100}, {'tier': 'gold'}])
        self.judge(acme='3', beta='5', free='1')
        self.run_scoring()
        self.assertEqual(self.beta.score_rank, 1)
        self.assertEqual(self.recommended(self.acme, self.beta, self.free), ['diamond', 'gold', 'gold'])

    def test_no_rule_keeps_the_tier(self):
        self.publish_model(criteria=[INFLUENCE], rules=[{'tier': 'diamond', 'score_min': 90}])
        self.judge(acme='1', beta='1')
        self.run_scoring()
        self.assertEqual(self.recommended(self.acme, self.beta, self.free), ['gold', 'general', 'general'])

    def test_gate_comes_first(self):
        """A big buyer who pays late is a problem, whatever its score."""
        self.publish_model(
            criteria=[('revenue', 90, 'linear', 0, 1000), ('collection_timeliness', 10, 'linear', 60, 0)],
            rules=[{'tier': 'diamond', 'score_min': 50},
                   {'tier': 'problem', 'gate': 'collection_timeliness', 'gate_points_max': 60}, {'tier': 'general'}])
        self.run_scoring()
        self.assertGreater(self.acme.score, 90)
        # free has no due invoices: no points of the gate, so it does not fall through
        self.assertEqual(self.recommended(self.acme, self.free), ['problem', 'general'])

    def test_gate_is_open_above_its_limit(self):
        self.publish_model(
            criteria=[('revenue', 90, 'linear', 0, 1000), ('collection_timeliness', 10, 'linear', 60, 0)],
            rules=[{'tier': 'diamond', 'score_min': 50},
                   {'tier': 'problem', 'gate': 'collection_timeliness', 'gate_points_max': 55.9}])
        self.run_scoring()
        self.assertEqual(self.recommended(self.acme), ['diamond'])

    def test_prospects_and_lost_keep_their_tier(self):
        self.beta.sudo().tier_id = self.tiers['key_opportunity']
        self.free.sudo().tier_id = self.tiers['lost']
        self.tiers['diamond'].capacity = 1
        self.publish_model(criteria=[INFLUENCE], rules=[{'tier': 'diamond', 'score_min': 50}])
        self.judge(acme='4', beta='5', free='5')
        self.run_scoring()
        self.assertEqual(
            self.recommended(self.acme, self.beta, self.free), ['diamond', 'key_opportunity', 'lost'],
            "prospects take no place of a tier")
        self.assertEqual([account.score_rank for account in (self.acme, self.beta, self.free)], [1, 0, 0])

    def test_default_model_keeps_the_tier_on_thin_data(self):
        """Only a credit note: revenue is the only figure, less than General asks for."""
        self.publish_model()
        self.beta.sudo().tier_id = self.tiers['potential']
        self.run_scoring()
        self.assertEqual(self.beta.score_coverage, 30)
        self.assertEqual(self.recommended(self.beta), ['potential'])
        self.assertFalse(self.beta.tier_change_ids)

    def test_search_by_recommendation(self):
        self.publish_model(criteria=[INFLUENCE], rules=[{'tier': 'diamond', 'score_min': 50}])
        self.judge(acme='5', beta='1')
        self.run_scoring()
        Account = self.env['kam.account'].with_context(active_test=True)
        domain = [('program_id', '=', self.program.id)]
        differing = Account.search([*domain, ('is_tier_confirmed', '=', False)])
        self.assertEqual(differing, self.acme)
        self.assertEqual(differing.is_tier_confirmed, False)
        self.assertIn(self.beta, Account.search([*domain, ('is_tier_confirmed', '=', True)]))
        self.assertEqual(Account.search([*domain, ('score_coverage', '=', 0)]), self.free | self.account_of(
            self.gamma_partner))
        groups = dict(Account._read_group(domain, ['recommended_tier_id'], ['__count']))
        self.assertEqual(groups[self.tiers['diamond']], 1)
