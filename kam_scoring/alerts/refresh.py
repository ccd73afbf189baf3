"""Alerts of one rule, or of what no rule watches any more: each in one statement, whatever the number of accounts.

Raw SQL: written where the figures are computed. The caller has flushed and invalidates afterwards.
"""
from datetime import timedelta

from odoo.tools import SQL

from odoo.addons.kam_management.ledger.rates import CUSTOMER_DOCUMENTS

from .base import CAUSES, RELEASE

OPEN_STATES = ('open', 'acknowledged')


def refresh(scope, rule):
    """Open, follow and end the alerts of a rule; return (ids of new alerts, ids of ended ones).

    An alert ends as resolved when its cause is gone, and expires when its account is not watched any more. It is not
    opened again before `alert_quiet_days` have passed since a person resolved the last one. ON CONFLICT: one open alert
    per account and cause, also when another worker has been faster.
    """
    found = SQL(
        """SELECT watched.id AS account_id, watched.user_id, found.measure, found.value, found.reference,
                  COALESCE(year.amount, 0) AS money
             FROM (SELECT account_id, ROUND(measure::numeric, 6) AS measure, value::float8 AS value,
                          reference::float8 AS reference FROM (%(select)s) figures) found
             JOIN kam_watched watched ON watched.id = found.account_id
        LEFT JOIN (SELECT account_id, ROUND(SUM(amount), 2) AS amount FROM kam_sale WHERE date > %(start)s
                    GROUP BY account_id) year ON year.account_id = watched.id
            WHERE found.measure > %(release)s""",
        select=CAUSES[rule.cause].select(scope), start=scope.date_from, release=round(RELEASE * rule.threshold, 6))
    rows = scope.env.execute_query(scope.with_sources(
        SQL("SELECT id, TRUE FROM kam_opened UNION ALL SELECT id, FALSE FROM kam_ended"),
        ('kam_watched', _watched(scope, rule)), ('kam_sale', _sales(scope)), ('kam_found', found),
        ('kam_ended', _ended(scope, rule)), ('kam_followed', _followed(scope, rule)),
        ('kam_opened', _opened(scope, rule))))
    return [row[0] for row in rows if row[1]], [row[0] for row in rows if not row[1]]


def expire(scope, causes):
    """End the alerts of causes that no rule watches; return their ids."""
    return [row[0] for row in scope.env.execute_query(SQL(
        """UPDATE kam_alert SET state = 'expired', date_resolved = %(date)s
            WHERE program_id = %(program)s AND state IN %(states)s AND cause != ALL(%(causes)s)
        RETURNING id""", date=scope.date, program=scope.program.id, states=OPEN_STATES, causes=list(causes)))]


def _watched(scope, rule):
    """Select of (id, tier_id, user_id): accounts in the tiers of the rule, with who has to see to an alert.

    Lost customers have their own track. Where the seat is empty, or its holder has left, the next one in charge steps
    in.
    """
    seats = {
        'manager': SQL("manager.id"), 'sponsor': SQL("sponsor.id"),
        'champion': SQL("%s::int", scope.program.champion_ids[:1].id or None)}
    order = [rule.owner, *(seat for seat in seats if seat != rule.owner)]
    return SQL(
        """SELECT account.id, account.tier_id, COALESCE(%(owner)s) AS user_id
             FROM kam_account account
             JOIN kam_tier tier ON tier.id = account.tier_id
        LEFT JOIN res_users manager ON manager.id = account.manager_id AND manager.active
        LEFT JOIN res_users sponsor ON sponsor.id = account.sponsor_id AND sponsor.active
            WHERE account.program_id = %(program)s AND account.active AND account.category IS DISTINCT FROM 'lost'
              AND %(tiers)s""",
        owner=SQL(", ").join(seats[seat] for seat in order), program=scope.program.id,
        tiers=SQL("tier.id = ANY(%s)", rule.tier_ids.ids) if rule.tier_ids else SQL("tier.is_key"))


def _sales(scope):
    """As `kam_document` of the metrics, for the watched accounts only."""
    return SQL(
        """SELECT watched.id AS account_id, move.invoice_date AS date,
                  SUM(-line.balance) * COALESCE(MIN(rate.target / rate.source), 1) AS amount
             FROM kam_watched watched
             JOIN kam_account_entity entity ON entity.account_id = watched.id
             JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                  AND move.company_id = ANY(%(companies)s) AND move.state = 'posted' AND move.move_type IN %(types)s
                  AND move.invoice_date > %(prior)s AND move.invoice_date <= %(date)s
        LEFT JOIN kam_rate rate ON rate.company_id = move.company_id AND rate.date = move.invoice_date
             JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
         GROUP BY watched.id, move.id""",
        companies=list(scope.company_ids), types=CUSTOMER_DOCUMENTS, prior=scope.date_prior, date=scope.date)


def _ended(scope, rule):
    return SQL(
        """UPDATE kam_alert alert
              SET date_resolved = %(date)s, write_date = NOW() AT TIME ZONE 'UTC', write_uid = %(uid)s,
                  state = CASE WHEN EXISTS (SELECT FROM kam_watched watched WHERE watched.id = alert.account_id)
                               THEN 'resolved' ELSE 'expired' END
            WHERE %(mine)s
              AND NOT EXISTS (SELECT FROM kam_found found WHERE found.account_id = alert.account_id)
        RETURNING alert.id""", date=scope.date, uid=scope.env.uid, mine=_open_ones(scope, rule))


def _followed(scope, rule):
    return SQL(
        """UPDATE kam_alert alert
              SET value = found.value, reference = found.reference, money = found.money, user_id = found.user_id
             FROM kam_found found
            WHERE %(mine)s AND found.account_id = alert.account_id
              AND (alert.value, alert.reference, alert.money, alert.user_id)
                  IS DISTINCT FROM (found.value, found.reference, found.money, found.user_id)""",
        mine=_open_ones(scope, rule))


def _opened(scope, rule):
    return SQL(
        """INSERT INTO kam_alert (account_id, program_id, cause, state, date, value, reference, threshold, money,
                                  user_id, create_uid, create_date, write_uid, write_date)
           SELECT found.account_id, %(program)s, %(cause)s, 'open', %(date)s, found.value, found.reference,
                  %(threshold)s, found.money, found.user_id, %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s,
                  NOW() AT TIME ZONE 'UTC'
             FROM kam_found found
            WHERE found.measure > %(threshold)s
              AND NOT EXISTS (
                  SELECT FROM kam_alert alert
                   WHERE alert.account_id = found.account_id AND alert.cause = %(cause)s
                     AND (alert.state IN %(states)s OR alert.resolver_id IS NOT NULL
                          AND alert.date_resolved > %(quiet)s))
         ORDER BY found.account_id
      ON CONFLICT DO NOTHING
        RETURNING id""",
        program=scope.program.id, cause=rule.cause, date=scope.date, threshold=rule.threshold, uid=scope.env.uid,
        states=OPEN_STATES, quiet=scope.date - timedelta(days=scope.program.alert_quiet_days))


def _open_ones(scope, rule):
    return SQL("alert.program_id = %s AND alert.cause = %s AND alert.state IN %s",
               scope.program.id, rule.cause, OPEN_STATES)
