"""From values to points, from points to a score. The formulas, exactly, in double precision:

position   linear: x = value.
           percentile: x = 50 * (1 + (less - greater) / (n - 1)) over the n accounts with data, where less and greater
           count the accounts with a smaller and a greater value; x = 50 for n = 1. So the lowest is 0, the highest
           100, equal values get equal places, and turning the order round turns x into 100 - x.
points     min(100, max(0, 100 * (x - bound_zero) / (bound_full - bound_zero))). With bound_full < bound_zero the lower
           value is the better one. No value, no points.
score      (w1 * p1 + w2 * p2 + …) / (w1 + w2 + …) over the criteria with data, in the order of the model. A missing
           value leaves both sums: it neither helps nor harms. Without any data the score is 0.
coverage   100 * (sum of the weights with data) / (sum of all weights).
"""
from odoo.tools import SQL


def position(criterion, value):
    """SQL of the position of a value on the scale of its criterion's bounds; NULL without value."""
    if criterion.normalization != 'percentile':
        return value
    return SQL(
        """CASE WHEN %(value)s IS NULL THEN NULL
                WHEN COUNT(%(value)s) OVER () = 1 THEN 50
                ELSE 50::float8 * (1 + (
                     RANK() OVER (PARTITION BY %(value)s IS NULL ORDER BY %(value)s)
                     - RANK() OVER (PARTITION BY %(value)s IS NULL ORDER BY %(value)s DESC))::float8
                     / (COUNT(%(value)s) OVER () - 1)) END""",
        value=value)


def points(criterion, place):
    """SQL of the points of a position; NULL without one (GREATEST and LEAST would ignore the NULL)."""
    return SQL(
        """CASE WHEN %(place)s IS NOT NULL THEN LEAST(100::float8, GREATEST(0::float8,
                100::float8 * (%(place)s - %(zero)s::float8) / (%(full)s::float8 - %(zero)s::float8))) END""",
        place=place, zero=criterion.bound_zero, full=criterion.bound_full)


def weighted(criteria, columns):
    """SQL of the sum of weight * points of the criteria with data."""
    return SQL(" + ").join(
        SQL("%s::float8 * COALESCE(%s, 0)", criterion.weight, column)
        for criterion, column in zip(criteria, columns, strict=True))


def known_weight(criteria, columns):
    """SQL of the sum of the weights of the criteria with data."""
    return SQL(" + ").join(
        SQL("CASE WHEN %s IS NULL THEN 0 ELSE %s::float8 END", column, criterion.weight)
        for criterion, column in zip(criteria, columns, strict=True))
