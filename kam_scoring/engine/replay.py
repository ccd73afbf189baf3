"""A model as of past month ends, and what the accounts bought in the half year that followed.

Two temporary tables, filled by one statement per month end each; the questions are asked of them. Nothing is written to
the scores. All definitions, with T a month end and "before" and "after" the net revenue of (T - 6 months, T] and of
(T, T + 6 months], in the currency of the programme, rounded to 2 decimals:

account      one with a rank at T: neither prospect nor lost, and with data.
rated well   selection: placed in a key tier, or, in a model that fills no key tier, among the first k by rank.
             health: healthy. Rated low – selection: every other account. health: at risk.
false green  rated well, before > 0 and after < before * (1 - x / 100). Share: of those rated well with before > 0.
false red    rated low, before > 0 and after > before * (1 + x / 100). Share: of those rated low with before > 0.
top k        selection: the first k by rank, k = places in the key tiers. health: the k with the lowest score, k = those
             at risk; only accounts with before > 0 count.
good         what the top k should have found. selection: the k accounts with the highest revenue after, where it is
             above 0; of equals the older account. health: those whose revenue fell by more than x %.
hits         accounts of the top k that are good.
precision    hits / accounts of the top k.
recall       hits / good.
lift         precision / (good / accounts): 1 is no better than chance.
by revenue   the same three figures for another top k: by the revenue of (T - 12 months, T], highest first (health:
             lowest first), of equals the older account.
stability    changed / compared, where compared are the accounts of both T and the month end before it, and changed
             those of them that are placed in another tier (health: at another level). An account that changes twice or
             more over all month ends swings.
"""
from dataclasses import dataclass
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from . import holds, score
from .whatif import Levels

OUTCOME_MONTHS = 6
# Accounts that are listed of each kind; the others are counted.
LISTED = 200


@dataclass(frozen=True)
class Question:
    """What is asked of a replay.

    :param key_tier_ids: key tiers that the model fills
    :param top: places in the key tiers
    :param percent: x of the definitions
    :param levels: of the model that is tried; of health only
    :param levels_now: of the published one, where there is one
    """
    purpose: str
    key_tier_ids: tuple
    top: int
    percent: float
    levels: Levels | None = None
    levels_now: Levels | None = None

    @property
    def is_health(self):
        return self.purpose == 'health'

    def place(self):
        """SQL of the tier, or the level of health, of a scored account."""
        if self.is_health:
            return self.levels.place(SQL("score"), SQL("coverage"))
        return SQL("recommended_tier_id")

    def is_well(self):
        if self.is_health:
            return SQL("%s = 3", self.place())
        if self.key_tier_ids:
            return SQL("recommended_tier_id = ANY(%s)", list(self.key_tier_ids))
        return SQL("rank <= %s", self.top)

    def is_low(self):
        return SQL("%s = 1", self.place()) if self.is_health else SQL("NOT (%s)", self.is_well())

    @property
    def fell(self):
        return SQL("before > 0 AND after < before * %s::numeric", 1 - self.percent / 100)

    @property
    def rose(self):
        return SQL("before > 0 AND after > before * %s::numeric", 1 + self.percent / 100)


def month_ends(today, count):
    """The last `count` month ends before a day, the oldest first.

    >>> from datetime import date
    >>> [day.isoformat() for day in month_ends(date(2024, 3, 31), 2)]
    ['2024-01-31', '2024-02-29']
    """
    first = today.replace(day=1)
    return [first - relativedelta(months=back) - timedelta(days=1) for back in range(count - 1, -1, -1)]


def outcome_end(day):
    """The month end half a year after a month end.

    >>> from datetime import date
    >>> outcome_end(date(2023, 8, 31)).isoformat()
    '2024-02-29'
    """
    return day + timedelta(days=1) + relativedelta(months=OUTCOME_MONTHS) - timedelta(days=1)


def outcome_start(day):
    """The month end half a year before a month end."""
    return day + timedelta(days=1) - relativedelta(months=OUTCOME_MONTHS) - timedelta(days=1)


