from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .plan_common import TODAY, MeasureCase


@tagged('post_install', '-at_install')
class TestKamPlanAction(MeasureCase):

    def activities(self, action):
        return self.env['mail.activity'].with_context(active_test=False).search([
            ('res_model', '=', action._name), ('res_id', '=', action.id)])

    def test_an_action_is_one_activity_of_its_owner(self):
        action = self.action(user_id=self.service.id)
        activity = self.activities(action)
        self.assertEqual(
            (len(activity), activity.user_id, str(activity.date_deadline), activity.summary),
            (1, self.service, '2026-07-10', "Call them"))
        action.write({'name': "Visit them", 'date_due': '2026-08-01', 'user_id': self.executive.id})
        self.assertEqual(self.activities(action), activity)
        self.assertEqual(
            (activity.user_id, str(activity.date_deadline), activity.summary),
            (self.executive, '2026-08-01', "Visit them"))
        action.write({'description': "Bring the samples", 'state': 'progress'})
        self.assertEqual(self.activities(action), activity)

    def test_done_here_is_done_there(self):
        action = self.action()
        action.action_done()
        activity = self.activities(action)
        self.assertEqual((activity.active, bool(activity.date_done), bool(action.date_done)), (False, True, True))
        action.action_reopen()
        self.assertFalse(action.date_done)
        self.assertEqual(len(self.activities(action).filtered('active')), 1, "a new one")
        self.assertEqual(len(self.activities(action)), 2)

    def test_done_there_is_done_here(self):
        action = self.action(user_id=self.service.id)
        self.as_user(self.activities(action), self.service).action_feedback(feedback="They were glad")
        self.assertEqual((action.state, action.progress_note), ('done', "They were glad"))
        self.assertEqual(len(self.activities(action)), 1)

    def test_moved_there_is_moved_here(self):
        action = self.action()
        activity = self.as_user(self.activities(action), self.manager)
        activity.write({'date_deadline': '2026-09-01', 'summary': "Call them again"})
        self.assertEqual((str(action.date_due), action.name), ('2026-09-01', "Call them again"))
        activity.user_id = self.service
        self.assertEqual(action.user_id, self.service)
        with self.assertRaises(ValidationError):
            self.activities(action).user_id = self.stranger

    def test_called_off_and_deleted(self):
        action = self.action()
        action.action_cancel()
        self.assertFalse(self.activities(action))
        self.assertFalse(action.is_open)
        action.action_reopen()
        self.activities(action).unlink()
        self.assertFalse(action.activity_id)
        action.date_due = '2026-10-01'
        self.assertEqual(len(self.activities(action)), 1, "back with the next change")
        activity = self.activities(action)
        action.unlink()
        self.assertFalse(activity.exists())
        action = self.action()
        activity = self.activities(action)
        self.as_user(self.plan, self.manager).unlink()
        self.assertFalse(activity.exists())

    def test_other_activities_are_left_alone(self):
        action = self.action()
        other = self.as_user(action, self.manager).activity_schedule(
            'mail.mail_activity_data_call', summary="Ask before", user_id=self.manager.id)
        other.action_feedback()
        self.assertEqual(action.state, 'todo')
        action.action_done()
        self.assertEqual(action.state, 'done')

    def test_owner_without_access(self):
        for user in (self.stranger, self.sales, self.colleague, self.outsider):
            with self.subTest(user=user.login), self.assertRaisesRegex(ValidationError, user.name), \
                    self.cr.savepoint():
                self.action(user_id=user.id)
        form = Form(self.as_user(self.env['kam.plan.action'], self.manager).with_context(
            default_plan_id=self.plan.id))
        form.name, form.date_due, form.user_id = "Call", '2026-07-10', self.stranger
        with self.assertRaisesRegex(ValidationError, "kam_stranger has no access to Acme.*seat.*kam_manager"), \
                self.cr.savepoint():
            form.save()
        self.assertEqual(form.name, "Call")
        form.user_id = self.service
        action = form.save()
        self.assertEqual(action.role_id, self.env.ref('kam_management.role_service'))

    def test_another_department(self):
        """Whoever owns an action works on it without any group, and on nothing else."""
        action, other = self.action(user_id=self.service.id), self.action()
        mine = self.as_user(action, self.service)
        Action = self.as_user(self.env['kam.plan.action'], self.service)
        self.assertEqual(Action.search([]), mine)
        [row] = Action.web_search_read([], {
            'name': {}, 'account_id': {'fields': {'display_name': {}}}, 'plan_id': {'fields': {'display_name': {}}},
            'objective_id': {'fields': {'display_name': {}}}, 'state': {}, 'can_edit': {},
            'role_id': {'fields': {'display_name': {}}}, 'is_overdue': {}})['records']
        self.assertEqual((row['account_id']['display_name'], row['can_edit']), ("Acme", False))
        mine.write({'state': 'progress', 'progress_note': "On it"})
        mine.action_done()
        self.assertEqual(action.state, 'done')
        for values in ({'name': "Other"}, {'user_id': self.manager.id}, {'date_due': '2027-01-01'},
                       {'plan_id': self.beta_plan.id}, {'priority': '1'}):
            with self.subTest(**values), self.assertRaises(AccessError):
                mine.write(values)
        for refused in (
            lambda: self.as_user(other, self.service).read(['name']),
            lambda: self.as_user(other, self.service).write({'state': 'done'}),
            lambda: mine.unlink(),
            lambda: Action.create({'name': "x", 'plan_id': self.plan.id, 'date_due': TODAY}),
        ):
            with self.assertRaises(AccessError):
                refused()
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.plan'], self.service).search([])

    def test_team_and_others(self):
        action, other = self.action(), self.action(user=self.colleague, plan_id=self.beta_plan.id,
                                                   user_id=self.colleague.id)
        both = action | other
        for user, seen in ((self.manager, action), (self.colleague, other), (self.executive, both),
                           (self.champion, both), (self.outsider, both.browse()), (self.sales, both.browse())):
            found = self.as_user(both.browse(), user).search([('id', 'in', both.ids)])
            self.assertEqual(set(found.ids), set(seen.ids), user.login)
        # Of somebody who sees both accounts, so that it is the plan that stands against it.
        action.user_id = self.executive
        for change in (
            lambda: self.as_user(other, self.executive).write({'state': 'done'}),
            lambda: self.as_user(other, self.manager).write({'state': 'done'}),
            lambda: action.write({'plan_id': self.beta_plan.id}),
            lambda: self.action(plan_id=self.beta_plan.id, user_id=self.executive.id),
        ):
            with self.assertRaises(AccessError):
                change()
        for values in ({'account_id': self.beta.id}, {'is_open': False}, {'activity_id': False},
                       {'date_done': TODAY}):
            with self.subTest(**values), self.assertRaises(UserError):
                action.write(values)
        with self.assertRaises(ValidationError):
            action.objective_id = self.objective(plan=self.beta_plan, user=self.colleague)

    def test_actions_of_an_objective(self):
        objective = self.objective()
        action = self.as_user(self.env['kam.plan.action'], self.manager).create({
            'name': "Call", 'objective_id': objective.id, 'date_due': TODAY})
        self.assertEqual((action.plan_id, action.account_id), (self.plan, self.acme))
        self.assertEqual(objective.open_action_count, 1)

    def test_one_opportunity_per_action(self):
        objective = self.objective()
        action = self.action(objective_id=objective.id)
        with freeze_time(TODAY):
            first, second = action.action_create_opportunity(), action.action_create_opportunity()
        self.assertEqual(first['res_id'], second['res_id'])
        self.assertEqual((action.lead_id.kam_objective_id, action.lead_id.name), (objective, "Call them"))
        with freeze_time(TODAY):
            free = self.action()
            free.action_create_opportunity()
        self.assertEqual(free.lead_id.partner_id, self.acme_partner)

    def test_overdue(self):
        action, later = self.action(date_due='2026-07-01'), self.action(date_due=TODAY)
        with freeze_time(TODAY):
            Action = self.as_user(action.browse(), self.manager)
            domain = [('plan_id', '=', self.plan.id)]
            self.assertEqual(Action.search([*domain, ('is_overdue', '=', True)]), action)
            self.assertEqual(Action.search([*domain, ('is_overdue', '=', False)]), later)
            action.action_done()
            self.assertFalse(action.is_overdue)

    def test_roll_forward(self):
        objective = self.objective(date_target='2027-03-31')
        over = self.objective(date_target='2026-06-30')
        action, done = self.action(objective_id=objective.id), self.action(state='done')
        loose = self.action(objective_id=over.id)
        following = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'date_from': '2027-01-01', 'date_to': '2027-12-31'})
        late = self.action(objective_id=objective.id, date_due='2027-02-01')
        self.as_user(self.plan, self.manager)._roll_parts(self.as_user(following, self.manager))
        self.assertEqual(
            sorted(following.objective_ids.mapped('date_target')), [objective.date_target, date(2027, 6, 30)],
            "A deadline that is still to come stays, another moves by a year")
        self.assertEqual(following.action_ids, late, "What is due in the old period stays there")
        self.assertEqual(late.objective_id.date_target, objective.date_target)
        self.assertEqual((action | loose).plan_id, self.plan)
        self.assertEqual(done.plan_id, self.plan)

    def test_statements_do_not_grow_with_actions(self):
        Action = self.as_user(self.env['kam.plan.action'], self.manager)
        fields = {name: {} for name in ('name', 'state', 'is_overdue', 'can_edit', 'date_due', 'color',
                                        'activity_state')}
        for name in ('user_id', 'account_id', 'objective_id', 'role_id', 'activity_ids'):
            fields[name] = {'fields': {'display_name': {}}}

        def read():
            Action.web_search_read([('plan_id', '=', self.plan.id)], fields)
        objective = self.objective()
        self.action(objective_id=objective.id)
        read()
        one = self.statements(read)
        for _number in range(9):
            self.action(objective_id=objective.id)
        self.assertEqual(self.statements(read), one)
