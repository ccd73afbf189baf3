from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_kam_plan import PlanCase


@tagged('post_install', '-at_install')
class TestKamPlanParts(PlanCase):

    def _objective(self, **values):
        return self.env['kam.plan.objective'].create({
            'plan_id': self.plan.id, 'name': "Projects", 'measure': 'manual', 'manual_unit': "projects",
            'baseline': 1, 'target_value': 4, 'date_target': self.plan.date_to, **values})

    def _action(self, **values):
        return self.env['kam.plan.action'].create({
            'plan_id': self.plan.id, 'name': "Call", 'user_id': self.manager.id,
            'date_due': date.today() + timedelta(days=5), **values})

    def test_they_count_in_the_score(self):
        before = self.plan.score
        objective = self._objective()
        self._objective(name="Trainings", date_target=self.plan.date_from + timedelta(days=60))
        self._action(objective_id=objective.id)
        self.assertGreater(self.plan.score, before)

    def test_they_are_work_on_the_plan(self):
        objective, action = self._objective(), self._action()
        self.plan.date_worked = '2020-01-01'
        self.as_user(objective, self.manager).actual_manual = 2
        self.assertEqual(self.plan.date_worked, date.today())
        self.plan.date_worked = '2020-01-01'
        self.as_user(action, self.manager).action_done()
        self.assertEqual(self.plan.date_worked, date.today())

    def test_they_are_closed_with_the_plan(self):
        objective, action = self._objective(), self._action()
        self.approve(self.plan)
        self.as_user(self.plan, self.manager).action_close()
        for change in (
            lambda: self.as_user(objective, self.manager).write({'name': "Other"}),
            lambda: self.as_user(action, self.manager).write({'name': "Other"}),
            lambda: self.as_user(action, self.manager).unlink(),
        ):
            with self.assertRaisesRegex(UserError, "is closed"), self.cr.savepoint():
                change()

    def test_they_are_in_versions_and_on_the_page(self):
        self._objective()
        self._action()
        self.approve(self.plan)
        snapshot = self.plan.version_ids.snapshot
        self.assertEqual(snapshot['objectives'][0][0], "Projects")
        self.assertEqual(snapshot['actions'][0][1][0], "kam_manager")
        page = self.as_user(self.plan, self.executive).document
        self.assertIn("Projects", page)
        self.assertIn("Call", page)

    def test_what_is_unfinished_goes_on_in_the_next_period(self):
        reached, running = self._objective(name="Reached", actual_manual=4), self._objective(name="Running")
        now = self._action(name="Now", objective_id=running.id, date_due=self.plan.date_to)
        later = self._action(name="Later", date_due=self.plan.date_to + timedelta(days=9), objective_id=running.id)
        self.approve(self.plan)
        following = self.env['kam.plan'].browse(self.as_user(self.plan, self.manager).action_roll_forward()['res_id'])
        self.assertEqual(following.objective_ids.mapped('name'), ["Running"])
        self.assertEqual(reached.plan_id, self.plan)
        self.assertEqual((now.plan_id, later.plan_id), (self.plan, following))
        self.assertEqual(later.objective_id, following.objective_ids)
        self.as_user(self.plan, self.manager).action_close()
        self.assertEqual((now.plan_id, now.objective_id), (following, following.objective_ids))
        self.assertEqual(len(now.activity_ids), 1)

    def test_a_template_aims_from_where_the_account_stands(self):
        today = date.today()
        self.env['crm.lead'].create({
            'name': "Gears", 'type': 'opportunity', 'partner_id': self.beta_partner.id, 'expected_revenue': 1000,
            'probability': 50, 'company_id': self.company_a.id})
        template = self.env['kam.plan.template'].create({
            'name': "Growth", 'tier_ids': self.tiers['general'].ids,
            'objective_ids': [
                Command.create({'name': "Pipeline", 'measure': 'open_pipeline', 'change_percent': 20}),
                Command.create({'name': "Revenue", 'measure': 'revenue', 'change_percent': 20})],
            'action_ids': [Command.create({
                'name': "Ask", 'days': 10, 'role_id': self.env.ref('kam_management.role_manager').id})]})
        wizard = Form(self.as_user(self.env['kam.plan.make'], self.colleague).with_context(
            default_account_id=self.beta.id))
        self.assertEqual(wizard.template_id, template)
        plan = self.env['kam.plan'].browse(wizard.save().action_make()['res_id'])
        # Nothing was ever invoiced: there is no revenue to start from.
        self.assertEqual(plan.objective_ids.mapped(lambda line: (line.name, line.baseline, line.target_value)), [
            ("Pipeline", 500, 600)])
        action = plan.action_ids
        self.assertEqual((action.user_id, action.date_due), (
            self.colleague, today.replace(day=1) + timedelta(days=10)))
        self.assertEqual(action.activity_ids.user_id, self.colleague)