def prepare(env):
    """Empty tables for one replay. Raw SQL: they live as long as the transaction, and no record stands behind them."""
    env.cr.execute(
        """DROP TABLE IF EXISTS kam_replay, kam_outcome;
           CREATE TEMPORARY TABLE kam_replay (
               month int, date date, account_id int, place int, is_well boolean, is_low boolean,
               score float8, coverage float8, rank int) ON COMMIT DROP;
           CREATE TEMPORARY TABLE kam_outcome (
               month int, account_id int, year numeric, before numeric, after numeric) ON COMMIT DROP""")


def replay(scope, spec, failed, question, month):
    """Score all accounts as of one month end into `kam_replay`."""
    relations, select = score.scores(scope, spec, failed)
    scope.env.cr.execute(SQL(
        "INSERT INTO kam_replay %s", scope.with_sources(SQL(
            """SELECT %s::int, %s::date, account_id, %s, %s, %s, score, coverage, rank
                 FROM (%s) scored WHERE rank IS NOT NULL""",
            month, scope.date, question.place(), question.is_well(), question.is_low(), select), *relations)))


def follow(scope, day, month):
    """Read what the accounts bought around a month end into `kam_outcome`; the scope ends half a year later."""
    scope.env.cr.execute(SQL(
        "INSERT INTO kam_outcome %s", scope.with_sources(SQL(
            """SELECT %(month)s::int, account_id,
                      COALESCE(ROUND(SUM(amount) FILTER (WHERE date > %(year)s AND date <= %(day)s), 2), 0),
                      COALESCE(ROUND(SUM(amount) FILTER (WHERE date > %(start)s AND date <= %(day)s), 2), 0),
                      COALESCE(ROUND(SUM(amount) FILTER (WHERE date > %(day)s), 2), 0)
                 FROM kam_document GROUP BY account_id""",
            month=month, day=day, year=day - relativedelta(years=1), start=outcome_start(day)))))


def stability(env):
    """{month: {…}}: how many accounts have a rank, are rated well, can be compared, and have changed."""
    rows = env.execute_query(SQL(
        """SELECT month, COUNT(*), COUNT(*) FILTER (WHERE is_well), COUNT(*) FILTER (WHERE compared),
                  COUNT(*) FILTER (WHERE changed)
             FROM (%s) moved GROUP BY month""", _moved()))
    names = ('account_count', 'well_count', 'compared_count', 'changed_count')
    return {month: dict(zip(names, counts, strict=True)) for month, *counts in rows}


def swing_count(env):
    [[count]] = env.execute_query(SQL("SELECT COUNT(*) FROM (%s) swing", _swings()))
    return count


def outcomes(env, question):
    """{month: {…}} of the months with an outcome: the counts of the definitions above."""
    rows = env.execute_query(SQL(
        """SELECT month, COUNT(*), COUNT(*) FILTER (WHERE is_well AND before > 0), COUNT(*) FILTER (WHERE false_green),
                  COUNT(*) FILTER (WHERE is_low AND before > 0), COUNT(*) FILTER (WHERE false_red),
                  COUNT(*) FILTER (WHERE model_place <= top), COUNT(*) FILTER (WHERE good),
                  COUNT(*) FILTER (WHERE good AND model_place <= top),
                  COUNT(*) FILTER (WHERE good AND revenue_place <= top)
             FROM (%s) judged GROUP BY month""", _judged(question)))
    names = ('followed_count', 'green_count', 'false_green_count', 'red_count', 'false_red_count', 'top_count',
             'good_count', 'hit_count', 'revenue_hit_count')
    return {month: dict(zip(names, counts, strict=True)) for month, *counts in rows}


def list_swings(backtest):
    """Keep the accounts that change most often. Raw SQL here and below: a bounded list, cut where the data is."""
    _insert(backtest, SQL("account_id, date, score, coverage, rank, change_count"), SQL(
        """SELECT 'swing', last.account_id, last.date, last.score, last.coverage, last.rank, swing.change_count
             FROM (%s) swing
             JOIN (SELECT DISTINCT ON (account_id) * FROM kam_replay ORDER BY account_id, month DESC) last
                  ON last.account_id = swing.account_id
         ORDER BY swing.change_count DESC, last.rank, last.account_id LIMIT %s""", _swings(), LISTED))


