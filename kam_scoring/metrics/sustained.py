"""What the customer has bought year after year (S48, S71, S73)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric
from .sales import documents_between, documents_of_two_years

_lt = LazyTranslate(__name__)
QUARTERS = 8
# Fewer make no trend: three points lie on a line by chance.
QUARTERS_MIN = 4


def documents_of_prior_year(scope, account):
    return documents_between(scope, account, scope.date_prior, scope.date_from)


def documents_of_third_year(scope, account):
    return documents_between(scope, account, scope.years_before(3), scope.date_prior)


def documents_of_sustained_years(scope, account):
    return documents_between(scope, account, scope.years_before(scope.program.sustained_years), scope.date)


def _traded(scope, year):
    """Select of the accounts with a document in a year or in the one before it."""
    return SQL(
        "SELECT DISTINCT account_id FROM kam_trade WHERE date > %s AND date <= %s",
        scope.years_before(year + 1), scope.years_before(year - 1))


@metric('revenue_prior_year', label=_lt("Revenue of the Year Before"), unit='currency', zero=0, full=100000,
        documents=documents_of_prior_year,
        help=_lt("Sales of the 12 months before the last 12, net of tax, less credit notes."))
def revenue_prior_year(scope):
    """Revenue of (date - 2 years, date - 1 year] in programme currency, rounded to 2 decimals: `revenue` a year ago.

    The P of `growth`. A customer without document in that year has 0 if it had one in the year before it, else no
    value. Source: S48, S73 "over past years".
    """
    return SQL(
        """SELECT traded.account_id, COALESCE(sold.revenue, 0) AS value
             FROM (%(traded)s) traded
        LEFT JOIN (SELECT account_id, ROUND(SUM(amount), 2) AS revenue
                     FROM kam_document WHERE date <= %(end)s GROUP BY account_id) sold
               ON sold.account_id = traded.account_id""",
        traded=_traded(scope, 2), end=scope.date_from)


@metric('revenue_third_year', label=_lt("Revenue of the Third Year"), unit='currency', zero=0, full=100000,
        documents=documents_of_third_year,
        help=_lt("Sales of the third year back, that is of the 12 months that ended two years ago, net of tax, less "
                 "credit notes."))
def revenue_third_year(scope):
    """Revenue of (date - 3 years, date - 2 years] in programme currency, rounded to 2 decimals: `revenue` 2 years ago.

    A customer without document in that year has 0 if it had one in the year before it, else no value.
    Source: S48, S73 "over past years".
    """
    return SQL(
        """SELECT traded.account_id, COALESCE(sold.revenue, 0) AS value
             FROM (%s) traded
        LEFT JOIN kam_year sold ON sold.account_id = traded.account_id AND sold.year = 3""", _traded(scope, 3))


@metric('sustained_revenue', label=_lt("Sustained Revenue"), unit='currency', zero=0, full=100000,
        documents=documents_of_sustained_years,
        help=_lt("The lowest yearly revenue of the last years in a row; the programme says how many. At least X here "
                 "means at least X in each of these years. A younger customer has no value."))
def sustained_revenue(scope):
    """Smallest yearly revenue of the last n consecutive years, in programme currency: min(R1, …, Rn).

    Rk = revenue of (date - k years, date - (k - 1) years], each rounded to 2 decimals as in `revenue`; n is the setting
    `sustained_years` of the programme as it is today, also for a past date. So "at least X" means at least X in each of
    n years in a row. A year without document counts 0. No value for a customer whose first document is younger than the
    start of year n - 1, that is for one that has not been a customer in each of the n years yet; the first year may be
    begun late and counts as it is. No value without any document in the n years. Source: S48 "US$100 million a year for
    2 consecutive years".
    """
    count = scope.program.sustained_years
    return SQL(
        """SELECT sold.account_id,
                  CASE WHEN COUNT(*) = %(count)s THEN MIN(sold.revenue) ELSE LEAST(MIN(sold.revenue), 0) END AS value
             FROM kam_year sold
             JOIN (SELECT account_id, MIN(date) AS first FROM kam_trade GROUP BY account_id) traded
               ON traded.account_id = sold.account_id
            WHERE sold.year <= %(count)s AND traded.first <= %(start)s
         GROUP BY sold.account_id""",
        count=count, start=scope.years_before(count - 1))


@metric('revenue_trend', label=_lt("Revenue Trend"), unit='percent', zero=-20, full=20,
        documents=documents_of_two_years,
        help=_lt("How steeply quarterly revenue rises or falls over the last 2 years, in percent of its mean per year. "
                 "Steadier than growth, which compares two sums."))
def revenue_trend(scope):
    """Trend in percent per year: 100 * 4 * b / m in double precision.

    b is the slope of the least-squares line through the revenue of the last 8 quarters (quarter q = 0 … 7 is
    (date - 3 * (8 - q) months, date - 3 * (7 - q) months], revenue unrounded as in `revenue`), m their mean. A quarter
    without document counts 0; quarters before that of the customer's first document of all times are left out. No value
    with fewer than 4 quarters, and none when m <= 0. Source: S73 "purchases rising step by step over past years or
    quarters".
    """
    starts = [scope.months_before(3 * (QUARTERS - quarter)) for quarter in range(QUARTERS)]
    # How many later starts a day is after; a day before them all belongs to the first quarter.
    quarter = SQL("(%s)", SQL(" + ").join(SQL("(date > %s)::int", start) for start in starts[1:]))
    return SQL(
        """SELECT account_id, 400.0::float8 * REGR_SLOPE(amount, quarter) / AVG(amount) AS value
             FROM (SELECT lived.account_id, lived.quarter::float8 AS quarter, COALESCE(sold.amount, 0)::float8 AS amount
                     FROM (SELECT account_id, generate_series(MIN(%(quarter)s), %(last)s) AS quarter
                             FROM kam_trade GROUP BY account_id) lived
                LEFT JOIN (SELECT account_id, %(quarter)s AS quarter, SUM(amount) AS amount
                             FROM kam_document GROUP BY account_id, quarter) sold
                       ON sold.account_id = lived.account_id AND sold.quarter = lived.quarter) quarters
         GROUP BY account_id
           HAVING COUNT(*) >= %(least)s AND AVG(amount) > 0""",
        quarter=quarter, last=QUARTERS - 1, least=QUARTERS_MIN)
