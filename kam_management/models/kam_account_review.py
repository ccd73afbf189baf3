from odoo import api, fields, models
from odoo.fields import Domain

from .kam_review import OPEN_STATES


class KamAccount(models.Model):
    """The reviews of an account, and what the customer said at them."""
    _inherit = 'kam.account'

    review_ids = fields.One2many('kam.review', 'account_id', string="Reviews")
    review_count = fields.Integer(compute='_compute_review_count', string="Number of Reviews")
    date_next_review = fields.Date(compute='_compute_review_count', string="Next Review On")

    @api.depends('review_ids.date', 'review_ids.state')
    def _compute_review_count(self):
        counts = dict(self.env['kam.review']._read_group(
            [('account_id', 'in', self.ids)], ['account_id'], ['__count']))
        coming = dict(self.env['kam.review']._read_group(
            [('account_id', 'in', self.ids), ('state', 'in', OPEN_STATES)], ['account_id'], ['date:min']))
        for account in self:
            account.review_count = counts.get(account, 0)
            account.date_next_review = coming.get(account, False)

    def _attention(self):
        attention = super()._attention()
        today = fields.Date.context_today(self)
        for account, day in self.env['kam.review']._read_group(
                Domain('account_id', 'in', self.ids) & Domain('is_overdue', '=', True) & Domain('kind', '!=', 'visit'),
                ['account_id'], ['date:min']):
            attention[account].append({
                'level': 'warning', 'text': self.env._("Review overdue by %s days", (today - day).days)})
        return attention

    def action_open_account_reviews(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_review_action')
        return dict(action, name=self.env._("Reviews of %s", self.display_name), domain=[('account_id', '=', self.id)],
                    context={'default_account_id': self.id})

    def action_plan_review(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Plan a Review"),
            'res_model': 'kam.review',
            'views': [(False, 'form')],
            'context': {'default_account_id': self.id},
        }

    def action_open_briefing(self):
        """That of the next review; without one, of a visit that would be made now."""
        self.ensure_one()
        review = self.env['kam.review'].search(
            [('account_id', '=', self.id), ('state', 'in', OPEN_STATES)], order='date, id', limit=1)
        return review.action_open_briefing() if review else self.action_plan_review()

    def write(self, vals):
        result = super().write(vals)
        if vals.get('active') is False:
            # Also reviews that whoever archives the account cannot write (sudo).
            self.env['kam.review'].sudo().search(
                [('account_id', 'in', self.ids), ('state', 'in', OPEN_STATES)])._cancel()
        return result

    def _hand_over_parts(self, kept):
        """What was held goes along; what was planned is planned anew."""
        result = super()._hand_over_parts(kept)
        # Rules are per account (sudo).
        reviews = self.sudo().review_ids
        reviews.filtered(lambda review: review.state in OPEN_STATES)._cancel()
        reviews.write({'account_id': kept.id, 'period': False})
        return result
