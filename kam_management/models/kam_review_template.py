from odoo import fields, models

from .kam_review import KINDS


class KamReviewTemplate(models.Model):
    """The agenda that reviews of customers of certain tiers start from, with questions to ask (S105)."""
    _name = 'kam.review.template'
    _description = "Template of Reviews"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first one that fits kind and tier is taken.")
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default='business')
    tier_ids = fields.Many2many(
        'kam.tier', 'kam_review_template_tier_rel', 'template_id', 'tier_id', string="For Tiers",
        help="Empty: for any tier.")
    line_ids = fields.One2many('kam.review.template.line', 'template_id', string="Agenda", copy=True)

    def _for_review(self, review):
        """The first template for kind and tier, before those for any tier."""
        templates = self.search([
            ('kind', '=', review.kind), '|', ('tier_ids', '=', False),
            ('tier_ids', 'in', review.account_id.tier_id.ids)])
        return templates.sorted(lambda template: not template.tier_ids)[:1]

    def _fill(self, reviews):
        """Put the agenda on these reviews, in the language of whoever prepares each."""
        self.env['kam.review.line'].create([
            {
                'review_id': review.id, 'sequence': line.sequence, 'name': line.name, 'step': line.step,
                'minutes': line.minutes, 'questions': line.questions}
            for owner, owned in reviews.grouped('owner_id').items()
            for review in owned for line in self.with_context(lang=owner.lang or self.env.lang).line_ids])
