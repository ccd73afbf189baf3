from odoo import api, fields, models


class KamReviewMixin(models.AbstractModel):
    """What a review consists of: follows its review, and is closed with it."""
    _name = 'kam.review.mixin'
    _description = "Part of a Review"
    _inherit = ['kam.derived.mixin']

    review_id = fields.Many2one('kam.review', required=True, index=True, ondelete='cascade')
    account_id = fields.Many2one('kam.account', related='review_id.account_id', store=True, index=True)
    program_id = fields.Many2one('kam.program', related='review_id.program_id', store=True, index=True)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # Before anything else, so that no other message tells what is in the reviews of others.
            self.env['kam.review'].browse(vals.get('review_id') or self.env.context.get('default_review_id'))._work_on()
        return super().create(vals_list)

    def write(self, vals):
        self.review_id._work_on()
        if 'review_id' in vals:
            self.env['kam.review'].browse(vals['review_id'])._work_on()
        return super().write(vals)

    def unlink(self):
        self.review_id._work_on()
        return super().unlink()
