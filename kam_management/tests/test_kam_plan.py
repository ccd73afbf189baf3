from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamCase


class PlanCase(KamCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(cls.acme)

    @classmethod
    def make_plan(cls, account, **values):
        today = date.today()
        return cls.env['kam.plan'].create({
            'account_id': account.id, 'date_from': date(today.year, 1, 1), 'date_to': date(today.year, 12, 31),
            **values})

    def approve(self, plan):
        self.as_user(plan, self.manager).action_submit()
        self.as_user(plan, self.executive).action_approve()


@tagged('post_install', '-at_install')
class TestKamPlan(PlanCase):

    def test_the_account_manager_owns_the_plan(self):
        self.assertEqual(self.plan.owner_id, self.manager)
        self.acme.assignment_ids.filtered(lambda seat: seat.role == 'manager')._end(date(2024, 12, 31))
        self.env['kam.assignment'].create(self._seat_values(self.acme, self.colleague, 'manager') | {
            'date_from': '2025-01-01'})
        self.assertEqual(self.plan.owner_id, self.colleague)

    def test_one_plan_at_a_time(self):
        with self.assertRaisesRegex(ValidationError, "One plan at a time"), self.cr.savepoint():
            self.make_plan(self.acme, date_from='2020-01-01')
        later = self.make_plan(self.acme, date_from='2090-01-01', date_to='2090-12-31')
        with self.assertRaisesRegex(ValidationError, "One plan at a time"), self.cr.savepoint():
            later.date_from = self.plan.date_from
        self.make_plan(self.beta)

    def test_a_plan_ends_after_it_begins(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.make_plan(self.beta, date_from='2024-05-02', date_to='2024-05-01')

    def test_a_local_plan_belongs_to_the_global_one(self):
        local = self.make_plan(self.acme, entity_id=self.acme_asia.id)
        self.assertEqual(local.parent_id, self.plan)
        self.assertEqual(local.owner_id, self.manager)
        self.assertIn("Acme Asia", local.display_name)
        with self.assertRaisesRegex(ValidationError, "no legal entity of Acme"), self.cr.savepoint():
            self.make_plan(self.acme, entity_id=self.beta_partner.id, date_from='2090-01-01', date_to='2090-12-31')

    def test_a_local_owner_sits_in_the_account_team(self):
        with self.assertRaisesRegex(ValidationError, "holds no seat at Acme"), self.cr.savepoint():
            self.make_plan(self.acme, entity_id=self.acme_asia.id, local_owner_id=self.colleague.id)
        self.env['kam.assignment'].create(self._seat_values(self.acme, self.colleague, 'service'))
        local = self.make_plan(self.acme, entity_id=self.acme_asia.id, local_owner_id=self.colleague.id)
        self.assertEqual(local.owner_id, self.colleague)

    def test_current(self):
        Plan = self.env['kam.plan']
        self.assertTrue(self.plan.is_current)
        old = self.make_plan(self.acme, date_from='2020-01-01', date_to='2020-12-31')
        self.assertFalse(old.is_current)
        self.assertEqual(Plan.search([('is_current', '=', True), ('account_id', '=', self.acme.id)]), self.plan)
        self.assertIn(old, Plan.search([('is_current', '=', False)]))
        self.assertEqual(self.acme.current_plan_id, self.plan)
        key = self.env['kam.account'].search([('current_plan_id', '=', False), ('program_id', '=', self.program.id)])
        self.assertEqual(key, self.beta | self.free)

    # The way to approval

    def test_submit_approve(self):
        plan = self.as_user(self.plan, self.manager)
        plan.action_submit()
        self.assertEqual(plan.state, 'review')
        approval = self.plan.activity_ids
        self.assertEqual((len(approval), approval.user_id), (1, self.executive))
        self.assertFalse(plan.can_approve)
        with self.assertRaisesRegex(AccessError, "You submitted"):
            plan.action_approve()
        sponsor = self.as_user(self.plan, self.executive)
        self.assertTrue(sponsor.can_approve)
        self.assertEqual(sponsor.search([('can_approve', '=', True)]), self.plan)
        sponsor.action_approve()
        self.assertEqual((plan.state, plan.approver_id), ('active', self.executive))
        self.assertFalse(self.plan.activity_ids)
        self.assertEqual(self.plan.version_ids.mapped('number'), [1])

    def test_a_champion_approves(self):
        self.as_user(self.plan, self.manager).action_submit()
        self.as_user(self.plan, self.champion).action_approve()
        self.assertEqual(self.plan.approver_id, self.champion)

    def test_a_plan_of_the_future_waits_for_its_first_day(self):
        later = self.make_plan(self.beta, date_from='2090-01-01', date_to='2090-12-31')
        self.as_user(later, self.colleague).action_submit()
        self.as_user(later, self.champion).action_approve()
        self.assertEqual(later.state, 'approved')
        self.env['kam.plan']._cron_advance()
        self.assertEqual(later.state, 'approved')
        with freeze_time('2090-01-01'):
            self.env['kam.plan']._cron_advance()
        self.assertEqual(later.state, 'active')

    def test_send_back(self):
        self.as_user(self.plan, self.manager).action_submit()
        action = self.as_user(self.plan, self.executive).action_send_back()
        wizard = self.as_user(self.env['kam.plan.send.back'], self.executive).create({
            'plan_ids': action['context']['default_plan_ids'], 'reason': "Nothing pays off this year"})
        wizard.action_send_back()
        self.assertEqual((self.plan.state, self.plan.send_back_reason), ('draft', "Nothing pays off this year"))
        self.assertFalse(self.plan.activity_ids)

    def test_withdraw_and_revise(self):
        plan = self.as_user(self.plan, self.manager)
        plan.action_submit()
        plan.action_withdraw()
        self.assertEqual(plan.state, 'draft')
        self.assertFalse(self.plan.activity_ids)
        self.approve(self.plan)
        plan.action_revise()
        self.assertEqual((plan.state, plan.version_count), ('draft', 1))

    def test_states_are_closed_to_users(self):
        plan = self.as_user(self.plan, self.manager)
        with self.assertRaises(UserError):
            plan.write({'state': 'approved'})
        with self.assertRaises(UserError):
            plan.write({'date_worked': '2090-01-01'})
        with self.assertRaises(UserError):
            self.as_user(self.env['kam.plan'], self.manager).create({
                'account_id': self.acme.id, 'date_from': '2090-01-01', 'date_to': '2090-12-31', 'state': 'active'})
        fresh = self.as_user(self.env['kam.plan'], self.manager).with_context(default_state='active').create({
            'account_id': self.acme.id, 'date_from': '2090-01-01', 'date_to': '2090-12-31'})
        self.assertEqual(fresh.state, 'draft')
        with self.assertRaises(UserError):
            plan.owner_id = self.colleague

    def test_a_closed_plan_stays_as_it_was(self):
        self.approve(self.plan)
        goal = self.env['kam.plan.goal'].create({'plan_id': self.plan.id, 'name': "Less downtime"})
        plan = self.as_user(self.plan, self.manager)
        plan.action_close()
        self.assertEqual((plan.state, plan.version_count), ('closed', 2))
        for change in (
            lambda: plan.write({'strategy': "Other"}),
            lambda: self.as_user(goal, self.manager).write({'name': "Other"}),
            lambda: self.as_user(goal, self.manager).unlink(),
            lambda: self.as_user(self.env['kam.plan.goal'], self.manager).create({
                'plan_id': plan.id, 'name': "Another"}),
        ):
            with self.assertRaisesRegex(UserError, "is closed and stays as it was"), self.cr.savepoint():
                change()
        plan.message_post(body="Comments are welcome")
        with self.assertRaisesRegex(UserError, "is history"):
            plan.unlink()

    # The next period

    def test_roll_forward(self):
        self.approve(self.plan)
        self.plan.write({
            'strategy': "Two plants", 'goal_ids': [Command.create({'name': "Less downtime"})],
            'commitment_ids': [Command.create({'name': "Recycled steel", 'is_kept': True}),
                               Command.create({'name': "ISO 14001"})]})
        action = self.as_user(self.plan, self.manager).action_roll_forward()
        following = self.env['kam.plan'].browse(action['res_id'])
        self.assertEqual((following.date_from, following.date_to), (
            date(self.plan.date_to.year + 1, 1, 1), date(self.plan.date_to.year + 1, 12, 31)))
        self.assertEqual((following.state, following.previous_id, following.strategy),
                         ('draft', self.plan, "Two plants"))
        self.assertEqual(following.goal_ids.mapped('name'), ["Less downtime"])
        self.assertEqual(following.commitment_ids.mapped('name'), ["ISO 14001"])
        self.assertEqual(self.plan.state, 'active')
        again = self.as_user(self.plan, self.manager).action_roll_forward()
        self.assertEqual(again['res_id'], following.id, "Rolled forward twice, there is one next plan")
        with freeze_time(f"{following.date_from.year}-01-02"):
            self.env['kam.plan']._cron_advance()
        self.assertEqual(self.plan.state, 'closed')

    def test_a_draft_is_not_rolled(self):
        with self.assertRaisesRegex(UserError, "was never approved"):
            self.as_user(self.plan, self.manager).action_roll_forward()

    def test_versions_compare(self):
        self.plan.write({'strategy': "One plant", 'goal_ids': [
            Command.create({'name': "Less downtime"}), Command.create({'name': "Fewer suppliers"})]})
        self.approve(self.plan)
        version = self.as_user(self.plan.version_ids, self.executive)
        self.assertFalse(version.change_count)
        self.assertIn("Nothing has changed", version.comparison)
        self.plan.strategy = "Two plants"
        self.plan.goal_ids[0].unlink()
        version.invalidate_recordset()
        self.assertEqual(version.change_count, 2)
        self.assertIn(('words', 'field strategy', ["One plant"], ["Two plants"]), version._changes())
        self.assertIn("Two plants", version.comparison)
        self.assertIn("Our Strategy", version.comparison)

    def test_versions_are_in_no_language(self):
        self.plan.write({'goal_ids': [Command.create({'name': "Less downtime", 'date_horizon': '2030-01-31'})],
                         'commitment_ids': [Command.create({'name': "ISO 14001", 'is_kept': True})]})
        self.env['kam.buying.rank'].create({
            'account_id': self.acme.id, 'factor_id': self.env.ref('kam_management.buying_factor_price').id})
        self.approve(self.plan)
        self.env['res.lang']._activate_lang('zh_CN')
        version = self.as_user(self.plan.version_ids, self.executive).with_context(lang='zh_CN')
        self.assertFalse(version._changes())

    # Leaving

    def test_an_account_that_leaves(self):
        self.approve(self.plan)
        self.as_user(self.acme, self.champion).active = False
        self.assertEqual(self.plan.state, 'closed')
        self.assertEqual(len(self.plan.version_ids), 2)

    def test_an_account_that_is_key_no_more(self):
        self.assertFalse(self.plan.standing_message)
        self.acme.sudo().tier_id = self.tiers['general']
        self.assertIn("Acme is no key account", self.plan.standing_message)
        self.assertEqual(self.plan.state, 'draft')


@tagged('post_install', '-at_install')
class TestKamPlanAccess(PlanCase):

    def test_who_reads(self):
        Plan = self.env['kam.plan']
        other = self.make_plan(self.beta)
        both = self.plan | other
        for user, expected in (
            (self.manager, self.plan), (self.colleague, other), (self.executive, both), (self.champion, both),
            (self.outsider, Plan),
        ):
            found = self.as_user(Plan, user).search([])
            self.assertEqual(found, expected, user.login)
        with self.assertRaises(AccessError):
            self.as_user(Plan, self.sales).search([])
        self.assertFalse(self.as_user(Plan, self.champion, self.company_b).search([]))

    def test_who_writes(self):
        self.as_user(self.plan, self.manager).strategy = "Ours"
        self.as_user(self.plan, self.executive).strategy = "The sponsor's"
        other = self.make_plan(self.beta)
        for user in (self.manager, self.executive):
            with self.assertRaises(AccessError):
                self.as_user(other, user).strategy = "Not mine"
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.plan'], self.manager).create({
                'account_id': self.beta.id, 'date_from': '2090-01-01', 'date_to': '2090-12-31'})
        with self.assertRaises(UserError):
            self.as_user(self.plan, self.champion).account_id = self.free

    def test_parts_follow_the_plan(self):
        other = self.make_plan(self.beta)
        goals = self.env['kam.plan.goal'].create([
            {'plan_id': self.plan.id, 'name': "Less downtime"}, {'plan_id': other.id, 'name': "Lower price"}])
        self.assertEqual(self.as_user(goals.browse(), self.manager).search([]), goals[0])
        self.assertEqual(self.as_user(goals.browse(), self.executive).search([]), goals)
        with self.assertRaises(AccessError):
            self.as_user(goals[1], self.executive).name = "Not mine"
        with self.assertRaises(AccessError):
            self.as_user(goals[0], self.manager).plan_id = other
        with self.assertRaises(AccessError):
            self.as_user(goals.browse(), self.manager).create({'plan_id': other.id, 'name': "Not mine"})

    def test_versions_are_read_only(self):
        self.approve(self.plan)
        with self.assertRaises(AccessError):
            self.as_user(self.plan.version_ids, self.champion).number = 7


