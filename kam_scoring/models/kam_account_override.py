from odoo import api, fields, models
from odoo.fields import Domain


class KamAccount(models.Model):
    """What people hold against the figures is shown wherever the score is."""
    _inherit = 'kam.account'

    override_ids = fields.One2many('kam.score.override', 'account_id', string="Held Scores")
    held_ids = fields.One2many(
        'kam.score.override', 'account_id', domain=[('is_held', '=', True)], readonly=True)
    is_held = fields.Boolean(
        string="Score Held", compute='_compute_is_held', search='_search_is_held',
        help="People hold its tier or a criterion for a while, with a reason. See the page Score.")

    @api.depends('override_ids.date_end')
    def _compute_is_held(self):
        held = self.env['kam.score.override'].search([
            ('account_id', 'in', self.ids), ('is_held', '=', True)]).account_id
        for account in self:
            account.is_held = account in held

    @api.model
    def _search_is_held(self, operator, value):
        if operator != 'in':
            return NotImplemented
        held = Domain('override_ids', 'any', [('is_held', '=', True)])
        return held if True in value else ~held
