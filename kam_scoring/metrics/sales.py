"""What the customer buys (S53, S71, S73)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric

_lt = LazyTranslate(__name__)


def documents_of_year(scope, account):
    return [*scope.documents_domain(account),
            ('invoice_date', '>', scope.date_from), ('invoice_date', '<=', scope.date)]


def documents_of_two_years(scope, account):
    return [*scope.documents_domain(account),
            ('invoice_date', '>', scope.date_prior), ('invoice_date', '<=', scope.date)]


@metric('revenue', label=_lt("Revenue"), unit='currency', zero=0, full=100000, documents=documents_of_year,
        help=_lt("Sales of the last 12 months, net of tax, less credit notes, over all legal entities."))
def revenue(scope):
    """Revenue R of the last 12 months in programme currency, rounded to 2 decimals.

    R = round(sum of -balance of the product lines of posted out_invoice, out_refund and out_receipt, 2), each balance
    (company currency, net of tax) converted at its invoice_date; invoice_date in (date - 1 year, date]. Credit notes
    count negative, so R may be negative. Rounding is half away from zero, once, on the sum. A customer without document
    in the window has R = 0 if it had one in the year before (it stopped buying: a fact), else no value (nothing is
    known). Source: S53 "annual sales", S71.
    """
    return SQL(
        """SELECT account_id, COALESCE(ROUND(SUM(amount) FILTER (WHERE date > %s), 2), 0) AS value
             FROM kam_document GROUP BY account_id""", scope.date_from)


@metric('growth', label=_lt("Growth"), unit='percent', zero=-20, full=30, documents=documents_of_two_years,
        help=_lt("Revenue of the last 12 months against the 12 months before."))
def growth(scope):
    """Growth in percent: 100 * (R - P) / P in double precision.

    R is the revenue of (date - 1 year, date], P that of (date - 2 years, date - 1 year], both rounded to 2 decimals as
    in `revenue`. A customer that bought last year and nothing since has R = 0, growth -100. No value when P <= 0.
    Source: S53 "sales growth", S73.
    """
    return SQL(
        """SELECT account_id, 100.0::float8 * (current::float8 - prior::float8) / prior::float8 AS value
             FROM (SELECT account_id,
                          COALESCE(ROUND(SUM(amount) FILTER (WHERE date > %(start)s), 2), 0) AS current,
                          COALESCE(ROUND(SUM(amount) FILTER (WHERE date <= %(start)s), 2), 0) AS prior
                     FROM kam_document GROUP BY account_id) years
            WHERE prior > 0""", start=scope.date_from)
