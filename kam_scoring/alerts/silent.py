"""Silent decline: a customer that usually orders, and does not (S57)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..metrics.ledger import CLAIMING_DOCUMENTS
from .base import cause, whole

_lt = LazyTranslate(__name__)

# A rhythm takes so many intervals; only the latest ones tell how the customer buys now.
INTERVALS_MIN, INTERVALS_MAX = 4, 12
DAYS_MIN = 14


def reason(alert):
    return alert.env._(
        "No invoice for %(days)s days; usually there is one every %(usual)s days.", days=whole(alert.value),
        usual=whole(alert.reference))


@cause('silent', label=_lt("Silent Decline"), unit=_lt("times the usual interval"), threshold=2,
       playbook='kam_scoring.plan_alert_silent', reason=reason,
       documents=lambda alert: alert.account_id.action_open_invoices(),
       help=_lt("Days since the last invoice against the customer's own rhythm. Looked at for customers with at least "
                "five days with invoices, after 14 days of silence."))
def silent(scope):
    """Days since the last invoice / median of the last 12 intervals between days with an invoice.

    From 4 intervals and more than 14 days on. Invoices and receipts of all legal entities in the companies of the
    programme up to the as-of date; two invoices of one day are one purchase. Credit notes are none.
    """
    return SQL(
        """SELECT account_id, days / usual AS measure, days AS value, usual AS reference
             FROM (SELECT account_id, %(date)s::date - MAX(day) AS days, COUNT(gap) AS count,
                          percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS usual
                     FROM (SELECT account_id, day, day - LAG(day) OVER whose AS gap,
                                  ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY day DESC) AS place
                             FROM (SELECT DISTINCT watched.id AS account_id, move.invoice_date AS day
                                     FROM kam_watched watched
                                     JOIN kam_account_entity entity ON entity.account_id = watched.id
                                     JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                                          AND move.company_id = ANY(%(companies)s) AND move.state = 'posted'
                                          AND move.move_type IN %(types)s AND move.invoice_date <= %(date)s) purchase
                           WINDOW whose AS (PARTITION BY account_id ORDER BY day)) rhythm
                    WHERE place <= %(most)s
                 GROUP BY account_id) silence
            WHERE count >= %(least)s AND days > %(days)s""",
        date=scope.date, companies=list(scope.company_ids), types=CLAIMING_DOCUMENTS, most=INTERVALS_MAX,
        least=INTERVALS_MIN, days=DAYS_MIN)