@tagged('post_install', '-at_install')
class TestKamPlanScore(PlanCase):

    def test_score(self):
        before = self.plan.score
        self.assertIn("who the customer is", self.plan.next_steps)
        self.assertEqual(len(self.plan.next_steps.split("\n")), 3)
        self.plan.write({'customer_summary': "Makes machines", 'goal_ids': [
            Command.create({'name': "Less downtime", 'term': 'short'})]})
        self.assertGreater(self.plan.score, before)
        self.assertNotIn("who the customer is", self.plan.next_steps)

    def test_idle(self):
        self.program.plan_stale_days = 30
        self.approve(self.plan)
        self.plan.date_worked = date.today().replace(year=date.today().year - 1)
        self.assertTrue(self.plan.is_stale)
        self.assertIn(self.plan, self.env['kam.plan'].search([('is_stale', '=', True)]))
        self.assertIn("Plan idle for", str(self.acme.attention))
        self.env['kam.plan']._cron_remind_stale()
        self.env['kam.plan']._cron_remind_stale()
        reminder = self.plan.activity_ids
        self.assertEqual((len(reminder), reminder.user_id), (1, self.manager), "One activity, not a stream")
        reminder.action_done()
        self.env['kam.plan']._cron_remind_stale()
        self.assertFalse(self.plan.activity_ids, "ticked off")
        self.as_user(self.plan, self.manager).strategy = "Work"
        self.assertFalse(self.plan.is_stale)
        self.assertNotIn(self.plan, self.env['kam.plan'].search([('is_stale', '=', True)]))
        self.assertEqual(self.plan.date_worked, date.today())

    def test_a_reminder_ends(self):
        """With the work that it asks for, and with the plan; then the plan may lie idle again."""
        self.program.plan_stale_days = 30
        self.approve(self.plan)
        for days, end in ((40, lambda plan: plan.write({'strategy': "Work"})), (50, lambda plan: plan.action_close())):
            self.plan.date_worked = date.today() - timedelta(days=days)
            self.env['kam.plan']._cron_remind_stale()
            self.assertTrue(self.plan.activity_ids)
            end(self.as_user(self.plan, self.manager))
            self.assertFalse(self.plan.activity_ids)

    def test_work_on_a_part_is_work_on_the_plan(self):
        self.plan.date_worked = '2020-01-01'
        self.as_user(self.env['kam.plan.goal'], self.manager).create({'plan_id': self.plan.id, 'name': "Growth"})
        self.assertEqual(self.plan.date_worked, date.today())

    def test_a_page_of_plans_takes_as_many_queries_as_one(self):
        accounts = self.env['kam.account'].create([
            {'program_id': self.program.id, 'tier_id': self.tiers['general'].id, 'partner_id': partner.id}
            for partner in self.env['res.partner'].create([
                {'name': f"Customer {number}", 'is_company': True} for number in range(8)])])
        plans = self.plan.browse()
        for account in accounts:
            plans |= self.make_plan(account)
        fields = ['display_name', 'score', 'next_steps', 'is_stale', 'owner_id']
        one = self.statements(lambda: self.as_user(plans[0], self.champion).read(fields))
        many = self.statements(lambda: self.as_user(plans, self.champion).read(fields))
        self.assertLessEqual(many, one + 1)
