"""The relations that the metrics of the ledger share. Each covers all accounts of the scope in one pass, and is
evaluated only when a metric of the model reads it.

`kam_document` – one row per posted customer document (invoice, credit note, receipt) of the two years up to the as-of
date: account_id, move_id, move_type, date (invoice_date), amount (net of tax, credit notes negative), cost (product
cost of the lines, same sign). From the product lines, in programme currency, unrounded.

`kam_year` – one row per account and year with documents, of the last years (`year_count`): account_id, year (1 the last
12 months, 2 the 12 months before them, …), revenue (rounded to 2 decimals). Reads kam_document, and lines only of what
is older.

`kam_trade` – one row per posted customer document of all times up to the as-of date: account_id, move_id, move_type,
date. From the heads alone: no amounts.

`kam_claim` – one row per receivable line of a posted invoice that fell due in the window: account_id, move_id, due,
claim, paid, paid_late, paid_days. In programme currency, unrounded. Settlements count up to the as-of date only
(max_date of the reconciliation), so that a past date gives the figures of that day.
    claim      what was to be paid: the line less what credit notes have settled of it
    paid       what else has settled it: payments, but also write-offs and entries by hand
    paid_late  the part of `paid` that came after the due date
    paid_days  sum over its settled parts of amount * days after the due date (0 for those in time)

`kam_open` – one row per receivable line that is open at the as-of date, whatever its age: account_id, move_id, due,
amount (the line less what was reconciled with it by then; negative on credit notes). In programme currency, unrounded.

`kam_category` – one row per account and category of the products it bought in the window: account_id, categ_id, amount
(net of tax, credit notes negative).

An amount of a company in another currency is converted at the date of its document: amount * target / source of
`kam_rate`, which has a row for each day of the two years and for each older day with a document.
"""
from odoo.tools import SQL

from odoo.addons.kam_management.ledger.rates import CUSTOMER_DOCUMENTS
from odoo.addons.kam_management.ledger.sales import line_cost

CLAIMING_DOCUMENTS = ('out_invoice', 'out_receipt')
# Converts an amount in the currency of the company, where `rate` (kam_rate) is in reach.
FACTOR = SQL("COALESCE(rate.target / rate.source, 1)")


def _heads(scope):
    """FROM clause: accounts, entities and posted moves of the scope."""
    return SQL(
        """kam_account account
           JOIN kam_account_entity entity ON entity.account_id = account.id
           JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                AND move.company_id = ANY(%(companies)s) AND move.state = 'posted'""",
        companies=list(scope.company_ids))


def _moves(scope):
    """FROM clause: the same with the rate of the document's date."""
    return SQL(
        "%s LEFT JOIN kam_rate rate ON rate.company_id = move.company_id AND rate.date = move.invoice_date",
        _heads(scope))


def documents(scope):
    return SQL(
        """SELECT account.id AS account_id, move.id AS move_id, move.move_type, move.invoice_date AS date,
                  SUM(-line.balance) * MIN(%(factor)s) AS amount, SUM(%(cost)s) * MIN(%(factor)s) AS cost
             FROM %(moves)s
             JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
        LEFT JOIN product_product product ON product.id = line.product_id
        LEFT JOIN product_template template ON template.id = product.product_tmpl_id
        LEFT JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
        LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
            WHERE %(accounts)s
              AND move.move_type IN %(types)s AND move.invoice_date > %(prior)s AND move.invoice_date <= %(date)s
         GROUP BY account.id, move.id""",
        cost=line_cost(), factor=FACTOR, moves=_moves(scope), accounts=scope.accounts, types=CUSTOMER_DOCUMENTS,
        prior=scope.date_prior, date=scope.date)


def year_count(scope):
    """How many years kam_year has: three at least, and those in which revenue has to be sustained."""
    return max(3, scope.program.sustained_years)


def years(scope):
    count = year_count(scope)
    starts = [(scope.years_before(year), year) for year in range(1, count + 1)]
    older = SQL(" ").join(
        SQL("WHEN move.invoice_date > %s THEN %s", start, year) for start, year in starts[2:])
    return SQL(
        """SELECT account_id, year, ROUND(SUM(amount), 2) AS revenue
             FROM (SELECT account_id, CASE WHEN date > %(start)s THEN 1 ELSE 2 END AS year, amount
                     FROM kam_document
                UNION ALL
                   SELECT account.id, CASE %(older)s END, -line.balance * %(factor)s
                     FROM %(moves)s
                     JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
                    WHERE %(accounts)s AND move.move_type IN %(types)s
                      AND move.invoice_date > %(oldest)s AND move.invoice_date <= %(prior)s) document
         GROUP BY account_id, year""",
        start=scope.date_from, older=older, factor=FACTOR, moves=_moves(scope), accounts=scope.accounts,
        types=CUSTOMER_DOCUMENTS, oldest=starts[-1][0], prior=scope.date_prior)


