from odoo import fields, models

# After SPIN (S105): first how things are, then what is wrong with it, what that costs, what it would be worth to solve.
STEPS = [
    ('open', "Opening"),
    ('record', "What We Delivered"),
    ('situation', "Situation"),
    ('problem', "Problems"),
    ('implication', "Implication"),
    ('payoff', "Need-Payoff"),
    ('decide', "Decisions"),
]


class KamReviewTemplateLine(models.Model):
    """An item of the agenda that every review of a template starts with."""
    _name = 'kam.review.template.line'
    _description = "Agenda Item of a Review Template"
    _order = 'sequence, id'

    template_id = fields.Many2one('kam.review.template', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    step = fields.Selection(STEPS, default='open', required=True)
    minutes = fields.Integer(default=15, help="How long it takes.")
    questions = fields.Text(string="Questions to Ask", translate=True)

    _minutes = models.Constraint('CHECK (minutes >= 0)', "An item of an agenda cannot take less than no time.")
