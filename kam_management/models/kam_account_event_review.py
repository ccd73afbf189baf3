from odoo import api, fields, models
from odoo.tools import SQL

from .kam_account_event import ID_STEP


class KamAccountEvent(models.Model):
    """Reviews that were held, on the timeline."""
    _inherit = 'kam.account.event'
    _depends = {'kam.review': ['account_id', 'program_id', 'date_held', 'state']}

    kind = fields.Selection(selection_add=[('review', "Review Held")])

    @api.model
    def _sources(self):
        return super()._sources() + [SQL(
            """SELECT id * %s + 12, account_id, program_id, date_held, 'review', NULL, NULL, NULL, id
                 FROM kam_review WHERE date_held IS NOT NULL""", ID_STEP)]

    def _descriptions(self):
        # That there was a review is part of the story of the account, whoever reads that; what was said is not (sudo).
        review = self.env['kam.review'].sudo().browse(self.record_id)
        kinds = dict(review._fields['kind']._description_selection(self.env))
        return {
            **super()._descriptions(),
            'review': lambda: self.env._("%(kind)s, led by %(person)s", kind=kinds.get(review.kind),
                                         person=review.owner_id.name or self.env._("nobody")),
        }
