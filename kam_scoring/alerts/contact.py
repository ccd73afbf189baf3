"""Lost contact: nobody of us and nobody of them has talked for too long (S57, F41)."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import cause, whole

_lt = LazyTranslate(__name__)


def reason(alert):
    return alert.env._(
        "No two-way contact for %(days)s days; the tier asks for one every %(cadence)s days.", days=whole(alert.value),
        cadence=whole(alert.reference))


@cause('contact', label=_lt("Lost Contact"), unit=_lt("times the cadence of the tier"), threshold=1,
       playbook='kam_scoring.plan_alert_contact', reason=reason,
       documents=lambda alert: alert.account_id.action_open_people(),
       help=_lt("Days since the last meeting, call or mail from the customer, against the visits of the account "
                "manager that the tier asks for. Looked at for accounts with a relationship map."))
def contact(scope):
    """Days since the last two-way contact with anybody on the map / days between visits of the tier.

    By the map's own definition of a contact. People who have left count with the contacts they had; where there never
    was one, the days since the map was begun count. No value without map or cadence.
    """
    contacts = scope.env['kam.stakeholder']._contacts_sql(SQL(
        "stakeholder.active AND stakeholder.account_id IN (SELECT watched.id FROM kam_watched watched)"))
    return SQL(
        """SELECT watched.id AS account_id, days::float8 / tier.manager_visit_days AS measure, days AS value,
                  tier.manager_visit_days AS reference
             FROM kam_watched watched
             JOIN kam_tier tier ON tier.id = watched.tier_id AND tier.manager_visit_days > 0
             JOIN (SELECT person.account_id,
                          %(date)s::date - COALESCE(MAX(contact.day), MIN(person.create_date)::date) AS days
                     FROM kam_stakeholder person
                     JOIN kam_watched mapped ON mapped.id = person.account_id
                LEFT JOIN (%(contacts)s) contact ON contact.stakeholder_id = person.id AND contact.day <= %(date)s
                    WHERE person.active
                 GROUP BY person.account_id) silence ON silence.account_id = watched.id""",
        date=scope.date, contacts=contacts)
