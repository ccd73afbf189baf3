from odoo import api, fields, models
from odoo.exceptions import UserError


class KamStakeholderDetailMixin(models.AbstractModel):
    """What hangs on a person of a relationship map, and stays with that person."""
    _name = 'kam.stakeholder.detail.mixin'
    _description = "Detail of a Stakeholder"
    _inherit = ['kam.derived.mixin']

    stakeholder_id = fields.Many2one(
        'kam.stakeholder', string="Person at the Customer", required=True, index=True, ondelete='cascade')
    account_id = fields.Many2one(
        'kam.account', string="Key Account Record", related='stakeholder_id.account_id', store=True, index=True)
    program_id = fields.Many2one('kam.program', related='stakeholder_id.program_id', store=True, index=True)
    # Stored and not cascading, so that Odoo's privacy lookup finds what is noted about a person.
    partner_id = fields.Many2one(
        'res.partner', string="Contact Person", related='stakeholder_id.partner_id', store=True, index=True)

    @api.depends('stakeholder_id')
    def _compute_display_name(self):
        for detail in self:
            # The name of the person only: what is noted is nobody else's business.
            detail.display_name = detail.stakeholder_id.display_name

    def write(self, vals):
        # Rules are asked before a write, not after it: a detail could be put where its writer has no say.
        if 'stakeholder_id' in vals and not self.env.su and any(
                detail.stakeholder_id.id != vals['stakeholder_id'] for detail in self):
            raise UserError(self.env._("This belongs to one person. Delete it here and enter it there."))
        return super().write(vals)
