"""Few live contacts: the relationship hangs by less threads than the tier asks for (S57, S78)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import cause, whole

_lt = LazyTranslate(__name__)


def reason(alert):
    return alert.env._(
        "In touch with %(count)s of the %(least)s people that the tier asks for.",
        count=whole(alert.value), least=whole(alert.reference))


@cause('threads', label=_lt("Few Live Contacts"), unit=_lt("% of the contacts missing"), threshold=75,
       has_badge=False, is_replayable=False, playbook='kam_scoring.plan_alert_people', reason=reason,
       documents=lambda alert: alert.account_id.action_open_people(),
       help=_lt("Live contacts of the relationship map against the number that the tier asks for. Looked at for "
                "accounts with a relationship map."))
def threads(scope):
    """100 * (contacts of the tier - live contacts) / contacts of the tier.

    No value without map, or where the tier asks for none. As it is today: who was on the map at another
    time is not kept.
    """
    live = scope.env['kam.stakeholder']._live_sql(SQL(
        "stakeholder.account_id IN (SELECT watched.id FROM kam_watched watched)"))
    return SQL(
        """SELECT watched.id AS account_id,
                  100.0 * (tier.stakeholder_min - COUNT(live.id)) / tier.stakeholder_min AS measure,
                  COUNT(live.id) AS value, tier.stakeholder_min AS reference
             FROM kam_watched watched
             JOIN kam_tier tier ON tier.id = watched.tier_id AND tier.stakeholder_min > 0
             JOIN kam_stakeholder person ON person.account_id = watched.id AND person.active
        LEFT JOIN (%(live)s) live ON live.id = person.id
         GROUP BY watched.id, tier.stakeholder_min""", live=live)
