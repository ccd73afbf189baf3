from odoo import fields, models

from .kam_review_template_line import STEPS


class KamReviewLine(models.Model):
    """An item of the agenda of a review: what to ask, and what was said."""
    _name = 'kam.review.line'
    _description = "Agenda Item of a Review"
    _inherit = ['kam.review.mixin']
    _order = 'review_id, sequence, id'

    sequence = fields.Integer(default=10)
    name = fields.Char(string="Item", required=True)
    step = fields.Selection(STEPS, default='open', required=True)
    minutes = fields.Integer(default=15)
    questions = fields.Text(string="Questions to Ask")
    note = fields.Text(string="What Was Said")

    _minutes = models.Constraint('CHECK (minutes >= 0)', "An item of an agenda cannot take less than no time.")
