from odoo import fields, models


class KamPackMakeSection(models.TransientModel):
    """One sheet of the pack that is being made: in, or left out."""
    _name = 'kam.pack.make.section'
    _description = "Sheet of a Pack"
    _order = 'sequence, id'

    make_id = fields.Many2one('kam.pack.make', required=True, ondelete='cascade', index=True)
    sequence = fields.Integer()
    code = fields.Char(required=True)
    name = fields.Char(required=True)
    is_included = fields.Boolean(string="In the File", default=True)