def list_wrong(backtest, question, kind):
    """Keep the accounts of false greens or false reds, each with its worst month, the largest amounts first."""
    column = SQL.identifier(kind)
    target = SQL("to_level") if question.is_health else SQL("to_tier_id")
    place = _level_name(SQL("place")) if question.is_health else SQL("place")
    _insert(backtest, SQL("account_id, date, score, coverage, rank, %s, revenue_before, revenue_after, change_percent",
                          target), SQL(
        """SELECT %(kind)s, account_id, date, score, coverage, rank, %(place)s, before, after,
                  100 * (after - before) / before
             FROM (SELECT DISTINCT ON (account_id) * FROM (%(judged)s) judged WHERE %(column)s
                 ORDER BY account_id, ABS(after - before) DESC, date DESC) worst
         ORDER BY ABS(after - before) DESC, account_id LIMIT %(limit)s""",
        kind=kind, place=place, judged=_judged(question), column=column, limit=LISTED))


def transitions(scope, question):
    """[(from, to, kind, count)] of the accounts that the staged scores of today would place elsewhere.

    From and to are tier ids, or names of levels of health.
    """
    places = [SQL("from_place"), SQL("to_place")]
    if question.is_health:
        places = [_level_name(place) for place in places]
    return scope.env.execute_query(SQL(
        """SELECT %s, %s, kind, COUNT(*) FROM (%s) change GROUP BY from_place, to_place, kind""",
        *places, _changes(scope, question)))


def list_changes(backtest, scope, spec, question):
    """Keep the accounts that would change today: those into and out of key tiers first, then the best."""
    if question.is_health:
        columns = SQL("from_level, to_level")
        places = SQL("%s, %s", _level_name(SQL("from_place")), _level_name(SQL("to_place")))
    else:
        columns, places = SQL("from_tier_id, to_tier_id"), SQL("from_place, to_place")
    _insert(backtest, SQL("account_id, date, score, coverage, rank, %s, transition, reason", columns), SQL(
        """SELECT 'change', account_id, %(date)s::date, score, coverage, rank, %(places)s, kind, %(reason)s
             FROM (%(changes)s) change
         ORDER BY kind NOT IN ('in', 'out'), score DESC, account_id LIMIT %(limit)s""",
        date=scope.date, places=places, reason=_reason(scope, spec), changes=_changes(scope, question), limit=LISTED))


def _insert(backtest, columns, select):
    backtest.env.cr.execute(SQL(
        "INSERT INTO kam_scoring_backtest_account (backtest_id, kind, %s) SELECT %s, listed.* FROM (%s) listed",
        columns, backtest.id, select))


def _level_name(place):
    return SQL("CASE %s WHEN 3 THEN 'green' WHEN 2 THEN 'amber' WHEN 1 THEN 'red' END", place)


def _moved():
    """Each account and month, compared with the month before."""
    return SQL(
        """SELECT *, month - LAG(month) OVER account = 1 AS compared,
                  month - LAG(month) OVER account = 1 AND place IS DISTINCT FROM LAG(place) OVER account AS changed
             FROM kam_replay WINDOW account AS (PARTITION BY account_id ORDER BY month)""")


def _swings():
    return SQL(
        """SELECT account_id, COUNT(*) AS change_count FROM (%s) moved WHERE changed
         GROUP BY account_id HAVING COUNT(*) >= 2""", _moved())


def _judged(question):
    """Each account and month with an outcome: what it was, what followed, and its places."""
    if question.is_health:
        known, good = SQL("outcome.before > 0"), question.fell
        top = SQL("COUNT(*) FILTER (WHERE is_low) OVER (PARTITION BY month)")
        by_model, by_revenue = SQL("score, account_id"), SQL("year, account_id")
    else:
        known, top = SQL("TRUE"), SQL("%s", question.top)
        good = SQL(
            "after > 0 AND ROW_NUMBER() OVER (PARTITION BY month ORDER BY after DESC, account_id) <= %s", question.top)
        by_model, by_revenue = SQL("rank"), SQL("year DESC, account_id")
    return SQL(
        """SELECT *, is_well AND %(fell)s AS false_green, is_low AND %(rose)s AS false_red, %(good)s AS good,
                  %(top)s AS top, ROW_NUMBER() OVER (PARTITION BY month ORDER BY %(by_model)s) AS model_place,
                  ROW_NUMBER() OVER (PARTITION BY month ORDER BY %(by_revenue)s) AS revenue_place
             FROM (SELECT replay.*, COALESCE(outcome.year, 0) AS year, COALESCE(outcome.before, 0) AS before,
                          COALESCE(outcome.after, 0) AS after
                     FROM kam_replay replay
                LEFT JOIN kam_outcome outcome
                          ON outcome.month = replay.month AND outcome.account_id = replay.account_id
                    WHERE replay.month IN (SELECT month FROM kam_outcome) AND %(known)s) followed""",
        fell=question.fell, rose=question.rose, good=good, top=top, by_model=by_model, by_revenue=by_revenue,
        known=known)


