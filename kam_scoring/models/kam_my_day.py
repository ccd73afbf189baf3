from odoo import api, models


class KamMyDay(models.AbstractModel):
    """Alerts of scoring among what waits for one person."""
    _inherit = 'kam.my.day'

    @api.model
    def _entries(self):
        return [*super()._entries(), *self._alert_entries()]

    @api.model
    def _alert_entries(self):
        """Open ones of the user; acknowledged, somebody is on it already."""
        Alert = self.env['kam.alert']
        if not Alert.has_access('read'):
            return
        labels = dict(Alert._selection_cause())
        for alert in Alert.search([
            ('state', '=', 'open'), '|', ('user_id', '=', self.env.uid),
            '&', ('user_id', '=', False), ('account_id.manager_id', '=', self.env.uid),
        ]):
            yield self._entry(
                alert, self.env._("Alert"), 'fa-bell', alert.account_id, labels.get(alert.cause, alert.cause),
                alert.reason or '', 6)
