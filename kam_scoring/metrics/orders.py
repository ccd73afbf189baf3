"""How the customer buys: how often, how lately, since when, how broadly, and how much comes back (S73, S98)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric
from .ledger import CLAIMING_DOCUMENTS
from .sales import documents_of_year

_lt = LazyTranslate(__name__)
DAYS_PER_YEAR = 365.25


def invoices(scope, account):
    return [*scope.documents_domain(account), ('move_type', 'in', CLAIMING_DOCUMENTS)]


def invoices_of_year(scope, account):
    return [*documents_of_year(scope, account), ('move_type', 'in', CLAIMING_DOCUMENTS)]


def _invoices_on(scope, account, order):
    """Invoices of the day of the first one in `order`."""
    domain = [*invoices(scope, account), ('invoice_date', '<=', scope.date)]
    found = scope.env['account.move'].search(domain, order=order, limit=1)
    return [*domain, ('invoice_date', '=', found.invoice_date)]


def last_invoices(scope, account):
    return _invoices_on(scope, account, 'invoice_date desc')


def first_invoices(scope, account):
    return _invoices_on(scope, account, 'invoice_date')


def documents_of_categories(scope, account):
    return [*documents_of_year(scope, account), ('line_ids', 'any', [
        ('display_type', '=', 'product'), ('product_id.categ_id', '!=', False)])]


@metric('credit_note_rate', label=_lt("Credit Note Rate"), unit='percent', zero=10, full=0,
        documents=documents_of_year,
        help=_lt("Credit notes of the last 12 months in percent of what was invoiced in them: returns, complaints and "
                 "corrections."))
def credit_note_rate(scope):
    """Credit note rate in percent: 100 * N / I in double precision. Lower is better.

    N = round(sum of the credit notes, 2) and I = round(sum of the invoices and receipts, 2) with invoice_date in
    (date - 1 year, date], net of tax, converted at invoice_date; a credit note counts on its own date, whenever its
    invoice was. No value when I <= 0. Source: S91, N8 "returns and credit notes".
    """
    return SQL(
        """SELECT account_id, 100.0::float8 * credited::float8 / invoiced::float8 AS value
             FROM (SELECT account_id,
                          COALESCE(ROUND(-SUM(amount) FILTER (WHERE move_type = 'out_refund'), 2), 0) AS credited,
                          ROUND(SUM(amount) FILTER (WHERE move_type <> 'out_refund'), 2) AS invoiced
                     FROM kam_document WHERE date > %s GROUP BY account_id) year
            WHERE invoiced > 0""", scope.date_from)


@metric('order_frequency', label=_lt("Invoices per Year"), unit='count', zero=0, full=12, documents=invoices_of_year,
        help=_lt("Number of invoices of the last 12 months, over all legal entities. Credit notes do not count."))
def order_frequency(scope):
    """Number of posted invoices and receipts with invoice_date in (date - 1 year, date].

    A customer without one has 0 if it had any document, also a credit note, in the last two years, else no value.
    Source: frequency of RFM; S98 "loyalty".
    """
    return SQL(
        """SELECT account_id, COUNT(*) FILTER (WHERE date > %s AND move_type <> 'out_refund') AS value
             FROM kam_document GROUP BY account_id""", scope.date_from)


@metric('recency', label=_lt("Days Since Last Invoice"), unit='days', zero=365, full=30, documents=last_invoices,
        help=_lt("Days since the customer's last invoice. Credit notes do not count."))
def recency(scope):
    """Days from the last posted invoice or receipt up to the as-of date to that date. Lower is better.

    Of all times. No value for a customer never invoiced. Source: recency of RFM; S98 "loyalty".
    """
    return SQL(
        """SELECT account_id, %s - MAX(date) AS value
             FROM kam_trade WHERE move_type <> 'out_refund' GROUP BY account_id""", scope.date)


@metric('tenure', label=_lt("Years as Customer"), unit='years', zero=0, full=5, documents=first_invoices,
        help=_lt("Years since the customer's first invoice."))
def tenure(scope):
    """Years since the first posted invoice or receipt of all times: days / 365.25, in double precision.

    No value for a customer never invoiced. Source: S98 "long-term relationship".
    """
    return SQL(
        """SELECT account_id, (%s - MIN(date))::float8 / %s::float8 AS value
             FROM kam_trade WHERE move_type <> 'out_refund' GROUP BY account_id""", scope.date, DAYS_PER_YEAR)


@metric('product_breadth', label=_lt("Product Breadth"), unit='count', zero=0, full=5,
        documents=documents_of_categories,
        help=_lt("Number of product categories that the customer has bought from in the last 12 months."))
def product_breadth(scope):
    """Number of product categories with revenue above 0 in (date - 1 year, date].

    Revenue as in `revenue`, by the category that the product has today. What was bought and wholly credited does not
    count, nor what was given free of charge. No value when no line has a product with a category. Source: S98, F62
    "breadth of what is bought".
    """
    return SQL(
        "SELECT account_id, COUNT(*) FILTER (WHERE amount > 0) AS value FROM kam_category GROUP BY account_id")
