"""Customers that trade with us become accounts by themselves."""
from odoo.tools import SQL

from odoo.addons.kam_management.ledger.rates import CUSTOMER_DOCUMENTS


def enrol(scope):
    """Open an account in the entry tier for each customer that is in no account of the programme; return how many.

    A customer is the commercial partner of a posted customer document of the programme's companies up to the as-of
    date, not archived, and not one of our own companies. An archived account keeps its customer: nobody comes back in
    by this door.

    Raw SQL: a first run enrols everybody (100,000 rows), where the ORM would create them one by one with chatter and
    followers that nobody wants here. ON CONFLICT: another worker, or a person, may have been faster. Columns are those
    that the ORM would have filled: required ones, and stored related fields of the tier and the customer.
    """
    tier = scope.program.entry_tier_id
    if not tier:
        return 0
    scope.env.cr.execute(SQL(
        """WITH customer AS (
               SELECT DISTINCT commercial_partner_id AS id
                 FROM account_move
                WHERE company_id = ANY(%(companies)s) AND state = 'posted' AND move_type IN %(types)s
                  AND invoice_date <= %(date)s
           ), account AS (
               INSERT INTO kam_account (program_id, partner_id, country_id, tier_id, tier_sequence, category, is_key,
                                        active, create_uid, create_date, write_uid, write_date)
               SELECT %(program)s, partner.id, partner.country_id, %(tier)s, %(sequence)s, %(category)s, %(is_key)s,
                      TRUE, %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
                 FROM customer JOIN res_partner partner ON partner.id = customer.id AND partner.active
                WHERE NOT EXISTS (SELECT FROM kam_account_entity entity
                                   WHERE entity.program_id = %(program)s AND entity.partner_id = partner.id)
                  AND NOT EXISTS (SELECT FROM res_company company WHERE company.partner_id = partner.id)
             ORDER BY partner.id
               ON CONFLICT DO NOTHING
               RETURNING id, partner_id
           )
           INSERT INTO kam_account_entity (account_id, program_id, partner_id,
                                           create_uid, create_date, write_uid, write_date)
           SELECT id, %(program)s, partner_id, %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
             FROM account
           ON CONFLICT DO NOTHING""",
        companies=list(scope.company_ids), types=CUSTOMER_DOCUMENTS, date=scope.date, program=scope.program.id,
        tier=tier.id, sequence=tier.sequence, category=tier.category, is_key=tier.is_key, uid=scope.env.uid))
    enrolled = scope.env.cr.rowcount
    if enrolled:
        # When they traded last says what they are: a customer that has stopped is lost from the start.
        scope.env['kam.account']._refresh_trade(SQL("account.program_id = %s", scope.program.id))
    return enrolled
