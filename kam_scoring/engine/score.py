"""Scores of all accounts of a scope, in one statement."""
from dataclasses import dataclass

import psycopg2

from odoo.tools import SQL

from ..metrics import METRICS
from . import holds, points, tiers

# What stands for the select of a metric that failed: no data for anybody.
NO_VALUES = SQL("SELECT NULL::int AS account_id, NULL::float8 AS value WHERE FALSE")
STAGE = SQL.identifier('kam_staged')


@dataclass(frozen=True)
class Part:
    """The SQL of one criterion: names of its columns in the relations below, and its weight."""
    criterion: object
    value: SQL
    place: SQL
    points: SQL
    weight: SQL
    held: SQL | None  # points that people hold, where some do

    @classmethod
    def of(cls, criterion, held):
        column = {name: SQL.identifier(f'{name}_{criterion.id}')
                  for name in ('value', 'place', 'points', 'weight', 'held')}
        # A weight that is the same for all needs no column.
        weight = column['weight'] if criterion.weights else points.weight(criterion)
        return cls(criterion, column['value'], column['place'], column['points'], weight,
                   column['held'] if criterion.metric in held else None)


def scores(scope, spec, failed=frozenset(), single=None, kept=None):
    """Relations and select of the scores: account_id, tier_id, score, coverage, rank, recommended_tier_id, breakdown,
    failed_gates, fingerprint.

    rank: 1 is the best; by score, then coverage, then revenue (where the model has it), then the older account.
    Prospects, lost customers and accounts without any data have no rank: one judgement would put a prospect before all
    who trade. breakdown: a JSON list, one object per criterion in the order of the model. failed_gates: a JSON list of
    those that the account does not pass, NULL where it passes all. fingerprint: changes with any of the points, to a
    tenth of a point, with the weights, the gates and the recommended tier.

    :param failed: codes of metrics that cannot be computed: no data for any account, marked in the breakdown; a gate
        on them stops nobody
    :param single: how to place one account among the others, which are not looked at (`single.Single`)
    :param kept: {metric: select of (account_id, value)} of the metrics whose values are known already
    :return: (relations, select) for `Scope.with_sources(select, *relations)`
    """
    held = holds.held(scope, spec)
    parts = [Part.of(criterion, held) for criterion in spec.criteria]
    relations = [(_relation(metric), _select(scope, metric, failed, kept or {})) for metric in spec.metrics]
    gates = {gate: SQL.identifier(f'gate_{gate.id}') for gate in spec.gates if gate.metric not in failed}
    earned = {part.criterion.id: part.points for part in parts}
    if held:
        relations.append(('kam_hold', holds.select(scope)))
    position = single.position if single else points.position
    relations += [
        ('kam_value', _values(scope, spec, parts, gates, held)),
        ('kam_place', _extended('kam_value', {
            part.place: position(part.criterion, part.value) for part in parts})),
        ('kam_points', _extended('kam_place', {part.points: _points(part, failed) for part in parts})),
        ('kam_scored', _scored(parts)),
        ('kam_ranked', _ranked(spec, parts, gates, failed, single)),
    ]
    select = tiers.recommended(spec, SQL("kam_ranked"), earned, gates, single)
    return relations, _fingerprinted(select, parts)


def stage(scope, spec, failed=frozenset(), single=None):
    """Compute the scores into a temporary table; return how many there are.

    Raw SQL: one row per account in one statement, computed where the data is. The caller has flushed. From the table
    the rows are compared with the history before they are written (`history.py`).
    """
    relations, select = scores(scope, spec, failed, single)
    scope.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", STAGE))
    scope.env.cr.execute(SQL(
        "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", STAGE, scope.with_sources(select, *relations)))
    return scope.env.cr.rowcount


def insert(scope, spec, run, is_current):
    """Write one `kam.score` row per staged account."""
    scope.env.cr.execute(SQL(
        """INSERT INTO kam_score (run_id, account_id, program_id, purpose, date, score, coverage, rank,
                                  recommended_tier_id, breakdown, failed_gates, fingerprint, is_current, is_snapshot)
           SELECT %(run)s, account_id, %(program)s, %(purpose)s, %(date)s, score, coverage, rank,
                  recommended_tier_id, breakdown, failed_gates, fingerprint, %(is_current)s, %(is_snapshot)s
             FROM %(stage)s""",
        run=run.id, program=scope.program.id, purpose=spec.purpose, date=scope.date, is_current=is_current,
        is_snapshot=not is_current, stage=STAGE))


def ranked_count(scope):
    """How many of the staged accounts have a rank."""
    [[count]] = scope.env.execute_query(SQL("SELECT COUNT(rank) FROM %s", STAGE))
    return count


def broken(scope, spec):
    """{metric: error} of the metrics that cannot be computed, each tried alone.

    Only asked after the statement with all of them has failed, so a sound run pays nothing for it.
    """
    errors = {}
    for metric in spec.metrics:
        try:
            with scope.env.cr.savepoint(flush=False):
                scope.env.cr.execute(scope.with_sources(
                    SQL("SELECT COUNT(value::float8) FROM (%s) metric", METRICS[metric].select(scope))))
        except (psycopg2.Error, ArithmeticError, LookupError, TypeError, ValueError) as error:
            errors[metric] = error
    return errors


def _relation(metric):
    return f'kam_metric_{metric}'


def _select(scope, metric, failed, kept):
    if metric in failed:
        return NO_VALUES
    return kept[metric] if metric in kept else METRICS[metric].select(scope)


