"""ABC and RFM of all accounts of a programme: the definitions of `maths/pareto.py`, in one statement.

ABC and the revenue shown with it are those of the last 12 months, RFM looks at two years, so that a customer who has
stopped buying still has a past. A purchase is a day on which an account's documents come to more than nothing. Accounts
without documents in two years have no class; those without a purchase have no marks.
"""
import logging

import psycopg2

from odoo.tools import SQL

from ..maths.pareto import SEGMENT_TABLE

_logger = logging.getLogger(__name__)

# As in a run: what is wrong with the statement, not what is wrong with the server.
FAILURES = (psycopg2.DataError, psycopg2.ProgrammingError, psycopg2.IntegrityError, ArithmeticError, LookupError,
            TypeError, ValueError)
COLUMNS = ('revenue_year', 'abc_class', 'abc_share', 'rfm_recency', 'rfm_frequency', 'rfm_monetary', 'rfm_segment',
           'value_currency_id')


def refresh(scope, run):
    """Write the classes on the accounts; return what people should know, in sentences.

    In a savepoint: classes are an addition to a run, and must not fail it.
    """
    try:
        with scope.env.cr.savepoint(flush=False):
            write(scope)
    except FAILURES as error:
        _logger.error("ABC and RFM classes of %s failed: %s", run.program_id.name, error)
        return [scope.reader_env._(
            "ABC classes and RFM segments could not be computed and stay as they were: %s", str(error).strip())]
    return []


def write(scope):
    """Write the classes where they differ.

    Raw SQL: one statement over all accounts of the programme. Write dates stay: a run is not an edit. Archived accounts
    keep what they had.
    """
    columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
    fresh = SQL(", ").join(SQL("fresh.%s", SQL.identifier(column)) for column in COLUMNS)
    scope.env.cr.execute(scope.with_sources(SQL(
        """UPDATE kam_account account SET (%(columns)s) = ROW(%(fresh)s)
             FROM (%(select)s) fresh
            WHERE fresh.account_id = account.id AND (%(present)s) IS DISTINCT FROM (%(fresh)s)""",
        columns=columns, fresh=fresh, select=select(scope),
        present=SQL(", ").join(SQL("account.%s", SQL.identifier(column)) for column in COLUMNS)), *relations(scope)))


def relations(scope):
    """Relations of the statement: revenue and purchases by account, then shares and marks."""
    return [
        ('kam_purchase', SQL(
            """SELECT account_id, MAX(date) AS last, COUNT(*) AS days, SUM(amount) AS amount
                 FROM (SELECT account_id, date, SUM(amount) AS amount FROM kam_document
                     GROUP BY account_id, date HAVING SUM(amount) > 0) day
             GROUP BY account_id""")),
        ('kam_revenue', SQL(
            """SELECT account_id, ROUND(SUM(amount), 2) AS two_years,
                      COALESCE(ROUND(SUM(amount) FILTER (WHERE date > %s), 2), 0) AS revenue
                 FROM kam_document GROUP BY account_id""", scope.date_from)),
        ('kam_share', SQL(
            # The sum up to a row takes its equals along (RANGE); what they make together is taken off again.
            """SELECT *, reached - counted * COUNT(*) OVER (PARTITION BY counted) AS before
                 FROM (SELECT account_id, revenue, counted, SUM(counted) OVER () AS total,
                              SUM(counted) OVER (ORDER BY counted DESC) AS reached
                         FROM (SELECT *, GREATEST(revenue, 0) AS counted FROM kam_revenue) revenue) share""")),
        ('kam_mark', SQL(
            """SELECT account_id, %(recency)s AS recency, %(frequency)s AS frequency, %(monetary)s AS monetary
                 FROM kam_purchase purchase JOIN kam_revenue USING (account_id)""",
            recency=mark(SQL("last")), frequency=mark(SQL("days")), monetary=mark(SQL("two_years")))),
    ]


def select(scope):
    """Select of account_id and COLUMNS, one row per active account."""
    cells = [(recency, value, segment) for recency, segments in SEGMENT_TABLE.items()
             for value, segment in enumerate(segments, 1)]
    program = scope.program
    return SQL(
        """SELECT account.id AS account_id, COALESCE(share.revenue, 0)::numeric AS revenue_year,
                  CASE WHEN share.counted > 0 AND 100 * share.before < %(limit_a)s::numeric * share.total THEN 'a'
                       WHEN share.counted > 0 AND 100 * share.before < %(limit_b)s::numeric * share.total THEN 'b'
                       WHEN share.account_id IS NOT NULL THEN 'c' END AS abc_class,
                  (100 * share.reached / NULLIF(share.total, 0))::float8 AS abc_share,
                  mark.recency::int AS rfm_recency, mark.frequency::int AS rfm_frequency,
                  mark.monetary::int AS rfm_monetary, segment.segment AS rfm_segment, %(currency)s AS value_currency_id
             FROM kam_account account
        LEFT JOIN kam_share share ON share.account_id = account.id
        LEFT JOIN kam_mark mark ON mark.account_id = account.id
        LEFT JOIN unnest(%(recencies)s::int[], %(values)s::int[], %(segments)s::text[])
                  AS segment (recency, value, segment)
               ON segment.recency = mark.recency AND segment.value = (mark.frequency + mark.monetary + 1) / 2
            WHERE account.program_id = %(program)s AND account.active""",
        currency=scope.currency.id, limit_a=program.abc_limit_a, limit_b=program.abc_limit_b, program=program.id,
        recencies=[cell[0] for cell in cells], values=[cell[1] for cell in cells],
        segments=[cell[2] for cell in cells])


def mark(column):
    """SQL of a mark from 1 to 5: `maths.pareto.marks`."""
    return SQL(
        """CASE WHEN COUNT(*) OVER () = 1 THEN 3 ELSE LEAST(5, 1 + 5 * (
               COUNT(*) OVER () - 1 + RANK() OVER (ORDER BY %(column)s) - RANK() OVER (ORDER BY %(column)s DESC)
           ) / (2 * (COUNT(*) OVER () - 1))) END""", column=column)
