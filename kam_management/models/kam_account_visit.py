from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

VISIT_FIELDS = (
    'date_last_manager_visit', 'date_next_manager_visit', 'date_manager_visit_due',
    'date_last_sponsor_visit', 'date_next_sponsor_visit', 'date_sponsor_visit_due')


class KamAccount(models.Model):
    """Visits of the account manager and of the sponsor (S7, S90, F46).

    A visit is a meeting in the calendar that both somebody of the customer and whoever held the seat on that day
    attend. It is due so many days after the last one, or after the present holder took the seat, as the tier says;
    without holder or cadence none is due. Nothing is stored: a meeting that is moved moves the visit.
    """
    _inherit = 'kam.account'

    date_last_manager_visit = fields.Date(string="Last Visit of the Manager", compute='_compute_visits')
    date_next_manager_visit = fields.Date(string="Next Visit of the Manager", compute='_compute_visits')
    date_manager_visit_due = fields.Date(string="Visit of the Manager Due", compute='_compute_visits')
    date_last_sponsor_visit = fields.Date(string="Last Visit of the Sponsor", compute='_compute_visits')
    date_next_sponsor_visit = fields.Date(string="Next Visit of the Sponsor", compute='_compute_visits')
    date_sponsor_visit_due = fields.Date(string="Visit of the Sponsor Due", compute='_compute_visits')
    is_manager_visit_overdue = fields.Boolean(compute='_compute_visits', search='_search_is_manager_visit_overdue')
    is_sponsor_visit_overdue = fields.Boolean(compute='_compute_visits', search='_search_is_sponsor_visit_overdue')
    is_visit_overdue = fields.Boolean(
        string="Visit Overdue", compute='_compute_visits', search='_search_is_visit_overdue',
        help="The day on which a visit was due has passed without one, also where one is planned.")

    @api.depends('tier_id', 'manager_id', 'sponsor_id')
    def _compute_visits(self):
        today = fields.Date.context_today(self)
        rows = {}
        if self.ids:
            self._flush_visits()
            rows = {row[0]: row[1:] for row in self.env.execute_query(
                self._visits_sql(SQL("account.id = ANY(%s)", self.ids)))}
        for account in self:
            values = rows.get(account.id) or (None,) * len(VISIT_FIELDS)
            for name, value in zip(VISIT_FIELDS, values, strict=True):
                account[name] = value
            manager_due, sponsor_due = account.date_manager_visit_due, account.date_sponsor_visit_due
            account.is_manager_visit_overdue = bool(manager_due and manager_due < today)
            account.is_sponsor_visit_overdue = bool(sponsor_due and sponsor_due < today)
            account.is_visit_overdue = account.is_manager_visit_overdue or account.is_sponsor_visit_overdue

    def _flush_visits(self):
        for model, names in (
            ('calendar.event', ['active', 'start', 'partner_ids']), ('calendar.attendee', ['state']),
            ('kam.account.entity', ['account_id', 'partner_id']),
            ('kam.account', ['tier_id', 'active', 'manager_id', 'sponsor_id']),
            ('res.partner', ['commercial_partner_id']),
            ('kam.tier', ['manager_visit_days', 'sponsor_visit_days']), ('res.users', ['partner_id']),
            ('kam.assignment', ['account_id', 'user_id', 'role', 'date_from', 'date_to', 'is_current']),
        ):
            self.env[model].flush_model(names)

    @api.model
    def _visits_sql(self, condition):
        """Select of (account_id, *VISIT_FIELDS).

        Raw SQL also past the rules of the calendar: only days are told, never what a meeting is about. LATERAL, account
        by account: PostgreSQL expects next to no visits and would go through those of all accounts for each of them.

        :param condition: SQL on `account` (kam_account)
        """
        return SQL(
            """SELECT account.id, day.last_manager, day.next_manager,
                      CASE WHEN tier.manager_visit_days > 0 AND seat.manager_from IS NOT NULL
                           THEN GREATEST(day.last_manager, seat.manager_from) + tier.manager_visit_days END
                           AS manager_due,
                      day.last_sponsor, day.next_sponsor,
                      CASE WHEN tier.sponsor_visit_days > 0 AND seat.sponsor_from IS NOT NULL
                           THEN GREATEST(day.last_sponsor, seat.sponsor_from) + tier.sponsor_visit_days END
                           AS sponsor_due
                 FROM kam_account account
                 JOIN kam_tier tier ON tier.id = account.tier_id
                 LEFT JOIN LATERAL (
                   SELECT MAX(seat.date_from) FILTER (WHERE seat.role = 'manager') AS manager_from,
                          MAX(seat.date_from) FILTER (WHERE seat.role = 'sponsor') AS sponsor_from
                     FROM kam_assignment seat
                    WHERE seat.account_id = account.id AND seat.is_current
                 GROUP BY seat.account_id
               ) seat ON TRUE
                 LEFT JOIN LATERAL (
                   SELECT MAX(day) FILTER (WHERE role = 'manager' AND day <= %(today)s) AS last_manager,
                          MIN(day) FILTER (WHERE role = 'manager' AND day > %(today)s) AS next_manager,
                          MAX(day) FILTER (WHERE role = 'sponsor' AND day <= %(today)s) AS last_sponsor,
                          MIN(day) FILTER (WHERE role = 'sponsor' AND day > %(today)s) AS next_sponsor
                     FROM (%(meetings)s) visit
               ) day ON TRUE
                WHERE %(condition)s""",
            condition=condition, today=fields.Date.context_today(self),
            meetings=self._visit_meetings_sql(SQL("entity.account_id = account.id")))

    @api.model
    def _visit_meetings_sql(self, condition):
        """Select of (account_id, event_id, role, day): a row for each visit and holder, made or planned.

        :param condition: SQL on `entity` (kam_account_entity) and `event` (calendar_event)
        """
        return SQL(
            """SELECT entity.account_id, event.id AS event_id, held.role, event.start::date AS day
                 FROM kam_account_entity entity
                 JOIN res_partner contact ON contact.commercial_partner_id = entity.partner_id
                 JOIN calendar_event_res_partner_rel theirs ON theirs.res_partner_id = contact.id
                 JOIN calendar_event event ON event.id = theirs.calendar_event_id AND event.active
                 JOIN calendar_event_res_partner_rel ours ON ours.calendar_event_id = event.id
                 JOIN res_users holder ON holder.partner_id = ours.res_partner_id
                 LEFT JOIN calendar_attendee answer ON answer.event_id = event.id
                                                   AND answer.partner_id = ours.res_partner_id
                 JOIN kam_assignment held ON held.account_id = entity.account_id AND held.user_id = holder.id
                                         AND held.role IN ('manager', 'sponsor')
                                         AND held.date_from <= event.start::date
                                         AND COALESCE(held.date_to, 'infinity') >= event.start::date
                WHERE answer.state IS DISTINCT FROM 'declined' AND %s""", condition)

    @api.model
    def _search_overdue(self, operator, value, *columns):
        """Only accounts in somebody's hands whose tier has a cadence are looked at, whatever the number of others."""
        if operator != 'in':
            return NotImplemented
        self._flush_visits()
        today = fields.Date.context_today(self)
        overdue = SQL(
            "SELECT id FROM (%s) due WHERE %s",
            self._visits_sql(SQL(
                "account.active AND (account.manager_id IS NOT NULL OR account.sponsor_id IS NOT NULL) "
                "AND GREATEST(tier.manager_visit_days, tier.sponsor_visit_days) > 0")),
            SQL(" OR ").join(SQL("%s < %s", SQL.identifier(column), today) for column in columns))
        ids = [account_id for account_id, in self.env.execute_query(overdue)]
        return Domain('id', 'in' if True in value else 'not in', ids)

    def _search_is_manager_visit_overdue(self, operator, value):
        return self._search_overdue(operator, value, 'manager_due')

    def _search_is_sponsor_visit_overdue(self, operator, value):
        return self._search_overdue(operator, value, 'sponsor_due')

    def _search_is_visit_overdue(self, operator, value):
        return self._search_overdue(operator, value, 'manager_due', 'sponsor_due')

    def action_plan_visit(self):
        """A new meeting with the people whom a visit takes, a week from now at nine where the user is."""
        self.ensure_one()
        day = fields.Date.context_today(self) + timedelta(days=7)
        start = self.env.tz.localize(datetime.combine(day, time(9))).astimezone(timezone.utc).replace(tzinfo=None)
        attendees = (self.env.user | self.manager_id | self.sponsor_id).partner_id | self.partner_id
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Plan Visit"),
            'res_model': 'calendar.event',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_name': self.env._("Visit at %s", self.display_name), 'default_partner_ids': attendees.ids,
                'default_start': fields.Datetime.to_string(start),
                'default_stop': fields.Datetime.to_string(start + timedelta(hours=2))},
        }
