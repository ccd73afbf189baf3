from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .kam_review import OPEN_STATES

# So many days before a review is due it is planned.
LEAD_DAYS = 30
# What the first review, or one that should have been long ago, leaves for inviting.
INVITE_DAYS = 14
# So many days after its owner a champion hears of a review that was not held.
ESCALATION_DAYS = 7


class KamReview(models.Model):
    """Planning by the cadence of the tier, and what happens when a review is not held (F52).

    The next review of a kind is due so many days after the last one that was held or cancelled as the tier says; where
    there was none, two weeks after it is planned. A visit is due when kam_account_visit says so. One open review of
    each kind is enough, whoever planned it. The day moves on to a working day of the owner's company.
    """
    _inherit = 'kam.review'

    date_reminded = fields.Date(readonly=True, copy=False, help="When its owner heard that it is overdue.")
    date_escalated = fields.Date(readonly=True, copy=False, help="When a champion heard of it.")

    @api.model
    def _cron_plan(self):
        """Twice on one day, or on two workers, does no harm."""
        self._drop_planned()
        self._plan_due()
        self._find_meetings()
        self._remind()
        self._escalate()

    # Planning

    @api.model
    def _plan_due(self):
        """Plan what the tiers ask for: a statement for each kind, then only what is new is completed."""
        today = fields.Date.context_today(self)
        self.env['kam.account']._flush_visits()
        self.env.flush_all()
        ids = []
        for kind, cadence, source in self._cadences():
            ids += [review_id for review_id, in self.env.execute_query(
                self._planning_sql(kind, cadence, source, today))]
        if ids:
            self.invalidate_model()
            self.env['kam.account'].invalidate_model(['review_ids'])
            self.browse(ids)._complete_planned()
        return self.browse(ids)

    @api.model
    def _cadences(self):
        """[(kind, SQL of the days between two, SQL of the day that something else asks for)]"""
        visits = self.env['kam.account']._visits_sql(SQL(
            "account.active AND account.sponsor_id IS NOT NULL AND tier.sponsor_visit_days > 0"))
        never = SQL("(SELECT NULL::int AS id, NULL::date AS day LIMIT 0)")
        return [
            ('business', SQL("tier.review_days"), never),
            ('internal', SQL("tier.internal_review_days"), never),
            ('visit', SQL("tier.sponsor_visit_days"), SQL("(SELECT id, sponsor_due AS day FROM (%s) visit)", visits)),
        ]

    @api.model
    def _planning_sql(self, kind, cadence, source, today):
        """Insert returning ids. Raw SQL: set-based, and the indexes let the second of two workers add nothing."""
        return SQL(
            """INSERT INTO kam_review (account_id, program_id, tier_id, kind, state, owner_id, period, date_due, date,
                                       create_uid, create_date, write_uid, write_date)
               SELECT account.id, account.program_id, account.tier_id, %(kind)s, 'planned',
                      COALESCE(account.manager_id, account.sponsor_id), due.day, due.day, due.day,
                      %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
                 FROM kam_account account
                 JOIN kam_tier tier ON tier.id = account.tier_id AND %(cadence)s > 0
                 LEFT JOIN %(source)s asked ON asked.id = account.id
                 LEFT JOIN LATERAL (
                   SELECT MAX(review.date) AS day FROM kam_review review
                    WHERE review.account_id = account.id AND review.kind = %(kind)s
                      AND review.state IN ('held', 'closed', 'cancelled')
               ) past ON TRUE
                CROSS JOIN LATERAL (SELECT GREATEST(asked.day, past.day + %(cadence)s) AS day) rule
                CROSS JOIN LATERAL (
                   SELECT GREATEST(rule.day, %(today)s::date + LEAST(%(invite)s, %(cadence)s)) AS day) due
                WHERE account.active AND (account.manager_id IS NOT NULL OR account.sponsor_id IS NOT NULL)
                  AND (%(kind)s != 'visit' OR account.sponsor_id IS NOT NULL)
                  AND (rule.day IS NULL OR rule.day <= %(today)s::date + %(lead)s)
                  AND NOT EXISTS (SELECT FROM kam_review review
                                   WHERE review.account_id = account.id AND review.kind = %(kind)s
                                     AND review.state IN ('planned', 'invited'))
                   ON CONFLICT DO NOTHING
            RETURNING id""",
            kind=kind, cadence=cadence, source=source, today=today, uid=self.env.uid, lead=LEAD_DAYS,
            invite=INVITE_DAYS)

    def _complete_planned(self):
        """Working days, people and agenda of reviews that have just been planned."""
        days = {}
        for review in self:
            company = review._company()
            key = company, review.date_due
            if key not in days:
                days[key] = self._working_day(company, review.date_due)
            if review.date_due != days[key]:
                review.date_due = days[key]
        for name in ('template_id', 'partner_ids'):
            self.env.add_to_compute(self._fields[name], self)
        for template, reviews in self.grouped('template_id').items():
            template._fill(reviews)

    def _company(self):
        """Where the review is prepared."""
        companies = self.program_id.company_ids
        return self.owner_id.company_id & companies or companies[:1]

    @api.model
    def _working_day(self, company, day):
        """The first working day of the company from `day` on, its holidays left out.

        A company whose calendar has no working hours works on any day.
        """
        calendar = company.resource_calendar_id
        if not calendar or not calendar.attendance_ids:
            return day
        start = pytz.timezone(calendar.tz or 'UTC').localize(datetime.combine(day, time.min))
        found = calendar.plan_days(1, start, compute_leaves=True)
        return found.date() if found else day

    @api.model
    def _drop_planned(self):
        """Nobody prepares what the tier does not ask for any more, at accounts that left or fell to another tier."""
        planned = Domain('state', 'in', OPEN_STATES) & Domain('account_id.active', '=', False)
        for kind, cadence in (
            ('business', 'review_days'), ('internal', 'internal_review_days'), ('visit', 'sponsor_visit_days'),
        ):
            planned |= (Domain('state', '=', 'planned') & Domain('period', '!=', False) & Domain('kind', '=', kind)
                        & Domain(f'account_id.tier_id.{cadence}', '=', 0))
        dropped = self.search(planned)
        dropped._cancel()
        for review in dropped:
            review.message_post(body=self.env._(
                "Cancelled: %s has left the programme, or its tier asks for no such review.",
                review.account_id.display_name))

    @api.model
    def _find_meetings(self):
        """A visit that somebody put in the calendar by itself is the one that was planned."""
        visits = self.search([('kind', '=', 'visit'), ('state', '=', 'planned'), ('event_id', '=', False)])
        # Who has a visit in the calendar is known for all accounts by one statement; the rest needs no look.
        for review in visits.filtered(lambda review: review._may_have_meeting()):
            account = review.account_id
            event = self.env['calendar.event'].search(
                Domain(account._meeting_domain()) & Domain('start', '>', review._last_visit_at_most())
                & Domain('attendee_ids', 'any', [
                    ('partner_id', '=', account.sponsor_id.partner_id.id), ('state', '!=', 'declined')]),
                order='start', limit=1)
            if event:
                review._take_meeting(event)

    def _may_have_meeting(self):
        account = self.account_id
        last = account.date_last_sponsor_visit
        return account.date_next_sponsor_visit or last and last > self._last_visit_at_most()

    def _last_visit_at_most(self):
        """The visit before the one planned was on this day, or earlier."""
        if not self.period:
            return fields.Date.context_today(self)
        return self.period - timedelta(days=self.tier_id.sponsor_visit_days - 1)

    # Overdue

    @api.model
    def _remind(self):
        """One activity for the owner of a review whose day has passed."""
        today = fields.Date.context_today(self)
        # Locked, so that two workers do not both tell.
        late = self.search([
            ('is_overdue', '=', True), ('date_reminded', '=', False), ('owner_id', '!=', False)]).try_lock_for_update()
        for review in late:
            # In the language of whoever reads it.
            env = review.with_context(lang=review.owner_id.lang).env
            review._schedule_reminder(review.owner_id, env._(
                "Hold this review, or choose another day: it was planned for %s", format_date(env, review.date)))
        late.date_reminded = today
        return late

    @api.model
    def _escalate(self):
        """The activity goes on to a champion; where the owner has ticked it off without holding, there is a new one."""
        today = fields.Date.context_today(self)
        late = self.search([
            ('is_overdue', '=', True), ('date_escalated', '=', False),
            ('date_reminded', '<=', today - timedelta(days=ESCALATION_DAYS))]).try_lock_for_update()
        for review in late:
            champion = review.program_id.champion_ids.filtered('active')[:1]
            if not champion:
                continue
            review._end_reminder()
            env = review.with_context(lang=champion.lang).env
            review._schedule_reminder(champion, env._(
                "Not held for %(days)s days: talk to %(person)s", days=(today - review.date).days,
                person=review.owner_id.name or env._("the account team")))
            review.date_escalated = today
        return late

    def _schedule_reminder(self, user, summary):
        self.activity_schedule(
            'kam_management.mail_activity_type_review_overdue', user_id=user.id, summary=summary,
            date_deadline=fields.Date.context_today(self))

    def _end_reminder(self):
        # They are other people's (sudo).
        self.sudo().activity_unlink(['kam_management.mail_activity_type_review_overdue'])

    def write(self, vals):
        result = super().write(vals)
        if 'date_due' in vals or 'event_id' in vals:
            moved = self.filtered(lambda review: review.date_reminded and not review.is_overdue)
            # Who chooses another day may not write what the nightly job notes (sudo).
            moved.sudo().write({'date_reminded': False, 'date_escalated': False})
            moved._end_reminder()
        return result
