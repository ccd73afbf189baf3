"""What is left after the cost of what the customer buys (S53, S70, S72, S98)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric
from .sales import documents_of_year

_lt = LazyTranslate(__name__)


@metric('margin', label=_lt("Gross Margin"), unit='percent', zero=0, full=40, documents=documents_of_year,
        help=_lt("Gross margin of the last 12 months: revenue less today's cost of the products, in percent of "
                 "revenue."))
def margin(scope):
    """Gross margin in percent of revenue: 100 * (R - C) / R in double precision.

    R as in `revenue`. C = round(sum of cost of the same lines, 2), where the cost of a line is the product's standard
    price in the company of the invoice x quantity in the product's unit of measure, negative on credit notes,
    converted at invoice_date. It is today's standard price, also for a past date. A line without product or cost adds
    revenue and no cost. No value when R <= 0, and none when no line of the account has a cost: that is cost unknown,
    not a margin of 100 %. Source: S53 "gross margin", S72; formula of price_margin in Odoo's invoice analysis.
    """
    return SQL(
        """SELECT account_id, 100.0::float8 * (revenue::float8 - cost::float8) / revenue::float8 AS value
             FROM (SELECT account_id, ROUND(SUM(amount), 2) AS revenue, ROUND(SUM(cost), 2) AS cost
                     FROM kam_document WHERE date > %s GROUP BY account_id) year
            WHERE revenue > 0 AND cost IS NOT NULL""", scope.date_from)


@metric('gross_margin_amount', label=_lt("Gross Margin Amount"), unit='currency', zero=0, full=40000,
        documents=documents_of_year,
        help=_lt("Gross margin of the last 12 months as an amount: revenue less today's cost of the products."))
def gross_margin_amount(scope):
    """Gross margin in programme currency: R - C, both rounded to 2 decimals as in `margin`.

    Credit notes have taken their revenue and given back their cost; so may be negative. A customer without document in
    the window has 0 if it had one in the year before, else no value. No value when there are documents but none of
    their lines has a cost: that is cost unknown. Source: S53 "gross margin", S98 "high profit contribution".
    """
    return SQL(
        """SELECT account_id, CASE WHEN documents = 0 THEN 0 ELSE revenue - cost END AS value
             FROM (SELECT account_id, COUNT(*) FILTER (WHERE date > %(start)s) AS documents,
                          ROUND(SUM(amount) FILTER (WHERE date > %(start)s), 2) AS revenue,
                          ROUND(SUM(cost) FILTER (WHERE date > %(start)s), 2) AS cost
                     FROM kam_document GROUP BY account_id) year""", start=scope.date_from)
