"""Why a rebalancing has no answer: rules that cannot hold together, as few as will do.

QuickXplain (Junker 2004, "QUICKXPLAIN: Preferred Explanations and Relaxations for Over-Constrained Problems", AAAI):
the rules are halved, and halved again, and what the other half does not need is dropped at once. What remains is
irreducible: without any one of its rules, the others can hold.

Limits come first, with all closed pairs as they are; then the closed pairs, of those items only that the limits left
concern. An item that is closed everywhere is an answer by itself, and the simplest one to tell.
"""
import math
import time
from collections.abc import Callable
from dataclasses import replace

from .rebalance_model import INFEASIBLE, Model
from .rebalance_problem import Item, Problem, Rule, limits_of, only, rules_of
from .rebalance_tables import Tables


def conflict(problem: Problem, deadline: float) -> tuple[Rule, ...]:
    """Rules of a problem without an answer. When the time is over, there may be more of them than needed.

    >>> from .rebalance_problem import Bin
    >>> items = [Item(1, 3.0, 7, barred={7: ('leaves',), 8: ('kept', 'deal')}), Item(2, 5.0, 7, barred={8: ('deal',)})]
    >>> conflict(Problem(items, [Bin(7), Bin(8)]), time.monotonic() + 5)
    ('leaves', 'kept')
    >>> conflict(Problem(items[1:], [Bin(7, capacity=4), Bin(8)]), time.monotonic() + 5)
    (('capacity', 7), 'deal')
    """
    if not problem.bins and problem.items:
        return ()  # there is nothing that could be relaxed
    nowhere = [item for item in problem.items if all(problem.closed_by(item, one) for one in problem.bins)]
    if nowhere:
        return min((_closed(problem, item) for item in nowhere), key=len)
    # Whether there is an answer does not depend on what it costs; without costs, more items are alike.
    problem = replace(problem, fairness=0.0, items=[replace(item, costs={}) for item in problem.items])
    limits = [*limits_of(problem)]
    pairs = [rule for rule in rules_of(problem) if rule not in set(limits)]
    if not _has_answer(problem, {*limits}, deadline):
        pairs = []  # too much work for too few people: no matter who may do it
    limits = _explain(limits, lambda rules: _has_answer(problem, {*rules, *pairs}, deadline), deadline)
    if not pairs:
        return tuple(limits)
    concerned = replace(problem, items=_concerned(only(problem, {*limits, *pairs})))
    pairs = [rule for rule in rules_of(concerned) if rule not in set(limits_of(concerned))]
    return (*limits, *_explain(pairs, lambda rules: _has_answer(concerned, {*rules, *limits}, deadline), deadline))


def _closed(problem: Problem, item: Item) -> tuple[Rule, ...]:
    """Rules that close all bins for an item."""
    closed = [set(problem.closed_by(item, one)) for one in problem.bins]
    rules = dict.fromkeys(rule for one in problem.bins for rule in problem.closed_by(item, one))
    return tuple(_explain([*rules], lambda kept: not all(rules.intersection(kept) for rules in closed), math.inf))


def _concerned(problem: Problem) -> list[Item]:
    """The items that cannot do without a bin under a limit, or without a move where moves are limited."""
    if any(group.count_min for group in problem.groups):
        return [*problem.items]
    limited = {one.key for one in problem.bins if one.capacity or one.count_max}
    limited = limited.union(*(group.bins for group in problem.groups))
    are_moves_free = problem.moves_max is None
    return [item for item in problem.items if not any(
        one.key not in limited and (are_moves_free or not item.is_move(one.key)) and not problem.closed_by(item, one)
        for one in problem.bins)]


def _explain(rules: list[Rule], can_hold: Callable[[list[Rule]], bool], deadline: float) -> list[Rule]:
    """The rules that are needed to have no answer; all of them together have none.

    When the time is over, rules that have not been looked at count as needed.

    :param can_hold: whether there is an answer under these rules
    """
    def needed(background: list[Rule], is_new: bool, rules: list[Rule]) -> list[Rule]:
        if is_new and not can_hold(background):
            return []
        if len(rules) == 1 or time.monotonic() > deadline:
            return rules
        first, second = rules[:len(rules) // 2], rules[len(rules) // 2:]
        of_second = needed(background + first, True, second)
        return needed(background + of_second, bool(of_second), first) + of_second
    return needed([], True, rules) if rules else []


def _has_answer(problem: Problem, rules: set[Rule], deadline: float) -> bool:
    """Whether there is an answer under these rules; also true where the time does not suffice to exclude it."""
    tables = Tables(only(problem, rules))
    if not tables.is_open.any(axis=1).all():
        return False
    model = Model(tables)
    return INFEASIBLE not in (
        model.relax(deadline - time.monotonic()).status, model.solve(deadline - time.monotonic()).status)
