from datetime import date, timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.kam_scoring.alerts import CAUSES, refresh
from odoo.addons.kam_scoring.metrics import Scope

from .alert_common import TEST_CAUSE, AlertCase


@tagged('post_install', '-at_install')
class TestAlert(AlertCase):
    """How alerts open, follow, end and stay quiet. The test cause opens above 40 (influence 5) and ends at 32 (3)."""

    def setUp(self):
        super().setUp()
        self.with_test_cause()

    def steps(self, account=None):
        return self.env['mail.activity'].search([
            ('res_model', '=', 'kam.account'), ('res_id', '=', (account or self.delta).id)])

    def test_warns_once(self):
        """Twelve months in a row: one alert, one set of steps, and figures of today."""
        self.judged_run(self.day(1), '5')
        alert = self.alerts(cause='test')
        steps = self.steps()
        self.assertEqual(len(steps), 3)
        self.assertEqual(steps, alert.playbook_activity_ids)
        self.assertEqual(steps.user_id, self.manager, "steps for nobody in particular are the owner's")
        self.assertEqual(min(steps.mapped('date_deadline')), fields.Date.today() + timedelta(days=2))
        steps[0]._action_done()
        for month in range(2, 13):
            run = self.judged_run(self.day(month), '5' if month % 2 else '4')
            self.assertNotIn("New alerts", run.message or "")
        self.assertEqual(self.alerts(cause='test', states=('open', 'acknowledged', 'resolved', 'expired')), alert)
        self.assertEqual(self.steps(), steps[1:])
        self.assertEqual((alert.date, alert.value, alert.reason), (self.day(1), 4, "4.0 of 3.0"))

    def test_hysteresis(self):
        self.judged_run(self.day(1), '4')
        self.assertFalse(self.alerts(cause='test'), "40 is not above 40")
        self.judged_run(self.day(2), '5')
        alert = self.alerts(cause='test')
        self.judged_run(self.day(3), '4')
        self.assertEqual(alert.state, 'open', "40 is above 32")
        run = self.judged_run(self.day(4), '3')
        self.assertEqual((alert.state, alert.date_resolved, alert.resolver_id.id), ('resolved', self.day(4), False))
        self.assertIn("ended by themselves: ", run.message)
        self.assertFalse(self.steps(), "what was still to be done is pointless")
        self.judged_run(self.day(5), '4')
        self.assertFalse(self.alerts(cause='test'))
        self.judged_run(self.day(6), '5')
        self.assertEqual(len(self.alerts(cause='test')), 1, "after it was gone it is a new one")

    def test_done_steps_stay(self):
        self.judged_run(self.day(1), '5')
        done = self.steps()[0]
        done._action_done(feedback="Called them")
        self.judged_run(self.day(2), '1')
        self.assertFalse(self.steps())
        self.assertTrue(self.delta.message_ids.filtered(lambda message: "Called them" in (message.body or "")))

    def test_without_data_it_is_gone(self):
        self.judged_run(self.day(1), '5')
        self.judged_run(self.day(2), False)
        self.assertFalse(self.alerts(cause='test'))

    def test_resolved_by_a_person(self):
        """It stays quiet for 30 days, although the cause goes on."""
        self.judged_run(self.day(1), '5')
        alert = self.as_user(self.alerts(cause='test'), self.manager)
        alert.action_acknowledge()
        self.assertEqual(alert.state, 'acknowledged')
        self.judged_run(self.day(1, 2), '5')
        self.assertEqual((alert.state, len(self.steps())), ('acknowledged', 3))
        with self.assertRaisesRegex(UserError, "Say how"), self.cr.savepoint():
            alert._resolve("  ")
        wizard = self.as_user(self.env['kam.alert.resolve'], self.manager).with_context(
            **alert.action_resolve()['context']).create({'resolution': "They have moved"})
        wizard.action_resolve()
        self.assertEqual(
            (alert.state, alert.resolution, alert.resolver_id, alert.date_resolved),
            ('resolved', "They have moved", self.manager, fields.Date.context_today(alert)))
        self.assertFalse(self.steps())
        with self.assertRaisesRegex(UserError, "has ended already"):
            alert._resolve("Again")
        alert.sudo().date_resolved = self.day(1, 10)
        self.judged_run(self.day(2, 8), '5')
        self.assertFalse(self.alerts(cause='test'), "29 days after the 10th of January")
        self.judged_run(self.day(2, 9), '5')
        self.assertEqual(len(self.alerts(cause='test')), 1)
        self.assertEqual(len(self.steps()), 3)

    def test_only_watched_accounts(self):
        """By default key accounts and the tiers above General; lost customers have a track of their own."""
        self.assertEqual(
            self.rule('silent').tier_ids.mapped('value_class'), ['diamond', 'gold', 'strategic', 'potential'])
        self.judge(acme='5', beta='5', free='5')
        self.judged_run(self.day(1), '5')
        self.assertTrue(self.alerts(self.acme, 'test'))
        self.assertFalse(self.alerts(self.beta) | self.alerts(self.free), "General")
        self.rule('test', tier_ids=[Command.set(self.tiers['general'].ids)])
        # They traded once, and not for more than a year: lost. Beta has never been invoiced: a prospect.
        self.assertEqual((self.beta.category, self.free.category), ('target', 'lost'))
        self.judged_run(self.day(2), '5')
        self.assertTrue(self.alerts(self.beta, 'test'))
        self.assertFalse(self.alerts(self.free))
        expired = self.alerts(self.delta, 'test', ('expired',))
        self.assertEqual(len(expired), 1, "nobody watches Gold any more")
        self.assertFalse(self.steps())
        self.rule('test', tier_ids=[Command.clear()])
        self.judged_run(self.day(3), '5')
        self.assertTrue(self.alerts(self.delta, 'test'), "without tiers: the key accounts")
        self.assertFalse(self.alerts(self.beta))
        self.delta.active = False
        self.judged_run(self.day(4), '5')
        self.assertEqual(len(self.alerts(self.delta, 'test', ('expired',))), 2)

    def test_switched_off(self):
        self.judged_run(self.day(1), '5')
        self.rule('test', active=False)
        self.judged_run(self.day(2), '5')
        self.assertEqual(self.alerts(states=('expired',)).cause, 'test')
        self.assertFalse(self.steps())
        self.assertEqual(
            len(self.program.alert_rule_ids), len(CAUSES), "what is switched off is seen, and not made again")

    def test_owner(self):
        self.judge(acme='5')
        self.rule('test', owner='sponsor')
        self.program.champion_ids = self.champion
        self.judged_run(self.day(1), '5')
        self.assertEqual(self.alerts(self.acme, 'test').user_id, self.executive)
        self.assertEqual(self.alerts(self.delta, 'test').user_id, self.manager, "no sponsor: the next in charge")
        self.delta.assignment_ids._end(date(2024, 1, 31))
        self.rule('test', owner='manager')
        self.judged_run(self.day(2), '5')
        self.assertEqual(self.alerts(self.acme, 'test').user_id, self.manager)
        self.assertEqual(self.alerts(self.delta, 'test').user_id, self.champion)

    def test_nobody_responsible(self):
        self.delta.assignment_ids._end(date(2024, 1, 1))
        self.judged_run(self.day(1), '5')
        self.assertFalse(self.alerts(cause='test').user_id)
        self.assertFalse(self.steps(), "steps that nobody takes are none")

    def test_playbook(self):
        """Steps of a named person, and none without a plan."""
        plan = self.env['mail.activity.plan'].create({
            'name': "Visit", 'res_model': 'kam.account', 'company_id': False, 'template_ids': [Command.create({
                'activity_type_id': self.env.ref('mail.mail_activity_data_call').id, 'summary': "Call",
                'responsible_type': 'other', 'responsible_id': self.champion2.id})]})
        self.rule('test', plan_id=plan.id)
        self.judged_run(self.day(1), '5')
        self.assertEqual((self.steps().summary, self.steps().user_id), ("Call", self.champion2))
        self.rule('test', plan_id=False)
        self.judged_run(self.day(2), '1')
        self.judged_run(self.day(3), '5')
        self.assertFalse(self.steps())
        foreign = self.env['mail.activity.plan'].create({'name': "Partner", 'res_model': 'res.partner'})
        with self.assertRaisesRegex(ValidationError, "no activity plan for key accounts"), self.cr.savepoint():
            self.rule('test', plan_id=foreign.id)

    def test_rules_of_a_programme(self):
        program = self.env['kam.program'].create({'name': "New"})
        self.assertEqual(set(program.alert_rule_ids.mapped('cause')), set(CAUSES))
        self.assertEqual(self.program_b.alert_rule_ids.tier_ids.program_id, self.program_b)
        with self.assertRaisesRegex(ValidationError, "is not a tier of"), self.cr.savepoint():
            program.alert_rule_ids[0].tier_ids = self.tiers['gold']
        with mute_logger('odoo.sql_db'), self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
            program.alert_rule_ids[0].threshold = -1
        self.env['kam.program']._complete_alert_rules()
        self.assertEqual(len(program.alert_rule_ids), len(CAUSES))

    def test_broken_cause(self):
        """It keeps its alerts and stops no other; the run says so, and the scores stand."""
        self.judged_run(self.day(1), '5')
        self.program.alert_rule_ids.active = True
        self.invoice(self.delta_partner, '2023-06-15', 500)
        broken = {'test': SQL("SELECT 1 / 0"), 'contact': SQL("SELECT nonsense FROM nowhere")}
        causes = {code: type(TEST_CAUSE)(**{
            **CAUSES[code].__dict__, 'select': lambda scope, sql=sql: sql}) for code, sql in broken.items()}
        with patch.dict(CAUSES, causes), mute_logger(
                'odoo.sql_db', 'odoo.addons.kam_scoring.models.kam_score_run_alert'):
            run = self.judged_run(self.day(2), '1')
        self.assertIn("stay as they are: Test Cause: ", run.message)
        self.assertIn("Lost Contact: ", run.message)
        self.assertEqual(self.delta.score, 0)
        self.assertTrue({'test', 'overdue'} <= set(self.alerts().mapped('cause')))

    def test_broken_playbook(self):
        def refuse(*args):
            raise ValueError("no step today")
        with patch.object(self.registry['kam.alert'], '_launch_playbooks', refuse), mute_logger(
                'odoo.addons.kam_scoring.models.kam_score_run_alert'):
            run = self.judged_run(self.day(1), '5')
        self.assertIn("no step today", run.message)
        self.assertTrue(self.alerts(cause='test'))

    def test_past_run_warns_of_nothing(self):
        self.judged_run(self.day(3), '3')
        self.judged_run(self.day(2), '5')
        self.assertFalse(self.alerts(cause='test'))

    def test_one_open_alert(self):
        """A second worker comes too late without harm; by hand the database refuses."""
        self.judged_run(self.day(1), '5')
        scope = Scope.of(self.program, self.day(1))
        values = {'account_id': self.delta.id, 'cause': 'test', 'date': self.day(1)}
        with mute_logger('odoo.sql_db'), self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
            self.env['kam.alert'].create(values)
        self.env.flush_all()
        with patch.object(refresh, 'OPEN_STATES', ('nothing',)):  # as if it did not see the first one's
            self.assertEqual(refresh.refresh(scope, self.rule('test')), ([], []))

    def test_attention(self):
        self.judged_run(self.day(1), '5')
        alert = self.alerts(cause='test')
        account = self.as_user(self.delta, self.manager)
        self.assertIn({'level': 'danger', 'text': "Test Cause"}, account.attention)
        self.assertEqual(account.open_alert_count, len(self.alerts()))
        self.as_user(alert, self.manager).action_acknowledge()
        self.assertIn({'level': 'warning', 'text': "Test Cause"}, account.attention)
        alert.sudo()._resolve("Done")
        self.assertNotIn("Test Cause", [entry['text'] for entry in account.attention])
        self.assertEqual(account.action_open_alerts()['domain'], [('account_id', '=', self.delta.id)])

    def test_statements(self):
        """The same number of statements for one account and for ten, to find alerts and to show them."""
        self.judged_run(self.day(1), '5')
        self.program.alert_rule_ids.active = True
        self.rule('test', plan_id=False)
        others = self.env['res.partner'].create([
            {'name': f"Other {number}", 'is_company': True} for number in range(9)])
        accounts = self.delta | self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id, 'tier_id': self.tiers['gold'].id}
            for partner in others])
        for account in accounts - self.delta:
            self.judge_account(account, '3')
        run = self.run_scoring(self.day(2))

        def read(records):
            self.as_user(records, self.champion).read(['attention', 'open_alert_count'])
        self.as_user(accounts, self.champion).read(['attention'])  # what is cached for good
        self.alerts(cause='test').unlink()
        one = self.statements(run._refresh_alerts), self.statements(lambda: read(self.delta))
        self.alerts(cause='test').unlink()
        for account in accounts:
            self.judge_account(account, '5')
        ten = self.statements(run._refresh_alerts), self.statements(lambda: read(accounts))
        alerts = self.env['kam.alert'].search([('account_id', 'in', accounts.ids), ('cause', '=', 'test')])
        self.assertEqual(len(alerts), 10)
        self.assertEqual(one, ten)

        def show(records):
            self.as_user(records, self.champion).web_read({
                name: {} for name in ('display_name', 'reason', 'money', 'state', 'cause')})
        self.assertEqual(self.statements(lambda: show(alerts[:1])), self.statements(lambda: show(alerts)))
