from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, RecordCapturer, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from odoo.addons.kam_scoring.models import kam_rebalance_compute
from odoo.addons.kam_scoring.rebalancing.question import Question

from .rebalance_common import RebalanceCase


@tagged('post_install', '-at_install')
class TestKamRebalanceBackground(RebalanceCase):
    """Large ones are computed by the scheduled action; and what that costs does not grow with the accounts."""

    def cron(self):
        with patch.object(type(self.env['ir.cron']), '_commit_progress', return_value=60):
            self.env['kam.rebalance']._cron_compute()

    def waiting(self):
        rebalance = self.rebalance()
        cron = self.env.ref('kam_scoring.ir_cron_rebalance_computing')
        with patch.object(kam_rebalance_compute, 'LIVE_PAIRS', 5), \
                RecordCapturer(self.env['ir.cron.trigger'], [('cron_id', '=', cron.id)]) as triggers:
            rebalance.action_compute()
        self.assertTrue(triggers.records)
        self.assertEqual((rebalance.state, rebalance.scenario_ids.ids), ('computing', []))
        return rebalance

    def test_in_the_background(self):
        rebalance = self.waiting()
        with self.assertRaisesRegex(UserError, "is being computed"):
            rebalance.action_compute()
        with self.assertRaisesRegex(UserError, "is being computed"):
            rebalance.fairness = 2
        self.cron()
        self.assertEqual((rebalance.state, rebalance.progress), ('proposed', 100))
        self.assertEqual(len(rebalance.scenario_ids), 4)

    def test_given_up_while_it_waits(self):
        rebalance = self.waiting()
        rebalance.action_cancel()
        self.cron()
        self.assertEqual((rebalance.state, rebalance.scenario_ids.ids), ('cancelled', []))

    def test_error_stops_no_other(self):
        broken, fine = self.waiting(), self.waiting()
        solve = Question.solve

        def fail(question, problem, seconds):
            if question.rebalance.id == broken.id:
                raise ZeroDivisionError("no")
            return solve(question, problem, seconds)
        self.env.flush_all()
        with patch.object(Question, 'solve', fail), patch.object(self.env.cr, 'rollback'), \
                mute_logger('odoo.addons.kam_scoring.models.kam_rebalance_compute'):
            self.cron()
        self.assertEqual((broken.state, fine.state), ('draft', 'proposed'))
        self.assertEqual(broken.message, "It stopped with an error: no")

    def test_as_many_statements_for_more_accounts(self):
        few = self.rebalance(fairness=100)
        before = self.statements(few.action_compute)
        for number in range(30):
            self._account(f"More{number}", 'strategic', (self.ann, self.bob)[number % 2])
        many = self.rebalance(fairness=100, seconds=3)
        after = self.statements(many.action_compute)
        self.assertEqual(len(many.scenario_id.move_ids), 37)
        self.assertLessEqual(after, before + 2)
        self.scenario(many, 'today').action_edit_by_hand()
        hand = self.scenario(many, 'hand')
        for rebalance in (many,):
            move = self.move_of(rebalance, self.golds[0])
            self.assertLess(self.statements(lambda move=move: move.write({'to_user_id': self.bob.id})), 60)
        self.assertEqual(hand.move_count, 1)


@tagged('post_install', '-at_install')
class TestKamRebalanceConcurrency(BaseCase):
    """Two people carry out the same rebalancing at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.forget)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True})
            self.partner_id = env['res.partner'].create({'name': "Concurrent", 'is_company': True}).id
            program = env['kam.program'].create({'name': "Concurrent"})
            users = env['res.users'].create([{
                'name': login, 'login': login, 'company_ids': [Command.set(program.company_ids.ids)],
                'company_id': program.company_ids[0].id} for login in ('kam_former', 'kam_next')])
            self.user_ids, self.program_id = users.ids, program.id
            account = env['kam.account'].create({'program_id': program.id, 'partner_id': self.partner_id})
            seat = env['kam.assignment'].create({
                'account_id': account.id, 'user_id': users[0].id, 'date_from': '2020-01-01'})
            rebalance = env['kam.rebalance'].create({
                'name': "Concurrent", 'program_id': program.id, 'state': 'approved',
                'date': fields.Date.add(fields.Date.today(), days=30)})
            scenario = env['kam.rebalance.scenario'].create({'rebalance_id': rebalance.id})
            env['kam.rebalance.move'].create({
                'scenario_id': scenario.id, 'account_id': account.id, 'tier_id': account.tier_id.id,
                'from_user_id': users[0].id, 'to_user_id': users[1].id, 'seat_id': seat.id, 'decision': 'approved'})
            rebalance.scenario_id = scenario
            self.rebalance_id, self.account_id = rebalance.id, account.id

    def forget(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM kam_rebalance WHERE id = %s", [self.rebalance_id])
            cr.execute("DELETE FROM mail_activity WHERE res_model = 'kam.account' AND res_id = %s", [self.account_id])
            cr.execute("DELETE FROM kam_account WHERE id = %s", [self.account_id])
            cr.execute("DELETE FROM res_partner WHERE id = %s", [self.partner_id])
            cr.execute("UPDATE kam_program SET entry_tier_id = NULL, prospect_tier_id = NULL WHERE id = %s",
                       [self.program_id])
            cr.execute("DELETE FROM kam_program WHERE id = %s", [self.program_id])
            cr.execute("DELETE FROM kam_profile WHERE user_id = ANY(%s)", [self.user_ids])
            cr.execute("DELETE FROM res_users WHERE id = ANY(%s) RETURNING partner_id", [self.user_ids])
            partner_ids = [row[0] for row in cr.fetchall()]
            cr.execute("DELETE FROM mail_mail WHERE id IN (SELECT mail_mail_id FROM mail_mail_res_partner_rel "
                       "WHERE res_partner_id = ANY(%s))", [partner_ids])
            cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", [partner_ids])

    def carry_out(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        env['kam.rebalance'].browse(self.rebalance_id).action_carry_out()
        env.flush_all()

    def test_carried_out_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT count(*) FROM kam_rebalance")  # its picture of the database is from before
            self.carry_out(first)
            first.commit()
            with mute_logger('odoo.sql_db'), self.assertRaises(SerializationFailure):
                self.carry_out(second)
            second.rollback()
            # Odoo starts the request again; now the state is there to be seen.
            with self.assertRaisesRegex(UserError, "not possible any more"):
                self.carry_out(second)
            second.rollback()
            second.execute("SELECT count(*) FROM kam_assignment WHERE account_id = %s", [self.account_id])
            self.assertEqual(second.fetchone()[0], 2)
