from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .review_common import ReviewCase


@tagged('post_install', '-at_install')
class TestKamVoice(ReviewCase):
    """What customers say at reviews, over time. Surveys: tests/test_optional_modules.py, where they are installed."""

    def rate(self, review, **answers):
        for rating in review.scorecard_ids.filtered(lambda rating: rating.dimension in answers):
            rating.write({'answer': answers[rating.dimension], 'words': f"About {rating.dimension}"})
        self.env.flush_all()

    def voice(self, user, *domain):
        return self.as_user(self.env['kam.voice'], user).search(
            [('account_id', 'in', (self.acme | self.beta).ids), *domain])

    def test_what_was_answered(self):
        review = self.held()
        self.rate(review, satisfaction='7', recommend='9', cost='0')
        rows = self.voice(self.manager)
        self.assertEqual({(row.topic, row.points, row.recommendation) for row in rows}, {
            ('satisfaction', 7, 0), ('recommend', 9, 100), ('cost', 0, 0)})
        self.assertEqual((rows.review_id, rows.account_id, rows.program_id, rows.tier_id, set(rows.mapped('source'))), (
            review, self.acme, self.program, self.tiers['gold'], {'review'}))
        self.assertEqual(rows.filtered(lambda row: row.topic == 'cost').words, "About cost")
        self.assertEqual(rows[0].action_open_review()['res_id'], review.id)

    def test_net_promoters(self):
        for answer in ('10', '9', '8', '3'):
            self.rate(self.held(), recommend=answer, satisfaction='5')
        Voice = self.as_user(self.env['kam.voice'], self.manager)
        [(score, points)] = Voice._read_group(
            [('account_id', '=', self.acme.id)], [], ['recommendation:avg', 'points:avg'])
        self.assertEqual((score, points), (25, 6.25), "two of four promote, one speaks against us")

    def test_account(self):
        acme = self.as_user(self.acme, self.manager)
        self.assertEqual((acme.voice_count, acme.voice_points), (0, 0))
        review = self.held()
        self.rate(review, satisfaction='7', recommend='9')
        review.sudo().date = date.today()
        self.env.flush_all()
        acme.invalidate_recordset()
        self.assertEqual((acme.voice_count, acme.voice_points), (2, 7))
        self.assertEqual(len(self.env['kam.voice'].search(acme.action_open_voice()['domain'])), 2)

    def test_who_sees_what(self):
        self.rate(self.held(), satisfaction='7')
        for user, count in ((self.manager, 1), (self.executive, 1), (self.champion, 1), (self.colleague, 0),
                            (self.outsider, 0)):
            with self.subTest(user=user.login):
                self.assertEqual(len(self.voice(user)), count)
        self.assertFalse(self.as_user(self.env['kam.voice'], self.champion, self.company_b).search([]))
        with self.assertRaises(AccessError):
            self.voice(self.sales)
        with self.assertRaises(AccessError):
            self.voice(self.manager).write({'words': "Splendid"})

    def test_screens_cost_the_same_for_many(self):
        names = {'date': {}, 'account_id': {'fields': {'display_name': {}}}, 'topic': {}, 'points': {}, 'words': {}}
        Voice = self.as_user(self.env['kam.voice'], self.manager)
        self.rate(self.held(), satisfaction='7')
        Voice.web_search_read([], names)
        few = self.statements(lambda: Voice.web_search_read([], names))
        for _number in range(5):
            self.rate(self.held(), satisfaction='7', recommend='9')
        self.assertEqual(self.statements(lambda: Voice.web_search_read([], names)), few)
