"""Score drop: the account is worth less to us than a month ago (S103)."""
from odoo.tools import SQL, formatLang
from odoo.tools.translate import LazyTranslate

from .base import cause

_lt = LazyTranslate(__name__)


def reason(alert):
    return alert.env._(
        "The score fell from %(before)s to %(now)s points within a month.",
        before=formatLang(alert.env, alert.reference, digits=1), now=formatLang(alert.env, alert.value, digits=1))


def drop(score, trend):
    """Select of a cause: by how many points a score of the account has fallen.

    :param score, trend: names of columns of kam_account
    """
    return SQL(
        """SELECT account.id AS account_id, -account.%(trend)s AS measure, account.%(score)s AS value,
                  account.%(score)s - account.%(trend)s AS reference
             FROM kam_watched watched JOIN kam_account account ON account.id = watched.id
            WHERE account.%(trend)s < 0""", score=SQL.identifier(score), trend=SQL.identifier(trend))


@cause('score', label=_lt("Score Drop"), unit=_lt("points within a month"), threshold=10,
       playbook='kam_scoring.plan_alert_score', reason=reason,
       documents=lambda alert: alert.account_id.action_open_score_history(),
       help=_lt("Points that the account has lost against the last score of the month before."))
def score_drop(scope):
    """Minus `kam.account.score_trend` as the run has written it; no value without a score of the month before."""
    return drop('score', 'score_trend')
