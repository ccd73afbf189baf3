from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .service_common import ServiceCase


@tagged('post_install', '-at_install')
class TestKamIssue(ServiceCase):

    def resolve(self, issue, **values):
        wizard = issue.env['kam.issue.resolve'].with_context(**issue.action_resolve()['context']).create({
            'resolution': "Gearbox replaced", **values})
        wizard.action_apply()
        self.env.flush_all()

    # Whose it is

    def test_owner_is_whoever_holds_the_seat(self):
        issue = self.issue()
        self.assertEqual((issue.role_id, issue.owner_id), (self.env.ref('kam_management.role_service'), self.service))
        issue.role_id = self.env.ref('kam_management.role_finance')
        self.assertEqual(issue.owner_id, self.manager, "nobody sits there: the account manager")
        self.assertIn(self.service.partner_id, self.issue().message_partner_ids)

    def test_owner_without_access(self):
        for user in (self.stranger, self.sales, self.colleague, self.outsider):
            with self.subTest(user=user.login), self.assertRaisesRegex(ValidationError, user.name), \
                    self.cr.savepoint():
                self.issue(owner_id=user.id)
        self.assertTrue(self.issue(owner_id=self.executive.id))

    def test_owner_of_another_department_resolves_it(self):
        issue, other = self.issue(), self.issue(owner_id=self.manager.id)
        mine = self.as_user(issue, self.service)
        self.assertEqual(self.as_user(self.env['kam.issue'], self.service).search([]), mine)
        [row] = mine.web_read({'name': {}, 'account_id': {'fields': {'display_name': {}}}, 'can_edit': {},
                               'stage_id': {'fields': {'display_name': {}}}, 'sla_state': {}, 'is_recurring': {}})
        self.assertEqual((row['account_id']['display_name'], row['can_edit']), ("Acme", False))
        mine.action_respond()
        self.resolve(mine, cause_id=self.late_delivery.id)
        self.assertEqual((issue.is_open, issue.resolution), (False, "Gearbox replaced"))
        for values in ({'severity': 'low'}, {'account_id': self.beta.id}, {'owner_id': self.stranger.id}):
            with self.subTest(values=values), self.assertRaises(AccessError), self.cr.savepoint():
                mine.write(values)
        with self.assertRaises(AccessError):
            self.as_user(other, self.service).write({'resolution': "Mine"})

    # Closing

    def test_nobody_closes_it_without_a_resolution(self):
        issue = self.issue()
        for resolution in (False, "  "):
            with self.assertRaisesRegex(ValidationError, "Gearbox runs hot.*Resolve"), self.cr.savepoint():
                issue.write({'stage_id': self.stages['done'].id, 'resolution': resolution})
        self.resolve(issue)
        self.assertTrue(issue.date_resolved)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            issue.resolution = False
        issue.action_reopen()
        self.assertFalse(issue.date_resolved)
        self.assertEqual(issue.resolution, "Gearbox replaced", "what was tried is part of the story")

    def test_words_stay(self):
        issue = self.issue()
        issue.customer_words = "It is glowing!"
        with self.assertRaisesRegex(UserError, "note"), self.cr.savepoint():
            issue.customer_words = "It is a little warm"
        issue.write({'customer_words': "It is glowing!", 'severity': 'critical'})
        self.assertEqual(issue.severity, 'critical')

    def test_a_cause_that_returns(self):
        first, second, other, old = (self.issue(date_reported=day) for day in (
            '2026-01-10', '2026-06-05', '2026-06-06', '2025-01-09'))
        foreign = self.issue(user=self.colleague, account_id=self.beta.id, date_reported='2026-05-01')
        (first | second | old).cause_id = self.late_delivery
        self.as_user(foreign, self.colleague).cause_id = self.late_delivery
        other.cause_id = self.env.ref('kam_management.issue_cause_quality')
        self.assertEqual(
            [issue.recurrence_count for issue in (first, second, other, old, foreign)], [0, 1, 0, 0, 0])
        Issue = self.as_user(self.env['kam.issue'], self.manager)
        self.assertEqual(Issue.search([('is_recurring', '=', True)]), second)
        self.assertEqual(Issue.search([('is_recurring', '=', False)]), first | other | old)
        self.assertEqual(len(Issue.search(second.action_open_recurring()['domain'])), 3)

    # Access

    def test_who_sees_what(self):
        issue, foreign = self.issue(), self.issue(user=self.colleague, account_id=self.beta.id)
        for user, visible in (
            (self.manager, issue), (self.colleague, foreign), (self.executive, issue | foreign),
            (self.champion, issue | foreign), (self.outsider, issue.browse()), (self.stranger, issue.browse()),
            (self.sales, issue.browse()),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.as_user(self.env['kam.issue'], user).search([]).sudo(), visible.sudo())
        self.assertFalse(
            self.as_user(self.env['kam.issue'], self.champion, self.company_b).search([]), "another company")
        self.as_user(issue, self.executive).severity = 'high'
        with self.assertRaises(AccessError):
            self.as_user(foreign, self.executive).severity = 'high'
        with self.assertRaises(AccessError):
            self.issue(account_id=self.beta.id)
        with self.assertRaises(AccessError):
            issue.account_id = self.beta
        with self.assertRaises(UserError):
            issue.date_escalated = '2026-06-05'

    def test_who_configures(self):
        with self.assertRaises(AccessError):
            self.as_user(self.late_delivery, self.manager).name = "Bad luck"
        self.as_user(self.late_delivery, self.champion).name = "Late"

    # The account

    @freeze_time('2026-06-10 12:00:00')
    def test_account_tells_of_its_issues(self):
        issue = self.issue(severity='critical')
        done = self.issue(date_reported='2026-06-08 08:00:00')
        with freeze_time('2026-06-09 10:00:00'):
            self.resolve(done)
        acme = self.as_user(self.acme, self.manager)
        acme.invalidate_recordset()
        self.assertEqual(
            (acme.issue_open_count, acme.issue_late_count, acme.issue_critical_count, acme.issue_hours), (1, 1, 1, 10))
        texts = [entry['text'] for entry in acme.attention if entry['level'] == 'danger']
        self.assertIn("Critical issues: 1", texts)
        self.assertIn("Issues late: 1", texts)
        self.assertEqual(self.env['kam.issue'].search(acme.action_open_issues()['domain']), issue | done)
        self.assertFalse(self.as_user(self.beta, self.colleague).issue_open_count)

    def test_merge_and_deletion(self):
        issue = self.issue()
        self.env['kam.account']._merge_partners(self.beta_partner, self.acme_partner)
        self.assertEqual(issue.account_id, self.acme)
        free = self.issue(user=self.champion, account_id=self.free.id)
        activity = free.activity_schedule('mail.mail_activity_data_todo', user_id=self.champion.id)
        self.as_user(self.free, self.champion).unlink()
        self.assertFalse(free.exists() or activity.exists())

    def test_form(self):
        form = Form(self.as_user(self.env['kam.issue'], self.manager))
        form.name, form.account_id, form.severity = "Noise", self.acme, 'high'
        issue = form.save()
        self.assertEqual((issue.owner_id, issue.stage_kind), (self.service, 'new'))
        self.assertEqual(issue.company_id, self.company_a)

    def test_lists_cost_the_same_for_many(self):
        names = {'name': {}, 'account_id': {'fields': {'display_name': {}}}, 'sla_state': {}, 'recurrence_count': {},
                 'can_edit': {}, 'color': {}}
        Issue = self.as_user(self.env['kam.issue'], self.manager)
        self.issue()
        Issue.web_search_read([], names)
        few = self.statements(lambda: Issue.web_search_read([], names))
        for _number in range(10):
            self.issue()
        self.assertEqual(self.statements(lambda: Issue.web_search_read([], names)), few)

    def test_timeline(self):
        issue = self.issue()
        self.resolve(issue)
        events = self.as_user(self.acme, self.executive).event_ids.filtered(lambda event: event.kind in (
            'issue', 'resolved'))
        self.assertEqual([(event.kind, event.description) for event in events], [
            ('resolved', "Issue resolved: Gearbox runs hot"), ('issue', "Issue reported: Gearbox runs hot")])


