"""How the customer pays (S53, S57, S75). From reconciliations, not from Odoo's all-time figures on the partner."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric

_lt = LazyTranslate(__name__)


def documents_due(scope, account):
    """Invoices with a part that fell due in the window."""
    return [
        *scope.documents_domain(account),
        ('move_type', 'in', ('out_invoice', 'out_receipt')),
        ('line_ids', 'any', [
            ('account_type', '=', 'asset_receivable'), ('balance', '>', 0),
            ('date_maturity', '>', scope.date_from), ('date_maturity', '<=', scope.date)]),
    ]


@metric('collection_rate', label=_lt("Collection Rate"), unit='percent', zero=70, full=100, documents=documents_due,
        help=_lt("Part that has been paid of what fell due in the last 12 months. What credit notes have settled "
                 "was not to be paid and does not count."))
def collection_rate(scope):
    """Collection rate in percent: 100 * P / D in double precision.

    Over the receivable lines of posted invoices and receipts with due date (date_maturity) in (date - 1 year, date]:
    D = round(sum of (line - part settled by credit notes), 2), P = round(sum of part settled otherwise, 2), in company
    currency converted at invoice_date. Settled means reconciled with max_date <= date. A line settled wholly by credit
    notes is left out. No value when nothing fell due. Source: S53 "collection rate".
    """
    return SQL(
        """SELECT account_id,
                  100.0::float8 * ROUND(SUM(paid), 2)::float8 / NULLIF(ROUND(SUM(claim), 2), 0)::float8 AS value
             FROM kam_claim GROUP BY account_id""")


@metric('collection_timeliness', label=_lt("Days Beyond Terms"), unit='days', zero=60, full=0,
        documents=documents_due,
        help=_lt("Days after the due date until payment, weighted by amount, of what fell due in the last 12 months. "
                 "Payment in time counts 0; what is still open counts the days until now."))
def collection_timeliness(scope):
    """Amount-weighted days beyond terms: T / D in double precision. Lower is better.

    Over the same lines and amounts as `collection_rate`: T = sum over settled parts of amount * max(0, max_date - due
    date) + sum over open parts of amount * (date - due date); D = sum of (line - part settled by credit notes). T and D
    are not rounded before the division. Early payment does not offset late payment. Source: S53 "collection
    timeliness", S75 "payment cycle"; average days beyond terms as credit managers use it.
    """
    return SQL(
        """SELECT account_id,
                  (SUM(paid_days + GREATEST(claim - paid, 0) * (%s::date - due)) / SUM(claim))::float8 AS value
             FROM kam_claim GROUP BY account_id""", scope.date)


@metric('late_payment_share', label=_lt("Late Payment Share"), unit='percent', zero=50, full=0,
        documents=documents_due,
        help=_lt("Part, by amount, of what fell due in the last 12 months that was paid after its due date, or is "
                 "still open after it."))
def late_payment_share(scope):
    """Share paid late in percent: 100 * L / D in double precision. Lower is better.

    Over the same lines and amounts as `collection_rate`: L = sum of the parts settled with max_date after the due date
    and of the parts still open with a due date before the as-of date; D = sum of (line - part settled by credit notes).
    Not rounded before the division. No value when nothing fell due. Source: S53 "collection timeliness", S75.
    """
    return SQL(
        """SELECT account_id,
                  (100 * SUM(paid_late + CASE WHEN due < %s THEN GREATEST(claim - paid, 0) ELSE 0 END) / SUM(claim)
                  )::float8 AS value
             FROM kam_claim GROUP BY account_id""", scope.date)
