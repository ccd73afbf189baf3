from odoo import api, fields, models
from odoo.exceptions import UserError

from .kam_rebalance import OPEN_STATES

# What a champion keeps as the way in which a programme is rebalanced.
SETTINGS = (
    'fairness', 'band', 'moves_max', 'cost_move', 'cost_relationship', 'cost_tenure', 'cost_plan', 'cost_misfit',
    'freeze_days', 'owner_months', 'keep_known', 'fit_language', 'fit_country', 'fit_team', 'seconds')


class KamRebalance(models.Model):
    """Ways to the screens of a rebalancing, and settings that a programme keeps."""
    _inherit = 'kam.rebalance'

    loads_chart = fields.Json(related='scenario_id.loads_chart', string="Loads Before and After")
    moved_ids = fields.One2many('kam.rebalance.move', compute='_compute_moved_ids', string="What Moves")
    conflict = fields.Text(compute='_compute_conflict')
    can_edit = fields.Boolean(compute='_compute_can_edit')

    @api.depends('scenario_id.move_ids.is_move')
    @api.depends_context('uid')
    def _compute_moved_ids(self):
        """Searched, not taken from the scenario: what others have read of it may be in the cache."""
        moves = self.env['kam.rebalance.move'].search([
            ('scenario_id', 'in', self.scenario_id.ids), ('is_move', '=', True)]).grouped('rebalance_id')
        for rebalance in self:
            rebalance.moved_ids = moves.get(rebalance._origin, False)

    @api.depends('scenario_ids.conflict', 'message')
    def _compute_conflict(self):
        """What keeps the scenario that people look at first from being solved; not twice, where the message says so."""
        for rebalance in self:
            texts = rebalance.scenario_ids._filtered_access('read').filtered('conflict').mapped('conflict')
            rebalance.conflict = texts[0] if texts and texts[0] != rebalance.message else False

    @api.depends('can_manage', 'state')
    def _compute_can_edit(self):
        for rebalance in self:
            rebalance.can_edit = (rebalance.can_manage or not rebalance._origin) and rebalance.state in OPEN_STATES

    @api.model
    def default_get(self, fields):
        """New ones begin with the settings that the programme keeps."""
        values = super().default_get(fields)
        program = self.env['kam.program'].browse(values.get('program_id'))
        return {**values, **{name: value for name, value in program._rebalance_settings().items() if name in fields}}

    @api.onchange('program_id')
    def _onchange_program_id(self):
        if not self._origin:
            self.update(self.program_id._rebalance_settings())

    def action_keep_settings(self):
        """From now on, rebalancings of this programme begin with these settings."""
        self.ensure_one()
        self._check_manager()
        self.program_id.rebalance_settings = {name: self[name] for name in SETTINGS}
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'success', 'message': self.env._(
                    "New rebalancings of %s begin with these settings.", self.program_id.name)}}

    def action_open_board(self):
        """The chosen scenario as a board."""
        self.ensure_one()
        if not self.scenario_id:
            raise UserError(self.env._("Compute the scenarios first, and choose one."))
        return self.scenario_id.action_open_board()

    def action_open_moves(self):
        """Where the accounts go in the chosen scenario."""
        self.ensure_one()
        if not self.scenario_id:
            raise UserError(self.env._("Compute the scenarios first, and choose one."))
        return self.scenario_id.action_open_moves()
