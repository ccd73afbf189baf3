"""The solver of a rebalancing against exhaustive search, on small questions made up by Hypothesis."""
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.addons.kam_scoring.maths.rebalance import (
    Bin,
    Group,
    Item,
    Problem,
    evaluate,
    greedy,
    rules_of,
    solve,
    why_not,
)
from odoo.addons.kam_scoring.maths.rebalance_problem import only

EXAMPLES = settings(max_examples=80, deadline=None)
FEW = settings(max_examples=40, deadline=None)

SIZES = st.sampled_from([0.0, 1.0, 2.0, 2.0, 3.0, 3.5, 5.0])
COSTS = st.sampled_from([0.0, 1.0, 1.0, 2.5, 4.0])
NOBODY, STRANGER = None, 99


@st.composite
def items(draw, key, bins):
    present = draw(st.sampled_from([*bins, *bins, *bins, NOBODY, STRANGER]))
    # Most often it costs the same wherever one goes; sometimes somebody is nearer, or the account pays to be moved.
    usual = draw(COSTS)
    costs = {one: usual for one in bins if one != present} | draw(
        st.dictionaries(st.sampled_from(bins), st.sampled_from([-1.0, 0.0, 0.5, 3.0]), max_size=1))
    labels = st.sampled_from(["language", ("kept", key), ("country", key % 2), ("deal", key)])
    barred = draw(st.dictionaries(
        st.sampled_from(bins), st.lists(labels, min_size=1, max_size=2, unique=True).map(tuple), max_size=2))
    return Item(key, draw(SIZES), present, costs, barred)


@st.composite
def problems(draw, most=6):
    keys = list(range(10, 10 + draw(st.integers(1, 3))))
    bins = [Bin(key, draw(st.sampled_from([0.0, 0.0, 0.0, 4.0, 8.0])), draw(st.sampled_from([0, 0, 0, 2, 3])),
                draw(st.sampled_from([1.0, 1.0, 1.0, 0.5, 0.0])), draw(st.booleans()) or draw(st.booleans()))
            for key in keys]
    groups = draw(st.lists(st.builds(
        Group, st.just(1), st.frozensets(st.sampled_from(keys), min_size=1), st.sampled_from([0, 2, 4]),
        st.sampled_from([0, 0, 1, 2])), max_size=1))
    return Problem(
        [draw(items(key, keys)) for key in range(1, draw(st.integers(0, most)) + 1)], bins, groups,
        draw(st.sampled_from([1.0, 1.0, 0.0, 2.5])), draw(st.sampled_from([0.0, 0.1, 0.3])),
        draw(st.sampled_from([None, None, 0, 1, 3])))


def answers(problem):
    """The evaluations of all places that break no rule."""
    keys = [one.key for one in problem.bins]
    for places in product(keys, repeat=len(problem.items)):
        found = evaluate(problem, {item.key: place for item, place in zip(problem.items, places, strict=True)})
        if not found.broken:
            yield found


def best_of(problem):
    """The smallest objective that there is; None where there is no answer."""
    return min((found.objective for found in answers(problem)), default=None)


def has_answer(problem, rules):
    return next(answers(only(problem, set(rules))), None) is not None


@EXAMPLES
@given(problems())
def test_the_optimum_is_that_of_exhaustive_search(problem):
    best, solution = best_of(problem), solve(problem)
    if best is None:
        assert (solution.state, solution.places) == ("infeasible", {})
        return
    found = evaluate(problem, solution.places)
    assert solution.state == "optimal" and solution.gap == 0
    assert solution.objective == pytest.approx(best, abs=1e-6) == solution.bound
    assert (solution.objective, solution.imbalance, solution.cost, solution.moves) == (
        found.objective, found.imbalance, found.cost, found.moves)
    assert not found.broken and set(solution.places) == {item.key for item in problem.items}


@EXAMPLES
@given(problems(most=5))
def test_a_conflict_holds_and_each_rule_of_it_is_needed(problem):
    assume(best_of(problem) is None)
    conflict = solve(problem).conflict
    assert conflict and set(conflict) <= set(rules_of(problem))
    assert not has_answer(problem, conflict)
    for rule in conflict:
        assert has_answer(problem, set(conflict) - {rule}), rule


@EXAMPLES
@given(problems())
def test_steps_are_never_better_and_end_where_no_step_helps(problem):
    places = greedy(problem)
    assert set(places) == {item.key for item in problem.items}
    found, best = evaluate(problem, places), best_of(problem)
    assume(not found.broken)
    assert found.objective >= best - 1e-6
    for item, one in product(problem.items, problem.bins):
        other = evaluate(problem, {**places, item.key: one.key})
        assert other.broken or other.objective >= found.objective - 1e-6


@FEW
@given(st.lists(SIZES, min_size=1, max_size=3), st.integers(1, 3), st.sampled_from([0.5, 1.0, 20.0]), st.data())
def test_nothing_moves_where_loads_are_fair(sizes, bins, fairness, data):
    """Everybody has accounts of the same sizes, and every move costs something."""
    costs = st.fixed_dictionaries({key: st.sampled_from([0.01, 1.0, 4.0]) for key in range(bins)})
    today = [Item(one * 10 + number, size, one, {**data.draw(costs), one: 0.0})
             for one in range(bins) for number, size in enumerate(sizes)]
    solution = solve(Problem(today, [Bin(key) for key in range(bins)], fairness=fairness, band=0))
    assert (solution.state, solution.objective, solution.moves) == ("optimal", pytest.approx(0), 0)
    assert solution.places == {item.key: item.present for item in today}


@FEW
@given(problems(), st.data())
def test_whoever_leaves_keeps_nothing(problem, data):
    gone = data.draw(st.sampled_from([one.key for one in problem.bins]))
    problem = replace(problem, items=[replace(
        item, barred={**item.barred, gone: (*item.barred.get(gone, ()), ("leaves", gone))}) for item in problem.items])
    solution = solve(problem)
    assert gone not in solution.places.values()
    assert solution.places or not problem.items or best_of(problem) is None


@FEW
@given(problems(), st.integers(0, 3))
def test_more_moves_are_never_worse(problem, most):
    few, more = (solve(replace(problem, moves_max=limit)) for limit in (most, most + 1))
    assume(few.places)
    assert few.moves <= most and more.moves <= most + 1
    assert more.objective <= few.objective + 1e-6


@FEW
@given(problems(), st.data())
def test_why_not_is_what_would_happen(problem, data):
    assume(problem.items)
    keys = [one.key for one in problem.bins]
    places = {item.key: data.draw(st.sampled_from(keys)) for item in problem.items}
    item, place = data.draw(st.sampled_from(problem.items)), data.draw(st.sampled_from(keys))
    answer = why_not(problem, places, item.key, place)
    before, after = evaluate(problem, places), evaluate(problem, {**places, item.key: place})
    assert answer.imbalance_delta == after.imbalance - before.imbalance
    assert answer.cost_delta == after.cost - before.cost
    assert set(answer.barred) >= set(item.barred.get(place, ()))
    assert set(answer.barred) | set(answer.broken) >= set(after.broken) - set(before.broken)
    assert not set(answer.broken) & (set(before.broken) | set(answer.barred))


@FEW
@given(problems())
def test_the_same_question_has_the_same_answer(problem):
    first, second = solve(problem), solve(problem)
    assert replace(first, seconds=0) == replace(second, seconds=0)
