"""The fairest and least disturbing distribution of items over bins, with proof; see rebalance_problem for the question.

Steps and swaps first (rebalance_greedy), then HiGHS (rebalance_model), which has to be better than those, and steps
and swaps on what it found. The answer is the best of all, with the bound that HiGHS proved. What cannot be solved comes
back with the rules that cannot hold together (rebalance_conflict).
"""
import time
from dataclasses import replace

import numpy as np

from .rebalance_conflict import conflict
from .rebalance_greedy import greedy, improve, start
from .rebalance_model import Model
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

# Objectives that differ by less are the same.
PRECISION = 1e-6


def solve(problem: Problem, seconds: float = 10.0) -> Solution:
    """
    >>> items = [Item(key, 2.0, 7, {8: 1.0}) for key in range(4)] + [Item(9, 2.0, 8, {7: 1.0})]
    >>> solution = solve(Problem(items, [Bin(7), Bin(8)], band=0))
    >>> solution.state, solution.objective, solution.imbalance, solution.moves
    ('optimal', 3.0, 2.0, 1)
    """
    begin = time.monotonic()
    solution = _solve(problem, begin, begin + seconds)
    return replace(solution, seconds=time.monotonic() - begin)


def _solve(problem, begin, deadline):
    tables = Tables(problem)
    if not problem.items:
        found = {}
    elif not tables.is_open.any(axis=1).all():
        return Solution('infeasible', conflict=conflict(problem, deadline))
    else:
        found = tables.named(improve(tables, start(tables), begin + (deadline - begin) / 4))
    known = evaluate(problem, found)
    cutoff = np.inf if known.broken else known.objective
    model = Model(tables, cutoff)
    result = model.solve(deadline - time.monotonic())
    if result.status == 2 and known.broken:
        return Solution('infeasible', conflict=conflict(problem, deadline))
    bound = cutoff if result.status == 2 else model.constant + _bound(result)
    if result.x is not None:
        polished = improve(tables, model.places(result.x), max(deadline, time.monotonic() + 0.05))
        found, known = min((found, known), _judged(problem, tables.named(polished)), key=_rank)
    return _answer(problem, found, known, bound)


def _bound(result):
    # Without integer variables there is no search, and the optimum is its own bound.
    return (result.fun if result.status == 0 else 0.0) if result.mip_dual_bound is None else result.mip_dual_bound


def _judged(problem, places):
    return places, evaluate(problem, places)


def _rank(pair):
    return len(pair[1].broken), pair[1].objective


def _answer(problem, places, known, bound):
    if known.broken:
        return Solution('unknown', bound=bound, gap=1.0)
    bound = min(bound, known.objective)
    off = known.objective - bound
    gap = off / max(abs(known.objective), PRECISION)
    is_proven = off <= PRECISION * max(1.0, abs(known.objective))
    return Solution(
        'optimal' if is_proven else 'best', places, known.objective, bound, 0.0 if is_proven else min(1.0, gap),
        known.imbalance, known.cost, known.moves)
