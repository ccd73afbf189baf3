"""From values to points, from points to a score. The formulas, exactly, in double precision:

position   linear: x = value.
           percentile: x = 50 * (1 + (less - greater) / (n - 1)) over the n accounts with data, where less and greater
           count the accounts with a smaller and a greater value; x = 50 for n = 1. So the lowest is 0, the highest
           100, equal values get equal places, and turning the order round turns x into 100 - x.
points     linear and percentile: min(100, max(0, 100 * (x - bound_zero) / (bound_full - bound_zero))). With
           bound_full < bound_zero the lower value is the better one.
           bands: the points of the highest band whose lower limit x reaches; 0 below the lowest band.
           at_least, at_most: 100 where x >= bound_full (x <= bound_full), else 0.
           Without value: none where the criterion leaves missing data out, else 50 or 0, as its policy says.
score      (w1 * p1 + w2 * p2 + …) / (w1 + w2 + …) over the criteria with points, in the order of the model. A missing
           value leaves both sums: it neither helps nor harms. Without any data the score is 0. The weight of a
           criterion is that of the first special weight that fits the account, else its own.
coverage   100 * (sum of the weights with data) / (sum of all weights). Points that stand in for data do not count.
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
    """SQL of the points of a position."""
    earned = SQL("CASE WHEN %s IS NOT NULL THEN %s END", place, _earned(criterion, place))
    # A criterion that stands in for missing data says so with its own points.
    stand_in = {'zero': 0, 'middle': 50}.get(criterion.missing)
    return earned if stand_in is None else SQL("COALESCE(%s, %s::float8)", earned, stand_in)


def _earned(criterion, place):
    """SQL of the points of a position that is not NULL."""
    if criterion.normalization == 'at_least':
        return SQL("CASE WHEN %s >= %s::float8 THEN 100::float8 ELSE 0 END", place, criterion.bound_full)
    if criterion.normalization == 'at_most':
        return SQL("CASE WHEN %s <= %s::float8 THEN 100::float8 ELSE 0 END", place, criterion.bound_full)
    if criterion.normalization == 'bands':
        steps = SQL(" ").join(
            SQL("WHEN %s >= %s::float8 THEN %s::float8", place, value_from, band_points)
            for value_from, band_points in sorted(criterion.bands, reverse=True))
        return SQL("CASE %s ELSE 0::float8 END", steps) if criterion.bands else SQL("0::float8")
    return SQL(
        """LEAST(100::float8, GREATEST(0::float8,
                 100::float8 * (%(place)s - %(zero)s::float8) / (%(full)s::float8 - %(zero)s::float8)))""",
        place=place, zero=criterion.bound_zero, full=criterion.bound_full)


def weight(criterion):
    """SQL of the weight of a criterion for an account; `tier_id` and `industry_id` have to be in reach."""
    special = SQL(" ").join(
        SQL("WHEN %s THEN %s::float8", SQL(" AND ").join([
            *([SQL("tier_id = ANY(%s)", list(one.tier_ids))] if one.tier_ids else ()),
            *([SQL("industry_id = ANY(%s)", list(one.industry_ids))] if one.industry_ids else ()),
            SQL("TRUE")]), one.weight)
        for one in criterion.weights)
    if not criterion.weights:
        return SQL("%s::float8", criterion.weight)
    return SQL("CASE %s ELSE %s::float8 END", special, criterion.weight)


def weighted(weights, columns):
    """SQL of the sum of weight * points of the criteria with points."""
    return SQL(" + ").join(
        SQL("%s * COALESCE(%s, 0)", weight, column) for weight, column in zip(weights, columns, strict=True))


def known_weight(weights, columns):
    """SQL of the sum of the weights of those whose column is not NULL."""
    return SQL(" + ").join(
        SQL("CASE WHEN %s IS NULL THEN 0 ELSE %s END", column, weight)
        for weight, column in zip(weights, columns, strict=True))
