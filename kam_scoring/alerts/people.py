"""A key person has left: who decides at the customer, or who speaks for us there (S57, F44)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import cause

_lt = LazyTranslate(__name__)


def reason(alert):
    if alert.value and alert.reference:
        return alert.env._("Decider and internal champion have left, and nobody on the map has taken their roles.")
    if alert.value:
        return alert.env._("The decider has left, and nobody on the map has taken the role.")
    return alert.env._("Our internal champion has left, and nobody on the map has taken the role.")


@cause('people', label=_lt("Key Person Left"), unit=_lt("vacant roles"), threshold=0, has_badge=False,
       is_replayable=False, playbook='kam_scoring.plan_alert_people', reason=reason,
       documents=lambda alert: alert.account_id.action_open_people(),
       help=_lt("Decider and internal champion on the relationship map: an alert when one has left, and nobody who is "
                "still there has the role."))
def people(scope):
    """Number of the two roles whose holders have all left; value: the decider's, reference: the champion's, 1 or 0.

    As it is today: who was on the map at another time is not kept.
    """
    vacant = {
        role: SQL("(BOOL_OR(person.date_left IS NOT NULL AND person.buying_role = %(role)s) IS TRUE AND "
                  "BOOL_OR(person.date_left IS NULL AND person.buying_role = %(role)s) IS NOT TRUE)::int", role=role)
        for role in ('decider', 'champion')}
    return SQL(
        """SELECT watched.id AS account_id, %(decider)s + %(champion)s AS measure, %(decider)s AS value,
                  %(champion)s AS reference
             FROM kam_watched watched
             JOIN kam_stakeholder person ON person.account_id = watched.id AND person.active
         GROUP BY watched.id""", **vacant)
