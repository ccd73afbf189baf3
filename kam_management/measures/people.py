"""The people at the customer whom we really talk to."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import measure

_lt = LazyTranslate(__name__)

LIVE_DAYS = 90


# Not replayable: who was on the map at the time is not kept.
@measure('live_contacts', label=_lt("Live Contacts"), unit='count', is_replayable=False,
         help=_lt("People at the customer who have been in contact with us lately."))
def live_contacts(scope):
    """Live people of the relationship map, as it defines them; without a map, those who met us within 90 days.

    Raw SQL also past the rules of map and calendar: only how many people are told, never who.
    """
    Stakeholder = scope.env['kam.stakeholder'] if 'kam.stakeholder' in scope.env else None
    return _met(scope) if Stakeholder is None else SQL(
        """SELECT span.key, COUNT(live.id) AS value
             FROM (%(spans)s) span
        LEFT JOIN kam_stakeholder person ON person.account_id = span.account_id
        LEFT JOIN res_partner contact ON contact.id = person.partner_id
        LEFT JOIN (%(live)s) live ON live.id = person.id
                  AND (span.entity_id IS NULL OR contact.commercial_partner_id = span.entity_id)
         GROUP BY span.key""",
        spans=scope.table(), live=Stakeholder._live_sql(
            SQL("stakeholder.account_id = ANY(%s)", list({span.account_id for span in scope.spans}))))


def _met(scope):
    """Persons of the legal entities who attend a meeting in the 90 days up to the last day of the span.

    Whoever has declined has not been there.
    """
    return SQL(
        """SELECT span.key, COUNT(DISTINCT contact.id) FILTER (WHERE event.id IS NOT NULL) AS value
             FROM (%(spans)s) span
             JOIN kam_account_entity entity ON entity.account_id = span.account_id
                  AND (span.entity_id IS NULL OR entity.partner_id = span.entity_id)
        LEFT JOIN res_partner contact ON contact.commercial_partner_id = entity.partner_id
                  AND contact.is_company IS NOT TRUE AND contact.active
        LEFT JOIN calendar_event_res_partner_rel there ON there.res_partner_id = contact.id
        LEFT JOIN calendar_attendee answer ON answer.event_id = there.calendar_event_id
                  AND answer.partner_id = contact.id
        LEFT JOIN calendar_event event ON event.id = there.calendar_event_id AND event.active
                  AND answer.state IS DISTINCT FROM 'declined'
                  AND event.start::date > span.date_to - %(days)s AND event.start::date <= span.date_to
         GROUP BY span.key""",
        spans=scope.table(), days=LIVE_DAYS)
