from odoo import api, fields, models


class KamRebalanceScenario(models.Model):
    """One answer to the question, with what it costs and how good it is proven to be."""
    _name = 'kam.rebalance.scenario'
    _description = "Scenario of a Rebalancing"
    _order = 'rebalance_id, sequence, id'

    rebalance_id = fields.Many2one('kam.rebalance', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one(related='rebalance_id.program_id', store=True, index=True)
    question = fields.Selection(related='rebalance_id.question')
    sequence = fields.Integer(default=10)
    kind = fields.Selection([
        ('today', "As It Is Today"),
        ('fewest', "Fewest Moves"),
        ('fairest', "Fairest"),
        ('balanced', "Balanced"),
        ('hand', "Edited by Hand"),
    ], required=True, default='hand', readonly=True)
    name = fields.Char(required=True)
    state = fields.Selection([
        ('optimal', "Proven Best"),
        ('best', "Best Found"),
        ('infeasible', "Impossible"),
        ('unknown', "Not Solved"),
    ], readonly=True, help="Best found: nothing better was found within the time limit; the gap says how much better "
        "it could be at most.")
    gap = fields.Float(string="Gap (%)", digits=(16, 1), readonly=True, aggregator=None)
    imbalance = fields.Float(
        digits=(16, 1), readonly=True, aggregator=None,
        help="Points that loads are away from the fair ones, beyond the band.")
    cost = fields.Float(digits=(16, 1), readonly=True, aggregator=None, help="Of all moves, in points.")
    move_count = fields.Integer(string="Moves", readonly=True, aggregator=None)
    broken_count = fields.Integer(string="Rules Broken", readonly=True, aggregator=None)
    seconds = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    conflict = fields.Text(readonly=True, help="What cannot hold together, and what can be changed.")
    is_chosen = fields.Boolean(compute='_compute_is_chosen')
    # For record rules: at most one, its own rebalancing.
    chosen_for_ids = fields.One2many('kam.rebalance', 'scenario_id')
    move_ids = fields.One2many('kam.rebalance.move', 'scenario_id', string="Accounts")
    load_ids = fields.One2many('kam.rebalance.load', 'scenario_id', string="Loads", readonly=True)

    @api.depends('rebalance_id.scenario_id')
    def _compute_is_chosen(self):
        for scenario in self:
            scenario.is_chosen = scenario.rebalance_id.scenario_id == scenario

    def action_choose(self):
        """Let people decide about this one."""
        self.ensure_one()
        self.rebalance_id.scenario_id = self
        return True

    def action_edit_by_hand(self):
        """Copy this scenario into the one that is edited by hand, and choose it."""

    def action_open_moves(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_rebalance_move_action')
        return dict(action, name=self.name, domain=[('scenario_id', '=', self.id)], context={})
