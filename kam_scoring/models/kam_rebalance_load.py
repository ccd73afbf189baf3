from odoo import api, fields, models
from odoo.tools import float_compare

GREEN, ORANGE, RED = 10, 2, 1


class KamRebalanceLoad(models.Model):
    """What one person, or one tier, carries before and after a scenario."""
    _name = 'kam.rebalance.load'
    _description = "Load in a Rebalancing"
    _inherit = ['kam.rebalance.rows']
    _order = 'scenario_id, points_after desc, id'

    scenario_id = fields.Many2one('kam.rebalance.scenario', required=True, index=True, ondelete='cascade')
    rebalance_id = fields.Many2one(related='scenario_id.rebalance_id', store=True, index=True)
    program_id = fields.Many2one(related='scenario_id.program_id', store=True, index=True)
    user_id = fields.Many2one('res.users', string="Person", readonly=True, index='btree_not_null', ondelete='restrict')
    tier_id = fields.Many2one('kam.tier', readonly=True, index='btree_not_null', ondelete='cascade')
    points_before = fields.Float(digits=(16, 1), readonly=True)
    points_after = fields.Float(digits=(16, 1), readonly=True)
    accounts_before = fields.Integer(readonly=True)
    accounts_after = fields.Integer(readonly=True)
    capacity = fields.Float(digits=(16, 1), readonly=True, help="Points at most; accounts at most for a tier.")
    account_limit = fields.Integer(readonly=True)
    fair_points = fields.Float(string="Fair Load", digits=(16, 1), readonly=True)
    percent_before = fields.Float(string="Load Before (%)", compute='_compute_percent', digits=(16, 0))
    percent_after = fields.Float(string="Load After (%)", compute='_compute_percent', digits=(16, 0))
    color = fields.Integer(compute='_compute_percent', help="Red: beyond a limit. Orange: outside of the band.")

    @api.depends('user_id', 'tier_id')
    def _compute_display_name(self):
        for load in self:
            load.display_name = (load.user_id or load.tier_id).display_name

    @api.depends('points_before', 'points_after', 'capacity', 'fair_points', 'accounts_after', 'account_limit')
    def _compute_percent(self):
        for load in self:
            whole = load.capacity or load.fair_points
            load.percent_before = 100 * load.points_before / whole if whole else 0.0
            load.percent_after = 100 * load.points_after / whole if whole else 0.0
            load.color = load._color()

    def _color(self):
        is_over = (0 < self.capacity and float_compare(self.points_after, self.capacity, precision_digits=1) > 0
                   or 0 < self.account_limit < self.accounts_after)
        band = self.fair_points * self.rebalance_id.band / 100
        is_off = self.fair_points and float_compare(
            abs(self.points_after - self.fair_points), band, precision_digits=1) > 0
        return RED if is_over else ORANGE if is_off else GREEN
