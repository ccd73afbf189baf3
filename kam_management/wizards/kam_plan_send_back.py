from odoo import fields, models


class KamPlanSendBack(models.TransientModel):
    _name = 'kam.plan.send.back'
    _description = "Send Plans Back"

    plan_ids = fields.Many2many('kam.plan', string="Account Plans", required=True)
    reason = fields.Text(required=True)

    def action_send_back(self):
        self.plan_ids._send_back(self.reason)
        return {'type': 'ir.actions.act_window_close'}
