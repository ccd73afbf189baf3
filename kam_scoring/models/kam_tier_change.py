from odoo import api, fields, models
from odoo.exceptions import UserError

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

    def action_submit(self):
        result = super().action_submit()
        for change in self.filtered(lambda change: change.origin == 'person'):
            # What is frozen must not depend on what the proposer may see of the score (sudo).
            score = change.sudo().account_id.score_id
            change.sudo().write({
                'score': score.score, 'score_coverage': score.coverage, 'score_run_id': score.run_id.id})
        return result

    def _evidence(self):
        """A proposal of a person gets the current figures below its own words; that of a run has them already."""
        evidence = super()._evidence()
        score = self.sudo().account_id.score_id
        if self.origin == 'run' or not score:
            return evidence
        return "\n\n".join(filter(None, [evidence, score._explanations().get(score)]))
