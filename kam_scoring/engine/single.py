"""One account scored alone: its place among the others comes from the last run, not from scoring all of them.

A place by percentile is that among the values which the last full run has kept of each such criterion
(`kam.score.run.distribution`, up to 201 of them), a rank is that among the current scores, and a tier that is full of
better accounts takes no more. The next full run says it exactly.
"""
from odoo.tools import SQL

# Values kept of one criterion: the lowest, the highest, and every half percent in between.
SAMPLES = 201


class Single:
    """:param distribution: {criterion id: ascending values} of the last full run"""

    def __init__(self, scope, distribution):
        self.account_ids = list(scope.account_ids)
        self.program_id = scope.program.id
        self.distribution = {int(criterion): values for criterion, values in distribution.items()}

    def position(self, criterion, value):
        """SQL of the position of a value; see `points.position`."""
        if criterion.normalization != 'percentile':
            return value
        values = self.distribution.get(criterion.id) or []
        if len(values) < 2:
            return SQL("CASE WHEN %s IS NOT NULL THEN 50::float8 END", value)
        return SQL(
            """CASE WHEN %(value)s IS NOT NULL THEN (
                    SELECT LEAST(100, GREATEST(0, 50::float8 * (1 + (
                           COUNT(*) FILTER (WHERE one < %(value)s) - COUNT(*) FILTER (WHERE one > %(value)s))::float8
                           / (COUNT(*) - 1))))
                      FROM unnest(%(values)s::float8[]) one) END""",
            value=value, values=values)

    def rank(self, spec):
        """SQL of the rank: one more than the current scores above it; `score` has to be in reach."""
        return SQL(
            """(SELECT 1 + COUNT(*) FROM kam_score other
                 WHERE other.program_id = %s AND other.purpose = %s AND other.is_current AND other.rank IS NOT NULL
                   AND other.score > kam_scored.score AND other.account_id <> ALL(%s))""",
            self.program_id, spec.purpose, self.account_ids)

    def fits(self, rule):
        """SQL condition: fewer accounts than the tier holds are placed there with a better score."""
        return SQL(
            """(SELECT COUNT(*) FROM kam_account other
                 WHERE other.recommended_tier_id = %s AND other.active AND other.score > layer.score
                   AND other.id <> ALL(%s)) < %s""",
            rule.tier_id, self.account_ids, rule.capacity)


def distribution(scope, spec, count):
    """{criterion id: ascending values} of the percentile criteria of the `count` staged scores, for later single ones.

    All values of few accounts, a sample of many.
    """
    criteria = [(position, criterion) for position, criterion in enumerate(spec.criteria)
                if criterion.normalization == 'percentile']
    if not criteria:
        return {}
    fractions = [index / (SAMPLES - 1) for index in range(SAMPLES)]
    some = SQL("percentile_disc(%s::float8[]) WITHIN GROUP (ORDER BY value)", fractions)
    every = SQL("array_agg(value ORDER BY value)")
    row, = scope.env.execute_query(SQL("SELECT %s", SQL(", ").join(
        SQL("(SELECT %s FROM (SELECT (breakdown -> %s ->> 'value')::float8 AS value FROM kam_staged) figure "
            "WHERE value IS NOT NULL)", every if count <= SAMPLES else some, position)
        for position, _criterion in criteria)))
    return {criterion.id: values for (_position, criterion), values in zip(criteria, row, strict=True) if values}
