from odoo import fields, models


class KamTierChangeRefuse(models.TransientModel):
    _name = 'kam.tier.change.refuse'
    _description = "Refuse Tier Changes"

    change_ids = fields.Many2many('kam.tier.change', string="Tier Changes", required=True)
    reason = fields.Text(required=True)

    def action_refuse(self):
        self.change_ids._check_decision()
        self.change_ids._refuse(self.reason)
        return {'type': 'ir.actions.act_window_close'}
