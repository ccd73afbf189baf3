from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.tiers import UNSCORED_CATEGORIES

# A decision looks at what has moved since so many months ago.
EVIDENCE_MONTHS = 3
SCORE_FIELDS = frozenset(('score', 'score_coverage', 'score_run_id'))


class KamTierChange(models.Model):
    """Scores as evidence. A run keeps the figures of its drafts up to date; submission freezes them."""
    _inherit = 'kam.tier.change'

    score = fields.Float(
        readonly=True, copy=False, aggregator='avg', help="Score of the account, frozen at submission.")
    score_coverage = fields.Float(
        string="Data (%)", readonly=True, copy=False, aggregator='avg',
        help="Share of the weights for which there were data.")
    score_run_id = fields.Many2one(
        'kam.score.run', string="Scoring Run", readonly=True, copy=False, index='btree_not_null', ondelete='set null')

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_scores(vals)
        return super().create(vals_list)

    def _refuse_edit(self, vals):
        self._refuse_scores(vals)
        return super()._refuse_edit(vals)

    def _refuse_scores(self, vals):
        if SCORE_FIELDS & vals.keys() and not self.env.su:
            raise UserError(self.env._("Scores are computed. They come from the account when the change is submitted."))

    def _measured_criteria(self):
        """By the rule of the new tier in the published model: least score and least coverage, and no gate.

        The capacity is a limit of its own. Without a published model, a rule or data, people have to say.
        """
        rule, account = self._rule_and_account()
        if not rule or not account.score_coverage or account.tier_id.category in UNSCORED_CATEGORIES:
            return super()._measured_criteria()
        gates = rule.model_id.tier_rule_ids.filtered('gate_criterion_id').tier_id
        is_met = (
            account.score >= rule.score_min and account.score_coverage >= rule.coverage_min
            and account.recommended_tier_id not in gates and not self._failed_gates(rule, account))
        return 'met' if is_met else 'not_met'

    def _criteria_facts(self):
        if not self._measured_criteria():
            return super()._criteria_facts()
        rule, account = self._rule_and_account()
        facts = self.env._(
            "score %(score)s, %(least)s needed; data for %(coverage)s %%, %(least_coverage)s %% needed",
            score=round(account.score), least=round(rule.score_min), coverage=round(account.score_coverage),
            least_coverage=round(rule.coverage_min))
        gates = self._failed_gates(rule, account)
        if gates:
            facts = self.env._("%(facts)s; fails the gate: %(gates)s", facts=facts,
                               gates=", ".join(gates.mapped('display_name')))
        return facts

    def _failed_gates(self, rule, account):
        """Gates in front of the new tier that the account did not pass when it was scored."""
        failed = rule.model_id.gate_ids.browse(account.score_id.failed_gates or [])
        return failed.filtered(lambda gate: gate.model_id == rule.model_id and rule.tier_id in gate._tiers())

    def _rule_and_account(self):
        # What is measured must not depend on what its reader may see (sudo).
        change = self.sudo()
        rules = change.program_id.scoring_model_id.tier_rule_ids
        return rules.filtered(lambda rule: rule.tier_id == change.to_tier_id and not rule.gate_criterion_id), (
            change.account_id)

    def _summary_facts(self):
        score = self.score_run_id and self.state != 'refused' and self.env._("score %s", round(self.score))
        return [score, *super()._summary_facts()]

    def _apply(self):
        """In its new tier the account starts afresh."""
        result = super()._apply()
        self.sudo().account_id.date_failing_since = False  # written by scoring only
        return result

    def action_submit(self):
        result = super().action_submit()
        for change in self.filtered(lambda change: change.origin == 'person'):
            # What is frozen must not depend on what the proposer may see of the score (sudo).
            score = change.sudo().account_id.score_id
            change.sudo().write({
                'score': score.score, 'score_coverage': score.coverage, 'score_run_id': score.run_id.id})
        return result

    def _evidence(self):
        """A proposal of a person gets the current figures below its own words; that of a run has them already.

        Below them stands what moved the score since the quarter before, by far the first question at a decision.
        """
        evidence = super()._evidence()
        # What is frozen must not depend on what the proposer may see of the score (sudo).
        score = self.sudo().account_id.score_id
        if not score:
            return evidence
        figures = self.origin != 'run' and score._explanations().get(score)
        return "\n\n".join(filter(None, [evidence, figures, self._moved_evidence(score)]))

    @api.model
    def _moved_evidence(self, score):
        return score._moved_texts(score.date - relativedelta(months=EVIDENCE_MONTHS)).get(score)
