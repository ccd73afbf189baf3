from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from odoo.fields import Domain

from .pack_data import PackData

CHANGE_FIELDS = (
    'account_id', 'from_tier_id', 'to_tier_id', 'kind', 'reason', 'approver_id', 'date_applied', 'date_decided',
    'is_exception')


@dataclass
class AccountMovement:
    """Where an account was on the first day and on the last one, and the changes in between.

    `tier_then` is 0 where it was no account of the programme yet.
    """
    id: int
    name: str
    manager: str
    tier_then: int
    tier_now: int
    changes: list = field(default_factory=list)

    @property
    def is_moved(self):
        return self.tier_then != self.tier_now


class MovementData(PackData):
    """Which account was in which tier on two days, from the applied tier changes (F79).

    The tier on a day is that of today, rolled back: the one that the first change after the day has left. New is an
    account that was created after the first day, of a customer who had not bought until then: accounts may be entered
    later than their history begins.
    """
    has_scores = False

    def __init__(self, scope, title):
        super().__init__(scope, title)
        self.movements = self._load()

    @property
    def row_count(self):
        return len(self.movements)

    def scope_label(self):
        if self.sees_all:
            return self.env._("all accounts")
        return self.env._("accounts visible to %s", self.env.user.name)

    def period_label(self):
        return self.env._("%(start)s to %(end)s", start=self.format_date(self.scope.date_from),
                          end=self.format_date(self.scope.date_to))

    @cached_property
    def tiers(self):
        """{id: name} of the tiers of the programme, the most valuable first."""
        return {tier.id: tier.name for tier in self.program.tier_ids.sorted('sequence')}

    # Records

    def _load(self):
        changes = self._changes()
        in_period = {change['account_id'][0] for changes_of in changes.values() for change in changes_of
                     if change['date_applied'] <= self.scope.date_to}
        # Who was archived since counts with what happened while it was there.
        domain = Domain('program_id', '=', self.program.id) & (
            Domain('active', '=', True) | Domain('id', 'in', list(in_period)))
        accounts = self.env['kam.account'].with_context(active_test=False).search(domain)
        return [self._movement(row, changes.get(row['id'], ())) for row in accounts.read(
            ['display_name', 'tier_id', 'manager_id', 'create_date', 'date_first_invoice'])
            if self._begin(row) <= self.scope.date_to or row['id'] in in_period]

    def _changes(self):
        """{account: changes applied after the first day, in the order in which they were}"""
        found = self.env['kam.tier.change'].search(
            [('program_id', '=', self.program.id), ('state', '=', 'applied'),
             ('date_applied', '>', self.scope.date_from)], order='date_applied, date_decided, id')
        by_account = defaultdict(list)
        for change in found.read(CHANGE_FIELDS):
            by_account[change['account_id'][0]].append(change)
        return by_account

    def _movement(self, row, changes):
        later = [change for change in changes if change['date_applied'] > self.scope.date_to]
        within = changes[:len(changes) - len(later)]
        present = row['tier_id'][0]
        now = self._left(later, present)
        is_new = self._begin(row) > self.scope.date_from
        return AccountMovement(
            id=row['id'], name=row['display_name'] or '', manager=row['manager_id'] and row['manager_id'][1] or '',
            tier_then=0 if is_new else self._left(within, now), tier_now=now, changes=list(within))

    @staticmethod
    def _left(changes, otherwise):
        """The tier before the first of these changes."""
        return changes[0]['from_tier_id'][0] if changes and changes[0]['from_tier_id'] else otherwise

    @staticmethod
    def _begin(row):
        created = row['create_date'].date()
        return min(created, row['date_first_invoice'] or created)

    # Figures

    @cached_property
    def matrix(self):
        """{(tier then, tier now): [movements]}"""
        cells = defaultdict(list)
        for movement in self.movements:
            cells[movement.tier_then, movement.tier_now].append(movement)
        return cells

    def rows(self):
        """[(tier id, name)] of the rows: where accounts were, new ones last."""
        found = [(tier_id, name) for tier_id, name in self.tiers.items()]
        if any(then == 0 for then, _now in self.matrix):
            found.append((0, self.env._("New in the programme")))
        return found
