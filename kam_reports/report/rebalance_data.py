from functools import cached_property

from odoo.tools.misc import format_datetime

from .pack_data import PackData

MOVE_FIELDS = (
    'account_id', 'tier_id', 'points', 'from_user_id', 'to_user_id', 'from_tier_id', 'to_tier_id', 'is_move',
    'is_frozen', 'frozen_reason', 'cost', 'cost_relationship', 'cost_tenure', 'cost_plan', 'reason', 'broken',
    'decision', 'decided_by_id', 'state', 'stale_reason')
LOAD_FIELDS = (
    'user_id', 'tier_id', 'points_before', 'points_after', 'accounts_before', 'accounts_after', 'capacity',
    'account_limit', 'fair_points')
SCENARIO_FIELDS = (
    'name', 'kind', 'state', 'gap', 'imbalance', 'cost', 'move_count', 'broken_count', 'conflict', 'load_ids')
PERSON_FIELDS = ('user_id', 'role', 'availability')


class RebalanceData(PackData):
    """A rebalancing and the rows of its chosen scenario, in a fixed number of queries.

    Rows are dictionaries as `read` gives them: names of accounts and colleagues come also where the records themselves
    are out of sight, as on the screens.
    """
    has_scores = False
    has_amounts = False

    def __init__(self, scope, title):
        super().__init__(scope, title)
        self.rebalance = scope.rebalance
        self.is_tiers = self.rebalance.question == 'tiers'
        self.scenarios = self._rows('kam.rebalance.scenario', SCENARIO_FIELDS, rebalance_id=self.rebalance.id)
        chosen_id = self.rebalance.scenario_id.id
        self.chosen = next((scenario for scenario in self.scenarios if scenario['id'] == chosen_id), None)
        rows = self._rows('kam.rebalance.move', MOVE_FIELDS, scenario_id=chosen_id) if self.chosen else []
        self.moves = [row for row in rows if row['is_move']]
        self.stays = [row for row in rows if not row['is_move']]
        self.loads = self._rows('kam.rebalance.load', LOAD_FIELDS, scenario_id=chosen_id) if self.chosen else []

    def _rows(self, model, names, **values):
        return self.env[model].search([(name, '=', value) for name, value in values.items()]).read(names)

    @property
    def row_count(self):
        return len(self.moves) + len(self.stays)

    @cached_property
    def people(self):
        """{user id: row} of those among whom the accounts are shared out."""
        rows = self._rows('kam.rebalance.person', PERSON_FIELDS, rebalance_id=self.rebalance.id)
        return {row['user_id'][0]: row for row in rows}

    @cached_property
    def own_accounts(self):
        """Ids of the accounts in the pack that the user can open."""
        ids = [row['account_id'][0] for row in (*self.moves, *self.stays)]
        return set(self.env['kam.account'].with_context(active_test=False).search([('id', 'in', ids)]).ids)

    def account(self, row):
        """The account of a row, as a link where it opens."""
        account_id, name = row['account_id']
        return self.link(name, 'kam.account', account_id) if account_id in self.own_accounts else name

    @staticmethod
    def name(value):
        """Of a many2one as `read` gives it."""
        return value and value[1]

    # Texts

    def subject(self):
        return self.rebalance.name

    def scope_label(self):
        if self.sees_all:
            return self.env._("all accounts that it is about")
        return self.env._("accounts that concern %s", self.env.user.name)

    def question(self):
        return self.labels('kam.rebalance', 'question')['question'][self.rebalance.question]

    def cover_facts(self):
        return [
            (self.title, self.link(self.subject(), 'kam.rebalance', self.rebalance.id), 'wrap'),
            (self.env._("Question"), self.question(), 'wrap'),
            (self.env._("First Day"), self.rebalance.date, 'date'),
            (self.env._("Scenario"), self.chosen['name'] if self.chosen else self.no_answer(), 'wrap')]

    def no_answer(self):
        """What every sheet says where there is no scenario to report; '' where there is one."""
        if self.chosen:
            return ''
        if self.scenarios and not any(
                scenario['load_ids'] for scenario in self.scenarios if scenario['kind'] != 'today'):
            return self.env._("No scenario has an answer: the summary says what cannot hold together.")
        if self.scenarios:
            return self.env._("No scenario is chosen yet. Whoever runs the programme chooses one.")
        return self.env._(
            "Nothing is computed yet: there is no scenario. Whoever runs the programme computes them with \"Compute\".")

    def format_datetime(self, value):
        return format_datetime(self.env, value, dt_format='medium') if value else ''
