"""Long overdue: invoices that should have been paid weeks ago (S57)."""
from odoo.fields import Date, Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import cause, whole
from .payment import claims

_lt = LazyTranslate(__name__)


def reason(alert):
    return alert.env._(
        "%(amount)s are overdue, the oldest part for %(days)s days.", days=whole(alert.value),
        amount=alert.account_id._money_text(alert.reference))


def documents(alert):
    """What is overdue now."""
    action = alert.account_id.action_open_invoices()
    today = Date.context_today(alert)
    late = Domain('payment_state', 'in', ('not_paid', 'partial')) & Domain('invoice_date_due', '<', today)
    return dict(action, domain=list(Domain(action['domain']) & late))


@cause('overdue', label=_lt("Long Overdue"), unit=_lt("days overdue"), threshold=60,
       playbook='kam_scoring.plan_alert_payment', reason=reason, documents=documents,
       help=_lt("Days since the oldest due date of what the customer has not paid, of the invoices of two years."))
def overdue(scope):
    """Days since the oldest due date with an open part; reference: all that is overdue, in programme currency.

    Open is what no reconciliation up to the as-of date has settled.
    """
    return SQL(
        """SELECT account_id, %(date)s::date - MIN(due) AS measure, %(date)s::date - MIN(due) AS value,
                  ROUND(SUM(open * factor), 2) AS reference
             FROM (SELECT watched.id AS account_id, line.date_maturity AS due,
                          line.balance - COALESCE(SUM(part.amount), 0) AS open,
                          COALESCE(MIN(rate.target / rate.source), 1) AS factor
                     FROM %(claims)s
                LEFT JOIN account_partial_reconcile part ON part.debit_move_id = line.id AND part.max_date <= %(date)s
                    WHERE line.date_maturity < %(date)s
                 GROUP BY watched.id, line.id) claim
            WHERE open > 0
         GROUP BY account_id""", claims=claims(scope), date=scope.date)
