"""The two relations every metric of the ledger reads. Both cover all accounts of the scope in one pass.

`kam_document` – one row per posted customer document (invoice, credit note, receipt) of the two years up to the as-of
date: account_id, move_id, date (invoice_date), amount (net of tax, credit notes negative), cost (product cost of the
lines, same sign). From the product lines, in programme currency, unrounded.

`kam_claim` – one row per receivable line of a posted invoice that fell due in the window: account_id, move_id, due,
claim, paid, paid_days. In programme currency, unrounded. Settlements count up to the as-of date only (max_date of the
reconciliation), so that a past date gives the figures of that day.
    claim      what was to be paid: the line less what credit notes have settled of it
    paid       what else has settled it: payments, but also write-offs and entries by hand
    paid_days  sum over its settled parts of amount * days after the due date (0 for those in time)

An amount of a company in another currency is converted at the date of its document: amount * target / source of
`kam_rate`.
"""
from odoo.tools import SQL

from odoo.addons.kam_management.ledger.rates import CUSTOMER_DOCUMENTS
from odoo.addons.kam_management.ledger.sales import line_cost

CLAIMING_DOCUMENTS = ('out_invoice', 'out_receipt')


def _moves(scope):
    """FROM clause: accounts, entities and posted moves of the scope, with the rate of the document's date."""
    return SQL(
        """kam_account account
           JOIN kam_account_entity entity ON entity.account_id = account.id
           JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                AND move.company_id = ANY(%(companies)s) AND move.state = 'posted'
      LEFT JOIN kam_rate rate ON rate.company_id = move.company_id AND rate.date = move.invoice_date""",
        companies=list(scope.company_ids))


def documents(scope):
    return SQL(
        """SELECT account.id AS account_id, move.id AS move_id, move.invoice_date AS date,
                  SUM(-line.balance) * COALESCE(MIN(rate.target / rate.source), 1) AS amount,
                  SUM(%(cost)s) * COALESCE(MIN(rate.target / rate.source), 1) AS cost
             FROM %(moves)s
             JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
        LEFT JOIN product_product product ON product.id = line.product_id
        LEFT JOIN product_template template ON template.id = product.product_tmpl_id
        LEFT JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
        LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
            WHERE %(accounts)s
              AND move.move_type IN %(types)s AND move.invoice_date > %(prior)s AND move.invoice_date <= %(date)s
         GROUP BY account.id, move.id""",
        cost=line_cost(), moves=_moves(scope), accounts=scope.accounts, types=CUSTOMER_DOCUMENTS,
        prior=scope.date_prior, date=scope.date)


def claims(scope):
    credited = SQL("counter_move.move_type = 'out_refund'")
    return SQL(
        """SELECT account_id, move_id, due,
                  (balance - credited) * factor AS claim, paid * factor AS paid, paid_days * factor AS paid_days
             FROM (SELECT account.id AS account_id, move.id AS move_id, line.date_maturity AS due, line.balance,
                          COALESCE(MIN(rate.target / rate.source), 1) AS factor,
                          COALESCE(SUM(part.amount) FILTER (WHERE %(credited)s), 0) AS credited,
                          COALESCE(SUM(part.amount) FILTER (WHERE NOT %(credited)s), 0) AS paid,
                          COALESCE(SUM(part.amount * GREATEST(part.max_date - line.date_maturity, 0))
                                   FILTER (WHERE NOT %(credited)s), 0) AS paid_days
                     FROM %(moves)s
                     JOIN account_move_line line ON line.move_id = move.id AND line.balance > 0
                     JOIN account_account ledger ON ledger.id = line.account_id
                          AND ledger.account_type = 'asset_receivable'
                LEFT JOIN account_partial_reconcile part ON part.debit_move_id = line.id AND part.max_date <= %(date)s
                LEFT JOIN account_move_line counter ON counter.id = part.credit_move_id
                LEFT JOIN account_move counter_move ON counter_move.id = counter.move_id
                    WHERE %(accounts)s
                      AND move.move_type IN %(types)s AND move.invoice_date <= %(date)s
                      AND line.date_maturity > %(start)s AND line.date_maturity <= %(date)s
                 GROUP BY account.id, move.id, line.id) claim
            WHERE balance - credited > 0""",
        credited=credited, moves=_moves(scope), accounts=scope.accounts, types=CLAIMING_DOCUMENTS,
        start=scope.date_from, date=scope.date)
