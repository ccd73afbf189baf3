from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ScoringCase

RUN = 'odoo.addons.kam_scoring.models.kam_score_run'


@tagged('post_install', '-at_install')
class TestCron(ScoringCase):

    def run_cron(self):
        with self.enter_registry_test_mode(), mute_logger(RUN, 'odoo.sql_db'):
            self.env.ref('kam_scoring.ir_cron_score').method_direct_trigger()
        self.env.invalidate_all()

    def last_run(self, program):
        return self.env['kam.score.run'].search([('program_id', '=', program.id)], order='id desc', limit=1)

    def test_every_programme(self):
        self.publish_model()
        self.publish_model(self.program_b)
        self.run_cron()
        for program in (self.program, self.program_b):
            run = self.last_run(program)
            self.assertEqual((run.state, run.date), ('done', fields.Date.today()), run.message)
        self.assertEqual(self.acme.score_date, fields.Date.today())

    def test_bad_programme_stops_no_other(self):
        """Programme A (the first) has no model; programme B is scored all the same."""
        self.publish_model(self.program_b)
        self.run_cron()
        self.assertEqual(self.last_run(self.program).state, 'failed')
        self.assertEqual(self.last_run(self.program_b).state, 'done')

    def test_unexpected_error_stops_no_other(self):
        self.publish_model()
        self.publish_model(self.program_b)
        KamScoreRun = self.registry['kam.score.run']
        execute = KamScoreRun._execute

        def fail_for_a(run, distribution=None):
            if run.program_id == self.program:
                raise ZeroDivisionError("of all things")
            return execute(run)
        with patch.object(KamScoreRun, '_execute', fail_for_a):
            self.run_cron()
        run = self.last_run(self.program)
        self.assertEqual(run.state, 'failed')
        self.assertIn("of all things", run.message)
        self.assertEqual(self.last_run(self.program_b).state, 'done')
        self.assertEqual(self.program.last_run_state, 'failed')

    def test_two_workers(self):
        """While one worker scores a programme, another one says so, or passes over it."""
        program = self.env.ref('kam_management.program_default')  # in the database, so that another cursor sees it
        before = self.last_run(program)
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SELECT FROM kam_program WHERE id = %s FOR NO KEY UPDATE", [program.id])
            with self.assertRaisesRegex(UserError, "being scored already"):
                self.env['kam.score.run']._score_program(program)
            self.run_cron()
            self.assertEqual(self.last_run(program), before)
            other.rollback()
