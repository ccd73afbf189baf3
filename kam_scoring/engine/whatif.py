"""Other numbers of a model on the data of the current scores: who would be placed elsewhere, at once.

The values come from the breakdown that each current score keeps, so that no invoice is read; points, ranks and tiers
are those of the engine itself. Only a metric that the current scores do not keep (a new criterion, or a gate on
something that is no criterion) is read from the ledger, as of the date of the scores. With the numbers that made the
current scores the outcome is the current scores. Nothing is written.
"""
from dataclasses import dataclass

from odoo.tools import SQL

from ..metrics.base import with_relations
from . import score

# Accounts that are listed; the others are counted.
LISTED = 200


@dataclass(frozen=True)
class Levels:
    """From which score on a key account counts as healthy, and as to watch."""
    green: float
    amber: float

    def place(self, points, coverage):
        """SQL of the level: 3 healthy, 2 to watch, 1 at risk, NULL without data."""
        return SQL(
            "CASE WHEN %s > 0 THEN CASE WHEN %s >= %s THEN 3 WHEN %s >= %s THEN 2 ELSE 1 END END",
            coverage, points, self.green, points, self.amber)


def kept_metrics(env, run):
    """({metrics whose values the scores of a run keep}, {those that could not be computed}).

    All scores of a run have the same criteria, so one of them says it.
    """
    rows = env.execute_query(SQL(
        """SELECT item ->> 'metric', (item ->> 'failed')::boolean
             FROM (SELECT breakdown FROM kam_score WHERE run_id = %s LIMIT 1) one
            CROSS JOIN LATERAL jsonb_array_elements(one.breakdown) item""", run.id))
    return frozenset(metric for metric, _failed in rows), frozenset(metric for metric, failed in rows if failed)


def compare(scope, spec, kept, failed, now, then):
    """Rescore on the kept values; return {'places': …, 'total': …, 'rows': …}.

    :param kept, failed: of `kept_metrics`
    :param now, then: `Levels` of the published health model and of the numbers tried; None for selection
    :return: places: [(place, accounts now, accounts then)]; total: how many change; rows: the first of them as
        (account_id, place now, place then, score now, score then). A place is a tier id, or a level of health
    """
    metrics = [metric for metric in spec.metrics if metric in kept]
    relations, select = score.scores(scope, spec, failed & set(spec.metrics), kept={
        metric: SQL("SELECT account_id, %s AS value FROM kam_kept", _column(metric)) for metric in metrics})
    relations = [('kam_kept', _kept(scope, spec, metrics)), *relations, ('kam_then', select),
                 ('kam_compared', _compared(scope, spec, now, then))]
    if any(metric not in kept for metric in spec.metrics):
        relations = [*scope.sources(), *relations]
    # Compiling the statement takes longer than it runs.
    scope.env.cr.execute("SET LOCAL jit = off")
    [[places, total, rows]] = scope.env.execute_query(with_relations(relations, _outcome(spec)))
    scope.env.cr.execute("SET LOCAL jit TO DEFAULT")
    return {'places': places or [], 'total': total, 'rows': rows or []}


def _column(metric):
    return SQL.identifier(f'kept_{metric}')


def _kept(scope, spec, metrics):
    """One row per account: the values of its current score. A float survives its way through JSON unchanged."""
    columns = SQL("").join(
        SQL(", MAX((item ->> 'value')::float8) FILTER (WHERE item ->> 'metric' = %s) AS %s", metric, _column(metric))
        for metric in metrics)
    return SQL(
        """SELECT current.account_id %s
             FROM kam_score current CROSS JOIN LATERAL jsonb_array_elements(current.breakdown) item
            WHERE current.program_id = %s AND current.purpose = %s AND current.is_current
         GROUP BY current.account_id""",
        columns, scope.program.id, spec.purpose)


def _compared(scope, spec, now, then):
    if spec.purpose == 'health':
        places = (now.place(SQL("old.score"), SQL("old.coverage")),
                  then.place(SQL("kam_then.score"), SQL("kam_then.coverage")))
    else:
        # Who has no score yet stays where he is.
        places = SQL("COALESCE(old.recommended_tier_id, kam_then.tier_id)"), SQL("kam_then.recommended_tier_id")
    return SQL(
        """SELECT kam_then.account_id, %s AS place_now, %s AS place_then, kam_then.rank,
                  old.score AS score_now, kam_then.score AS score_then
             FROM kam_then
        LEFT JOIN kam_score old ON old.account_id = kam_then.account_id AND old.purpose = %s AND old.is_current""",
        *places, spec.purpose)


def _outcome(spec):
    """The first to be listed are those who come into the most valuable tier, or fall to the lowest level."""
    order = SQL("compared.place_then") if spec.purpose == 'health' else SQL("tier.sequence")
    return SQL(
        """SELECT (SELECT jsonb_agg(jsonb_build_array(place, count_now, count_then))
                     FROM (SELECT place, SUM(count_now) AS count_now, SUM(count_then) AS count_then
                             FROM (SELECT place_now AS place, 1 AS count_now, 0 AS count_then FROM kam_compared
                                   UNION ALL SELECT place_then, 0, 1 FROM kam_compared) one
                         GROUP BY place) places),
                  (SELECT COUNT(*) FROM kam_compared WHERE place_now IS DISTINCT FROM place_then),
                  (SELECT jsonb_agg(jsonb_build_array(account_id, place_now, place_then, score_now, score_then)
                                    ORDER BY position)
                     FROM (SELECT compared.*, ROW_NUMBER() OVER (ORDER BY %s, compared.rank, compared.account_id)
                                  AS position
                             FROM kam_compared compared LEFT JOIN kam_tier tier ON tier.id = compared.place_then
                            WHERE place_now IS DISTINCT FROM place_then ORDER BY position LIMIT %s) listed)""",
        order, LISTED)
