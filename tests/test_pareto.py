"""ABC classes and RFM marks: what must hold whatever the figures."""
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kam_scoring.maths import pareto

cents = st.integers(-10 ** 9, 10 ** 9).map(lambda amount: Decimal(amount) / 100)
revenues = st.lists(cents | st.sampled_from([Decimal(0), Decimal(100)]), min_size=1, max_size=40)
limits = st.tuples(st.integers(1, 100), st.integers(1, 100)).map(sorted)


@given(revenues, limits)
def test_classes(amounts, both):
    low, high = both
    found = pareto.abc_classes(amounts, low, high)
    total = sum(amount for amount in amounts if amount > 0)
    for amount, (letter, share) in zip(amounts, found, strict=True):
        better = sum(one for one in amounts if one > 0 and one > amount)
        expected = 'c'
        if amount > 0:
            expected = 'a' if better * 100 < low * total else 'b' if better * 100 < high * total else 'c'
        assert letter == expected
        assert (share is None) == (total == 0) and (share is None or 0 < share <= 100)
    # Class a reaches its limit, and not without its last ones.
    in_a = [amount for amount, (letter, _share) in zip(amounts, found, strict=True) if letter == 'a']
    if total:
        assert sum(in_a) * 100 >= low * total
        assert sum(amount for amount in in_a if amount > min(in_a)) * 100 < low * total


@given(revenues, st.randoms())
def test_order_does_not_matter(amounts, random):
    mixed = random.sample(amounts, len(amounts))
    for function in (pareto.abc_classes, pareto.marks):
        expected = dict(zip(amounts, function(amounts), strict=True))
        assert function(mixed) == [expected[amount] for amount in mixed]


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60))
def test_marks(values):
    found = pareto.marks(values)
    assert set(found) <= {1, 2, 3, 4, 5}
    by_value = dict(zip(values, found, strict=True))
    assert found == [by_value[value] for value in values], "ties stay together"
    ordered = [by_value[value] for value in sorted(by_value)]
    assert ordered == sorted(ordered)
    if len(set(values)) == 1:
        assert set(found) == {3}


@given(st.integers(1, 20))
def test_marks_are_fifths(size):
    """Without ties the groups have about equal size."""
    found = pareto.marks(list(range(5 * size)))
    assert all(abs(found.count(mark) - size) <= 1 for mark in range(1, 6))


def test_each_cell_of_the_table_has_a_segment():
    cells = [pareto.segment(recency, frequency, monetary) for recency in range(1, 6)
             for frequency in range(1, 6) for monetary in range(1, 6)]
    assert set(cells) == set(pareto.SEGMENTS)
