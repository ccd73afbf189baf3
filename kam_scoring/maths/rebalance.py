"""The fairest and least disturbing distribution of items over bins, with proof; see rebalance_problem for the question.

First the linear relaxation (rebalance_model), for a bound; its values in whole numbers and today's places are improved
by steps and swaps (rebalance_greedy). Then HiGHS searches for what is better, among what the bound has not excluded.
The answer is the best of all, with what has been proven of others. What cannot be solved comes back with the rules that
cannot hold together (rebalance_conflict).
"""
import time
from dataclasses import replace

import numpy as np

from .rebalance_conflict import conflict
from .rebalance_greedy import greedy, improve, start
from .rebalance_model import INFEASIBLE, Model
from .rebalance_problem import (
    Bin,
    Evaluation,
    Group,
    Item,
    Problem,
    Solution,
    WhyNot,
    evaluate,
    rules_of,
    why_not,
)
from .rebalance_tables import Tables

__all__ = [
    'Bin', 'Evaluation', 'Group', 'Item', 'Problem', 'Solution', 'WhyNot', 'evaluate', 'greedy', 'rules_of', 'solve',
    'why_not',
]

# Objectives that differ by less, as a part of the objective, are the same.
PRECISION = 1e-6
# Parts of the time: the steps after the relaxation end after the first, those from today after the second, and HiGHS
# may use the third of what then remains.
PART_FIRST, PART_STEPS, PART_HIGHS = 0.3, 0.4, 0.85


def solve(problem: Problem, seconds: float = 10.0) -> Solution:
    """
    >>> items = [Item(key, 2.0, 7, {8: 1.0}) for key in range(4)] + [Item(9, 2.0, 8, {7: 1.0})]
    >>> solution = solve(Problem(items, [Bin(7), Bin(8)], band=0))
    >>> solution.state, solution.objective, solution.imbalance, solution.moves
    ('optimal', 3.0, 2.0, 1)
    """
    begin = time.monotonic()
    solution = Search(problem, begin, seconds).run()
    return replace(solution, seconds=time.monotonic() - begin)


class Search:
    """One run of the solver: the best answer so far and what has been proven of all answers."""

    def __init__(self, problem: Problem, begin: float, seconds: float):
        self.problem, self.begin, self.seconds = problem, begin, seconds
        self.deadline = begin + seconds
        self.tables = Tables(problem)
        self.places: dict[int, int] = {}
        self.known: Evaluation | None = None
        # Nobody is anywhere for less than the cheapest open place.
        self.bound = np.where(self.tables.is_open, self.tables.costs, np.inf).min(axis=1, initial=np.inf).sum()

    def run(self) -> Solution:
        if not self.tables.is_open.any(axis=1).all():
            return self._infeasible()
        model = Model(self.tables)
        relaxed = model.relax(self.seconds / 4)
        if relaxed.status == INFEASIBLE:
            return self._infeasible()
        if relaxed.status == 0:
            self.bound = max(self.bound, model.constant + relaxed.fun)
            self._try(model.places(relaxed.x), PART_FIRST)
        self._try(start(self.tables), PART_STEPS)
        if self.known.broken or self._gain() > PRECISION:
            if relaxed.status == 0 and not self.known.broken:
                model.tighten(relaxed, self.known.objective)
            if self._search(model) == INFEASIBLE and self.known.broken:
                return self._infeasible()
        return self._answer()

    def _try(self, places, until):
        """Improve places by steps, until a part of the time is over; keep them if they are better than the best."""
        found = self.tables.named(improve(self.tables, places, self.begin + until * self.seconds))
        known = evaluate(self.problem, found)
        if self.known is None or _rank(known) < _rank(self.known):
            self.places, self.known = found, known

    def _search(self, model):
        # HiGHS looks at its watch between the steps of its work, which may be long ones.
        result = model.solve(PART_HIGHS * (self.deadline - time.monotonic()))
        if result.status == INFEASIBLE:
            # Nothing is better than what was known before.
            self.bound = np.inf
            return result.status
        # Without integer variables there is no search, and the optimum is its own bound.
        bound = result.fun if result.status == 0 and result.mip_dual_bound is None else result.mip_dual_bound
        if bound is not None:
            self.bound = max(self.bound, model.constant + bound)
        if result.x is not None:
            self._try(model.places(result.x), 1)
        return result.status

    def _gain(self):
        """What a better answer might still save."""
        return max(0.0, self.known.objective - self.bound)

    def _infeasible(self):
        return Solution('infeasible', conflict=conflict(self.problem, self.deadline))

    def _answer(self):
        known, gain = self.known, self._gain()
        if known.broken:
            return Solution('unknown', gap=1.0)
        size = max(1.0, abs(known.objective))
        is_proven = gain <= PRECISION * size
        gap = 0.0 if is_proven else min(1.0, gain / max(abs(known.objective), PRECISION))
        return Solution(
            'optimal' if is_proven else 'best', self.places, known.objective, float(known.objective - gain), float(gap),
            known.imbalance, known.cost, known.moves)


def _rank(known: Evaluation) -> tuple[int, float]:
    return len(known.broken), known.objective
