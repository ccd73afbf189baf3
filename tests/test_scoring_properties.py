"""What must hold for any figures: points and scores of kam_scoring, with values made up by Hypothesis."""
import math

import pytest
from conftest import environment
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import get_db_name
from odoo.tools import SQL

from odoo.addons.kam_scoring.engine import Criterion, points

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))
VALUES = st.lists(st.none() | NUMBERS, min_size=1, max_size=12)
WEIGHTS = st.floats(0.01, 1000).map(lambda value: round(value, 2))
IGNORE = st.just("ignore")
POLICIES = st.sampled_from(["ignore", "middle", "zero"])
PARTS = st.lists(st.tuples(WEIGHTS, st.none() | st.floats(0, 100)), min_size=1, max_size=8)
EXAMPLES = settings(max_examples=60, deadline=None)


@st.composite
def criteria(draw, missing=IGNORE):
    normalization = draw(st.sampled_from(["linear", "percentile", "bands", "at_least", "at_most"]))
    bounds = st.integers(0, 100) if normalization == "percentile" else NUMBERS
    zero, full = draw(st.tuples(bounds, bounds).filter(lambda pair: abs(pair[0] - pair[1]) > 0.01))
    bands = draw(st.dictionaries(NUMBERS, st.integers(0, 100), min_size=1, max_size=4))
    return Criterion(
        id=1, metric="revenue", weight=draw(WEIGHTS), normalization=normalization, bound_zero=zero, bound_full=full,
        bands=tuple(sorted(bands.items())), missing=draw(missing))


@pytest.fixture(scope="module")
def env():
    with environment(get_db_name()) as env:
        yield env


def points_of(env, values, criterion):
    placed = SQL("SELECT *, %s AS place FROM unnest(%s::float8[]) WITH ORDINALITY row (value, position)",
                 points.position(criterion, SQL("value")), values)
    return [row[0] for row in env.execute_query(SQL(
        "SELECT %s FROM (%s) placed ORDER BY position", points.points(criterion, SQL("place")), placed))]


def score_of(env, weights, earned):
    columns = [SQL("%s::float8", value) for value in earned]
    weights = [SQL("%s::float8", weight) for weight in weights]
    total, known = env.execute_query(SQL(
        "SELECT %s, %s", points.weighted(weights, columns), points.known_weight(weights, columns)))[0]
    return total / known if known else None


@EXAMPLES
@given(VALUES, criteria(POLICIES))
def test_points_are_within_bounds(env, values, criterion):
    for value, earned in zip(values, points_of(env, values, criterion), strict=True):
        if value is None:
            assert earned == {"ignore": None, "middle": 50, "zero": 0}[criterion.missing]
        else:
            assert 0 <= earned <= 100, earned


@EXAMPLES
@given(st.lists(NUMBERS, min_size=2, max_size=12), criteria())
def test_a_better_value_never_earns_less(env, values, criterion):
    if criterion.normalization == "bands":
        return  # bands may go up and down: some figures are best in the middle
    sign = {"at_least": 1, "at_most": -1}.get(
        criterion.normalization, 1 if criterion.bound_full > criterion.bound_zero else -1)
    pairs = sorted(zip(values, points_of(env, values, criterion), strict=True))
    earned = [sign * one for _value, one in pairs]
    for lower, higher in zip(earned, earned[1:], strict=False):
        assert lower <= higher + 1e-9


@EXAMPLES
@given(PARTS, st.sampled_from([0.5, 8, 64]))
def test_weights_have_no_scale(env, parts, factor):
    weights, earned = zip(*parts, strict=True)
    score = score_of(env, weights, earned)
    scaled = score_of(env, [weight * factor for weight in weights], earned)
    if score is None:
        assert scaled is None
    else:
        assert math.isclose(score, scaled, rel_tol=1e-9, abs_tol=1e-9)


@EXAMPLES
@given(PARTS)
def test_a_score_is_within_its_points(env, parts):
    weights, earned = zip(*parts, strict=True)
    score, known = score_of(env, weights, earned), [one for one in earned if one is not None]
    if known:
        assert min(known) - 1e-9 <= score <= max(known) + 1e-9
    else:
        assert score is None


@EXAMPLES
@given(VALUES, criteria(), st.data())
def test_missing_data_raises_nobody_else(env, values, criterion, data):
    """One account's value goes missing: the others keep their points.

    A place among customers is relative, so it may move; it moves by less than one customer's share.
    """
    gone = data.draw(st.integers(0, len(values) - 1))
    less = [None if position == gone else value for position, value in enumerate(values)]
    before, after = points_of(env, values, criterion), points_of(env, less, criterion)
    known = sum(value is not None for value in less)
    for position, (old, new) in enumerate(zip(before, after, strict=True)):
        if position == gone or old is None:
            continue
        if criterion.normalization != "percentile":
            assert old == new
        elif known > 1:
            span = abs(criterion.bound_full - criterion.bound_zero)
            assert abs(new - old) <= 100 * 100 / known / span + 1e-6
