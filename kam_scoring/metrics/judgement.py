"""What no ledger knows: judgements of people, kept on the account."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric

_lt = LazyTranslate(__name__)


@metric('influence', label=_lt("Influence"), unit='level', zero=1, full=5, documents=lambda scope, account: None,
        replayable=False,
        help=_lt("Our judgement, from 1 to 5, of how much this customer influences others in its market."))
def influence(scope):
    """Judgement from 1 to 5 on the account (`kam.account.influence`), as it is today, also for a past date.

    No value while nobody has judged. Source: S53 "customer influence".
    """
    return SQL(
        """SELECT id AS account_id, influence::int AS value FROM kam_account account
            WHERE %s AND influence IS NOT NULL""", scope.accounts)
