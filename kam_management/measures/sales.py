"""What the customer buys and what is left of it. From posted invoices and credit notes, net of tax."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import measure

_lt = LazyTranslate(__name__)


def _sums(scope):
    """Select of (key, revenue, cost, costed): sums rounded to cents; costed is the revenue of lines with a cost."""
    return SQL(
        """SELECT span.key, ROUND(SUM(line.amount), 2) AS revenue, ROUND(SUM(line.cost), 2) AS cost,
                  ROUND(SUM(line.amount) FILTER (WHERE line.cost IS NOT NULL), 2) AS costed
             FROM (%s) span JOIN (%s) line ON %s GROUP BY span.key""",
        scope.table(), scope.lines(), scope.belongs())


def _or_nothing(scope, select):
    """No document yet is a revenue of 0, not an unknown one."""
    return SQL(
        "SELECT span.key, COALESCE(sums.value, 0) AS value FROM (%s) span LEFT JOIN (%s) sums ON sums.key = span.key",
        scope.table(), select)


@measure('revenue', label=_lt("Revenue"), unit='currency', accumulates=True,
         help=_lt("Posted invoices less credit notes of the period, net of tax, in the currency of the programme."))
def revenue(scope):
    """Sum of the product lines of posted customer documents of the period, converted at invoice_date."""
    return _or_nothing(scope, SQL("SELECT key, revenue AS value FROM (%s) sums", _sums(scope)))


@measure('margin', label=_lt("Margin (amount)"), unit='currency', accumulates=True,
         help=_lt("Revenue of the period less today's cost of the products. Lines without known cost are left out."))
def margin(scope):
    """Sum of amount - cost of the lines of `revenue` whose cost is known."""
    return _or_nothing(scope, SQL("SELECT key, costed - cost AS value FROM (%s) sums", _sums(scope)))


@measure('margin_percent', label=_lt("Margin (%)"), unit='percent',
         help=_lt("Margin of the period in percent of the revenue with known cost."))
def margin_percent(scope):
    """100 * (R - C) / R over the lines whose cost is known; no value without such revenue."""
    return SQL(
        "SELECT key, ROUND(100 * (costed - cost) / costed, 2) AS value FROM (%s) sums WHERE costed > 0", _sums(scope))
