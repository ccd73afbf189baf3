from datetime import date

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ScoringCase

INFLUENCE = ('influence', 10, 'linear', 1, 5)


@tagged('post_install', '-at_install')
class TestHistory(ScoringCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish_model(criteria=[INFLUENCE])
        cls.judge(acme='3')

    def dates(self, account=None):
        return sorted(map(str, (account or self.acme).score_ids.mapped('date')))

    def test_one_snapshot_a_month(self):
        """A result that repeats the points of the one before replaces it, within a month."""
        for day in (date(2024, 2, 10), date(2024, 2, 20), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 2)):
            self.run_scoring(day)
        self.assertEqual(self.dates(), ['2024-02-29', '2024-03-02'])
        self.assertEqual(self.acme.score_ids.mapped('is_snapshot'), [False, True])
        self.assertEqual(str(self.acme.score_date), '2024-03-02')
        self.assertEqual(self.acme.score_ids.filtered('is_current'), self.acme.score_id)

    def test_each_change_stays(self):
        self.run_scoring(date(2024, 2, 10))
        self.judge(acme='5')
        self.run_scoring(date(2024, 2, 12))
        self.run_scoring(date(2024, 2, 15))
        self.assertEqual([(str(row.date), row.score) for row in self.acme.score_ids],
                         [('2024-02-15', 100), ('2024-02-10', 50)])
        self.assertEqual(self.dates(self.beta), ['2024-02-15'], "nothing has changed there")

    def test_a_new_model_is_a_change(self):
        self.run_scoring(date(2024, 2, 10))
        self.publish_model(criteria=[('influence', 20, 'linear', 1, 5)])
        self.run_scoring(date(2024, 2, 12))
        self.assertEqual(self.dates(), ['2024-02-10', '2024-02-12'])

    def test_clean_up(self):
        """Changes go after so many days, snapshots after so many months; the current score stays whatever its age."""
        for day, level in ((date(2022, 1, 10), '1'), (date(2022, 1, 20), '2'), (date(2024, 2, 10), '3')):
            self.judge(acme=level)
            self.run_scoring(day)
        self.program.write({'history_days': 31, 'history_months': 240})
        self.env['kam.score']._gc_history()
        self.assertEqual(self.dates(), ['2022-01-20', '2024-02-10'])
        self.program.history_months = 13
        self.env['kam.score']._gc_history()
        self.assertEqual(self.dates(), ['2024-02-10'])
        with self.assertRaises(psycopg2.IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.program.history_days = 5
            self.env.flush_all()

    def test_same_day_again(self):
        self.run_scoring(date(2024, 2, 10))
        run = self.run_scoring(date(2024, 2, 10))
        self.assertEqual(self.acme.score_ids.run_id, run)

    def test_trend(self):
        self.run_scoring(date(2024, 1, 31))
        self.assertEqual((self.acme.score, self.acme.score_trend), (50, 0))
        self.judge(acme='5')
        self.run_scoring(date(2024, 2, 10))
        self.assertEqual((self.acme.score, self.acme.score_trend), (100, 50))
        self.judge(acme='4')
        self.run_scoring(date(2024, 2, 20))
        self.assertEqual((self.acme.score, self.acme.score_trend), (75, 25), "against January, not against the 10th")

    def test_no_trend_over_a_gap(self):
        self.run_scoring(date(2023, 12, 31))
        self.judge(acme='5')
        self.run_scoring(date(2024, 2, 10))
        self.assertEqual(self.acme.score_trend, 0, "the month before has no snapshot")

    def test_no_trend_against_no_data(self):
        self.run_scoring(date(2024, 1, 31))
        self.judge(beta='5')
        self.run_scoring(date(2024, 2, 10))
        self.assertEqual((self.beta.score, self.beta.score_trend), (100, 0))

    def test_replay_adds_history_only(self):
        self.run_scoring(date(2024, 3, 10))
        current, score = self.acme.score_id, self.acme.score
        self.judge(acme='1')
        run = self.run_scoring(date(2024, 3, 5))
        self.assertEqual(run.score_ids.filtered(lambda row: row.account_id == self.acme).score, 0)
        self.assertFalse(any(run.score_ids.mapped('is_current')))
        self.assertEqual((self.acme.score_id, self.acme.score), (current, score))
        self.run_scoring(date(2024, 1, 31))
        self.assertEqual(self.dates(), ['2024-01-31', '2024-03-05', '2024-03-10'])
        self.run_scoring(date(2024, 3, 10))
        self.assertEqual(self.dates(), ['2024-01-31', '2024-03-05', '2024-03-10'], "it had other points")

    def test_archived_account_keeps_its_last_score(self):
        self.run_scoring(date(2024, 2, 10))
        score = self.acme.score_id
        self.acme.active = False
        self.run_scoring(date(2024, 2, 20))
        self.assertEqual(self.acme.score_id, score)

    def test_only_what_differs_is_written(self):
        self.run_scoring(date(2024, 2, 10))
        self.env.cr.execute("SELECT id, xmin::text FROM kam_account WHERE program_id = %s ORDER BY id",
                            [self.program.id])
        before = dict(self.env.cr.fetchall())
        self.judge(acme='5')
        self.run_scoring(date(2024, 2, 11))
        self.env.cr.execute("SELECT id, ctid::text, score FROM kam_account WHERE id = ANY(%s)", [list(before)])
        self.assertEqual(self.acme.score, 100)
        self.assertEqual(len(before), 4)

    def test_scores_are_not_written_by_people(self):
        for user in (self.manager, self.champion):
            with self.assertRaises(UserError):
                self.as_user(self.acme, user).score = 100
        with self.assertRaises(UserError):
            self.as_user(self.env['kam.account'], self.champion).create({
                'program_id': self.program.id, 'partner_id': self.gamma_partner.id, 'score': 100})

    def test_one_current_score(self):
        run = self.run_scoring()
        with mute_logger('odoo.sql_db'), self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
            self.env['kam.score'].create({
                'run_id': self.env['kam.score.run'].create({'program_id': self.program.id, 'date': run.date}).id,
                'account_id': self.acme.id, 'program_id': self.program.id, 'date': run.date, 'is_current': True})
            self.env.flush_all()
