from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .kam_review import OPEN_STATES

# So many days before a review its agenda is written, and so many after it everything is decided.
PREPARE_DAYS = 14
CLOSE_DAYS = 7


class KamMyDay(models.AbstractModel):
    """Reviews among what waits for one person: to prepare, to hold, and to close."""
    _inherit = 'kam.my.day'

    @api.model
    def _entries(self):
        # Before the others: of a visit that is asked for twice the review is shown, and no reminder of a review.
        return [*self._review_entries(), *super()._entries()]

    @api.model
    def _review_entries(self):
        Review = self.env['kam.review']
        if not Review.has_access('read'):
            return
        coming = Domain('state', 'in', OPEN_STATES) & Domain(
            'date', '<=', fields.Date.context_today(self) + timedelta(days=PREPARE_DAYS))
        mine = Domain(self._mine('owner_id'))
        visits = Domain('kind', '=', 'visit') & Domain('account_id.sponsor_id', '=', self.env.uid) & coming
        kinds = dict(Review._fields['kind']._description_selection(self.env))
        for review in Review.search(mine & (coming | Domain('state', '=', 'held')) | visits):
            what = self._review_to_close(review) if review.state == 'held' else self._review_to_hold(review)
            if what:
                text, weight, day = what
                entry = self._entry(
                    review, kinds[review.kind], 'fa-handshake-o', review.account_id, review.display_name, text,
                    weight, day)
                # The visit that is due is the one planned, for the sponsor.
                of_sponsor = review.kind == 'visit' and review.account_id.sponsor_id == self.env.user
                yield {**entry, 'key': self._visit_key(review.account_id)} if of_sponsor else entry

    @api.model
    def _review_to_hold(self, review):
        """(text, weight, day) of a review to come; None where there is nothing to do yet."""
        if review.date > self._horizon():
            # Time to prepare, and nothing else.
            return None if review.line_ids else (self.env._("The agenda is empty: prepare it"), 3, None)
        if review.is_overdue:
            return self.env._("Was it held? Say so, or choose another day"), 6, review.date
        if not review.line_ids:
            return self.env._("The agenda is empty: prepare it"), 6, review.date
        if review.state == 'planned':
            return self.env._("Nobody is invited yet"), 6, review.date
        return self.env._("Read the briefing"), 5, review.date

    @api.model
    def _review_to_close(self, review):
        day = review.date_held + timedelta(days=CLOSE_DAYS)
        undecided = review.open_decision_count
        if undecided:
            return self.env._("Decide what follows (undecided: %s), and close it", undecided), 4, day
        return self.env._("Write a summary, and close it"), 4, day
