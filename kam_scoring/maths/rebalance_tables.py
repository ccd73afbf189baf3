"""A rebalancing in arrays: rows are items, columns are bins, in the order of the problem."""
import numpy as np

from .rebalance_problem import Problem

NOWHERE = -1
UNLIMITED = np.inf


class Tables:
    """
    :ivar present: column that holds the item today; NOWHERE for none, or for one that is not among the bins
    :ivar is_open: whether an item may be in a bin
    :ivar is_move_to: 1 where being in a bin is a move
    :ivar members: whether a group (row) has a bin (column)
    :ivar distinct: sizes, each once; `size_index` says which one an item has
    """

    def __init__(self, problem: Problem):
        items, bins = problem.items, problem.bins
        self.problem, self.fairness, self.band = problem, problem.fairness, problem.band
        self.columns = {one.key: column for column, one in enumerate(bins)}
        shape = (len(items), len(bins))
        self.sizes = np.array([item.size for item in items], dtype=float)
        self.present = np.array([self.columns.get(item.present, NOWHERE) for item in items], dtype=int)
        self.costs = np.zeros(shape)
        self.is_open = np.ones(shape, dtype=bool)
        self.is_move_to = np.ones(shape, dtype=int)
        self._fill(items)
        self.weights = np.array([one.weight for one in bins], dtype=float)
        here = self.present[:, None] == np.arange(len(bins))
        self.is_move_to[here | np.array([item.present is None for item in items], dtype=bool)[:, None]] = 0
        self.is_open[:, self.weights == 0] &= here[:, self.weights == 0]
        self.may_stay = (here & self.is_open).any(axis=1)
        self._fill_limits(problem)
        self.distinct, self.size_index = np.unique(self.sizes, return_inverse=True)

    def _fill(self, items):
        for row, item in enumerate(items):
            for key, cost in item.costs.items():
                if key in self.columns:
                    self.costs[row, self.columns[key]] = cost
            for key, rules in item.barred.items():
                if rules and key in self.columns:
                    self.is_open[row, self.columns[key]] = False

    def _fill_limits(self, problem):
        bins, groups = problem.bins, problem.groups
        self.fair = np.array(list(problem.fair_loads.values()), dtype=float)
        self.is_balanced = np.array([one.balanced for one in bins], dtype=bool)
        self.capacity = np.array([one.capacity or UNLIMITED for one in bins], dtype=float)
        self.count_max = np.array([one.count_max or UNLIMITED for one in bins], dtype=float)
        self.members = np.array([[one.key in group.bins for one in bins] for group in groups], dtype=int).reshape(
            len(groups), len(bins))
        self.group_max = np.array([group.count_max or UNLIMITED for group in groups], dtype=float)
        self.group_min = np.array([group.count_min for group in groups], dtype=float)
        self.moves_max = UNLIMITED if problem.moves_max is None else problem.moves_max

    def imbalance(self, bins, loads):
        """Points of imbalance that count in the objective, of columns with these loads."""
        fair = self.fair[bins]
        return np.maximum(np.abs(loads - fair) - self.band * fair, 0) * self.is_balanced[bins] * self.fairness

    def is_move(self, places):
        return self.is_move_to[np.arange(len(places)), places].astype(bool)

    def named(self, places) -> dict[int, int]:
        """Keys of the problem for columns."""
        bins = self.problem.bins
        return {item.key: bins[place].key for item, place in zip(self.problem.items, places.tolist(), strict=True)}
