from odoo import fields, models


class KamProgram(models.Model):
    _inherit = 'kam.program'

    judgement_months = fields.Integer(
        string="Judgements Last (Months)", default=12,
        help="So long a judgement of a customer counts; then nothing is known until somebody judges anew. 0: for good.")

    _judgement_months = models.Constraint(
        'CHECK (judgement_months >= 0)', "Judgements cannot last less than no time: enter 0 or more months.")
