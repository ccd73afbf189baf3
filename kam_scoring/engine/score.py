"""Scores of all accounts of a scope, in one statement."""
import psycopg2

from odoo.tools import SQL

from ..metrics import METRICS
from . import points, tiers

# What stands for the select of a metric that failed: no data for anybody.
NO_VALUES = SQL("SELECT NULL::int AS account_id, NULL::float8 AS value WHERE FALSE")


def scores(scope, spec, failed=frozenset()):
    """Relations and select of the scores: account_id, score, coverage, rank, recommended_tier_id, breakdown.

    rank: 1 is the best; by score, then coverage, then revenue (where the model has it), then the older account.
    Prospects, lost customers and accounts without any data have no rank: one judgement would put a prospect before all
    who trade. breakdown: a JSON list, one object per criterion in the order of
    the model.

    :param failed: ids of criteria whose metric cannot be computed: no data for any account, marked in the breakdown
    :return: (relations, select) for `Scope.with_sources(select, *relations)`
    """
    names = {criterion: f'kam_criterion_{criterion.id}' for criterion in spec.criteria}
    relations = [
        (names[criterion], NO_VALUES if criterion.id in failed else METRICS[criterion.metric].select(scope))
        for criterion in spec.criteria]
    values = {criterion: SQL.identifier(f'value_{criterion.id}') for criterion in spec.criteria}
    places = {criterion: SQL.identifier(f'place_{criterion.id}') for criterion in spec.criteria}
    earned = {criterion: SQL.identifier(f'points_{criterion.id}') for criterion in spec.criteria}
    relations += [
        ('kam_value', _values(scope, names, values)),
        ('kam_place', _extended('kam_value', {
            places[criterion]: points.position(criterion, value) for criterion, value in values.items()})),
        ('kam_points', _extended('kam_place', {
            earned[criterion]: points.points(criterion, place) for criterion, place in places.items()})),
        ('kam_scored', _scored(spec, earned)),
        ('kam_ranked', _ranked(spec, values, earned, failed)),
    ]
    select = tiers.recommended(
        spec, SQL("kam_ranked"), {criterion.id: column for criterion, column in earned.items()})
    return relations, select


def insert(scope, spec, run, is_current, failed=frozenset()):
    """Write one `kam.score` row per active account; return how many.

    Raw SQL: one row per account in one statement, computed where the data is. The caller has flushed.
    """
    relations, select = scores(scope, spec, failed)
    rows = SQL(
        """INSERT INTO kam_score (run_id, account_id, program_id, date, score, coverage, rank, recommended_tier_id,
                                  breakdown, is_current)
           SELECT %(run)s, account_id, %(program)s, %(date)s, score, coverage, rank, recommended_tier_id,
                  breakdown, %(is_current)s
             FROM (%(select)s) result""",
        run=run.id, program=scope.program.id, date=scope.date, is_current=is_current, select=select)
    scope.env.cr.execute(scope.with_sources(rows, *relations))
    return scope.env.cr.rowcount


def broken(scope, spec):
    """{criterion id: error} of the criteria whose metric cannot be computed, each tried alone.

    Only asked after the statement with all of them has failed, so a sound run pays nothing for it.
    """
    errors = {}
    for criterion in spec.criteria:
        try:
            with scope.env.cr.savepoint(flush=False):
                scope.env.cr.execute(scope.with_sources(
                    SQL("SELECT COUNT(value::float8) FROM (%s) metric", METRICS[criterion.metric].select(scope))))
        except (psycopg2.Error, ArithmeticError, LookupError, TypeError, ValueError) as error:
            errors[criterion.id] = error
    return errors


def _values(scope, names, values):
    columns = SQL(", ").join(
        SQL("%s.value::float8 AS %s", SQL.identifier(names[criterion]), column)
        for criterion, column in values.items())
    joins = SQL("\n").join(
        SQL("LEFT JOIN %(name)s ON %(name)s.account_id = account.id", name=SQL.identifier(name))
        for name in names.values())
    return SQL(
        """SELECT account.id AS account_id, account.tier_id, tier.category, %(columns)s
             FROM kam_account account JOIN kam_tier tier ON tier.id = account.tier_id
             %(joins)s
            WHERE account.program_id = %(program)s AND account.active""",
        columns=columns, joins=joins, program=scope.program.id)


def _extended(name, columns):
    """All columns of a relation and more."""
    return SQL(
        "SELECT *, %s FROM %s",
        SQL(", ").join(SQL("%s AS %s", sql, column) for column, sql in columns.items()), SQL.identifier(name))


def _scored(spec, earned):
    columns = list(earned.values())
    return SQL(
        """SELECT *, CASE WHEN known > 0 THEN (%(weighted)s) / known ELSE 0 END AS score,
                  100::float8 * known / %(total)s::float8 AS coverage
             FROM (SELECT *, %(known)s AS known FROM kam_points) points""",
        weighted=points.weighted(spec.criteria, columns), known=points.known_weight(spec.criteria, columns),
        total=spec.total_weight)


def _ranked(spec, values, earned, failed):
    revenue = [SQL("%s DESC NULLS LAST,", values[criterion])
               for criterion in spec.criteria if criterion.metric == 'revenue']
    return SQL(
        """SELECT *, %(breakdown)s AS breakdown,
                  CASE WHEN %(ranked)s THEN ROW_NUMBER() OVER (
                       ORDER BY %(ranked)s DESC, score DESC, coverage DESC, %(revenue)s account_id) END AS rank
             FROM kam_scored""",
        ranked=SQL("(known > 0 AND category NOT IN %s)", tiers.UNSCORED_CATEGORIES),
        breakdown=_breakdown(spec, values, earned, failed), revenue=SQL(" ").join(revenue))


def _breakdown(spec, values, earned, failed):
    """Per criterion the value, the points, the weight, and the part of the score it makes."""
    return SQL("jsonb_build_array(%s)", SQL(", ").join(
        SQL(
            """jsonb_build_object('criterion_id', %(id)s, 'metric', %(metric)s::text, 'value', %(value)s,
                   'points', %(points)s, 'weight', %(weight)s::float8, 'contribution',
                   CASE WHEN known > 0 THEN %(weight)s::float8 * %(points)s / known END, 'failed', %(failed)s)""",
            id=criterion.id, metric=criterion.metric, value=values[criterion], points=earned[criterion],
            weight=criterion.weight, failed=criterion.id in failed)
        for criterion in spec.criteria))
