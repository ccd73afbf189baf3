"""What no ledger knows: judgements of people (S53, S77). The latest one that is valid on the as-of date counts."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric

_lt = LazyTranslate(__name__)


def _documents(kind):
    return lambda scope, account: ('kam.judgement', [('account_id', '=', account.id), ('kind', '=', kind)])


def _level(scope, kind):
    return SQL(
        """SELECT latest.account_id, latest.level::int AS value FROM (%s) latest
             JOIN kam_account account ON account.id = latest.account_id AND account.active""",
        scope.env['kam.judgement']._current_sql(
            SQL("judgement.program_id = %s AND judgement.kind = %s AND %s", scope.program.id, kind,
                scope.only(SQL("judgement.account_id"))), scope.date))


@metric('influence', label=_lt("Influence"), unit='level', zero=1, full=5, documents=_documents('influence'),
        help=_lt("Our judgement, from 1 to 5, of how much this customer influences others in its market."))
def influence(scope):
    """Level 1 to 5 of the latest judgement of kind 'influence' with date <= as-of date < date_end (or no end).

    Of several on one day the one made last. No value while nobody has judged, after the judgement has expired, and when
    the latest one has been withdrawn (no level). A past date gives what was thought on that day. Source: S53 "customer
    influence", S98 "strategic influence in its market".
    """
    return _level(scope, 'influence')


@metric('strategic_fit', label=_lt("Strategic Fit"), unit='level', zero=1, full=5, documents=_documents('fit'),
        help=_lt("Our judgement, from 1 to 5, of how well what this customer needs fits where we want to go."))
def strategic_fit(scope):
    """Level 1 to 5 of the latest valid judgement of kind 'fit', as in `influence`.

    Source: S32 (criteria follow the strategy), the usual first axis of key account portfolios.
    """
    return _level(scope, 'fit')


@metric('openness', label=_lt("Openness"), unit='level', zero=1, full=5, documents=_documents('openness'),
        help=_lt("Our judgement, from 1 to 5, of how open this customer is to new ideas, advice and discussion."))
def openness(scope):
    """Level 1 to 5 of the latest valid judgement of kind 'openness', as in `influence`.

    Source: S77 "is open to new ideas, advice and discussion".
    """
    return _level(scope, 'openness')
