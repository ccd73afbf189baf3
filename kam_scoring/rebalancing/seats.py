"""Facts about accounts and the people who hold their seats, each by one statement for all accounts.

Seats are those held on the first day of the new ones. The accounts are those of the people on the list, and key
accounts whose seat nobody holds.
"""
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools import SQL

OTHER_ROLE = {'manager': 'sponsor', 'sponsor': 'manager'}
# From this probability on, in percent, a deal is nearly won.
LATE_STAGE = 70


@dataclass
class Seat:
    """What is known of one account and its seat."""
    account_id: int
    seat_id: int | None
    user_id: int | None
    date_from: date | None
    date_to: date | None
    tier_id: int
    points: float
    competence_min: float
    country_id: int | None
    lang: str | None
    no_move_reason: str | None
    years: float = 0.0              # that the holder has been in the seat, all times together
    date_changed: date | None = None  # when it came to the holder from somebody else
    live: int = 0                   # live contacts
    lost: int = 0                   # of these, covered by nobody but the holder
    has_plan: bool = False          # in progress on the first day
    plan_end: date | None = None    # of a plan that is in review or ends soon
    deal: tuple | None = None       # (name, probability, deadline)
    known: dict = field(default_factory=dict)  # user id -> whether they stay: whom the customer knows of us
    barred_ids: set = field(default_factory=set)  # who holds the other single seat