@tagged('post_install', '-at_install')
class TestKamIssueClock(ServiceCase):

    def deadlines(self, issue):
        return [str(value) for value in (issue.date_response_due, issue.date_escalate, issue.date_resolution_due)]

    def test_working_hours(self):
        # One hour on Friday, then full days of eight: 8, 30 and 40 hours.
        self.assertEqual(self.deadlines(self.issue()), [
            '2026-06-08 16:00:00', '2026-06-11 14:00:00', '2026-06-12 16:00:00'])
        # A quarter of that: 2, 7.5 and 10 hours.
        issue = self.issue(severity='critical')
        self.assertEqual(self.deadlines(issue), [
            '2026-06-08 09:00:00', '2026-06-08 15:30:00', '2026-06-09 09:00:00'])
        issue.severity = 'normal'
        self.assertEqual(self.deadlines(issue)[0], '2026-06-08 16:00:00')

    def test_holidays(self):
        self.env['resource.calendar.leaves'].create({
            'name': "Whit Monday", 'company_id': self.company_a.id, 'calendar_id': self.calendar.id,
            'date_from': '2026-06-08 00:00:00', 'date_to': '2026-06-08 23:59:59'})
        self.assertEqual(self.deadlines(self.issue())[0], '2026-06-09 16:00:00')

    def test_without_working_hours(self):
        self.calendar.attendance_ids.unlink()
        self.assertEqual(self.deadlines(self.issue())[0], '2026-06-06 00:00:00', "every hour counts")
        self.company_a.resource_calendar_id = False
        self.assertEqual(self.deadlines(self.issue())[2], '2026-06-07 08:00:00')

    def test_no_promise_no_clock(self):
        self.tiers['gold'].write({'issue_response_hours': 0, 'issue_resolve_hours': 0})
        issue = self.issue()
        self.assertEqual(self.deadlines(issue), ['False'] * 3)
        self.assertEqual((issue.sla_state, issue.is_late), ('none', False))
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.tiers['gold'].issue_response_hours = -1
            self.env.flush_all()

    def test_a_change_of_tier_moves_no_deadline(self):
        issue = self.issue()
        before = self.deadlines(issue)
        self.acme.sudo().tier_id = self.tiers['diamond']
        self.env.flush_all()
        self.assertEqual(self.deadlines(issue), before)
        self.assertNotEqual(self.deadlines(self.issue()), before)

    def test_promise(self):
        issue = self.issue()
        Issue = self.as_user(self.env['kam.issue'], self.manager)

        def state(moment):
            with freeze_time(moment):
                issue.invalidate_recordset()
                found = Issue.search([('is_late', '=', True)])
                self.assertEqual(bool(found), issue.is_late)
                self.assertEqual(bool(Issue.search([('is_late', '=', False)])), not issue.is_late)
                return issue.sla_state

        self.assertEqual(state('2026-06-08 15:59:00'), 'running')
        self.assertEqual(state('2026-06-08 16:01:00'), 'answer')
        with freeze_time('2026-06-08 16:02:00'):
            issue.action_respond()
            self.env.flush_all()
        self.assertEqual(str(issue.date_responded), '2026-06-08 16:02:00')
        self.assertEqual(state('2026-06-08 16:03:00'), 'running')
        self.assertEqual(state('2026-06-12 16:01:00'), 'late')
        with freeze_time('2026-06-12 15:00:00'):
            issue.write({'stage_id': self.stages['done'].id, 'resolution': "Replaced"})
            self.env.flush_all()
        self.assertEqual(state('2026-06-13 00:00:00'), 'broken', "answered late")
        self.assertEqual(issue.resolve_hours, 39)

    def test_an_answer_stops_the_first_clock(self):
        customer = self.env['res.partner'].create({
            'name': "Jo", 'email': 'jo@acme.example', 'parent_id': self.acme_partner.id})
        issue = self.issue(partner_id=customer.id)
        with freeze_time('2026-06-08 09:00:00'):
            issue.message_post(body="Note among us", subtype_xmlid='mail.mt_note', partner_ids=customer.ids)
            issue.message_post(body="Colleagues", subtype_xmlid='mail.mt_comment',
                               partner_ids=self.service.partner_id.ids)
            issue.with_user(self.env.ref('base.user_root')).message_post(
                body="I am the customer", author_id=customer.id, subtype_xmlid='mail.mt_comment')
            self.assertFalse(issue.date_responded)
            issue.message_post(body="We are on our way", subtype_xmlid='mail.mt_comment', partner_ids=customer.ids)
        self.assertEqual(str(issue.date_responded), '2026-06-08 09:00:00')

    # Escalation

    def escalate(self, moment):
        with freeze_time(moment):
            self.env['kam.issue'].with_user(self.env.ref('base.user_root'))._cron_escalate()

    def test_the_sponsor_hears_before_it_is_late(self):
        issue = self.issue()
        self.escalate('2026-06-11 13:59:00')
        self.assertFalse(self.activities(issue))
        self.escalate('2026-06-11 14:00:00')
        self.escalate('2026-06-11 15:00:00')
        activity = self.activities(issue, 'mail_activity_type_issue_escalation')
        self.assertEqual((activity.user_id, str(activity.date_deadline)), (self.executive, '2026-06-12'), "one")
        self.assertLess(issue.date_escalated, issue.date_resolution_due)
        with freeze_time('2026-06-11 16:00:00'):
            self.as_user(issue, self.service).write({'stage_id': self.stages['done'].id, 'resolution': "Replaced"})
        self.assertFalse(self.activities(issue, 'mail_activity_type_issue_escalation'), "no help needed any more")

    def test_without_sponsor(self):
        self.acme.assignment_ids.filtered(lambda seat: seat.role == 'sponsor')._end('2026-01-01')
        issue = self.issue()
        self.escalate('2026-06-11 14:00:00')
        self.assertEqual(self.activities(issue).user_id, self.manager)

    def test_nobody_to_tell(self):
        issue = self.issue(user=self.champion, account_id=self.free.id, owner_id=False)
        self.escalate('2026-12-01 14:00:00')
        self.assertTrue(issue.date_escalated)
        self.assertFalse(self.activities(issue))

    def test_resolved_in_time_tells_nobody(self):
        issue = self.issue()
        with freeze_time('2026-06-08 09:00:00'):
            issue.write({'stage_id': self.stages['done'].id, 'resolution': "Replaced"})
        self.escalate('2026-06-20 14:00:00')
        self.assertFalse(self.activities(issue))

    def test_by_hand(self):
        issue = self.issue()
        issue.action_escalate()
        issue.action_escalate()
        self.assertEqual(self.activities(issue).user_id, self.executive)
        other = self.issue(user=self.colleague, account_id=self.beta.id)
        with self.assertRaises(AccessError):
            self.as_user(other, self.executive).action_escalate()

    def test_companies(self):
        """The working hours are those of the account manager's company."""
        self.program.company_ids = [Command.link(self.company_b.id)]
        self.company_b.resource_calendar_id.attendance_ids.unlink()
        self.env['kam.assignment'].create(self._seat_values(self.free, self.outsider, 'manager'))
        issue = self.issue(user=self.champion, account_id=self.free.id)
        self.assertEqual(issue.company_id, self.company_b)
        self.assertEqual(str(issue.date_response_due), '2026-06-06 16:00:00')
