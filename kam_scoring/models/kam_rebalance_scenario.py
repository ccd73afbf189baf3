from odoo import api, fields, models
from odoo.exceptions import UserError

from .kam_rebalance import OPEN_STATES


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
    name = fields.Char(compute='_compute_name')
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

    @api.depends('kind')
    @api.depends_context('lang')
    def _compute_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for scenario in self:
            scenario.name = kinds[scenario.kind]

    @api.depends('rebalance_id.scenario_id')
    def _compute_is_chosen(self):
        for scenario in self:
            scenario.is_chosen = scenario.rebalance_id.scenario_id == scenario

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for scenario in self:
            if not self.env.su and scenario.rebalance_id.state not in OPEN_STATES:
                raise UserError(self.env._("%s has been decided: its scenarios stay.", scenario.rebalance_id.name))

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("Scenarios are computed. Edit a copy by hand."))
        return super().write(vals)

    def action_choose(self):
        """Let people decide about this one."""
        self.ensure_one()
        rebalance = self.rebalance_id
        if not self.load_ids:
            raise UserError(self.env._("%s has no answer: there is nothing to choose.", self.name))
        if rebalance.date_consulted and rebalance.scenario_id != self:
            rebalance._unconsult()
        rebalance.scenario_id = self
        return True

    def action_edit_by_hand(self):
        """Copy this scenario into the one that is edited by hand, and choose it."""
        self.ensure_one()
        rebalance = self.rebalance_id
        rebalance._check_open()
        if not self.load_ids:
            raise UserError(self.env._("%s has no answer: there is nothing to edit. Copy another one.", self.name))
        # Rows of scenarios are closed to users; the checks above are the permission.
        opened, places = rebalance._open(), self.sudo()._places()
        opened.scenario_ids.filtered(lambda scenario: scenario.kind == 'hand' and scenario != self).unlink()
        hand = self.sudo() if self.kind == 'hand' else opened._write_scenario(opened._question(), 'hand', places)
        return hand.with_env(self.env).action_choose()

    def _places(self):
        """{account id: id of the person or tier where it goes}"""
        return {move.account_id.id: move._place() for move in self.move_ids}

    def _recheck(self):
        """Somebody has edited: loads, costs, reasons and broken rules of the whole scenario by the facts of now."""
        self.ensure_one()
        # Results are closed to users; who may edit has been checked.
        scenario = self.sudo()
        question = scenario.rebalance_id._open()._question()
        places = {key: place for key, place in scenario._places().items() if key in question.by_key}
        places = {**{key: place for key, place in question.today().items() if key < 0}, **places}
        scenario._refuse_strangers(question, places)
        known = question.evaluate(places)
        by_account = {row['account_id']: row for row in question.move_rows({**question.today(), **places})}
        self.env.flush_all()
        moves = [move for move in scenario.move_ids if move.account_id.id in by_account]
        scenario.env['kam.rebalance.move']._update_rows(
            [{'id': move.id, **by_account[move.account_id.id]} for move in moves])
        place = 'tier_id' if question.rebalance.question == 'tiers' else 'user_id'
        loads = {load[place].id: load.id for load in scenario.load_ids}
        scenario.env['kam.rebalance.load']._update_rows(
            [{'id': loads[row[place]], **row} for row in question.load_rows(places) if row[place] in loads])
        rows = list(by_account.values())
        scenario.write({
            'imbalance': known.imbalance, 'broken_count': len(known.broken), 'cost': sum(row['cost'] for row in rows),
            'move_count': sum(row['is_move'] for row in rows), 'state': False})

    def _refuse_strangers(self, question, places):
        for place in places.values():
            if place is not None and place not in question.bin_of:
                raise UserError(self.env._(
                    "%s is not part of this rebalancing any more. Compute it again.", question.place_name(place)))

    def action_open_moves(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_rebalance_move_action')
        return dict(action, name=self.name, domain=[('scenario_id', '=', self.id)], context={})
