from odoo import api, fields, models

from ..alerts import CAUSES
from ..alerts.refresh import OPEN_STATES

BADGE_LEVELS = {'open': 'danger', 'acknowledged': 'warning'}


class KamAccount(models.Model):
    """The warnings of an account."""
    _inherit = 'kam.account'

    alert_ids = fields.One2many('kam.alert', 'account_id', string="Alerts")
    open_alert_count = fields.Integer(string="Open Alerts", compute='_compute_open_alert_count')

    @api.depends('alert_ids.state')
    def _compute_open_alert_count(self):
        counts = dict(self.env['kam.alert']._read_group(
            [('account_id', 'in', self.ids), ('state', 'in', OPEN_STATES)], ['account_id'], ['__count']))
        for account in self:
            account.open_alert_count = counts.get(account, 0)

    @api.depends('alert_ids.state')
    def _compute_attention(self):
        return super()._compute_attention()

    def _attention(self):
        attention = super()._attention()
        labels = dict(self.env['kam.alert']._selection_cause())
        for alert in self.env['kam.alert'].search([('account_id', 'in', self.ids), ('state', 'in', OPEN_STATES)]):
            if alert.cause in CAUSES and CAUSES[alert.cause].has_badge:
                attention[alert.account_id].append({
                    'level': BADGE_LEVELS[alert.state], 'text': labels[alert.cause]})
        return attention

    def action_open_alerts(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_alert_action')
        return dict(action, name=self.env._("Alerts of %s", self.display_name), domain=[('account_id', '=', self.id)],
                    context={'search_default_open': 1} if self.open_alert_count else {})
