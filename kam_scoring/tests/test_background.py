from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kam_scoring.models import kam_score_run

from .common import ScoringCase

INFLUENCE = ('influence', 10, 'linear', 1, 5)


@tagged('post_install', '-at_install')
class TestBackground(ScoringCase):
    """Large programmes are scored in the background, and say how far they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish_model(criteria=[INFLUENCE], rules=[{'tier': 'general'}])
        cls.judge(acme='5')

    def start(self):
        self.as_user(self.program, self.champion).action_score()
        return self.env['kam.score.run'].search([('program_id', '=', self.program.id)], limit=1)

    def work_off(self):
        with self.enter_registry_test_mode():
            self.env.ref('kam_scoring.ir_cron_score_waiting').method_direct_trigger()
        self.env.invalidate_all()

    def test_small_programmes_at_once(self):
        run = self.start()
        self.assertEqual(run.state, 'done')
        self.assertEqual(run.step_ids.mapped('name'), ['enrol', 'score', 'history', 'account', 'proposal', 'follow'])

    def test_large_programmes_wait(self):
        self.patch(kam_score_run, 'LIVE_ACCOUNTS', 2)
        run = self.start()
        self.assertEqual((run.state, run.account_count), ('waiting', 0))
        self.assertEqual(self.start(), run, "asked for twice, done once")
        self.work_off()
        self.assertEqual((run.state, run.account_count, self.acme.score), ('done', 4, 100))
        self.assertEqual(len(run.step_ids), 6)

    def test_killed_run(self):
        """A run that dies leaves the last complete result; the next one says what happened and scores."""
        before = self.start()
        self.judge(acme='1')
        self.patch(kam_score_run, 'LIVE_ACCOUNTS', 2)
        run = self.start()
        with patch.object(self.registry['kam.score.run'], '_execute', side_effect=SystemError("killed")), \
                mute_logger('odoo.addons.kam_scoring.models.kam_score_run'):
            self.work_off()
        self.assertEqual((run.state, self.acme.score, self.acme.score_run_id), ('failed', 100, before))
        died = self.env['kam.score.run'].create({
            'program_id': self.program.id, 'model_id': before.model_id.id, 'date': before.date, 'state': 'running'})
        again = self.start()
        self.assertEqual((died.state, again.state), ('failed', 'waiting'))
        self.assertIn("interrupted", died.message)
        self.work_off()
        self.assertEqual((again.state, self.acme.score), ('done', 0))
