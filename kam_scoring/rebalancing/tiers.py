"""Which account is in which tier: promotions and demotions that fit under the capacity of the tiers.

The accounts are the key accounts and those whose score says that they should be; the tiers are those of key and of
normal customers. An account costs the more, the further from the tier it is where its score places it, and the more its
score says so. Nothing is decided here: what comes out are tier changes that go through their own rules.
"""
from dataclasses import dataclass, field, replace

from odoo import fields
from odoo.fields import Domain

from ..maths.rebalance import Bin, Group, Item
from . import words
from .question import TIE_BREAK, Question

CATEGORIES = ('key', 'normal')


@dataclass
class Row:
    """What is known of one account."""
    account_id: int
    tier_id: int
    score: float
    coverage: float
    recommended_id: int
    no_move_reason: str | None
    manager_id: int | None
    guard: list = field(default_factory=list)  # what the demotion guard still asks for, in sentences
    has_exception: bool = False
    has_open_change: bool = False
    held_id: int | None = None
    gate_ids: set = field(default_factory=set)   # tiers behind a gate that the account does not pass
    quiet_ids: set = field(default_factory=set)  # tiers for which it was refused not long ago

    @property
    def is_scored(self):
        return self.coverage > 0


class TierQuestion(Question):
    def gather(self):
        program = self.rebalance.program_id
        self.tiers = program.tier_ids.filtered(lambda tier: tier.category in CATEGORIES)
        self.rank = {tier.id: position for position, tier in enumerate(self.tiers)}
        self.rules = {rule.tier_id.id: rule for rule in program.scoring_model_id.tier_rule_ids
                      if not rule.gate_criterion_id}
        self.accounts = self.env['kam.account'].search(
            Domain('program_id', '=', program.id) & Domain('tier_id', 'in', self.tiers.ids)
            & (Domain('is_key', '=', True) | Domain('recommended_tier_id.is_key', '=', True)), order='id')
        self.seats, self.elsewhere = {}, {}
        self.rows = {account.id: self._row(account) for account in self.accounts}
        self._guards()
        self._changes()
        self._holds()
        self._gates()

    def _row(self, account):
        today = fields.Date.context_today(account)
        recommended = account.recommended_tier_id
        is_kept = not account.date_no_move or account.date_no_move >= today
        return Row(
            account.id, account.tier_id.id, account.score, account.score_coverage,
            recommended.id if recommended in self.tiers else account.tier_id.id,
            is_kept and (account.no_move_reason or "").strip() or None, account.manager_id.id or None)

    def _guards(self):
        Change = self.env['kam.tier.change']
        self.accounts.mapped('failed_review_count')  # of all accounts at once
        for account in self.accounts:
            if account.date_told and account.is_key:
                change = Change.new({'account_id': account.id})
                self.rows[account.id].guard = change._guard_obstacles()

    def _changes(self):
        today = fields.Date.context_today(self.rebalance)
        changes = self.env['kam.tier.change'].search(
            Domain('account_id', 'in', self.accounts.ids)
            & (Domain('is_open', '=', True) | Domain('state', '=', 'refused')
               | Domain('exception_state', 'in', ('open', 'expired'))))
        for change in changes:
            row = self.rows[change.account_id.id]
            row.has_open_change |= change.is_open
            row.has_exception |= change.state == 'applied' and change.exception_state in ('open', 'expired')
            if change.date_quiet_until and change.date_quiet_until > today:
                row.quiet_ids.add(change.to_tier_id.id)

    def _holds(self):
        for hold in self.env['kam.score.override'].search(
                [('account_id', 'in', self.accounts.ids), ('tier_id', '!=', False), ('is_held', '=', True)]):
            self.rows[hold.account_id.id].held_id = hold.tier_id.id

    def _gates(self):
        gates = {gate.id: set(gate._tiers().ids) for gate in self.rebalance.program_id.scoring_model_id.gate_ids}
        for account in self.accounts if gates else ():
            for gate_id in account.score_id.failed_gates or ():
                self.rows[account.id].gate_ids |= gates.get(gate_id, set())

    # The problem

    def fairness(self):
        return 0.0

    def bins(self):
        """What a tier holds beside the accounts in question takes of its capacity."""
        present = dict(self.env['kam.account']._read_group(
            [('tier_id', 'in', self.tiers.ids), ('id', 'not in', self.accounts.ids)], ['tier_id'], ['__count']))
        self.others = {tier.id: present.get(tier, 0) for tier in self.tiers}
        return [Bin(tier.id, 0.0, tier.capacity and max(tier.capacity - self.others[tier.id], 1), balanced=False)
                for tier in self.tiers]

    def groups(self):
        keys = frozenset(self.tiers.filtered('is_key').ids)
        return [Group(self.rebalance.program_id.id, keys, self.rebalance.program_id.size_max)] if keys else []

    def items(self):
        return [Item(row.account_id, 1.0, row.tier_id, self.costs(row), self.barred(row))
                for row in self.rows.values()]

    def costs(self, row):
        return {tier_id: self.cost(row, tier_id) for tier_id in self.rank}

    def cost(self, row, tier_id):
        """Below its tier, the best scores count most; above it, the lowest ones do: whoever is furthest off moves."""
        steps = self.rank[tier_id] - self.rank[row.recommended_id]
        weight = 1 + (row.score if steps > 0 else 100 - row.score) / 100
        misfit = self.rebalance.cost_misfit * abs(steps) * weight
        return misfit + self.rebalance.cost_move * (tier_id != row.tier_id)

    def variants(self):
        """The fairest list is the one by score, whatever moves it takes."""
        yield 'fewest', self.reweighted(1.0, TIE_BREAK)
        yield 'fairest', replace(self.problem, items=[
            replace(item, costs={key: cost - self.rebalance.cost_move * (key != item.present)
                                 for key, cost in item.costs.items()}) for item in self.problem.items])
        yield 'balanced', self.problem

    def barred(self, row):
        frozen = tuple(self.frozen(row))
        barred = {}
        for tier in self.tiers:
            if tier.id == row.tier_id:
                continue
            rules = frozen + tuple(self.unfit(row, tier))
            if rules:
                barred[tier.id] = rules
        return barred

    def frozen(self, row):
        """Rules by which the account stays in its tier."""
        if row.account_id in self.rebalance.kept_account_ids._ids or row.no_move_reason:
            yield 'kept', row.account_id
        if row.has_exception:
            yield 'exception', row.account_id
        if row.has_open_change:
            yield 'open_change', row.account_id
        if row.held_id == row.tier_id:
            yield 'held', row.account_id

    def unfit(self, row, tier):
        """Rules by which the account does not go into this tier."""
        if self.rank[tier.id] > self.rank[row.tier_id] and row.guard:
            yield 'told', row.account_id
        if row.held_id not in (None, row.tier_id, tier.id):
            yield 'held', row.account_id
        if tier.is_key and self.rank[tier.id] < self.rank[row.tier_id] and not self._reaches(row, tier):
            yield 'threshold', row.account_id, tier.id
        if tier.id in row.gate_ids:
            yield 'gate', row.account_id, tier.id
        if tier.id in row.quiet_ids:
            yield 'quiet', row.account_id, tier.id

    def _reaches(self, row, tier):
        rule = self.rules.get(tier.id)
        return bool(rule and row.is_scored and row.score >= rule.score_min and row.coverage >= rule.coverage_min)

    # Rows

    def move_row(self, item, place, loads):
        row = self.rows[item.key]
        frozen = list(self.frozen(row))
        is_move = place != row.tier_id
        cost = self.rebalance.cost_move if is_move else 0.0
        return {
            'account_id': item.key, 'tier_id': row.tier_id, 'points': 1.0, 'from_tier_id': row.tier_id,
            'to_tier_id': place, 'is_move': is_move, 'is_frozen': bool(frozen),
            'frozen_reason': "\n".join(words.sentence(self, rule) for rule in frozen) or None, 'cost': cost,
            'cost_relationship': 0.0, 'cost_tenure': 0.0, 'cost_plan': 0.0,
            'reason': words.tier_reason(self, row, place, loads, cost),
            'broken': "\n".join(
                words.sentence(self, rule) for rule in self.broken(item, place, loads.after_all)) or None}

    def load_rows(self, places):
        before, after = self.evaluate(self.today()), self.evaluate(places)
        return [{
            'tier_id': tier.id, 'points_before': before.loads[tier.id] + self.others[tier.id],
            'points_after': after.loads[tier.id] + self.others[tier.id],
            'accounts_before': before.counts[tier.id] + self.others[tier.id],
            'accounts_after': after.counts[tier.id] + self.others[tier.id],
            'capacity': tier.capacity, 'account_limit': tier.capacity, 'fair_points': 0.0} for tier in self.tiers]

    def place_name(self, key):
        return self.env['kam.tier'].browse(key).name

    def kept_reason(self, key):
        return self.rows[key].no_move_reason

    def limit_of(self, key):
        return self.env['kam.tier'].browse(key).capacity
