"""What a patient person does with a spreadsheet: the baseline of the solver, and its start.

Items that have to leave are placed first, largest first. Then, again and again, the move of one item that helps most;
where none helps, the best swap of two. Rules count as penalties far above any gain, so that a start that breaks limits
is mended, and one that cannot be mended ends with as little broken as single steps reach.
"""
import time

import numpy as np

from .rebalance_problem import TOLERANCE, Problem
from .rebalance_tables import NOWHERE, Tables

# A step that gains less is none: sums of fractions differ by more than nothing.
GAIN_MIN = 1e-7


def greedy(problem: Problem, seconds: float = 60.0) -> dict[int, int]:
    """A place for each item, found step by step; `evaluate` tells which rules it breaks, if any.

    >>> from .rebalance_problem import Bin, Item
    >>> items = [Item(1, 4.0, 7, {8: 1.0}), Item(2, 4.0, 7, {8: 2.0}), Item(3, 1.0, None)]
    >>> greedy(Problem(items, [Bin(7), Bin(8)], band=0))
    {1: 8, 2: 7, 3: 8}
    """
    tables = Tables(problem)
    return tables.named(improve(tables, start(tables), time.monotonic() + seconds)) if problem.bins else {}


def start(tables: Tables) -> np.ndarray:
    """Today's places; items that cannot stay go where they cost least then, the largest first."""
    places = np.where(tables.may_stay, tables.present, NOWHERE)
    board = Board(tables, places)
    for item in sorted(np.flatnonzero(places == NOWHERE), key=lambda item: (-tables.sizes[item], item)):
        board.put(item, int(np.argmin(board.placing(item))))
    return board.places


def improve(tables: Tables, places: np.ndarray, deadline: float) -> np.ndarray:
    """The places after all moves and swaps that help, or those that the time allowed."""
    board = Board(tables, places)
    while time.monotonic() < deadline and (board.move() or board.swap(deadline)):
        pass
    return board.places


