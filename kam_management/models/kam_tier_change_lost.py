from odoo import api, fields, models


class KamTierChange(models.Model):
    """Into a lost tier leads the question why (S23)."""
    _inherit = 'kam.tier.change'

    is_loss = fields.Boolean(compute='_compute_is_loss')
    lost_reason_id = fields.Many2one('crm.lost.reason', string="Lost Because", copy=False, index='btree_not_null')

    @api.model
    def _obstacle_triggers(self):
        return [*super()._obstacle_triggers(), 'lost_reason_id']

    @api.depends('to_tier_id')
    def _compute_is_loss(self):
        for change in self:
            change.is_loss = change.to_tier_id.category == 'lost'

    def _submission_obstacles(self):
        obstacles = super()._submission_obstacles()
        if self.is_loss and not self.lost_reason_id:
            obstacles.append(self.env._("Say why %s was lost.", self.account_id.display_name))
        return obstacles

    def _apply(self):
        result = super()._apply()
        self.account_id._follow_category()
        for change in self.filtered('is_loss'):
            # The approval is the permission. Its reason is known, so the next step is to approach.
            change.account_id.sudo().write({
                'lost_reason_id': change.lost_reason_id.id, 'lost_note': change.reason,
                'win_back_state': change.lost_reason_id and 'approach' or 'analyse'})
        return result

    def _summary_facts(self):
        return [*super()._summary_facts(), self.is_loss and self.lost_reason_id.name]
