"""How long the customer takes to pay. From reconciliations."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..ledger.rates import CUSTOMER_DOCUMENTS
from .base import measure

_lt = LazyTranslate(__name__)


@measure('payment_days', label=_lt("Payment Days"), unit='days', higher_is_better=False,
         help=_lt("Days from the date of the invoice to its payment, weighted by amount, of what was paid in the "
                  "period. What credit notes have settled does not count."))
def payment_days(scope):
    """Sum of part * (day of payment - invoice_date) / sum of part, over reconciliations of the period.

    A part is what one payment settles of one receivable line of a posted invoice; its day is max_date of the
    reconciliation, which also converts it. No value when nothing was paid in the period.
    """
    ledger = scope.ledger
    return SQL(
        """SELECT span.key, ROUND(SUM(paid.amount * paid.days) / NULLIF(SUM(paid.amount), 0), 1) AS value
             FROM (%(spans)s) span
             JOIN (SELECT entity.account_id, entity.partner_id, part.max_date AS date,
                          part.amount * COALESCE(rate.target / rate.source, 1) AS amount,
                          part.max_date - move.invoice_date AS days
                     FROM kam_account_entity entity
                     JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                          AND move.company_id = ANY(%(companies)s) AND move.state = 'posted'
                          AND move.move_type IN ('out_invoice', 'out_receipt')
                     JOIN account_move_line line ON line.move_id = move.id AND line.balance > 0
                     JOIN account_account account ON account.id = line.account_id
                          AND account.account_type = 'asset_receivable'
                     JOIN account_partial_reconcile part ON part.debit_move_id = line.id
                          AND part.max_date >= %(date_from)s AND part.max_date <= %(date_to)s
                     JOIN account_move_line counter ON counter.id = part.credit_move_id
                     JOIN account_move counter_move ON counter_move.id = counter.move_id
                          AND counter_move.move_type NOT IN %(types)s
                LEFT JOIN (%(rates)s) rate ON rate.company_id = move.company_id AND rate.date = part.max_date
                    WHERE entity.account_id = ANY(%(accounts)s)
             ) paid ON paid.account_id = span.account_id
                   AND (span.entity_id IS NULL OR paid.partner_id = span.entity_id)
                   AND paid.date >= span.date_from AND paid.date <= span.date_to
         GROUP BY span.key""",
        spans=scope.table(), companies=list(ledger.company_ids), date_from=ledger.date_from, date_to=ledger.date_to,
        types=CUSTOMER_DOCUMENTS, rates=ledger.rates.table(),
        accounts=list({span.account_id for span in scope.spans}))
