from odoo import fields, models


class KamAlertResolve(models.TransientModel):
    """How alerts were resolved, in words that help the next one who has such a customer."""
    _name = 'kam.alert.resolve'
    _description = "Resolve Alerts"

    alert_ids = fields.Many2many('kam.alert', string="Alerts", required=True)
    resolution = fields.Text(required=True)

    def action_resolve(self):
        self.alert_ids._resolve(self.resolution)
        return {'type': 'ir.actions.act_window_close'}
