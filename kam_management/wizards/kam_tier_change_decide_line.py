from odoo import api, fields, models
from odoo.exceptions import UserError


class KamTierChangeDecideLine(models.TransientModel):
    _name = 'kam.tier.change.decide.line'
    _description = "Decision on a Tier Change"
    _order = 'id'

    wizard_id = fields.Many2one('kam.tier.change.decide', required=True, ondelete='cascade', index=True)
    change_id = fields.Many2one('kam.tier.change', required=True, ondelete='cascade', index=True)
    account_id = fields.Many2one(related='change_id.account_id')
    kind = fields.Selection(related='change_id.kind')
    from_tier_id = fields.Many2one(related='change_id.from_tier_id')
    to_tier_id = fields.Many2one(related='change_id.to_tier_id')
    summary = fields.Text(related='change_id.reason')
    manager_id = fields.Many2one(related='change_id.manager_id', readonly=False)
    sponsor_id = fields.Many2one(related='change_id.sponsor_id', readonly=False)
    needs_seats = fields.Boolean(related='change_id.needs_seats')
    account_manager_id = fields.Many2one(related='change_id.account_manager_id')
    account_sponsor_id = fields.Many2one(related='change_id.account_sponsor_id')
    override_reason = fields.Text(related='change_id.override_reason', readonly=False)
    obstacles = fields.Text(compute='_compute_obstacles', store=True, readonly=True)
    decision = fields.Selection([('approve', "Approve"), ('refuse', "Refuse")])
    refusal_reason = fields.Text(string="Reason of the Refusal")

    @api.depends('change_id', 'manager_id', 'sponsor_id', 'override_reason')
    def _compute_obstacles(self):
        for line in self:
            line.obstacles = line.change_id.obstacles

    def _carry_out(self):
        if self.decision == 'approve':
            self.change_id.action_approve()
            return
        if not (self.refusal_reason or "").strip():
            raise UserError(self.env._("Say why it is refused: the reason stays in the history."))
        self.change_id._check_decision()
        self.change_id._refuse(self.refusal_reason)
