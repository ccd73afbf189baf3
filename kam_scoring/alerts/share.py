"""Falling sales: the customer buys less than a year ago, so somebody else may sell it more (S57, F61)."""
from dateutil.relativedelta import relativedelta

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import cause, whole

_lt = LazyTranslate(__name__)

MONTHS = 3


def reason(alert):
    account = alert.account_id
    return alert.env._(
        "Sales of the last 3 months are %(fall)s %% below those of a year before: %(now)s instead of %(before)s.",
        fall=whole(100 * (alert.reference - alert.value) / alert.reference) if alert.reference else 0,
        now=account._money_text(alert.value), before=account._money_text(alert.reference))


@cause('share', label=_lt("Falling Sales"), unit=_lt("% below last year"), threshold=30,
       playbook='kam_scoring.plan_alert_share', reason=reason,
       documents=lambda alert: alert.account_id.action_open_invoices(),
       help=_lt("Posted sales of the last 3 months against the same months of the year before. As long as the customer "
                "needs as much as before, our share of its wallet falls with them."))
def share(scope):
    """100 * (P - R) / P, where R are the sales of (date - 3 months, date], P those of the same months a year before.

    Both net of tax, less credit notes, in programme currency at the date of each document, rounded to 2 decimals.
    Without sales in P nothing can fall.
    """
    return SQL(
        """SELECT account_id, 100 * (before - now) / before AS measure, now AS value, before AS reference
             FROM (SELECT account_id, ROUND(COALESCE(SUM(amount) FILTER (WHERE date > %(start)s), 0), 2) AS now,
                          ROUND(COALESCE(SUM(amount) FILTER (
                            WHERE date > %(start_before)s AND date <= %(end_before)s), 0), 2) AS before
                     FROM kam_sale GROUP BY account_id) sales
            WHERE before > 0""",
        start=scope.date - relativedelta(months=MONTHS), end_before=scope.date_from,
        start_before=scope.date_from - relativedelta(months=MONTHS))
