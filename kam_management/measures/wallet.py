"""Our part of what the customer spends."""
from dateutil.relativedelta import relativedelta

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import measure

_lt = LazyTranslate(__name__)


@measure('share_of_wallet', label=_lt("Share of Wallet"), unit='percent',
         help=_lt("Our posted sales of the last 12 months in percent of what the customer spends, from the wallet."))
def share_of_wallet(scope):
    """100 * sales of the 12 months up to the last day of the span / yearly spend; no value without a wallet.

    A plan of one legal entity is held against the wallet lines of that entity. For a plan of the account, a category
    that is estimated as a whole and by entity counts as a whole.
    """
    year_before = min(span.date_to for span in scope.spans) - relativedelta(years=1)
    return SQL(
        """SELECT span.key, ROUND(100 * COALESCE(ours.amount, 0) / theirs.spend::numeric, 2) AS value
             FROM (%(spans)s) span
             JOIN LATERAL (
                   SELECT SUM(category.spend) AS spend FROM (
                       SELECT CASE WHEN span.entity_id IS NOT NULL
                                   THEN SUM(wallet.spend) FILTER (WHERE wallet.entity_id = span.entity_id)
                                   ELSE COALESCE(SUM(wallet.spend) FILTER (WHERE wallet.entity_id IS NULL),
                                                 SUM(wallet.spend)) END AS spend
                         FROM kam_wallet_line wallet
                        WHERE wallet.account_id = span.account_id
                     GROUP BY wallet.categ_id
                   ) category
             ) theirs ON theirs.spend > 0
        LEFT JOIN (
                   SELECT span.key, SUM(line.amount) AS amount
                     FROM (%(spans)s) span
                     JOIN (%(lines)s) line ON line.account_id = span.account_id
                      AND (span.entity_id IS NULL OR line.partner_id = span.entity_id)
                      AND line.date > span.date_to - INTERVAL '1 year' AND line.date <= span.date_to
                 GROUP BY span.key
             ) ours ON ours.key = span.key""",
        spans=scope.table(), lines=scope.sales(year_before).lines(scope.accounts()))
