from odoo import api, fields, models


class KamCompetitor(models.Model):
    _inherit = 'kam.competitor'

    wallet_line_ids = fields.One2many('kam.wallet.line', 'competitor_id', string="Wallet Lines")
    wallet_line_count = fields.Integer(string="Held At Our Accounts", compute='_compute_wallet_line_count')

    @api.depends('wallet_line_ids')
    @api.depends_context('uid')
    def _compute_wallet_line_count(self):
        """Of the accounts that the user may see."""
        counts = dict(self.env['kam.wallet.line']._read_group(
            [('competitor_id', 'in', self.ids)], ['competitor_id'], ['__count']))
        for competitor in self:
            competitor.wallet_line_count = counts.get(competitor, 0)

    def action_open_wallet_lines(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_wallet_line_action')
        return dict(action, domain=[('competitor_id', '=', self.id)], context={})
