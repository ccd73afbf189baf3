"""Worse payment: a customer that pays later than it used to (S57, S75)."""
from dateutil.relativedelta import relativedelta

from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.kam_management.ledger.rates import CUSTOMER_DOCUMENTS

from ..metrics.ledger import CLAIMING_DOCUMENTS
from .base import cause, whole

_lt = LazyTranslate(__name__)

MONTHS, MONTHS_BEFORE = 3, 15


def reason(alert):
    return alert.env._(
        "It paid %(now)s days late in the last 3 months, %(before)s days in the year before.", now=whole(alert.value),
        before=whole(alert.reference))


def documents(alert):
    """Invoices that fell due in the time looked at."""
    action = alert.account_id.action_open_invoices()
    due = Domain('invoice_date_due', '>', alert.date - relativedelta(months=MONTHS_BEFORE))
    return dict(action, domain=list(Domain(action['domain']) & due))


@cause('payment', label=_lt("Pays Later"), unit=_lt("days later than before"), threshold=10,
       playbook='kam_scoring.plan_alert_payment', reason=reason, documents=documents,
       help=_lt("Days after the due date of what was paid in the last 3 months, weighted by amount, against the 12 "
                "months before. Payment in time counts 0 days."))
def payment(scope):
    """L - B: amount-weighted days beyond terms of what was settled in (date - 3 months, date], less those of the 12
    months before.

    By the day of settlement, so that what is not due yet embellishes neither. Settled parts of the invoices of two
    years; what credit notes settled was not to be paid. No value unless something was settled in both.
    """
    start = scope.date - relativedelta(months=MONTHS)
    return SQL(
        """SELECT account_id, now - before AS measure, now AS value, before AS reference
             FROM (SELECT account_id,
                          SUM(amount * days) FILTER (WHERE day > %(start)s)
                          / NULLIF(SUM(amount) FILTER (WHERE day > %(start)s), 0) AS now,
                          SUM(amount * days) FILTER (WHERE day <= %(start)s)
                          / NULLIF(SUM(amount) FILTER (WHERE day <= %(start)s), 0) AS before
                     FROM (SELECT watched.id AS account_id, part.max_date AS day,
                                  part.amount * COALESCE(rate.target / rate.source, 1) AS amount,
                                  GREATEST(part.max_date - line.date_maturity, 0) AS days
                             FROM %(claims)s
                             JOIN account_partial_reconcile part ON part.debit_move_id = line.id
                                  AND part.max_date > %(start_before)s AND part.max_date <= %(date)s
                             JOIN account_move_line counter ON counter.id = part.credit_move_id
                             JOIN account_move counter_move ON counter_move.id = counter.move_id
                                  AND counter_move.move_type NOT IN %(documents)s) paid
                 GROUP BY account_id) late
            WHERE now IS NOT NULL AND before IS NOT NULL""",
        claims=claims(scope), start=start, start_before=scope.date - relativedelta(months=MONTHS_BEFORE),
        date=scope.date, documents=CUSTOMER_DOCUMENTS)


def claims(scope):
    """FROM clause: the receivable lines of the posted invoices of two years, with the rate of the invoice's date."""
    return SQL(
        """kam_watched watched
           JOIN kam_account_entity entity ON entity.account_id = watched.id
           JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                AND move.company_id = ANY(%(companies)s) AND move.state = 'posted' AND move.move_type IN %(types)s
                AND move.invoice_date > %(prior)s AND move.invoice_date <= %(date)s
      LEFT JOIN kam_rate rate ON rate.company_id = move.company_id AND rate.date = move.invoice_date
           JOIN account_move_line line ON line.move_id = move.id AND line.balance > 0
           JOIN account_account ledger ON ledger.id = line.account_id
                AND ledger.account_type = 'asset_receivable'""",
        companies=list(scope.company_ids), types=CLAIMING_DOCUMENTS, prior=scope.date_prior, date=scope.date)
