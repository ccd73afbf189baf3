"""Whom we know at the customer (S66, S78): the figures of the relationship map."""
from datetime import timedelta

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric

_lt = LazyTranslate(__name__)


def documents_of_map(scope, account):
    return 'kam.stakeholder', [('account_id', '=', account.id), ('date_left', '=', False)]


def _people(scope):
    """Select of (id, account_id, buying_role) of the people on the maps of the programme.

    Who was archived since is left out also for a past date; who has left since, or came later, is not.
    """
    return SQL(
        """SELECT person.id, person.account_id, person.buying_role
             FROM kam_stakeholder person
             JOIN kam_account account ON account.id = person.account_id AND account.active
            WHERE %(accounts)s AND person.active AND person.create_date < %(end)s
              AND (person.date_left IS NULL OR person.date_left > %(date)s)""",
        accounts=scope.accounts, date=scope.date, end=scope.date + timedelta(days=1))


@metric('live_contacts', label=_lt("Live Contacts"), unit='count', zero=0, full=5, documents=documents_of_map,
        help=_lt("People on the relationship map who were in two-way contact with us within the days that the "
                 "programme allows."),
        replayable=False)
def live_contacts(scope):
    """Number of people on the map with a two-way contact in [date - contact_live_days, date].

    A contact as on the map (`kam.stakeholder._contacts_sql`): the person wrote, sat in a meeting with one of us that
    nobody of the two declined, or was called. 0 where people are known and none is live; no value without anybody on
    the map. A past date counts the contacts up to it, with the people of today's map who were on it by then. Raw SQL
    also past the rules of mails and meetings: only how many people are told, never who. Source: S78 "3 to 5 contacts",
    S66.
    """
    live = scope.env['kam.stakeholder']._contact_days_sql(SQL(
        "stakeholder.program_id = %s AND %s", scope.program.id, scope.only(SQL("stakeholder.account_id"))))
    return SQL(
        """SELECT person.account_id, COUNT(live.id) AS value
             FROM (%(people)s) person
        LEFT JOIN (SELECT DISTINCT stakeholder_id AS id FROM (%(live)s) contact
                    WHERE day >= %(first)s AND day <= %(date)s) live ON live.id = person.id
         GROUP BY person.account_id""",
        people=_people(scope), live=live, date=scope.date,
        first=scope.date - timedelta(days=scope.program.contact_live_days))


@metric('stakeholder_cover', label=_lt("Stakeholders Covered"), unit='percent', zero=0, full=100,
        documents=documents_of_map,
        help=_lt("Part of the people on the relationship map whom somebody of ours looks after. A decider and an "
                 "internal champion who are not known yet count as not covered."),
        replayable=False)
def stakeholder_cover(scope):
    """100 * C / (N + M) in double precision.

    N = people on the map, C = those of them with at least one active user of ours who covers them, M = how many of the
    roles decider and internal champion nobody on the map has (0 to 2). No value without anybody on the map. Who covers
    whom is that of today, also for a past date. Source: S66 "as many relationships as possible, above all those with
    influence", S78; cover of the buying centre as relationship maps show it.
    """
    return SQL(
        """SELECT person.account_id, 100.0::float8 * COUNT(covered.id) / (COUNT(*)
                      + CASE WHEN BOOL_OR(person.buying_role = 'decider') THEN 0 ELSE 1 END
                      + CASE WHEN BOOL_OR(person.buying_role = 'champion') THEN 0 ELSE 1 END) AS value
             FROM (%s) person
        LEFT JOIN (SELECT DISTINCT cover.stakeholder_id AS id
                     FROM kam_coverage cover
                     JOIN res_users colleague ON colleague.id = cover.user_id AND colleague.active
                  ) covered ON covered.id = person.id
         GROUP BY person.account_id""", _people(scope))
