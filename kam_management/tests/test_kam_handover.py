from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamHandover(KamCase):
    """Seats are handed over on a day, with a checklist for both, and somebody the customer knows stays (F71)."""

    def handover(self, seats, user=None, **values):
        action = self.as_user(seats, self.champion).action_hand_over()
        form = Form(self.as_user(self.env['kam.handover'], self.champion).with_context(**action['context']))
        form.user_id = user or self.colleague
        for name, value in values.items():
            form[name] = value
        return form.save()

    def manager_seat(self, account=None):
        return (account or self.acme).assignment_ids.filtered(
            lambda seat: seat.role == 'manager' and not seat.date_to)

    @freeze_time('2026-06-10')
    def test_one_seat_ends_and_the_next_begins(self):
        for summary, deadline in (("Offer", '2026-07-05'), ("Call", '2026-06-20'), ("Late", '2026-06-01')):
            self.acme.activity_schedule(
                'mail.mail_activity_data_todo', summary=summary, user_id=self.manager.id, date_deadline=deadline)
        old = self.manager_seat()
        old.write({'workload_share': 50, 'duty': "Calls every week"})
        wizard = self.handover(old, date=date(2026, 7, 1), note="They like tea")
        self.assertEqual(wizard.former_ids, self.manager)
        self.assertEqual([(line.holder, line.date_deadline) for line in wizard.line_ids][:2], [
            ('former', date(2026, 6, 24)), ('former', date(2026, 6, 28))])
        wizard.action_hand_over()
        new = self.manager_seat()
        self.assertEqual((old.date_to, old.user_id), (date(2026, 6, 30), self.manager))
        self.assertEqual((new.user_id, new.date_from, new.workload_share, new.duty),
                         (self.colleague, date(2026, 7, 1), 50, "Calls every week"))
        self.assertEqual(self.acme.manager_id, self.manager, "until the day comes")
        with freeze_time('2026-07-01'):
            self.env['kam.assignment']._cron_refresh_current()
            self.assertEqual(self.acme.manager_id, self.colleague)
        activities = self.acme.activity_ids
        holders = {activity.summary: activity.user_id for activity in activities}
        self.assertEqual(
            (holders["Offer"], holders["Late"], holders["Call"]), (self.colleague, self.colleague, self.manager))
        self.assertEqual(len(activities.filtered(lambda activity: activity.user_id == self.manager)), 4)
        self.assertEqual(len(activities.filtered(lambda activity: activity.user_id == self.colleague)), 5)
        message = self.acme.message_ids[0]
        self.assertIn("hands over to kam_colleague on 07/01/2026: Account Manager.", message.body)
        self.assertIn("They like tea", message.body)
        self.assertEqual(message.partner_ids, self.colleague.partner_id)

    @freeze_time('2026-06-10')
    def test_open_actions_of_the_plan_go_along(self):
        plan = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'})
        soon, later, done = self.env['kam.plan.action'].create([
            {'plan_id': plan.id, 'name': name, 'user_id': self.manager.id, 'date_due': day, 'state': state}
            for name, day, state in (("Soon", '2026-06-20', 'todo'), ("Later", '2026-08-01', 'todo'),
                                     ("Done", '2026-08-01', 'done'))])
        self.handover(self.manager_seat(), date=date(2026, 7, 1)).action_hand_over()
        self.assertEqual((soon.user_id, later.user_id, done.user_id), (self.manager, self.colleague, self.manager))
        self.assertEqual(later.activity_ids.user_id, self.colleague)

    @freeze_time('2026-06-10')
    def test_issues_and_risks_go_along_with_the_seat(self):
        service, finance = (self.env.ref(f'kam_management.role_{role}') for role in ('service', 'finance'))
        clerk = self._user('kam_clerk', 'base.group_user', self.company_a)
        self.env['kam.assignment'].create([
            self._seat_values(self.acme, clerk, 'finance'), self._seat_values(self.acme, self.manager, 'service')])
        done = self.env.ref('kam_management.issue_stage_done')
        by_default, of_finance, by_other_seat, resolved, far, foreign = self.env['kam.issue'].create([
            {'name': "Issue", 'account_id': account.id, 'role_id': role.id, 'date_reported': day, **values}
            for account, role, day, values in (
                (self.acme, self.env.ref('kam_management.role_technical'), '2026-06-01', {}),
                (self.acme, finance, '2026-06-01', {}),
                (self.acme, service, '2026-06-01', {}),
                (self.acme, self.env['kam.role'], '2026-06-01', {'stage_id': done.id, 'resolution': "Done"}),
                (self.acme, self.env['kam.role'], '2026-06-10', {}),
                (self.beta, self.env['kam.role'], '2026-06-01', {'owner_id': self.champion.id}))])
        own, debt, closed = self.env['kam.risk'].create([
            {'name': "Risk", 'account_id': self.acme.id, 'kind': kind, 'state': state, 'date_review': '2026-06-15'}
            for kind, state in (('competitor', 'open'), ('bad_debt', 'open'), ('other', 'closed'))])
        reminder = own.activity_schedule(
            'kam_management.mail_activity_type_risk_review', user_id=self.manager.id, date_deadline='2026-06-12')
        owners = [issue.owner_id for issue in (by_default, of_finance, by_other_seat, resolved, far, foreign)]
        self.assertEqual(owners, [self.manager, clerk, self.manager, self.manager, self.manager, self.champion])
        by_default.date_resolution_due = '2026-06-08 16:00:00'  # late already
        self.handover(self.manager_seat(), date=date(2026, 6, 12)).action_hand_over()
        self.assertEqual(
            [issue.owner_id for issue in (by_default, of_finance, by_other_seat, resolved, far, foreign)],
            [self.colleague, clerk, self.manager, self.manager, self.colleague, self.champion])
        self.assertEqual((own.owner_id, debt.owner_id, closed.owner_id), (self.colleague, clerk, self.manager))
        self.assertEqual(reminder.user_id, self.colleague)
        # The seat of finance, in its turn.
        self.handover(self.acme.assignment_ids.filtered(lambda seat: seat.user_id == clerk), self.champion,
                      date=date(2026, 6, 12)).action_hand_over()
        self.assertEqual((of_finance.owner_id, debt.owner_id, own.owner_id), (
            self.champion, self.champion, self.colleague))

    @freeze_time('2026-06-10')
    def test_issues_until_the_first_day_and_where_the_champion_says_so(self):
        soon = self.env['kam.issue'].create({
            'name': "Soon", 'account_id': self.acme.id, 'date_reported': '2026-06-10 08:00:00'})
        risk = self.env['kam.risk'].create({'name': "Risk", 'account_id': self.acme.id})
        self.handover(self.manager_seat(), date=date(2026, 7, 20)).action_hand_over()
        self.assertEqual((soon.owner_id, risk.owner_id), (self.manager, self.colleague), "is there until then")
        issue = self.env['kam.issue'].create({'name': "Late", 'account_id': self.beta.id, 'owner_id': False})
        issue.owner_id = self.colleague
        self.handover(self.manager_seat(self.beta), self.manager, move_activities=False).action_hand_over()
        self.assertEqual(issue.owner_id, self.colleague)

    @freeze_time('2026-06-10')
    def test_reminders_of_what_belongs_to_the_account_go_along(self):
        risks = self.env['kam.risk'].create([
            {'name': "Debt", 'account_id': account.id, 'owner_id': self.manager.id}
            for account in (self.acme, self.beta) if account == self.acme or self.env['kam.assignment'].create(
                self._seat_values(self.beta, self.manager, 'service'))])
        for risk in risks:
            risk.activity_schedule('mail.mail_activity_data_todo', user_id=self.manager.id, date_deadline='2026-07-05')
        self.handover(self.manager_seat(), date=date(2026, 7, 1)).action_hand_over()
        self.assertEqual([risk.activity_ids.user_id for risk in risks], [self.colleague, self.manager])

    @freeze_time('2026-06-10')
    def test_open_activities_stay_where_the_champion_says_so(self):
        self.acme.activity_schedule(
            'mail.mail_activity_data_todo', summary="Offer", user_id=self.manager.id, date_deadline='2026-07-05')
        self.handover(self.manager_seat(), move_activities=False).action_hand_over()
        self.assertEqual(
            self.acme.activity_ids.filtered(lambda activity: activity.summary == "Offer").user_id, self.manager)

    @freeze_time('2026-06-10')
    def test_every_former_holder_gets_the_steps(self):
        service, finance = self.env['kam.assignment'].create([
            {'account_id': self.beta.id, 'user_id': user.id, 'date_from': '2024-01-01',
             'role_id': self.env.ref(f'kam_management.role_{role}').id}
            for role, user in (('service', self.sales), ('finance', self.executive))])
        self.handover(service | finance, self.manager).action_hand_over()
        tell = self.beta.activity_ids.filtered(lambda activity: activity.summary == "Tell the customer who comes next")
        self.assertEqual(tell.user_id, self.sales | self.executive)

    @freeze_time('2026-06-10')
    def test_the_rest_of_a_seat_that_ends(self):
        """The one who takes over in three weeks is planned already; somebody fills in until then."""
        seat = self.manager_seat()
        self.handover(seat, date=date(2026, 7, 1)).action_hand_over()
        self.handover(seat, self.champion).action_hand_over()
        self.assertEqual(
            [(seat.user_id, seat.date_from, seat.date_to)
             for seat in self.acme.assignment_ids.filtered(lambda seat: seat.role == 'manager').sorted('date_from')],
            [(self.manager, date(2024, 1, 1), date(2026, 6, 10)), (self.champion, date(2026, 6, 11), date(2026, 6, 30)),
             (self.colleague, date(2026, 7, 1), False)])

    @freeze_time('2026-06-10')
    def test_called_off(self):
        seat = self.manager_seat()
        self.handover(seat, date=date(2026, 7, 1)).action_hand_over()
        self.as_user(self.manager_seat(), self.champion).unlink()
        self.assertFalse(seat.date_to, "Acme keeps its account manager")
        with self.assertRaisesRegex(UserError, "nothing to hand over"):
            self.as_user(self.env['kam.assignment'], self.champion).action_hand_over()

    def test_champion_of_one_company(self):
        """Sees the load of a person, and hands over in the own company only."""
        account_b = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.beta_partner.id})
        seat_b = self.env['kam.assignment'].create({'account_id': account_b.id, 'user_id': self.colleague.id})
        champion = self._user('kam_champion_a', 'kam_management.group_kam_champion', self.company_a)
        self.program.manager_account_limit = 2
        wizard = self.as_user(self.env['kam.handover'], champion).create({
            'seat_ids': self.manager_seat().ids, 'user_id': self.colleague.id})
        self.assertEqual(wizard.load_warning, "kam_colleague would manage 3 accounts; the limit is 2.")
        wizard.action_hand_over()
        self.assertEqual(self.manager_seat().user_id, self.colleague)
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.handover'], champion).create({
                'seat_ids': [Command.set(seat_b.ids)], 'user_id': self.manager.id}).action_hand_over()

    @freeze_time('2026-06-10')
    def test_somebody_stays(self):
        seats = self.acme.assignment_ids
        wizard = self.handover(seats)
        with self.assertRaisesRegex(UserError, "Nobody whom Acme knows would stay"):
            wizard.action_hand_over()
        self.env['kam.assignment'].create({
            'account_id': self.acme.id, 'user_id': self.sales.id, 'date_from': '2024-01-01',
            'role_id': self.env.ref('kam_management.role_service').id})
        with self.assertRaisesRegex(ValidationError, "cannot be account manager and executive sponsor"), \
                self.cr.savepoint():
            wizard.action_hand_over()
        self.env.invalidate_all()
        self.handover(self.manager_seat()).action_hand_over()

    def test_the_only_one_may_hand_over(self):
        self.handover(self.manager_seat(self.beta), self.manager).action_hand_over()
        self.assertEqual(self.manager_seat(self.beta).user_id, self.manager)

    @freeze_time('2026-06-10')
    def test_bad_input(self):
        with self.assertRaisesRegex(UserError, "Choose somebody else"):
            self.handover(self.manager_seat(), self.manager).action_hand_over()
        with self.assertRaisesRegex(UserError, "on a later day"):
            self.handover(self.manager_seat(), date=date(2023, 1, 1)).action_hand_over()
        with self.assertRaisesRegex(ValidationError, "cannot be account manager and executive sponsor"), \
                self.cr.savepoint():
            self.handover(self.manager_seat(), self.executive).action_hand_over()
        self.env.invalidate_all()
        seat = self.manager_seat()
        wizard = self.handover(seat)
        wizard.action_hand_over()
        with self.assertRaisesRegex(UserError, "ends on 06/10/2026 already"):
            wizard.action_hand_over()
        self.sales.active = False
        with self.assertRaisesRegex(ValidationError, "has left and cannot take a seat"):
            self.handover(self.manager_seat(self.beta), self.sales).action_hand_over()

    @freeze_time('2026-06-10')
    def test_those_who_leave_anyway_do_not_count(self):
        executive = self.acme.assignment_ids.filtered(lambda seat: seat.role == 'sponsor')
        executive._end(date(2026, 6, 30))
        with self.assertRaisesRegex(UserError, "one of .*kam_manager.* has to"):
            self.handover(self.manager_seat(), date=date(2026, 7, 1)).action_hand_over()

    def test_only_champions_hand_over(self):
        portal = new_test_user(self.env, 'kam_portal', groups='base.group_portal')
        for user in (self.manager, self.executive, self.sales, self.outsider, portal):
            with self.assertRaises(AccessError):
                self.env['kam.handover'].with_user(user).create({'user_id': self.colleague.id})

    def test_champions_keep_the_checklist(self):
        plan = self.as_user(self.env.ref('kam_management.plan_handover'), self.champion)
        plan.template_ids[0].summary = "Call the customer"
        with self.assertRaises(AccessError):
            self.as_user(plan, self.manager).template_ids[0].summary = "x"
        with self.assertRaises(AccessError):
            plan.create({'name': "x", 'res_model': 'res.partner'})

    def leave(self, user):
        user.with_user(self.env.ref('base.user_admin')).active = False

    def test_whoever_leaves_hands_over_first(self):
        with self.assertRaisesRegex(
                RedirectWarning, "(?s)kam_manager cannot be archived yet.*- Acme: Account Manager") as caught:
            self.leave(self.manager)
        action = caught.exception.args[1]
        seat = self.manager_seat()
        self.assertEqual(self.as_user(seat, self.champion).search(action['domain']), seat)
        self.handover(seat).action_hand_over()
        self.leave(self.manager)
        self.assertFalse(self.manager.active, "from tomorrow on somebody else is there")

    def test_automation_hands_over_first(self):
        with self.assertRaises(RedirectWarning):
            self.manager.sudo().action_archive()

    def test_many_seats_are_counted(self):
        partners = self.env['res.partner'].create([{'name': f"Many {n}", 'is_company': True} for n in range(22)])
        accounts = self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id} for partner in partners])
        self.env['kam.assignment'].create([
            {'account_id': account.id, 'user_id': self.manager.id} for account in accounts])
        with self.assertRaisesRegex(RedirectWarning, "(?s)- and 3 more"):
            self.leave(self.manager)

    def test_whoever_keeps_users_asks_a_champion(self):
        keeper = new_test_user(self.env, 'kam_keeper', groups='base.group_user,base.group_erp_manager')
        with self.assertRaisesRegex(UserError, "A programme champion can do that"):
            self.manager.with_user(keeper).active = False

    def test_planned_seats_count_as_well(self):
        seat = self.env['kam.assignment'].create({
            'account_id': self.acme.id, 'user_id': self.sales.id, 'date_from': '2199-01-01',
            'role_id': self.env.ref('kam_management.role_service').id})
        with self.assertRaisesRegex(RedirectWarning, "Acme: Service"):
            self.leave(self.sales)
        seat.unlink()
        self.leave(self.sales)

    def test_seats_of_archived_accounts_hold_nobody(self):
        self.acme.active = False
        self.leave(self.manager)

    def test_users_of_the_history_are_not_deleted(self):
        with self.assertRaisesRegex(UserError, "part of the history of Acme.*Archive the user"):
            self.manager.unlink()