def trade(scope):
    return SQL(
        """SELECT account.id AS account_id, move.id AS move_id, move.move_type, move.invoice_date AS date
             FROM %(heads)s
            WHERE %(accounts)s AND move.move_type IN %(types)s AND move.invoice_date <= %(date)s""",
        heads=_heads(scope), accounts=scope.accounts, types=CUSTOMER_DOCUMENTS, date=scope.date)


def claims(scope):
    credited = SQL("counter_move.move_type = 'out_refund'")
    return SQL(
        """SELECT account_id, move_id, due, (balance - credited) * factor AS claim, paid * factor AS paid,
                  paid_late * factor AS paid_late, paid_days * factor AS paid_days
             FROM (SELECT account.id AS account_id, move.id AS move_id, line.date_maturity AS due, line.balance,
                          MIN(%(factor)s) AS factor,
                          COALESCE(SUM(part.amount) FILTER (WHERE %(credited)s), 0) AS credited,
                          COALESCE(SUM(part.amount) FILTER (WHERE NOT %(credited)s), 0) AS paid,
                          COALESCE(SUM(part.amount) FILTER (
                                   WHERE NOT %(credited)s AND part.max_date > line.date_maturity), 0) AS paid_late,
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
        credited=credited, factor=FACTOR, moves=_moves(scope), accounts=scope.accounts, types=CLAIMING_DOCUMENTS,
        start=scope.date_from, date=scope.date)


def open_items(scope):
    return SQL(
        "%s UNION ALL %s",
        _open(scope, CLAIMING_DOCUMENTS, 1, SQL("debit_move_id")),
        _open(scope, ('out_refund',), -1, SQL("credit_move_id")))


def _open(scope, types, sign, side):
    """Open lines of some documents, whose balance has `sign`; `side` is the column of reconciliations that names them.

    A line that is settled by now was open at the as-of date only if something was reconciled with it later; the others,
    almost all lines of a long history, need no look at their reconciliations.
    """
    return SQL(
        """SELECT account.id AS account_id, move.id AS move_id, line.date_maturity AS due,
                  (line.balance - %(sign)s * COALESCE(SUM(part.amount), 0)) * MIN(%(factor)s) AS amount
             FROM %(moves)s
             JOIN account_move_line line ON line.move_id = move.id AND line.balance * %(sign)s > 0
             JOIN account_account ledger ON ledger.id = line.account_id
                  AND ledger.account_type = 'asset_receivable'
        LEFT JOIN account_partial_reconcile part ON part.%(side)s = line.id AND part.max_date <= %(date)s
            WHERE %(accounts)s AND move.move_type IN %(types)s AND move.invoice_date <= %(date)s
              AND (line.reconciled IS NOT TRUE OR EXISTS (
                   SELECT FROM account_partial_reconcile later
                    WHERE later.%(side)s = line.id AND later.max_date > %(date)s))
         GROUP BY account.id, move.id, line.id
           HAVING line.balance * %(sign)s > COALESCE(SUM(part.amount), 0)""",
        sign=sign, side=side, factor=FACTOR, moves=_moves(scope), accounts=scope.accounts, types=types,
        date=scope.date)


def categories(scope):
    return SQL(
        """SELECT account.id AS account_id, template.categ_id, SUM(-line.balance * %(factor)s) AS amount
             FROM %(moves)s
             JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
             JOIN product_product product ON product.id = line.product_id
             JOIN product_template template ON template.id = product.product_tmpl_id
            WHERE %(accounts)s AND template.categ_id IS NOT NULL
              AND move.move_type IN %(types)s AND move.invoice_date > %(start)s AND move.invoice_date <= %(date)s
         GROUP BY account.id, template.categ_id""",
        factor=FACTOR, moves=_moves(scope), accounts=scope.accounts, types=CUSTOMER_DOCUMENTS, start=scope.date_from,
        date=scope.date)
