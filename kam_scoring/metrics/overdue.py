"""What the customer owes us past its due date, at the as-of date (S57, S70, S75)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric

_lt = LazyTranslate(__name__)


def documents_of_moves(scope, account, select):
    """Domain of the documents in `select`, a select of move ids from the shared relations of one account.

    What a domain cannot say: which documents were open on a past day.
    """
    scope = scope.of_account(account)
    rows = scope.env.execute_query(scope.with_sources(select))
    return [('id', 'in', [move_id for move_id, in rows])]


def overdue(scope):
    """Condition on kam_open: due before the as-of date. A credit note counts from its own day on."""
    return SQL("(due < %s OR amount < 0)", scope.date)


def documents_overdue(scope, account):
    return documents_of_moves(scope, account, SQL("SELECT DISTINCT move_id FROM kam_open WHERE %s", overdue(scope)))


def documents_longest_overdue(scope, account):
    return documents_of_moves(scope, account, SQL(
        """SELECT DISTINCT move_id FROM kam_open
            WHERE amount > 0 AND due < %s AND due = (SELECT MIN(due) FROM kam_open WHERE amount > 0)""", scope.date))


@metric('overdue_amount', label=_lt("Overdue Amount"), unit='currency', zero=10000, full=0,
        documents=documents_overdue,
        help=_lt("What is open and past due today, with tax, less credit notes that are still open."))
def overdue_amount(scope):
    """Overdue amount in programme currency, at least 0: max(0, round(O - N, 2)). Lower is better.

    O = sum over the receivable lines of posted invoices and receipts of any age with date_maturity < date of (line -
    reconciliations with max_date <= date). N = the same over credit notes, from their own date on: an open credit note
    will settle something. With tax, because that is what is owed; converted at invoice_date. A payment that has not
    been matched with an invoice does not count: match it. 0 for a customer that was invoiced before and owes nothing
    past due; no value for one never invoiced. Source: S57, S75.
    """
    return SQL(
        """SELECT traded.account_id, GREATEST(COALESCE(ROUND(late.amount, 2), 0), 0) AS value
             FROM (SELECT DISTINCT account_id FROM kam_trade) traded
        LEFT JOIN (SELECT account_id, SUM(amount) AS amount FROM kam_open WHERE %s GROUP BY account_id) late
               ON late.account_id = traded.account_id""", overdue(scope))


@metric('oldest_overdue', label=_lt("Oldest Overdue"), unit='days', zero=90, full=0,
        documents=documents_longest_overdue,
        help=_lt("Days since the due date of the oldest invoice that is still open today."))
def oldest_overdue(scope):
    """Days past due of the oldest open claim: date - min(date_maturity). Lower is better.

    Over the receivable lines of posted invoices and receipts of any age that are open at the as-of date and have
    date_maturity < date. Open credit notes do not shorten it. 0 for a customer that was invoiced before and owes
    nothing past due; no value for one never invoiced. Source: S70, S75 "payment cycle".
    """
    return SQL(
        """SELECT traded.account_id, COALESCE(%(date)s - late.due, 0) AS value
             FROM (SELECT DISTINCT account_id FROM kam_trade) traded
        LEFT JOIN (SELECT account_id, MIN(due) AS due
                     FROM kam_open WHERE amount > 0 AND due < %(date)s GROUP BY account_id) late
               ON late.account_id = traded.account_id""", date=scope.date)
