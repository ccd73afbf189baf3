from odoo import api, models


class CalendarEvent(models.Model):
    """Meetings of reviews: a review follows its meeting, and is planned again when that is called off."""
    _inherit = 'calendar.event'

    @api.model_create_multi
    def create(self, vals_list):
        # Only the meeting itself: Odoo may create others on the way.
        events = super(CalendarEvent, self.with_context(kam_review_id=False)).create(vals_list)
        review = self.env['kam.review'].browse(self.env.context.get('kam_review_id')).exists()
        if review.state == 'planned' and events:
            review._work_on()
            review._take_meeting(events[:1])
        return events

    def write(self, vals):
        result = super().write(vals)
        if vals.get('active') is False:
            self._release_reviews()
        return result

    def unlink(self):
        self._release_reviews()
        return super().unlink()

    def _release_reviews(self):
        """Whoever calls off a meeting need not be allowed to write the review (sudo)."""
        reviews = self.env['kam.review'].sudo().search([('event_id', 'in', self.ids), ('state', '=', 'invited')])
        reviews.write({'event_id': False, 'state': 'planned'})
