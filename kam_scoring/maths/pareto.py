"""Who makes how much of the revenue (ABC, Pareto), and who buys how recently, often and much (RFM).

The definitions, in exact arithmetic; `engine/classes.py` says the same in SQL, and a test compares the two.

ABC    Accounts by falling revenue. What counts of a revenue is what is above zero. The share of an account is the part
       of the whole that it and all before it make, in percent; equal revenues share one place. Class a takes accounts
       until `limit_a` percent are reached, the account that reaches it included; class b goes on to `limit_b`, class c
       is the rest. Whoever brings nothing or less is in class c with a share of 100. Source: Juran (1951), Quality
       Control Handbook; Dickie (1951), "ABC inventory analysis shoots for dollars, not pennies".
RFM    Three marks from 1 to 5 by the place among the accounts: recency, frequency, monetary. Source: Hughes (1994),
       Strategic Database Marketing; the fifths and the names are usual, the exact table is ours.
"""
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from numbers import Rational
from typing import TypeAlias

Number: TypeAlias = Rational | Decimal | float

SEGMENTS = ('champion', 'loyal', 'potential', 'new', 'attention', 'at_risk', 'cant_lose', 'hibernating', 'lost')

# The segment by recency (rows, 5 = bought most recently) and value (columns 1 to 5): the rounded mean of frequency and
# monetary, halves up.
SEGMENT_TABLE = {
    5: ('new', 'potential', 'potential', 'champion', 'champion'),
    4: ('new', 'potential', 'loyal', 'loyal', 'champion'),
    3: ('attention', 'attention', 'loyal', 'loyal', 'loyal'),
    2: ('hibernating', 'hibernating', 'at_risk', 'at_risk', 'cant_lose'),
    1: ('lost', 'lost', 'at_risk', 'cant_lose', 'cant_lose'),
}


def abc_classes(
    revenues: Sequence[Number], limit_a: Number = 80, limit_b: Number = 95,
) -> list[tuple[str, float | None]]:
    """Class and cumulative share in percent of each revenue, in the order given.

    Without any revenue above zero, everybody is in class c and there is no share.

    >>> abc_classes([10, 70, 15, 5])
    [('b', 95.0), ('a', 70.0), ('a', 85.0), ('c', 100.0)]

    Two equal ones share their place, and a negative revenue takes nothing from the whole:

    >>> abc_classes([40, 40, 20, -30])
    [('a', 80.0), ('a', 80.0), ('b', 100.0), ('c', 100.0)]
    >>> abc_classes([0, -5])
    [('c', None), ('c', None)]
    """
    counted = sorted((max(revenue, 0) for revenue in revenues), reverse=True)
    total = sum(counted)
    if not total:
        return [('c', None)] * len(revenues)
    places: dict[Number, tuple[str, float | None]] = {}
    before = reached = 0
    for position, revenue in enumerate(counted):
        reached += revenue
        if position + 1 < len(counted) and counted[position + 1] == revenue:
            continue
        places[revenue] = (_class(100 * before, total, limit_a, limit_b, revenue), float(100 * reached / total))
        before = reached
    return [places[max(revenue, 0)] for revenue in revenues]


def _class(before: Number, total: Number, limit_a: Number, limit_b: Number, revenue: Number) -> str:
    if revenue and before < limit_a * total:
        return 'a'
    return 'b' if revenue and before < limit_b * total else 'c'


def marks(values: Sequence[Number]) -> list[int]:
    """A mark from 1 (lowest) to 5 (highest) for each value, in the order given; equal values get equal marks.

    With n values, of which `less` are smaller and `greater` are greater, the place 50 * (1 + (less - greater) /
    (n - 1)) runs from 0 to 100, as that of a criterion in percent of places, and each 20 are one mark. Alone: 3.

    >>> marks([50, 10, 20, 40, 30])
    [5, 1, 2, 4, 3]
    >>> marks([1, 1, 1, 9]), marks([7, 7]), marks([7])
    ([2, 2, 2, 5], [3, 3], [3])
    """
    ordered, count = sorted(values), len(values)
    if count == 1:
        return [3]
    found = []
    for value in values:
        less, greater = bisect_left(ordered, value), count - bisect_right(ordered, value)
        # In whole numbers, so that a place on a limit falls to the same side everywhere.
        found.append(min(5, 1 + 5 * (count - 1 + less - greater) // (2 * (count - 1))))
    return found


def segment(recency: int, frequency: int, monetary: int) -> str:
    """The name of three marks.

    >>> segment(5, 5, 4), segment(5, 1, 1), segment(1, 5, 5), segment(1, 1, 2)
    ('champion', 'new', 'cant_lose', 'lost')
    """
    return SEGMENT_TABLE[recency][value_mark(frequency, monetary) - 1]


def value_mark(frequency: int, monetary: int) -> int:
    """The rounded mean of two marks, halves up.

    >>> value_mark(4, 5), value_mark(1, 2), value_mark(3, 3)
    (5, 2, 3)
    """
    return (frequency + monetary + 1) // 2
