from odoo import fields, models


class KamProgram(models.Model):
    _inherit = 'kam.program'

    contact_live_days = fields.Integer(
        string="Live Contact Within (Days)", default=90,
        help="A contact counts as live when somebody of us met or spoke to the person, or the person wrote to us, "
             "within this many days.")

    _live_days = models.Constraint(
        'CHECK (contact_live_days > 0)', "A contact is live for at least one day.")
