from odoo import api, fields, models

from ..engine.tiers import UNSCORED_CATEGORIES


class KamTierReview(models.Model):
    """The score beside the question; it is frozen with the verdict."""
    _inherit = 'kam.tier.review'

    kind = fields.Selection(selection_add=[('score', "Below the Threshold")], ondelete={'score': 'set default'})
    score = fields.Float(compute='_compute_score', aggregator='avg', help="Of the account; from the verdict on frozen.")
    score_decided = fields.Float(string="Score at the Verdict", readonly=True, aggregator='avg')
    score_min = fields.Float(
        string="Threshold", compute='_compute_score', aggregator=None,
        help="Least score of the tier in the published model. The band of the programme lies below it.")
    suggestion = fields.Selection([
        ('passed', "Passed"),
        ('failed', "Failed"),
    ], compute='_compute_score', help="What the figures say; people decide.")

    @api.depends('account_id.score', 'account_id.recommended_tier_id', 'verdict', 'tier_id')
    def _compute_score(self):
        # The threshold is shown to whoever may see the review.
        models = self.sudo().program_id.scoring_model_id
        least = {rule.tier_id.id: rule.score_min for rule in models.tier_rule_ids}
        for review in self:
            account = review.account_id
            is_scored = account.score_coverage and account.tier_id.category not in UNSCORED_CATEGORIES
            review.score = review.score_decided if review.verdict else account.score
            review.score_min = least.get(review.tier_id.id, 0.0)
            review.suggestion = is_scored and not review.verdict and (
                'failed' if account.recommended_tier_id.sequence > account.tier_id.sequence else 'passed')

    def _decide(self, verdict):
        result = super()._decide(verdict)
        for review in self:
            # Closed to edits, like the verdict; super has checked the permission.
            review.sudo().score_decided = review.account_id.score
        return result

    def action_follow_scores(self):
        """Give the verdicts that the figures suggest."""
        passed = self.filtered(lambda review: review.suggestion == 'passed')
        failed = self.filtered(lambda review: review.suggestion == 'failed')
        passed.action_pass()
        failed.action_fail()
        return True
