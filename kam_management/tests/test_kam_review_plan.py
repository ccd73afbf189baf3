from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .review_common import TODAY, ReviewCase


@tagged('post_install', '-at_install')
class TestKamReviewPlan(ReviewCase):
    """What the nightly job plans, when, and what it does when nobody holds it."""

    def here(self, domain):
        """Reviews of this programme, whatever else the database has."""
        return self.env['kam.review'].search([('program_id', '=', self.program.id), *domain])

    def test_what_is_planned(self):
        self.night(TODAY)
        review = self.of('business')
        self.assertEqual((review.date, review.owner_id, review.state, review.tier_id), (
            date(2026, 3, 16), self.manager, 'planned', self.tiers['gold']))
        self.assertEqual(review.partner_ids, self.ann | self.eve)
        self.assertEqual(review.line_ids.mapped('step'), [
            'open', 'record', 'situation', 'problem', 'implication', 'payoff', 'decide'])

    def test_holidays_of_the_company(self):
        self.env['resource.calendar.leaves'].create({
            'name': "Holidays", 'calendar_id': self.work_hours.id, 'company_id': self.company_a.id,
            'date_from': '2026-03-16 00:00:00', 'date_to': '2026-03-17 23:59:59'})
        self.night(TODAY)
        self.assertEqual((self.of('business').date_due, self.of('business').period), (
            date(2026, 3, 18), date(2026, 3, 16)))

    def test_calendar_without_working_hours(self):
        self.work_hours.attendance_ids.unlink()
        self.night('2026-03-07')
        self.assertEqual(self.of('business').date_due, date(2026, 3, 21), "A Saturday, as any day")

    def test_cadence_zero_plans_nothing(self):
        self.tiers['gold'].write({'review_days': 0, 'sponsor_visit_days': 0})
        self.night(TODAY)
        self.assertFalse(self.here([]))

    def test_company_without_calendar(self):
        self.company_a.resource_calendar_id = False
        self.night('2026-03-07')
        self.assertEqual(self.of('business').date_due, date(2026, 3, 21))

    def test_negative_cadence(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
            self.tiers['gold'].review_days = -1

    def test_what_a_person_planned_is_enough(self):
        own = self.review(date_due='2026-03-20')
        self.night(TODAY)
        self.assertEqual(self.of('business'), own)

    def test_two_workers_plan_one(self):
        """The second worker does not see the review of the first, and asks the database for it again."""
        self.night(TODAY)
        with freeze_time(TODAY):
            Review = self.env['kam.review']
            statement = Review._planning_sql
            blind = {}

            def without_looking(*args):
                query = statement(*args)
                code = query.code.replace("AND NOT EXISTS", "AND TRUE OR NOT EXISTS")
                blind[args[0]] = True
                return type(query)(code, *query.params)
            with patch.object(type(Review), '_planning_sql', side_effect=without_looking):
                self.assertFalse(Review._plan_due().filtered(lambda review: review.account_id == self.acme))
            self.assertTrue(blind)
        self.assertEqual(len(self.of('business')), 1)

    def test_a_cancelled_one_is_not_planned_again(self):
        self.night(TODAY)
        self.as_user(self.of('business'), self.manager).action_cancel()
        self.night('2026-03-03')
        self.night('2026-05-14')
        self.assertEqual(len(self.of('business')), 1)
        self.night('2026-05-16')
        self.assertEqual(self.of('business')[1:].date_due, date(2026, 6, 15), "90 days are a Sunday")

    def test_the_tier_changes_before_it_is_held(self):
        self.night(TODAY)
        review = self.of('business')
        self.tiers['diamond'].write({'review_days': 60, 'sponsor_visit_days': 90})
        self.acme.sudo().tier_id = self.tiers['diamond']
        self.night('2026-03-03')
        self.assertEqual((review.state, review.date), ('planned', date(2026, 3, 16)))
        self.assertIn("was Gold when this was planned and is Diamond now", review.notice)
        self.acme.sudo().tier_id = self.tiers['general']
        self.night('2026-03-04')
        self.assertEqual(set(self.here([]).mapped('state')), {'cancelled'})
        self.assertIn("asks for no such review", review.message_ids[:1].body)

    def test_the_tier_changes_after_the_invitation(self):
        """Who is invited is not sent away: the meeting stands, whatever the tier asks for."""
        self.night(TODAY)
        review = self.of('business')
        review._take_meeting(self.meet(self.day('2026-03-16'), self.manager.partner_id, self.ann))
        self.acme.sudo().tier_id = self.tiers['general']
        self.night('2026-03-03')
        self.assertEqual(review.state, 'invited')
        with freeze_time('2026-03-16'):
            self.as_user(review, self.manager).action_hold()
        self.assertEqual((review.tier_id, review.snapshot['tier']), (self.tiers['gold'], "General"))
        self.assertFalse(review.notice, "nothing to prepare any more")

    def test_an_archived_account(self):
        self.night(TODAY)
        self.as_user(self.acme, self.champion).active = False
        self.assertEqual(set(self.here([]).mapped('state')), {'cancelled'})
        self.night('2026-03-03')
        self.assertFalse(self.here([('state', '=', 'planned')]))

    def test_a_visit_in_the_calendar_is_the_one_planned(self):
        event = self.meet(self.day('2026-03-20'), self.executive.partner_id, self.ann)
        self.meet(self.day('2026-03-10'), self.manager.partner_id, self.ann)
        self.night(TODAY)
        visit = self.of('visit')
        self.assertEqual((visit.event_id, visit.state, visit.date), (event, 'invited', date(2026, 3, 20)))
        event.start = '2026-03-24 09:00:00'
        self.assertEqual(visit.date, date(2026, 3, 24))

    def test_nobody_holds_it(self):
        self.night(TODAY)
        review = self.of('business')
        for day in ('2026-03-16', '2026-03-17', '2026-03-18', '2026-03-23'):
            self.night(day, times=2)
        activity = self.reminders(review)
        self.assertEqual((len(activity), activity.user_id), (1, self.manager))
        self.night('2026-03-24', times=2)
        activity = self.reminders(review)
        self.assertEqual((len(activity), activity.user_id), (1, self.champion))
        self.assertIn("Not held for 8 days", activity.summary)
        with freeze_time('2026-03-25'):
            self.assertIn("Review overdue by 9 days", [
                entry['text'] for entry in self.as_user(self.acme, self.manager).attention])
            self.as_user(review, self.manager).action_hold()
        self.assertFalse(self.reminders(review))

    def test_ticked_off_is_not_held(self):
        self.night(TODAY)
        review = self.of('business')
        self.night('2026-03-17')
        self.reminders(review).action_feedback()
        self.night('2026-03-18')
        self.assertFalse(self.reminders(review))
        self.night('2026-03-24')
        self.assertEqual(self.reminders(review).user_id, self.champion)

    def test_another_day_ends_the_reminder(self):
        self.night(TODAY)
        review = self.of('business')
        self.night('2026-03-17')
        with freeze_time('2026-03-17'):
            self.as_user(review, self.manager).date_due = '2026-04-01'
        self.assertFalse(self.reminders(review))
        self.night('2026-04-02')
        self.assertEqual(self.reminders(review).user_id, self.manager)

    def test_programmes_of_other_companies(self):
        """Each with its own calendar: company B does not work on Mondays."""
        tier = self.program_b.tier_ids.filtered(lambda tier: tier.value_class == 'gold')
        tier.review_days = 30
        other = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_partner.id, 'tier_id': tier.id})
        self.env['kam.assignment'].create(self._seat_values(other, self.outsider, 'manager'))
        self.company_b.resource_calendar_id = self.work_hours.copy({'company_id': self.company_b.id})
        self.company_b.resource_calendar_id.attendance_ids.filtered(
            lambda attendance: attendance.dayofweek == '0').unlink()
        self.night(TODAY)
        self.assertEqual(self.of('business', other).date_due, date(2026, 3, 17))
        self.assertEqual(self.of('business').date_due, date(2026, 3, 16))

    def test_statements_do_not_grow_with_accounts(self):
        """Where nothing is to be planned, the night costs the same whatever the number of accounts."""
        def night():
            self.night(TODAY)
        night()
        one = self.statements(night)
        partners = self.env['res.partner'].create([{'name': f"C{number}", 'is_company': True} for number in range(10)])
        accounts = self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id, 'tier_id': self.tiers['gold'].id}
            for partner in partners])
        self.env['kam.assignment'].create([self._seat_values(account, self.manager, 'manager') for account in accounts])
        night()
        self.assertEqual(len(self.here([('account_id', 'in', accounts.ids)])), 10)
        self.assertLessEqual(self.statements(night), one)
