"""What the customer spends, and our part of it: the figures of the wallet (S62, S63)."""
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.kam_management.ledger.sales import Sales

from .base import metric

_lt = LazyTranslate(__name__)


@dataclass(frozen=True)
class SalesOfScope(Sales):
    """The ledger of the window, with the rates that the scope has read already."""
    scope: Any = None

    @property
    def rates(self):
        return self.scope.rates


def documents_of_wallet(scope, account):
    return 'kam.wallet.line', [('account_id', '=', account.id)]


def _estimates(scope):
    """Select of (account_id, spend, ours, is_blocked), one row per wallet line with an estimate.

    As on the account (`kam.account._compute_wallet`): a category that is estimated as a whole and by entity counts as a
    whole; ours is what we invoice in the category, of the entity where the line is of one. Only accounts with a wallet
    are looked at in the ledger.
    """
    program = scope.program.with_context(active_test=False)
    columns = program._wallet_columns()
    sales = SalesOfScope(scope.env, program, scope.date_from + timedelta(days=1), scope.date, scope)
    known = SQL("wallet.create_date < %s", scope.date + timedelta(days=1))
    lines = sales.lines(SQL(
        "%s AND account.id IN (SELECT account_id FROM kam_wallet_line WHERE program_id = %s AND spend > 0)",
        scope.accounts, program.id))
    return SQL(
        """SELECT wallet.account_id, wallet.spend, COALESCE(SUM(sold.amount), 0) AS ours, wallet.is_blocked
             FROM kam_wallet_line wallet
             JOIN kam_account account ON account.id = wallet.account_id AND %(accounts)s
        LEFT JOIN (SELECT account_id, categ_id FROM kam_wallet_line wallet WHERE entity_id IS NULL AND %(known)s) whole
               ON wallet.entity_id IS NOT NULL AND whole.account_id = wallet.account_id
              AND whole.categ_id = wallet.categ_id
        LEFT JOIN (
                  SELECT line.account_id, line.partner_id, kept.categ_id, ROUND(SUM(line.amount), 2) AS amount
                    FROM (%(lines)s) line
                    JOIN unnest(%(below)s::int[], %(columns)s::int[]) AS kept (below_id, categ_id)
                      ON kept.below_id = line.categ_id
                GROUP BY line.account_id, line.partner_id, kept.categ_id
             ) sold ON sold.account_id = wallet.account_id AND sold.categ_id = wallet.categ_id
                   AND (wallet.entity_id IS NULL OR sold.partner_id = wallet.entity_id)
            WHERE wallet.program_id = %(program)s AND wallet.spend > 0 AND %(known)s AND whole.account_id IS NULL
         GROUP BY wallet.id""",
        accounts=scope.accounts, known=known, lines=lines, below=list(columns), columns=list(columns.values()),
        program=program.id)


@metric('share_of_wallet', label=_lt("Share of Wallet"), unit='percent', zero=0, full=60,
        documents=documents_of_wallet,
        help=_lt("Our part of what the customer spends in the product categories whose spend has been estimated: "
                 "posted sales of the last 12 months in percent of the yearly spend."),
        replayable=False)
def share_of_wallet(scope):
    """100 * O / E in double precision.

    E = sum of the estimated yearly spend of the wallet lines (a category that is estimated as a whole and by entity:
    the whole). O = revenue of the last 12 months in these categories, and of these entities where a line is of one;
    each converted at invoice_date and rounded to 2 decimals per category and entity. Sales in categories without an
    estimate count on neither side. Above 100 the estimate is too low. No value without an estimate. The sales are those
    of the as-of date; estimates are those of today, less lines that were added later: what was thought before is not
    kept. Source: S62 "our share of each category in that customer's business".
    """
    return SQL(
        """SELECT account_id, 100.0::float8 * SUM(ours)::float8 / SUM(spend)::float8 AS value
             FROM (%s) estimate GROUP BY account_id""", _estimates(scope))


@metric('wallet_potential', label=_lt("Wallet to Be Won"), unit='currency', zero=0, full=100000,
        documents=documents_of_wallet,
        help=_lt("What the customer is estimated to spend in a year with others, in the product categories where "
                 "something can be won: those that were checked and blocked do not count."),
        replayable=False)
def wallet_potential(scope):
    """Sum of max(spend - ours, 0) over the wallet lines that are not blocked, in programme currency.

    spend and ours of a line as in `share_of_wallet`. 0 where all lines are blocked or wholly ours: nothing is to be
    won. No value without an estimate. Replays as `share_of_wallet` does. Source: S63, S22 "capture new business".
    """
    return SQL(
        """SELECT account_id, COALESCE(SUM(GREATEST(spend - ours, 0)) FILTER (WHERE is_blocked IS NOT TRUE), 0) AS value
             FROM (%s) estimate GROUP BY account_id""", _estimates(scope))
