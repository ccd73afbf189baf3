"""What may come: open opportunities."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import measure

_lt = LazyTranslate(__name__)


@measure('open_pipeline', label=_lt("Open Pipeline"), unit='currency', is_replayable=False,
         help=_lt("Expected revenue of the open opportunities, weighted by their probability, in the currency of the "
                  "programme."))
def open_pipeline(scope):
    """Sum of expected_revenue * probability of open opportunities of today, converted at the rate of today.

    Opportunities without company count in the currency of the programme. Only how it stands today can be told.
    """
    today = scope.sales(scope.today)
    return SQL(
        """SELECT span.key, ROUND(COALESCE(SUM(
                      lead.expected_revenue * lead.probability::numeric / 100 * COALESCE(rate.target / rate.source, 1)
                  ), 0), 2) AS value
             FROM (%(spans)s) span
             JOIN kam_account_entity entity ON entity.account_id = span.account_id
                  AND (span.entity_id IS NULL OR entity.partner_id = span.entity_id)
        LEFT JOIN res_partner contact ON contact.commercial_partner_id = entity.partner_id
        LEFT JOIN crm_lead lead ON lead.partner_id = contact.id AND lead.active AND lead.type = 'opportunity'
                  AND lead.won_status = 'pending'
                  AND (lead.company_id IS NULL OR lead.company_id = ANY(%(companies)s))
        LEFT JOIN (%(rates)s) rate ON rate.company_id = lead.company_id AND rate.date = %(today)s
         GROUP BY span.key""",
        spans=scope.table(), companies=list(today.company_ids), rates=today.rates.table(), today=scope.today)