def _values(scope, spec, parts, gates, held):
    """One row per account: what it is, its values, its special weights, what is held, and which gates it fails."""
    columns = [
        *(SQL("%s.value::float8 AS %s", SQL.identifier(_relation(part.criterion.metric)), part.value)
          for part in parts),
        *(SQL("%s AS %s", points.weight(part.criterion), part.weight) for part in parts if part.criterion.weights),
        *(SQL("%s.points AS %s", holds.alias(part.criterion.metric), part.held) for part in parts if part.held),
        *(SQL("%s AS %s", _fails(gate), column) for gate, column in gates.items()),
    ]
    joins = [
        SQL("LEFT JOIN %(name)s ON %(name)s.account_id = account.id", name=SQL.identifier(_relation(metric)))
        for metric in spec.metrics
    ] + [holds.join(metric) for metric in held]
    return SQL(
        """SELECT account.id AS account_id, account.tier_id, tier.category, %(columns)s, %(held_tier)s AS held_tier_id
             FROM kam_account account JOIN kam_tier tier ON tier.id = account.tier_id
             JOIN res_partner partner ON partner.id = account.partner_id
             %(joins)s
            WHERE %(accounts)s AND %(purpose)s""",
        columns=SQL(", ").join(columns), joins=SQL("\n").join(joins), accounts=scope.accounts,
        held_tier=SQL("%s.tier_id", holds.alias(holds.TIER)) if holds.TIER in held else SQL("NULL::int"),
        purpose=SQL("tier.is_key") if spec.purpose == 'health' else SQL("TRUE"))


def _fails(gate):
    value = SQL("%s.value", SQL.identifier(_relation(gate.metric)))
    compare = SQL("<") if gate.operator == 'at_least' else SQL(">")
    return SQL("COALESCE(%s %s %s::float8, %s)", value, compare, gate.limit, not gate.missing_passes)


def _points(part, failed):
    if part.criterion.metric in failed:
        # Nobody is punished for a metric that is broken, whatever the policy for missing data.
        earned = SQL("NULL::float8")
    else:
        earned = points.points(part.criterion, part.place)
    return SQL("COALESCE(%s, %s)", part.held, earned) if part.held else earned


def _extended(name, columns):
    """All columns of a relation and more."""
    return SQL(
        "SELECT *, %s FROM %s",
        SQL(", ").join(SQL("%s AS %s", sql, column) for column, sql in columns.items()), SQL.identifier(name))


def _scored(parts):
    weights = [part.weight for part in parts]
    # What people hold is as good as data.
    sources = [SQL("COALESCE(%s, %s)", part.value, part.held) if part.held else part.value for part in parts]
    earned = [part.points for part in parts]
    return SQL(
        """SELECT *, CASE WHEN known > 0 THEN (%(weighted)s) / known ELSE 0 END AS score,
                  COALESCE(100::float8 * with_data / NULLIF(total, 0), 0) AS coverage
             FROM (SELECT *, %(known)s AS known, %(with_data)s AS with_data, %(total)s AS total
                     FROM kam_points) points""",
        weighted=points.weighted(weights, earned), known=points.known_weight(weights, earned),
        with_data=points.known_weight(weights, sources), total=SQL(" + ").join(weights))


def _ranked(spec, parts, gates, failed, single):
    revenue = [SQL("%s DESC NULLS LAST,", part.value) for part in parts if part.criterion.metric == 'revenue']
    ranked = SQL("(with_data > 0 AND category NOT IN %s)", tiers.UNSCORED_CATEGORIES)
    rank = single.rank(spec) if single else SQL(
        "ROW_NUMBER() OVER (ORDER BY %s DESC, score DESC, coverage DESC, %s account_id)",
        ranked, SQL(" ").join(revenue))
    return SQL(
        """SELECT *, %(breakdown)s AS breakdown, %(gates)s AS failed_gates,
                  CASE WHEN %(ranked)s THEN %(rank)s END AS rank
             FROM kam_scored""",
        ranked=ranked, rank=rank, breakdown=_breakdown(parts, failed), gates=_failed_gates(gates))


def _breakdown(parts, failed):
    """Per criterion the value, the points, the weight, and the part of the score it makes."""
    return SQL("jsonb_build_array(%s)", SQL(", ").join(
        SQL(
            """jsonb_build_object('criterion_id', %(id)s, 'metric', %(metric)s::text, 'value', %(value)s,
                   'points', %(points)s, 'weight', %(weight)s, 'contribution',
                   CASE WHEN known > 0 THEN %(weight)s * %(points)s / known END, 'failed', %(failed)s %(held)s)""",
            id=part.criterion.id, metric=part.criterion.metric, value=part.value, points=part.points,
            weight=part.weight, failed=part.criterion.metric in failed,
            held=SQL(", 'held', %s IS NOT NULL", part.held) if part.held else SQL())
        for part in parts))


def _failed_gates(gates):
    """JSON list of the gates that an account does not pass, NULL where it passes all."""
    if not gates:
        return SQL("NULL::jsonb")
    return SQL(
        "CASE WHEN %s THEN (SELECT jsonb_agg(id ORDER BY id) FROM unnest(ARRAY[%s]) id WHERE id IS NOT NULL) END",
        SQL(" OR ").join(gates.values()),
        SQL(", ").join(SQL("CASE WHEN %s THEN %s END", column, gate.id) for gate, column in gates.items()))


def _fingerprinted(select, parts):
    return SQL(
        """SELECT account_id, tier_id, score, coverage, rank, recommended_tier_id, breakdown, failed_gates,
                  md5(ROW(recommended_tier_id, failed_gates, %s)::text) AS fingerprint
             FROM (%s) result""",
        SQL(", ").join(SQL("ROUND((%s)::numeric, 1), %s", part.points, part.weight) for part in parts), select)
