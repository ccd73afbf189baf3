"""The people at the customer whom we really talk to."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import measure

_lt = LazyTranslate(__name__)


# Not replayable: who was on the map at the time is not kept.
@measure('live_contacts', label=_lt("Live Contacts"), unit='count', is_replayable=False,
         help=_lt("People at the customer who have been in contact with us lately."))
def live_contacts(scope):
    """Live people of the relationship map, as it defines them.

    Raw SQL also past the rules of map and calendar: only how many people are told, never who.
    """
    return SQL(
        """SELECT span.key, COUNT(live.id) AS value
             FROM (%(spans)s) span
        LEFT JOIN kam_stakeholder person ON person.account_id = span.account_id
        LEFT JOIN res_partner contact ON contact.id = person.partner_id
        LEFT JOIN (%(live)s) live ON live.id = person.id
                  AND (span.entity_id IS NULL OR contact.commercial_partner_id = span.entity_id)
         GROUP BY span.key""",
        spans=scope.table(), live=scope.env['kam.stakeholder']._live_sql(
            SQL("stakeholder.account_id = ANY(%s)", list({span.account_id for span in scope.spans}))))
