from ast import literal_eval

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .service_common import ServiceCase


@tagged('post_install', '-at_install')
class TestKamIssueWait(ServiceCase):
    """The clock of the resolution stands still while the customer owes us something.

    Reported on Friday, the 5th of June 2026, at 16:00; 40 working hours end on Friday the 12th at 16:00, and the
    sponsor hears of it on Thursday the 11th at 14:00.
    """

    def move(self, issue, kind, moment, user=None, **values):
        with freeze_time(moment):
            self.as_user(issue, user or self.manager).write({'stage_id': self.stages[kind].id, **values})
            self.env.flush_all()

    def wait(self, issue, start, end):
        self.move(issue, 'waiting', start)
        self.move(issue, 'progress', end)

    def clocks(self, issue):
        return str(issue.date_escalate), str(issue.date_resolution_due), issue.waited_hours

    def state(self, issue, moment):
        """As it stands at that moment, and whether searching finds the same."""
        Issue = self.as_user(self.env['kam.issue'], self.manager)
        with freeze_time(moment):
            issue.invalidate_recordset()
            self.assertEqual(bool(Issue.search([('is_late', '=', True)])), issue.is_late)
            self.assertEqual(bool(Issue.search([('is_late', '=', False)])), not issue.is_late)
            return issue.sla_state

    def escalate(self, moment):
        with freeze_time(moment):
            found = self.env['kam.issue'].with_user(self.env.ref('base.user_root'))._cron_escalate()
            self.env.flush_all()
            return found

    def test_within_a_day(self):
        issue = self.issue()
        self.wait(issue, '2026-06-09 10:00:00', '2026-06-09 14:00:00')
        self.assertEqual(self.clocks(issue), ('2026-06-11 17:00:00', '2026-06-15 10:00:00', 3), "without lunch")
        self.assertFalse(issue.date_waiting)

    def test_night_weekend_and_holiday(self):
        self.env['resource.calendar.leaves'].create({
            'name': "Day off", 'company_id': self.company_a.id, 'calendar_id': self.calendar.id,
            'date_from': '2026-06-09 00:00:00', 'date_to': '2026-06-09 23:59:59'})
        night, weekend, holiday = self.issue(), self.issue(), self.issue()
        due = str(night.date_resolution_due)
        self.assertEqual(due, '2026-06-15 16:00:00', "a day later for the holiday")
        self.wait(night, '2026-06-10 17:30:00', '2026-06-11 07:30:00')
        self.assertEqual((str(night.date_resolution_due), night.waited_hours), (due, 0))
        self.wait(weekend, '2026-06-05 16:30:00', '2026-06-08 08:30:00')
        self.assertEqual((str(weekend.date_resolution_due), weekend.waited_hours), ('2026-06-15 17:00:00', 1))
        self.wait(holiday, '2026-06-08 16:00:00', '2026-06-10 09:00:00')
        self.assertEqual((str(holiday.date_resolution_due), holiday.waited_hours), ('2026-06-16 09:00:00', 2))

    def test_several_waits(self):
        issue = self.issue()
        self.wait(issue, '2026-06-08 09:00:00', '2026-06-08 11:00:00')
        self.wait(issue, '2026-06-09 09:00:00', '2026-06-10 09:00:00')
        self.assertEqual(self.clocks(issue), ('2026-06-12 16:00:00', '2026-06-16 09:00:00', 10))
        self.assertEqual(self.clocks(issue)[1], str(issue._working_time(50, issue.date_reported)))
        # Another severity counts from the report again: 20 hours, and the wait.
        issue.severity = 'high'
        self.assertEqual(str(issue.date_resolution_due), '2026-06-11 14:00:00')

    def test_a_change_of_tier_meanwhile(self):
        issue = self.issue()
        self.move(issue, 'waiting', '2026-06-09 08:00:00')
        self.acme.sudo().tier_id = self.tiers['diamond']
        self.move(issue, 'progress', '2026-06-09 10:00:00')
        self.assertEqual(str(issue.date_resolution_due), '2026-06-15 09:00:00', "40 hours of Gold, and two")

    def test_without_working_hours_or_promise(self):
        self.calendar.attendance_ids.unlink()
        issue = self.issue()
        self.wait(issue, '2026-06-06 08:00:00', '2026-06-07 08:00:00')
        self.assertEqual((str(issue.date_resolution_due), issue.waited_hours), ('2026-06-08 08:00:00', 24))
        self.tiers['gold'].write({'issue_response_hours': 0, 'issue_resolve_hours': 0})
        free = self.issue()
        self.wait(free, '2026-06-06 08:00:00', '2026-06-07 08:00:00')
        self.assertEqual((free.date_resolution_due, free.date_escalate, free.sla_state), (False, False, 'none'))

    def test_nothing_is_late_while_it_waits(self):
        issue = self.issue()
        self.move(issue, 'waiting', '2026-06-11 13:00:00')
        self.assertTrue(issue.date_responded, "asking back is an answer")
        self.assertEqual(self.state(issue, '2026-06-11 13:00:00'), 'waiting')
        self.assertEqual(self.state(issue, '2026-07-20 13:00:00'), 'waiting')
        self.assertEqual(self.escalate('2026-07-20 13:00:00'), 0)
        self.assertFalse(self.activities(issue))
        # Eleven hours are left when the customer has answered: until Wednesday.
        self.move(issue, 'progress', '2026-07-20 13:00:00')
        self.assertEqual(self.clocks(issue)[:2], ('2026-07-20 14:00:00', '2026-07-21 16:00:00'))
        self.assertEqual(self.state(issue, '2026-07-20 13:30:00'), 'running')
        self.assertEqual(self.escalate('2026-07-20 13:30:00'), 0)
        self.assertEqual(self.escalate('2026-07-20 14:00:00'), 1)
        self.assertEqual(self.escalate('2026-07-20 14:00:00'), 0, "once")
        self.assertEqual(self.activities(issue, 'mail_activity_type_issue_escalation').user_id, self.executive)
        self.assertEqual(self.state(issue, '2026-07-21 16:01:00'), 'late')

    def test_late_before_it_waits(self):
        issue = self.issue()
        self.move(issue, 'waiting', '2026-06-15 09:00:00')
        self.assertEqual(self.state(issue, '2026-06-16 09:00:00'), 'late')
        Issue = self.env['kam.issue'].search([('account_id', '=', self.acme.id)])
        self.assertTrue(Issue.filtered_domain(Issue._late_before_waiting()))
        self.move(issue, 'progress', '2026-06-15 11:00:00')
        self.assertEqual(self.state(issue, '2026-06-15 11:00:00'), 'late')

    def test_resolved_out_of_the_wait_and_opened_again(self):
        issue = self.issue()
        self.move(issue, 'waiting', '2026-06-08 16:00:00')
        self.move(issue, 'done', '2026-06-15 12:00:00', user=self.service, resolution="They had switched it off")
        # Eight hours of ours (one on Friday, seven on Monday), 37 of theirs.
        self.assertEqual((issue.resolve_hours, issue.waited_hours, issue.date_waiting), (8, 37, False))
        self.assertEqual(self.state(issue, '2026-06-20 12:00:00'), 'kept')
        with freeze_time('2026-06-16 08:00:00'):
            issue.action_reopen()
            self.env.flush_all()
        self.assertEqual((issue.waited_hours, str(issue.date_resolution_due)), (37, '2026-06-19 12:00:00'))
        self.wait(issue, '2026-06-16 09:00:00', '2026-06-16 10:00:00')
        self.assertEqual((issue.waited_hours, str(issue.date_resolution_due)), (38, '2026-06-19 14:00:00'))

    def test_average_time_to_resolve(self):
        """Of what is resolved: 2 and 16 hours; what is open has no time yet."""
        first, second, _open = self.issue(), self.issue(), self.issue()
        self.move(first, 'waiting', '2026-06-08 09:00:00')
        self.move(first, 'done', '2026-06-09 17:00:00', resolution="Replaced")
        self.move(second, 'done', '2026-06-09 16:00:00', resolution="Replaced")
        self.assertEqual((first.resolve_hours, second.resolve_hours), (2, 16))
        Issue = self.as_user(self.env['kam.issue'], self.manager)
        self.assertEqual(Issue._read_group(
            [('account_id', '=', self.acme.id)], ['account_id'], ['resolve_hours:avg', '__count']),
            [(self.acme, 9, 3)])
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_issue_action_time')
        [group] = Issue.formatted_read_group(
            [*literal_eval(action['domain']), ('account_id', '=', self.acme.id)], ['account_id'],
            ['resolve_hours:avg', 'waited_hours:avg'])
        self.assertEqual((group['resolve_hours:avg'], group['waited_hours:avg']), (9, 15), "of what waited")

    def test_my_day(self):
        issue = self.issue(owner_id=self.manager.id, severity='critical')

        def titles():
            day = self.as_user(self.env['kam.my.day'], self.manager).load_day()
            return [entry['title'] for entry in day['late'] + day['week'] if entry['model'] == 'kam.issue']
        self.assertEqual(titles(), ["Gearbox runs hot"])
        issue.stage_id = self.stages['waiting']
        self.assertFalse(titles())

    def test_promise_of_the_tier(self):
        promise = self.env['kam.promise'].create({
            'name': "Solved", 'tier_id': self.tiers['gold'].id, 'check': 'issue_resolution',
            'role_id': self.env.ref('kam_management.role_service').id})
        self.move(self.issue(), 'waiting', '2026-06-11 13:00:00')
        late = self.issue()
        self.move(late, 'waiting', '2026-06-15 09:00:00')
        with freeze_time('2026-06-30 09:00:00'):
            self.env['kam.promise'].with_user(self.env.ref('base.user_root'))._cron_measure()
        self.assertEqual((promise.result_ids.total, promise.result_ids.kept), (1, 0), "what waits is not due")

    def test_stage_becomes_one_that_waits(self):
        stage = self.env['kam.issue.stage'].create({'name': "Sent back", 'kind': 'progress'})
        issue = self.issue(stage_id=stage.id)
        self.assertFalse(issue.date_waiting)
        with freeze_time('2026-06-09 08:00:00'):
            stage.with_user(self.champion).kind = 'waiting'
        self.assertEqual(str(issue.date_waiting), '2026-06-09 08:00:00')
        with freeze_time('2026-06-09 10:00:00'):
            stage.with_user(self.champion).kind = 'progress'
        self.assertEqual(issue.waited_hours, 2)
        with freeze_time('2026-06-09 10:00:00'):
            self.assertTrue(self.issue(stage_id=self.stages['waiting'].id).date_waiting)

    def test_nobody_types_it_in(self):
        issue = self.issue()
        for values in ({'waited_hours': 100}, {'date_waiting': '2026-06-05 16:00:00'}):
            with self.assertRaises(UserError), self.cr.savepoint():
                issue.write(values)
        with freeze_time('2026-06-09 08:00:00'):
            form = Form(issue)
            form.stage_id = self.stages['waiting']
            form.save()
        self.assertEqual(str(issue.date_waiting), '2026-06-09 08:00:00')
        self.assertEqual(self.as_user(self.env['kam.issue'], self.manager).search(
            [('date_waiting', '!=', False), ('account_id', '=', self.acme.id)]), issue)
