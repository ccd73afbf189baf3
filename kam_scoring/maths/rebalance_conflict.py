"""Why a rebalancing has no answer: rules that cannot hold together, as few as will do.

QuickXplain (Junker 2004, "QUICKXPLAIN: Preferred Explanations and Relaxations for Over-Constrained Problems", AAAI):
the rules are halved, and halved again, and what the other half does not need is dropped at once. What remains is
irreducible: without any one of its rules, the others can hold.
"""
import time
from dataclasses import replace

from .rebalance_model import Model
from .rebalance_problem import Problem, Rule, only, rules_of
from .rebalance_tables import Tables


def conflict(problem: Problem, deadline: float) -> tuple[Rule, ...]:
    """Rules of a problem without an answer. When the time is over, there may be more of them than needed.

    >>> from .rebalance_problem import Bin, Item
    >>> items = [Item(1, 3.0, 7, barred={7: ('leaves',), 8: ('kept',)}), Item(2, 5.0, 7, barred={8: ('deal',)})]
    >>> conflict(Problem(items, [Bin(7), Bin(8, capacity=1)]), time.monotonic() + 5)
    ('leaves', 'kept')
    """
    plain = replace(problem, fairness=0.0)
    rules = list(rules_of(problem))
    if not _is_feasible(plain, set(), deadline):
        return ()
    return tuple(_explain(plain, [], False, rules, deadline))


def _explain(problem, background, is_new, rules, deadline):
    if is_new and not _is_feasible(problem, set(background), deadline):
        return []
    if len(rules) == 1:
        return rules
    half = len(rules) // 2
    first, second = rules[:half], rules[half:]
    needed = _explain(problem, background + first, bool(first), second, deadline)
    return _explain(problem, background + needed, bool(needed), first, deadline) + needed


def _is_feasible(problem, rules, deadline):
    tables = Tables(only(problem, rules))
    if not tables.is_open.any(axis=1).all():
        return False
    result = Model(tables).solve(max(deadline - time.monotonic(), 0.5))
    return result.status != 2
