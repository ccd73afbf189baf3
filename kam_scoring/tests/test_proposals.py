from datetime import date, datetime

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ScoringCase

INFLUENCE = ('influence', 10, 'linear', 1, 5)
RULES = [{'tier': 'diamond', 'score_min': 100}, {'tier': 'gold', 'score_min': 75}, {'tier': 'general'}]


@tagged('post_install', '-at_install')
class TestProposals(ScoringCase):
    """acme is Gold, beta and free are General; the judgement of influence decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish_model(criteria=[INFLUENCE, ('revenue', 0, 'linear', 0, 1000)], rules=RULES)
        cls.judge(acme='4', beta='5', free='1')

    def proposals(self, account=None):
        domain = [('program_id', '=', self.program.id), ('origin', '=', 'run')]
        return self.env['kam.tier.change'].search(domain + ([('account_id', '=', account.id)] if account else []))

    def test_drafted(self):
        run = self.run_scoring()
        change = self.proposals()
        self.assertEqual(run.proposal_count, 1)
        self.assertEqual(
            (change.account_id, change.from_tier_id, change.to_tier_id, change.kind, change.state),
            (self.beta, self.tiers['general'], self.tiers['diamond'], 'nomination', 'draft'))
        self.assertEqual((change.score, change.score_coverage, change.score_run_id), (100, 100, run))
        self.assertEqual(change.program_id, self.program)
        self.assertIn("Test model", change.reason)
        self.assertIn("Diamond", change.reason)
        self.assertEqual(change.evidence.splitlines(), [
            "Score 100.0 of 100 on 2024-02-29: rank 1 of 3, data for 100 % of the weights.",
            "Scoring model Test model, version 1.",
            "Influence: 5 of 5, 100 of 100 points (weight 10)",
            "Revenue: -250 EUR, 0 of 100 points (weight 0)",
        ])

    def test_kinds(self):
        self.beta.sudo().tier_id = self.tiers['diamond']
        self.free.sudo().tier_id = self.tiers['problem']
        self.judge(acme='1', beta='4', free='1')
        self.run_scoring()
        self.assertEqual(
            {change.account_id: change.kind for change in self.proposals()},
            {self.acme: 'exit', self.beta: 'demotion', self.free: 'promotion'})
        for change in self.proposals():
            self.assertEqual(change.kind, change._kind(change.from_tier_id, change.to_tier_id))

    def test_refreshed(self):
        self.run_scoring()
        change = self.proposals()
        change.reason = "They will double next year"
        run = self.run_scoring(date(2024, 3, 1))
        self.assertEqual(self.proposals(), change, "no second one")
        self.assertEqual((change.score_run_id, run.proposal_count), (run, 1))
        self.assertIn("2024-03-01", change.evidence)
        self.assertEqual(change.reason, "They will double next year")
        self.judge(beta='4')
        self.run_scoring(date(2024, 3, 1))
        self.assertEqual((change.to_tier_id, change.kind), (self.tiers['gold'], 'nomination'))
        self.assertIn("Gold", change.reason, "the reason was for another tier")

    def test_withdrawn(self):
        self.run_scoring()
        self.judge(beta='1')
        run = self.run_scoring()
        self.assertFalse(self.proposals())
        self.assertEqual(run.proposal_count, 0)

    def test_withdrawn_when_archived(self):
        self.run_scoring()
        self.beta.active = False
        self.run_scoring()
        self.assertFalse(self.proposals())

    def test_discussed_draft_stays(self):
        self.run_scoring()
        change = self.proposals()
        change.message_post(body="Let us wait for the contract", message_type='comment')
        self.judge(beta='1')
        self.run_scoring()
        self.assertTrue(change.exists())
        self.assertIn("does not suggest", change.evidence)

    def test_submitted_is_left_alone(self):
        self.run_scoring()
        change = self.proposals()
        self.as_user(change, self.colleague).action_submit()
        evidence = change.evidence
        self.judge(beta='1')
        self.run_scoring(date(2024, 3, 1))
        self.assertEqual((change.state, change.evidence, change.score), ('submitted', evidence, 100))

    def test_none_beside_an_open_change_of_a_person(self):
        mine = self.propose(self.beta, 'strategic', user=self.colleague)
        self.run_scoring()
        self.assertFalse(self.proposals())
        mine.unlink()
        self.run_scoring()
        self.assertTrue(self.proposals())

    def test_quiet_after_refusal(self):
        self.run_scoring(date(2024, 3, 1))
        change = self.proposals()
        change.sudo().write({'state': 'refused', 'date_decided': datetime(2024, 3, 1, 12)})
        self.run_scoring(date(2024, 5, 29))
        self.assertEqual(self.proposals(), change, "89 days later")
        self.run_scoring(date(2024, 5, 30))
        self.assertEqual(len(self.proposals()), 2, "90 days later")

    def test_refusal_of_another_tier_does_not_count(self):
        self.run_scoring(date(2024, 3, 1))
        self.proposals().sudo().write({'state': 'refused', 'date_decided': datetime(2024, 3, 1, 12)})
        self.judge(beta='4')
        self.run_scoring(date(2024, 3, 2))
        self.assertEqual(self.proposals().filtered(lambda change: change.state == 'draft').to_tier_id,
                         self.tiers['gold'])

    def test_draft_to_a_refused_tier_is_withdrawn(self):
        """A standing draft must not turn into what was just refused."""
        self.propose(self.beta, 'gold', user=self.colleague).sudo().write(
            {'state': 'refused', 'date_decided': datetime(2024, 2, 28)})
        self.run_scoring()
        self.judge(beta='4')
        self.run_scoring()
        self.assertFalse(self.proposals())

    def test_past_date_drafts_nothing(self):
        self.run_scoring(date(2024, 3, 1))
        self.proposals().unlink()
        run = self.run_scoring(date(2024, 2, 1))
        self.assertFalse(self.proposals())
        self.assertIn("newer run", run.message)

    def test_champion_decides_on_a_proposal(self):
        self.run_scoring()
        change = self.proposals()
        self.as_user(change, self.colleague).action_submit()
        self.as_user(change, self.champion).sponsor_id = self.executive
        self.as_user(change, self.champion).action_approve()
        self.assertEqual((change.state, self.beta.tier_id), ('applied', self.tiers['diamond']))
        self.run_scoring()
        self.assertEqual(self.proposals(), change, "the tier is as recommended now")

    def test_what_moved_stands_in_the_evidence(self):
        self.judge_account(self.acme, '2', date='2023-11-01', date_end='2024-02-01')
        self.run_scoring(date(2023, 11, 20))
        self.run_scoring()
        mine = self.propose(self.acme, 'strategic', evidence="They signed")
        mine.action_submit()
        self.assertEqual(
            mine.evidence.splitlines()[-1],
            "+50 since November 20, 2023: Influence rose from 2 of 5 to 4 of 5.")
        of_run = self.proposals(self.beta)
        self.as_user(of_run, self.colleague).action_submit()
        self.assertEqual(of_run.evidence.splitlines()[-1], "Unchanged since November 20, 2023.")

    def test_figures_of_a_personal_proposal_are_frozen(self):
        run = self.run_scoring()
        change = self.propose(self.acme, 'strategic', evidence="They signed")
        change.action_submit()
        self.assertEqual((change.score, change.score_coverage, change.score_run_id), (75, 100, run))
        self.assertTrue(change.evidence.startswith("They signed\n\nScore 75.0 of 100"))
        self.judge(acme='1')
        self.run_scoring(date(2024, 3, 1))
        self.assertEqual(change.score, 75)

    def test_figures_are_not_written_by_people(self):
        change = self.propose(self.acme, 'diamond')
        with self.assertRaises(UserError):
            change.score = 99
        with self.assertRaises(UserError):
            self.propose(self.acme, 'diamond', score=99)

    def test_language_of_the_champion(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.champion.lang = 'de_DE'
        self.program.champion_ids = self.champion
        self.tiers['diamond'].with_context(lang='de_DE').name = "Diamant"
        self.invoice(self.beta_partner, '2024-01-10', 1234567.89)
        self.run_scoring()
        self.assertIn("Diamant", self.proposals().reason)
        self.assertIn("1.234.318 EUR", self.proposals().evidence)

    def test_effective_date_is_a_day_of_the_run(self):
        self.run_scoring()
        self.assertEqual(self.proposals().date_effective, fields.Date.to_date('2024-02-29'))
