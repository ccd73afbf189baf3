from odoo import api, fields, models

from .kam_rebalance import OPEN_STATES


class KamRebalanceScenario(models.Model):
    """What the screens show of a scenario: the chart of loads, and the board where cards are dragged."""
    _inherit = 'kam.rebalance.scenario'

    loads_chart = fields.Json(compute='_compute_loads_chart')
    has_answer = fields.Boolean(compute='_compute_has_answer')
    can_choose = fields.Boolean(compute='_compute_has_answer')

    @api.depends('load_ids', 'rebalance_id.state')
    def _compute_has_answer(self):
        for scenario in self:
            rebalance = scenario.rebalance_id
            scenario.has_answer = bool(scenario.load_ids)
            scenario.can_choose = scenario.has_answer and rebalance.can_manage and rebalance.state in OPEN_STATES

    @api.depends('load_ids')
    def _compute_loads_chart(self):
        """{'is_tiers', 'rows'}: rows by name, so that a person stands at the same place in all scenarios."""
        for scenario in self:
            loads = scenario.load_ids.sorted(lambda load: load.tier_id.sequence if load.tier_id else 0)
            rows = [load._chart_row() for load in loads]
            if scenario.question != 'tiers':
                rows.sort(key=lambda row: row['name'].lower())
            scenario.loads_chart = bool(rows) and {'is_tiers': scenario.question == 'tiers', 'rows': rows}

    def get_board(self):
        """What stands above the columns, and in their headers, as far as the user may see it."""
        self.ensure_one()
        rebalance = self.rebalance_id
        kinds, states = (dict(self._fields[name]._description_selection(self.env)) for name in ('kind', 'state'))
        return {
            'id': self.id, 'name': self.name, 'kind': self.kind, 'kind_label': kinds[self.kind],
            'state': self.state, 'state_label': states.get(self.state), 'gap': self.gap,
            'is_chosen': self.is_chosen, 'question': self.question,
            'rebalance_id': rebalance.id, 'rebalance_name': rebalance.name,
            'can_edit': self.can_choose,
            'has_hand': 'hand' in rebalance.scenario_ids.mapped('kind'),
            'imbalance': self.imbalance, 'cost': self.cost, 'move_count': self.move_count,
            'broken_count': self.broken_count,
            'loads': [load._chart_row() for load in self.load_ids],
        }

    def copy_and_move(self, account_id, place_id):
        """The first drag in a computed scenario: continue in the copy that is edited by hand, with this move in it.

        :param place_id: id of the person or the tier where the account goes
        :return: the board of that copy
        """
        self.ensure_one()
        self.action_edit_by_hand()
        hand = self.rebalance_id.scenario_ids.filtered(lambda scenario: scenario.kind == 'hand')[:1]
        note = hand.move_ids.filtered(lambda move: move.account_id.id == account_id).drop_on(place_id)
        action = hand.action_open_board()
        return dict(action, context={**action['context'], 'rebalance_note': note})

    def action_open_board(self):
        """Columns of people (or tiers) with their loads, cards of accounts."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_rebalance_move_action_board')
        return dict(action, name=self.name, display_name=self.name, domain=[('scenario_id', '=', self.id)],
                    context=self._rows_context('to'))

    def action_open_moves(self):
        """Where the accounts go, by who gives, in the order of who gets."""
        action = super().action_open_moves()
        name = self.env._("Moves: %s", self.name)
        return dict(action, name=name, display_name=name, context={
            **self._rows_context('from'), 'search_default_moves': 1 if self.move_count else 0})

    def _rows_context(self, side):
        kind = 'tier' if self.question == 'tiers' else 'user'
        return {'rebalance_scenario_id': self.id, f'search_default_group_{side}_{kind}': 1}
