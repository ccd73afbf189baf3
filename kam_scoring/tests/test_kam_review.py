from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common import ScoringCase

JANUARY, FEBRUARY = date(2024, 1, 31), date(2024, 2, 29)


@tagged('post_install', '-at_install')
class TestKamReview(ScoringCase):
    """The score of the day of a review beside that of today. Influence 5 of 5 is 100 points, 3 of 5 is 50."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish_model(criteria=[('influence', 10, 'linear', 1, 5)])
        cls.env['kam.scoring.model'].create({
            'program_id': cls.program.id, 'name': "Health", 'purpose': 'health',
            'criterion_ids': [Command.create({
                'metric': 'collection_timeliness', 'weight': 10, 'bound_zero': 60, 'bound_full': 0})],
        }).action_publish()

    def hold(self, day=JANUARY, account=None):
        with freeze_time(day):
            review = self.as_user(self.env['kam.review'], self.manager).create({'account_id': self.acme.id})
            review.action_hold()
            self.env.flush_all()
        return review

    def tables(self, review):
        self.env.invalidate_all()
        return {table['name']: table for table in self.as_user(review, self.executive)._snapshot_values()['scores']}

    def test_then_and_today(self):
        self.judge(acme='5')
        self.run_scoring(JANUARY)
        self.env['kam.score.run']._score_program(self.program, JANUARY, purpose='health')
        self.env.invalidate_all()
        health = self.acme.health
        review = self.hold()
        self.assertEqual(set(review.snapshot['score']), {'selection', 'health'})
        self.assertEqual(
            {key: review.snapshot['score']['selection'][key] for key in ('date', 'score', 'points')},
            {'date': '2024-01-31', 'score': 100, 'points': {'influence': 100}})
        self.judge(acme='3')
        self.run_scoring(FEBRUARY)
        value, of_health = self.tables(review).values()
        self.assertEqual([row[1:] for row in value['rows']], [("100.0", "50.0", "−50")] * 2)
        self.assertEqual((value['then'], value['now'], value['is_seam']), ("01/31/2024", "02/29/2024", False))
        self.assertEqual(of_health['rows'][0][1:], (f"{health:.1f}", f"{health:.1f}", ""))
        page = self.as_user(review, self.executive).snapshot_page
        for text in ("o_kam_review_scores", "02/29/2024", "−50"):
            self.assertIn(text, page)
        self.assertNotIn("another one today", page)

    def test_another_model(self):
        self.judge(acme='5')
        self.run_scoring(JANUARY)
        review = self.hold()
        self.publish_model(criteria=[('margin', 10, 'linear', 0, 40)])
        self.run_scoring(FEBRUARY)
        [table] = self.tables(review).values()
        self.assertTrue(table['is_seam'])
        self.assertEqual([row[1] for row in table['rows']], ["100.0", "100.0", ""])
        self.assertEqual([row[3] for row in table['rows']][1:], ["", ""])
        self.assertIn("another one today", self.as_user(review, self.executive).snapshot_page)

    def test_without_score(self):
        """Neither a programme without scores nor a snapshot that is older than these says anything."""
        review = self.hold()
        self.assertEqual(review.snapshot['score'], {})
        self.assertEqual(self.tables(review), {})
        review.sudo().snapshot = {key: value for key, value in review.snapshot.items() if key != 'score'}
        self.assertEqual(self.tables(review), {})
        self.assertNotIn("o_kam_review_scores", review.snapshot_page)
