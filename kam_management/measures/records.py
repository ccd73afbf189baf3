"""A count of records that meet a condition, such as meetings with a subject or orders of a product."""
from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import measure

_lt = LazyTranslate(__name__)

# What may be counted: model -> (where its customer is found, its day).
COUNTED = {
    'crm.lead': ('partner_id.commercial_partner_id', 'create_date'),
    'sale.order': ('partner_id.commercial_partner_id', 'date_order'),
    'calendar.event': ('partner_ids.commercial_partner_id', 'start'),
}


@measure('record_count', label=_lt("Count of Records"), unit='count', accumulates=True,
         help=_lt("Opportunities, orders or meetings of the period that meet a condition. They are counted with the "
                  "rights of whoever set the condition."))
def record_count(scope):
    """Number of records of the account's legal entities, of the period, that meet the condition of the span.

    Counted as the person who wrote the condition: everybody sees the same number, and a condition tells its author
    nothing about records that are closed to them. Opportunities count by their creation, orders by their date,
    meetings by their start.
    """
    entities = {}
    for entity in scope.env['kam.account.entity'].search([
            ('account_id', 'in', list({span.account_id for span in scope.spans}))]):
        entities.setdefault(entity.account_id.id, []).append(entity.partner_id.id)
    counts = [_count(scope, span, entities.get(span.account_id, [])) for span in scope.spans if span.records]
    return SQL(" UNION ALL ").join(counts) if counts else None


def _count(scope, span, partner_ids):
    user, name, domain = span.records
    path, day = COUNTED[name]
    companies = user.company_ids & scope.program.company_ids or user.company_id
    model = scope.env[name].with_user(user).with_context(allowed_company_ids=companies.ids, active_test=True)
    query = model._search(
        Domain(domain)
        & Domain(path, 'in', [span.entity_id] if span.entity_id else partner_ids)
        & Domain(day, '>=', span.date_from) & Domain(day, '<', span.date_to + timedelta(days=1)))
    return SQL("SELECT %s::int AS key, COUNT(*) AS value FROM (%s) found", span.key, query.select())
