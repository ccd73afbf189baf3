"""Health drop: the relationship with a key account is worse than a month ago (F73)."""
from odoo.tools import formatLang
from odoo.tools.translate import LazyTranslate

from .base import cause
from .score import drop

_lt = LazyTranslate(__name__)


def reason(alert):
    return alert.env._(
        "Its health fell from %(before)s to %(now)s points within a month.",
        before=formatLang(alert.env, alert.reference, digits=1), now=formatLang(alert.env, alert.value, digits=1))


@cause('health', label=_lt("Health Drop"), unit=_lt("points of health within a month"), threshold=20,
       playbook='kam_scoring.plan_alert_score', reason=reason,
       documents=lambda alert: alert.account_id.action_open_score_history(),
       help=_lt("Points of health that the account has lost against the last health score of the month before."))
def health_drop(scope):
    """Minus `kam.account.health_trend` as the run has written it; no value without a health score a month before."""
    return drop('health', 'health_trend')
