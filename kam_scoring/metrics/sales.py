"""What the customer buys (S53, S71, S73, S98)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.kam_management.ledger.rates import CUSTOMER_DOCUMENTS

from .base import metric
from .ledger import FACTOR

_lt = LazyTranslate(__name__)


def documents_between(scope, account, start, end):
    """Customer documents of start < day <= end."""
    return [*scope.documents_domain(account), ('invoice_date', '>', start), ('invoice_date', '<=', end)]


def documents_of_quarter(scope, account):
    return documents_between(scope, account, scope.months_before(3), scope.date)


def documents_of_year(scope, account):
    return documents_between(scope, account, scope.date_from, scope.date)


def documents_of_two_years(scope, account):
    return documents_between(scope, account, scope.date_prior, scope.date)


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


@metric('revenue_quarter', label=_lt("Revenue of 3 Months"), unit='currency', zero=0, full=25000,
        documents=documents_of_quarter,
        help=_lt("Sales of the last 3 months, net of tax, less credit notes, over all legal entities."))
def revenue_quarter(scope):
    """Revenue of the last 3 months in programme currency, rounded to 2 decimals, computed like `revenue`.

    invoice_date in (date - 3 months, date]. A customer without document in these months has 0 if it had one in the last
    two years, else no value. Source: S71 "a set level of sales per year or quarter".
    """
    return SQL(
        """SELECT account_id, COALESCE(ROUND(SUM(amount) FILTER (WHERE date > %s), 2), 0) AS value
             FROM kam_document GROUP BY account_id""", scope.months_before(3))


@metric('sales_share', label=_lt("Share of Our Sales"), unit='percent', zero=0, full=5, documents=documents_of_year,
        help=_lt("Revenue of the last 12 months in percent of what the companies of the programme have sold to all "
                 "their customers."))
def sales_share(scope):
    """Share of our own sales in percent: 100 * R / A in double precision.

    R as in `revenue`, no value where it has none. A = round(sum of the untaxed amounts of all posted out_invoice,
    out_refund and out_receipt of the programme's companies in the same window, 2), whether their customers are accounts
    or not, each converted at its invoice_date. A is read from the heads of the documents: it has cash roundings, which
    R has not. No value when A <= 0. Source: S98 "large share of total sales".
    """
    return SQL(
        """SELECT account_id, 100.0::float8 * sold.value::float8 / total.amount::float8 AS value
             FROM (%(revenue)s) sold
            CROSS JOIN (SELECT ROUND(SUM(move.amount_untaxed_signed * %(factor)s), 2) AS amount
                          FROM account_move move
                     LEFT JOIN kam_rate rate ON rate.company_id = move.company_id AND rate.date = move.invoice_date
                         WHERE move.company_id = ANY(%(companies)s) AND move.state = 'posted'
                           AND move.move_type IN %(types)s
                           AND move.invoice_date > %(start)s AND move.invoice_date <= %(date)s) total
            WHERE total.amount > 0""",
        revenue=revenue(scope), factor=FACTOR, companies=list(scope.company_ids), types=CUSTOMER_DOCUMENTS,
        start=scope.date_from, date=scope.date)