def _changes(scope, question):
    """Staged accounts that are elsewhere today: from_place, to_place and the kind of the change."""
    if question.is_health:
        now = question.levels_now
        before = now.place(SQL("account.health"), SQL("account.health_coverage")) if now else SQL("NULL::int")
        return SQL(
            """SELECT *, CASE WHEN from_place IS NULL OR to_place IS NULL THEN 'new'
                              WHEN to_place > from_place THEN 'up' ELSE 'down' END AS kind
                 FROM (SELECT staged.*, %s AS from_place, %s AS to_place
                         FROM kam_staged staged JOIN kam_account account ON account.id = staged.account_id) placed
                WHERE from_place IS DISTINCT FROM to_place""",
            before, question.levels.place(SQL("staged.score"), SQL("staged.coverage")))
    return SQL(
        """SELECT staged.*, staged.tier_id AS from_place, staged.recommended_tier_id AS to_place,
                  CASE WHEN destination.is_key AND NOT origin.is_key THEN 'in'
                       WHEN origin.is_key AND NOT destination.is_key THEN 'out'
                       WHEN destination.sequence < origin.sequence THEN 'up' ELSE 'down' END AS kind,
                  destination.sequence > origin.sequence AS is_down
             FROM kam_staged staged JOIN kam_tier origin ON origin.id = staged.tier_id
             JOIN kam_tier destination ON destination.id = staged.recommended_tier_id
            WHERE staged.recommended_tier_id <> staged.tier_id""")


def _reason(scope, spec):
    """SQL of what moves an account of `change`: a hold, a gate, too few points, too few data, or a full tier.

    Who comes into a better tier reaches its score; who leaves one fails one of its conditions.
    """
    if spec.purpose == 'health':
        return SQL("'score'")
    rules = [rule for rule in spec.rules if not rule.gate_criterion_id]
    gates = [(gate.id, tier) for gate in spec.gates for tier in gate.tier_ids]
    return SQL(
        """CASE WHEN change.account_id IN (SELECT account_id FROM (%(holds)s) hold WHERE metric = %(tier)s) THEN 'held'
                WHEN change.to_place = ANY(%(gate_rules)s::int[]) THEN 'gate'
                WHEN NOT change.is_down THEN 'score'
                WHEN EXISTS (SELECT FROM unnest(%(gates)s::int[], %(gate_tiers)s::int[]) gate (id, tier)
                              WHERE gate.tier = change.from_place AND change.failed_gates @> to_jsonb(gate.id))
                     THEN 'gate'
                ELSE COALESCE((
                     SELECT CASE WHEN change.score < rule.score_min - %(band)s::float8 THEN 'score'
                                 WHEN change.coverage < rule.coverage_min THEN 'data' ELSE 'capacity' END
                       FROM unnest(%(tiers)s::int[], %(scores)s::float8[], %(coverages)s::float8[])
                            rule (tier, score_min, coverage_min)
                      WHERE rule.tier = change.from_place), 'score') END""",
        holds=holds.select(scope), tier=holds.TIER,
        gate_rules=[rule.tier_id for rule in spec.rules if rule.gate_criterion_id],
        gates=[gate for gate, _tier in gates], gate_tiers=[tier for _gate, tier in gates], band=spec.band,
        tiers=[rule.tier_id for rule in rules], scores=[rule.score_min for rule in rules],
        coverages=[rule.coverage_min for rule in rules])
