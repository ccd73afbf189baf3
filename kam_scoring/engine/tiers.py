"""Which tier a rank and a score recommend.

Gates come first, in their order: an account whose points of the gate's criterion are at most the limit goes to the
gate's tier. Then the other rules, in the order of their tiers: of the accounts that are not placed yet and reach both
the least score and the least coverage, the best by rank go to the rule's tier, as many as it holds. Whoever is in the
tier already may fall short of the least score by the band of the model: a score that swings round a threshold moves
nobody back and forth. An account that no
rule places keeps its tier; so do prospects and lost customers, and accounts without any data: a score says nothing
about them. Nobody is placed in a tier whose gates it does not pass; the rules below it take it. What people hold comes
after all of this.
"""
from odoo.tools import SQL

# Categories of tiers that scores neither fill nor empty.
UNSCORED_CATEGORIES = ('target', 'lost')


def recommended(spec, ranked, point_columns, gate_columns, single=None):
    """Select of all columns of `ranked` and recommended_tier_id.

    :param ranked: SQL of a relation with tier_id, held_tier_id, category, score, coverage, rank, the points of each
        criterion and a column per gate that says who fails it
    :param point_columns: {criterion id: SQL column of its points}
    :param gate_columns: {gate: SQL column}
    :param single: see `score.scores`
    """
    if spec.purpose == 'health':
        # Health places nobody.
        return SQL("SELECT *, NULL::int AS recommended_tier_id FROM %s ranked", ranked)
    placed = SQL(
        "SELECT ranked.*, CASE WHEN category IN %s OR coverage = 0 THEN tier_id END AS placed_id FROM %s ranked",
        UNSCORED_CATEGORIES, ranked)
    columns = _columns([*point_columns.values(), *gate_columns.values(), *_weights(spec)])
    for rule in spec.rules:
        placed = _place(rule, spec.band, placed, columns, point_columns, _blocked(rule, gate_columns), single)
    return SQL(
        "SELECT placed.*, COALESCE(held_tier_id, placed_id, tier_id) AS recommended_tier_id FROM (%s) placed", placed)


def _blocked(rule, gate_columns):
    """SQL condition: the account fails a gate of the rule's tier."""
    gates = [column for gate, column in gate_columns.items() if rule.tier_id in gate.tier_ids]
    return SQL("(%s)", SQL(" OR ").join(gates)) if gates else SQL("FALSE")


def _place(rule, band, placed, columns, point_columns, blocked, single):
    """One more layer: whoever is free and meets the rule, up to the capacity of its tier."""
    if rule.gate_criterion_id:
        gate = point_columns.get(rule.gate_criterion_id)
        # A gate on a criterion that failed stops nobody.
        meets = SQL("COALESCE(%s <= %s::float8, FALSE)", gate, rule.gate_points_max) if gate else SQL("FALSE")
        return SQL(
            """SELECT %(columns)s, CASE WHEN placed_id IS NULL AND %(meets)s THEN %(tier)s ELSE placed_id END
                      AS placed_id FROM (%(placed)s) layer""",
            columns=columns, meets=meets, tier=rule.tier_id, placed=placed)
    meets = SQL(
        """(placed_id IS NULL AND NOT %s AND coverage >= %s::float8
            AND score >= %s::float8 - CASE WHEN tier_id = %s THEN %s::float8 ELSE 0 END)""",
        blocked, rule.coverage_min, rule.score_min, rule.tier_id, band)
    if rule.capacity and single:
        meets = SQL("(%s AND %s)", meets, single.fits(rule))
    elif rule.capacity:
        meets = SQL(
            "(%(meets)s AND ROW_NUMBER() OVER (PARTITION BY %(meets)s ORDER BY rank) <= %(capacity)s)",
            meets=meets, capacity=rule.capacity)
    return SQL(
        "SELECT %s, CASE WHEN %s THEN %s ELSE placed_id END AS placed_id FROM (%s) layer",
        columns, meets, rule.tier_id, placed)


def _weights(spec):
    """Weight columns that the fingerprint reads; see `score.Part`."""
    return [SQL.identifier(f'weight_{criterion.id}') for criterion in spec.criteria if criterion.weights]


def _columns(columns):
    """The columns of a layer that the next one needs; not `*`, which would carry placed_id twice."""
    return SQL(", ").join([
        SQL("account_id, tier_id, held_tier_id, category, score, coverage, rank, breakdown, failed_gates"), *columns])
