from odoo import fields, models


class KamPlanCommitment(models.Model):
    """What the customer or we have committed to in compliance and sustainability (S95, S109)."""
    _name = 'kam.plan.commitment'
    _description = "Commitment in Compliance or Sustainability"
    _inherit = ['kam.plan.mixin']
    _order = 'kind, side, id'

    kind = fields.Selection([
        ('compliance', "Compliance"),
        ('sustainability', "Sustainability"),
    ], required=True, default='compliance')
    side = fields.Selection([
        ('customer', "The Customer"),
        ('us', "We"),
    ], string="Who", required=True, default='us')
    name = fields.Char(string="Commitment", required=True)
    date_due = fields.Date(string="By When")
    is_kept = fields.Boolean(string="Kept")
