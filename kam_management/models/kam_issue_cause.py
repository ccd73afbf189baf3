from odoo import fields, models


class KamIssueCause(models.Model):
    """Why an issue came up. Chosen when it is resolved, so that a cause that returns is seen (S37)."""
    _name = 'kam.issue.cause'
    _description = "Cause of Issues"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    role_id = fields.Many2one(
        'kam.role', string="Department", index='btree_not_null', ondelete='set null',
        help="Who has to remove the cause for good.")