class SeatFacts:
    def __init__(self, rebalance):
        self.rebalance, self.env = rebalance, rebalance.env
        self.role = 'sponsor' if rebalance.question == 'sponsors' else 'manager'
        self.day, self.today = rebalance.date, fields.Date.context_today(rebalance)
        people = rebalance.person_ids
        self.people_ids = people.user_id.ids
        self.leaving_ids = people.filtered(lambda person: person.role == 'leaves').user_id.ids
        self.seats = self._seats()
        for gather in (self._history, self._contacts, self._plans, self._deals, self._known, self._other_seats):
            gather()

    def _rows(self, sql):
        return self.env.execute_query(sql)

    def _held(self):
        """SQL condition: `seat` is held on the first day."""
        return SQL("seat.date_from <= %(day)s AND (seat.date_to IS NULL OR seat.date_to >= %(day)s)", day=self.day)

    def _scope(self):
        """SQL relation of (account_id, user_id) of the seats."""
        seats = list(self.seats.values())
        return SQL("(SELECT * FROM UNNEST(%s::int[], %s::int[])) AS scope (account_id, user_id)",
                   [seat.account_id for seat in seats], [seat.user_id for seat in seats])

    def _seats(self):
        size = SQL("1.0") if self.role == 'sponsor' else SQL(
            "tier.workload_points * COALESCE(seat.workload_share, 100) / 100")
        rows = self._rows(SQL(
            """SELECT account.id, seat.id, seat.user_id, seat.date_from, seat.date_to, account.tier_id,
                      (%(size)s)::float8, tier.competence_min::float8, account.country_id, partner.lang,
                      CASE WHEN account.date_no_move IS NULL OR account.date_no_move >= %(day)s
                           THEN NULLIF(account.no_move_reason, '') END
                 FROM kam_account account
                 JOIN kam_tier tier ON tier.id = account.tier_id
                 JOIN res_partner partner ON partner.id = account.partner_id
            LEFT JOIN kam_assignment seat ON seat.account_id = account.id AND seat.role = %(role)s AND %(held)s
                WHERE account.program_id = %(program)s AND account.active
                  AND (seat.user_id = ANY(%(people)s) OR seat.id IS NULL AND account.is_key)
             ORDER BY account.id""",
            size=size, day=self.day, role=self.role, held=self._held(), program=self.rebalance.program_id.id,
            people=self.people_ids))
        return {row[0]: Seat(*row) for row in rows}

    def _history(self):
        for account_id, days, changed in self._rows(SQL(
            """SELECT scope.account_id,
                      SUM(LEAST(COALESCE(past.date_to, %(day)s), %(day)s) - past.date_from)
                      FILTER (WHERE past.user_id = scope.user_id),
                      MAX(past.date_to) FILTER (WHERE past.user_id != scope.user_id)
                 FROM %(scope)s
                 JOIN kam_assignment past ON past.account_id = scope.account_id AND past.role = %(role)s
                      AND past.date_from <= %(day)s
             GROUP BY scope.account_id""", day=self.day, scope=self._scope(), role=self.role)):
            seat = self.seats[account_id]
            seat.years = max((days or 0) / 365.25, 0.0)
            seat.date_changed = changed and seat.date_from

    def _contacts(self):
        """Coverage by whoever leaves, or has left, saves no relationship."""
        Stakeholder = self.env['kam.stakeholder']
        live = Stakeholder._live_sql(SQL("stakeholder.account_id = ANY(%s)", list(self.seats)))
        for account_id, count, lost in self._rows(SQL(
            """SELECT scope.account_id, COUNT(*), COUNT(*) FILTER (WHERE cover.own AND NOT cover.other)
                 FROM (%(live)s) live
                 JOIN kam_stakeholder person ON person.id = live.id
                 JOIN %(scope)s ON scope.account_id = person.account_id
         CROSS JOIN LATERAL (
               SELECT COALESCE(BOOL_OR(cover.user_id = scope.user_id), FALSE) AS own,
                      COALESCE(BOOL_OR(cover.user_id != scope.user_id AND colleague.active
                                       AND cover.user_id != ALL(%(leaving)s)), FALSE) AS other
                 FROM kam_coverage cover JOIN res_users colleague ON colleague.id = cover.user_id
                WHERE cover.stakeholder_id = person.id) cover
             GROUP BY scope.account_id""", live=live, scope=self._scope(), leaving=self.leaving_ids)):
            self.seats[account_id].live, self.seats[account_id].lost = count, lost

    def _plans(self):
        soon = self.today + timedelta(days=self.rebalance.freeze_days)
        for account_id, running, end in self._rows(SQL(
            """SELECT account_id,
                      BOOL_OR(state IN ('approved', 'active') AND date_from <= %(day)s AND date_to >= %(day)s),
                      MIN(date_to) FILTER (WHERE state = 'review' OR date_to BETWEEN %(today)s AND %(soon)s)
                 FROM kam_plan
                WHERE account_id = ANY(%(accounts)s) AND entity_id IS NULL AND state != 'closed'
             GROUP BY account_id""",
                day=self.day, today=self.today, soon=soon, accounts=list(self.seats))):
            self.seats[account_id].has_plan = running
            # Without a freeze, nothing holds the account.
            self.seats[account_id].plan_end = end if self.rebalance.freeze_days else None

    def _deals(self):
        days = timedelta(days=self.rebalance.freeze_days)
        if not days:
            return
        for account_id, *deal in self._rows(SQL(
            """SELECT DISTINCT ON (entity.account_id) entity.account_id, lead.name, lead.probability, lead.date_deadline
                 FROM crm_lead lead
                 JOIN res_partner partner ON partner.id = lead.partner_id
                 JOIN kam_account_entity entity ON entity.partner_id = partner.commercial_partner_id
                WHERE entity.account_id = ANY(%(accounts)s) AND lead.active AND lead.type = 'opportunity'
                  AND lead.won_status = 'pending' AND lead.probability >= %(least)s
                  AND lead.date_deadline BETWEEN %(start)s AND %(end)s
             ORDER BY entity.account_id, lead.date_deadline, lead.id""",
                accounts=list(self.seats), least=LATE_STAGE, start=self.today - days, end=self.today + days)):
            self.seats[account_id].deal = tuple(deal)

    def _known(self):
        """Whom the customer knows: who holds a seat today, or covers somebody; and whether they will be there."""
        for account_id, user_id, stays in self._rows(SQL(
            """SELECT account_id, user_id, BOOL_OR(stays) FROM (
                   SELECT seat.account_id, seat.user_id,
                          (seat.date_to IS NULL OR seat.date_to >= %(day)s) AND colleague.active
                          AND seat.user_id != ALL(%(leaving)s) AS stays
                     FROM kam_assignment seat JOIN res_users colleague ON colleague.id = seat.user_id
                    WHERE seat.account_id = ANY(%(accounts)s) AND seat.is_current
                UNION ALL
                   SELECT person.account_id, cover.user_id, colleague.active AND cover.user_id != ALL(%(leaving)s)
                     FROM kam_stakeholder person
                     JOIN kam_coverage cover ON cover.stakeholder_id = person.id
                     JOIN res_users colleague ON colleague.id = cover.user_id
                    WHERE person.account_id = ANY(%(accounts)s) AND person.active AND person.date_left IS NULL
               ) known GROUP BY account_id, user_id""",
                day=self.day, leaving=self.leaving_ids, accounts=list(self.seats))):
            self.seats[account_id].known[user_id] = stays

    def _other_seats(self):
        for account_id, user_id in self._rows(SQL(
            """SELECT account_id, user_id FROM kam_assignment
                WHERE account_id = ANY(%s) AND role = %s AND (date_to IS NULL OR date_to >= %s)""",
                list(self.seats), OTHER_ROLE[self.role], self.day)):
            self.seats[account_id].barred_ids.add(user_id)

    @property
    def date_owner(self):
        """Whoever took an account on this day or later keeps it."""
        return self.day - relativedelta(months=self.rebalance.owner_months)

    def elsewhere(self):
        """{user id: (accounts, points)} in other programmes on the first day."""
        return {user_id: (count, points) for user_id, count, points in self._rows(SQL(
            """SELECT seat.user_id, COUNT(*), SUM(%(size)s)::float8
                 FROM kam_assignment seat
                 JOIN kam_account account ON account.id = seat.account_id AND account.active
                 JOIN kam_tier tier ON tier.id = account.tier_id
                WHERE seat.role = %(role)s AND %(held)s AND seat.user_id = ANY(%(people)s)
                  AND account.program_id != %(program)s
             GROUP BY seat.user_id""",
            size=SQL("1.0") if self.role == 'sponsor' else SQL("tier.workload_points * seat.workload_share / 100"),
            role=self.role, held=self._held(), people=self.people_ids, program=self.rebalance.program_id.id))}

    def teams(self):
        """{user id: ids of sales teams}, of the people on the list."""
        teams = defaultdict(set)
        for user_id, team_id in self._rows(SQL(
                "SELECT user_id, crm_team_id FROM crm_team_member WHERE active AND user_id = ANY(%s)",
                self.people_ids)):
            teams[user_id].add(team_id)
        return teams

    def levels(self):
        """{user id: mean level of competence}"""
        return dict(self._rows(SQL(
            """SELECT user_id, AVG(COALESCE(level, 0))::float8 FROM kam_profile_line
                WHERE user_id = ANY(%s) GROUP BY user_id""", self.people_ids)))
