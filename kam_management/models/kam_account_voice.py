from dateutil.relativedelta import relativedelta

from odoo import fields, models


class KamAccount(models.Model):
    """What people of the account say about us, at reviews and in surveys."""
    _inherit = 'kam.account'

    voice_count = fields.Integer(string="Answers", compute='_compute_voice')
    voice_points = fields.Float(
        string="Satisfaction", compute='_compute_voice', digits=(16, 1),
        help="0 to 10, on average of what the customer said at reviews and in surveys in the last twelve months.")

    def _compute_voice(self):
        Voice = self.env['kam.voice']
        since = fields.Date.context_today(self) - relativedelta(months=12)
        counts = dict(Voice._read_group([('account_id', 'in', self.ids)], ['account_id'], ['__count']))
        points = dict(Voice._read_group(
            [('account_id', 'in', self.ids), ('topic', '=', 'satisfaction'), ('date', '>=', since)],
            ['account_id'], ['points:avg']))
        for account in self:
            account.voice_count, account.voice_points = counts.get(account, 0), points.get(account, 0)

    def action_open_voice(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_voice_action')
        return dict(action, name=self.env._("What %s Says", self.display_name), domain=[('account_id', '=', self.id)])
