"""Plain arithmetic on the lines of a pack."""
from typing import NamedTuple


class TierFigures(NamedTuple):
    name: str
    is_key: bool
    count: int
    revenue: float | None


def fraction(percent):
    """What Excel shows as percent.

    >>> fraction(12.5), fraction(None)
    (0.125, None)
    """
    return None if percent is None else percent / 100


def mean(values):
    """
    >>> mean([1, None, 3]), mean([])
    (2.0, None)
    """
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def weighted_mean(pairs):
    """Mean of (value, weight), weights above zero only; without any such weight the plain mean of the values.

    >>> weighted_mean([(80, 3), (40, 1), (10, 0), (None, 5)])
    70.0
    >>> weighted_mean([(80, None), (40, None)])
    60.0
    """
    known = [(value, weight) for value, weight in pairs if value is not None]
    weighted = [(value, weight) for value, weight in known if weight and weight > 0]
    if not weighted:
        return mean(value for value, weight in known)
    return sum(value * weight for value, weight in weighted) / sum(weight for value, weight in weighted)


def total(values):
    """Sum of what is known; None where nothing is.

    >>> total([1.5, None]), total([None])
    (1.5, None)
    """
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def share(part, whole):
    """Fraction of a whole; None where there is no whole to speak of.

    >>> share(1, 4), share(None, 4), share(1, 0)
    (0.25, None, None)
    """
    return part / whole if part is not None and whole and whole > 0 else None