class Board:
    """Places of the items, with what a step would change; all in numbers of rows and columns of the tables."""

    def __init__(self, tables: Tables, places: np.ndarray):
        self.tables = tables
        self.places = places.copy()
        placed = places != NOWHERE
        bins = len(tables.fair)
        self.loads = np.bincount(places[placed], weights=tables.sizes[placed], minlength=bins)
        self.counts = np.bincount(places[placed], minlength=bins)
        self.moves = int((placed & tables.is_move(places)).sum())
        dearest = np.abs(tables.costs).max(axis=1, initial=0).sum()
        self.penalty = 10 * (1 + tables.fairness * tables.sizes.sum() + dearest)
        # Of an item in a closed bin: dearer than any limit, so that limits are broken first.
        self.costs = tables.costs + np.where(tables.is_open, 0, 100 * self.penalty)
        self.swaps: dict[tuple[int, int], tuple[float, int, int]] = {}
        self.swap_table: tuple[float, ...] = ()

    # ---------------------------------------------------------------- what a bin, a group and the moves are worth

    def worth(self, bins, loads, counts):
        """Imbalance and penalties of bins with these loads and counts; arrays of one shape."""
        tables = self.tables
        over_load = np.maximum(loads - tables.capacity[bins], 0)
        over_count = np.maximum(counts - tables.count_max[bins], 0)
        broken = over_load + (over_load > TOLERANCE) + 2 * over_count
        return tables.imbalance(bins, loads) + self.penalty * broken

    def groups_worth(self, counts):
        """Penalties of the groups; the last axis of the array is that of the bins."""
        held = counts @ self.tables.members.T
        off = np.maximum(held - self.tables.group_max, 0) + np.maximum(self.tables.group_min - held, 0)
        return 2 * self.penalty * off.sum(axis=-1)

    def group_changes(self):
        """[from, to] -> what the move of an item changes in the penalties of the groups."""
        if not len(self.tables.members):
            return 0
        bins = np.eye(len(self.counts), dtype=int)
        return self.groups_worth(self.counts - bins[:, None] + bins[None, :]) - self.groups_worth(self.counts)

    def moves_worth(self):
        """Penalties of two moves less, one less, as many, one more, two more."""
        over = np.maximum(self.moves + np.arange(-2, 3) - self.tables.moves_max, 0)
        return 2 * self.penalty * (over - over[2])

    # ---------------------------------------------------------------- steps

    def put(self, item, place):
        before = self.places[item]
        if before != NOWHERE:
            self.loads[before] -= self.tables.sizes[item]
            self.counts[before] -= 1
            self.moves -= self.tables.is_move_to[item, before]
        self.places[item] = place
        self.loads[place] += self.tables.sizes[item]
        self.counts[place] += 1
        self.moves += self.tables.is_move_to[item, place]
        self.swaps = {pair: best for pair, best in self.swaps.items() if before not in pair and place not in pair}

    def placing(self, item):
        """What each place would add for an item without one."""
        bins = np.arange(len(self.loads))
        added = self.worth(bins, self.loads + self.tables.sizes[item], self.counts + 1)
        added = added - self.worth(bins, self.loads, self.counts) + self.costs[item]
        if len(self.tables.members):
            more = self.counts + np.eye(len(bins), dtype=int)
            added = added + self.groups_worth(more) - self.groups_worth(self.counts)
        return added + self.moves_worth()[2 + self.tables.is_move_to[item]]

    def move(self):
        """The best move of one item, if any helps."""
        tables, rows, bins = self.tables, np.arange(len(self.places)), np.arange(len(self.loads))
        if not len(rows):
            return False
        present = self.worth(bins, self.loads, self.counts)
        left = self.worth(self.places, self.loads[self.places] - tables.sizes, self.counts[self.places] - 1)
        sizes = tables.distinct
        joined = self.worth(bins[None], self.loads + sizes[:, None], self.counts[None] + 1) - present
        change = self.costs - self.costs[rows, self.places][:, None]
        change += (left - present[self.places])[:, None] + joined[tables.size_index]
        if len(tables.members):
            change += self.group_changes()[self.places]
        moved = tables.is_move_to - tables.is_move_to[rows, self.places][:, None]
        worth = self.moves_worth()
        if worth.any():
            change += worth[2 + moved]
        change[rows, self.places] = 0
        best = int(np.argmin(change))
        item, place = divmod(best, len(bins))
        if change[item, place] > -GAIN_MIN:
            return False
        self.put(item, place)
        return True

    def swap(self, deadline):
        """The best swap of two items, if any helps. What is known of pairs of bins that did not change is kept."""
        table = tuple(self.moves_worth())
        if table != self.swap_table:
            self.swaps, self.swap_table = {}, table
        members = [np.flatnonzero(self.places == one) for one in range(len(self.loads))]
        for first in range(len(members)):
            for second in range(first + 1, len(members)):
                if (first, second) not in self.swaps:
                    self.swaps[first, second] = self.best_swap(first, second, members[first], members[second])
            if time.monotonic() > deadline:
                return False
        gain, one, other = min(self.swaps.values(), default=(0.0, 0, 0))
        if gain > -GAIN_MIN:
            return False
        here, there = self.places[one], self.places[other]
        self.put(one, there)
        self.put(other, here)
        return True

    def best_swap(self, first, second, ours, theirs):
        """(change, item of the first bin, item of the second one)"""
        if not len(ours) or not len(theirs):
            return 0.0, 0, 0
        tables = self.tables
        give = self.costs[ours, second] - self.costs[ours, first]
        take = self.costs[theirs, first] - self.costs[theirs, second]
        more = tables.sizes[theirs][None] - tables.sizes[ours][:, None]
        change = give[:, None] + take[None]
        for one, sign in ((first, 1), (second, -1)):
            change = change + self.worth(one, self.loads[one] + sign * more, self.counts[one])
            change -= self.worth(one, self.loads[one], self.counts[one])
        if any(self.swap_table):
            moved = (tables.is_move_to[ours, second] - tables.is_move_to[ours, first])[:, None] + (
                tables.is_move_to[theirs, first] - tables.is_move_to[theirs, second])[None]
            change = change + np.asarray(self.swap_table)[2 + moved]
        best = int(np.argmin(change))
        row, column = divmod(best, len(theirs))
        return float(change[row, column]), int(ours[row]), int(theirs[column])
