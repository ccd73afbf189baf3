from odoo import fields, models


class KamWhoLeavesLine(models.TransientModel):
    _name = 'kam.who.leaves.line'
    _description = "Account Affected by a Departure"
    _order = 'id'

    wizard_id = fields.Many2one('kam.who.leaves', required=True, ondelete='cascade', index=True)
    account_id = fields.Many2one('kam.account', readonly=True, ondelete='cascade')
    tier_id = fields.Many2one(related='account_id.tier_id')
    manager_id = fields.Many2one(related='account_id.manager_id')
    live_before = fields.Integer(string="Live Contacts Now", readonly=True)
    live_after = fields.Integer(string="Live Contacts Then", readonly=True)
    live_min = fields.Integer(
        string="Contacts Needed", readonly=True, help="What the tier asks for; two in any case.")
    lost_ids = fields.Many2many('kam.stakeholder', string="Lost Contacts", readonly=True)
    is_decider_lost = fields.Boolean(string="Last Decider Lost", readonly=True)
    is_champion_lost = fields.Boolean(string="Last Champion Lost", readonly=True)
    is_severe = fields.Boolean(readonly=True)

    def action_open_map(self):
        self.ensure_one()
        return self.account_id.action_open_people()
