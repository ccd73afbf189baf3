from odoo import api, fields, models


class KamRebalanceWhyNot(models.TransientModel):
    """Why does this account not go there? Every move that is not made can be asked about."""
    _name = 'kam.rebalance.why.not'
    _description = "Why Not?"

    move_id = fields.Many2one('kam.rebalance.move', required=True, ondelete='cascade')
    question = fields.Selection(related='move_id.question')
    program_id = fields.Many2one(related='move_id.program_id')
    account_id = fields.Many2one(related='move_id.account_id')
    user_ids = fields.Many2many('res.users', compute='_compute_choice')
    tier_ids = fields.Many2many('kam.tier', compute='_compute_choice')
    user_id = fields.Many2one('res.users', string="Why Not To", domain="[('id', 'in', user_ids)]")
    tier_id = fields.Many2one('kam.tier', string="Why Not Into", domain="[('id', 'in', tier_ids)]")
    answer = fields.Text(compute='_compute_answer')

    @api.depends('move_id')
    def _compute_choice(self):
        for wizard in self:
            loads = wizard.move_id.scenario_id.load_ids
            wizard.user_ids, wizard.tier_ids = loads.user_id, loads.tier_id

    @api.depends('move_id', 'user_id', 'tier_id')
    def _compute_answer(self):
        for wizard in self:
            place = wizard.user_id or wizard.tier_id
            wizard.answer = place and wizard.move_id._why_not(place)
