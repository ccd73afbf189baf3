"""What may come: open opportunities (S38)."""
from datetime import timedelta

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.kam_management.measures.base import LedgerOfSpans

from .base import metric

_lt = LazyTranslate(__name__)


def documents_of_pipeline(scope, account):
    """Opportunities that were open on the as-of date."""
    end = scope.date + timedelta(days=1)
    return 'crm.lead', [
        ('partner_id.commercial_partner_id', 'in', scope.partner_ids(account)),
        ('type', '=', 'opportunity'), ('company_id', 'in', [*scope.company_ids, False]), ('create_date', '<', end),
        ('active', 'in', (True, False)),
        '|', ('date_closed', '>=', end), '&', ('active', '=', True), ('won_status', '=', 'pending')]


@metric('open_pipeline_weighted', label=_lt("Open Pipeline"), unit='currency', zero=0, full=50000,
        documents=documents_of_pipeline,
        help=_lt("Expected revenue of the open opportunities of all legal entities, weighted by their probability."),
        replayable=False)
def open_pipeline_weighted(scope):
    """Sum of expected_revenue * probability / 100 over open opportunities, rounded to 2 decimals once.

    Of contacts of all entities, in the companies of the programme or of no company; converted at the rate of the as-of
    date, 1 to 1 without company. Open: created by the as-of date, and still open or closed (date_closed) after it. 0
    when there were opportunities and none is open; no value where there never was one. Revenue and probability are
    those of today: replayed, an opportunity that has been won since counts in full, one lost since with 0. Source: S38
    "look for new opportunities"; weighted pipeline as Odoo's own (prorated revenue).
    """
    # Only the rates of one day are needed.
    rates = LedgerOfSpans.of(scope.program, scope.date, scope.date).rates
    return SQL(
        """SELECT entity.account_id, ROUND(COALESCE(SUM(
                      lead.expected_revenue * lead.probability::numeric / 100 * COALESCE(rate.target / rate.source, 1)
                  ) FILTER (WHERE lead.date_closed >= %(end)s OR lead.active AND lead.won_status = 'pending'), 0), 2)
                  AS value
             FROM kam_account account
             JOIN kam_account_entity entity ON entity.account_id = account.id
             JOIN res_partner contact ON contact.commercial_partner_id = entity.partner_id
             JOIN crm_lead lead ON lead.partner_id = contact.id AND lead.type = 'opportunity'
                  AND lead.create_date < %(end)s
                  AND (lead.company_id IS NULL OR lead.company_id = ANY(%(companies)s))
        LEFT JOIN (%(rates)s) rate ON rate.company_id = lead.company_id
            WHERE %(accounts)s
         GROUP BY entity.account_id""",
        end=scope.date + timedelta(days=1), companies=list(scope.company_ids), rates=rates.table(),
        accounts=scope.accounts)
