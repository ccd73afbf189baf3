from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .review_common import TODAY, ReviewCase


@tagged('post_install', '-at_install')
class TestKamMyDayReview(ReviewCase):
    """Reviews in My Day of the account manager and of the sponsor, on Monday, 2 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nothing else waits: no visit is due, nobody has to be called.
        cls.program.tier_ids.write({'manager_visit_days': 0, 'sponsor_visit_days': 0, 'review_days': 0})
        cls.env['kam.stakeholder'].search([('account_id', '=', cls.acme.id)]).unlink()

    def load(self, user=None, day=TODAY):
        """([(kind, text)] late, [(kind, text)] of the week)"""
        with freeze_time(day):
            self.env.flush_all()
            self.env.invalidate_all()
            found = self.as_user(self.env['kam.my.day'], user or self.manager).load_day()
        return [[(entry['kind'], entry['text']) for entry in found[section]] for section in ('late', 'week')]

    def test_from_preparation_to_closing(self):
        review = self.review(date_due='2026-03-14')
        self.assertEqual(self.load(), [[], []], "far away, and its agenda is there")
        review.line_ids.unlink()
        self.assertEqual(self.load(day='2026-02-27'), [[], []])
        self.assertEqual(self.load(), [[], [("Business Review", "The agenda is empty: prepare it")]])
        self.env['kam.review.line'].create({'review_id': review.id, 'name': "Figures"})
        self.assertEqual(self.load(day='2026-03-08'), [[], [("Business Review", "Nobody is invited yet")]])
        review._take_meeting(self.meet(self.day('2026-03-14'), self.manager.partner_id, self.ann))
        self.assertEqual(self.load(day='2026-03-08'), [[], [("Business Review", "Read the briefing")]])
        late = "Was it held? Say so, or choose another day"
        self.assertEqual(self.load(day='2026-03-15'), [[("Business Review", late)], []])
        with freeze_time('2026-03-15'):
            review.action_hold()
            decision = self.as_user(self.env['kam.review.decision'], self.manager).create({
                'review_id': review.id, 'name': "Call back"})
        self.assertEqual(self.load(day='2026-03-16'), [
            [], [("Business Review", "Decide what follows (undecided: 1), and close it")]])
        decision.action_drop()
        self.assertEqual(self.load(day='2026-03-23'), [[("Business Review", "Write a summary, and close it")], []])
        review.minutes = "Fine."
        review.action_close()
        self.assertEqual(self.load(day='2026-03-23'), [[], []])

    def test_whose_it_is(self):
        self.review('internal', date_due='2026-03-04')
        visit = self.review('visit', date_due='2026-03-05')
        theirs = self.review(account=self.beta, user=self.colleague, date_due='2026-03-03')
        self.assertEqual([kind for kind, _text in self.load()[1]], ["Internal Review", "Executive Visit"])
        self.assertEqual(self.load(self.executive), [[], [("Executive Visit", "Nobody is invited yet")]])
        self.assertEqual(self.load(self.colleague), [[], [("Business Review", "Nobody is invited yet")]])
        self.assertEqual(self.load(self.sales), [[], []])
        theirs.sudo().owner_id = self.manager.browse()
        visit.sudo().owner_id = self.champion
        self.assertEqual(len(self.load()[1]), 2, "reviews of own accounts, whoever prepares them")

    def test_a_reminder_is_no_second_entry(self):
        review = self.review(date_due='2026-03-02')
        self.night('2026-03-03')
        self.assertTrue(self.reminders(review))
        self.assertEqual(self.load(day='2026-03-03'), [
            [("Business Review", "Was it held? Say so, or choose another day")], []])
        self.night('2026-03-10')
        [late, _week] = self.load(self.champion, day='2026-03-11')
        self.assertEqual([kind for kind, _text in late], ["Review Overdue"], "the champion hears of it once")

    def test_a_visit_of_the_sponsor_is_one_entry(self):
        self.tiers['gold'].sponsor_visit_days = 180
        self.assertEqual(self.load(self.executive)[0], [("Visit", "Your visit is due and not planned yet")])
        self.review('visit', date_due='2026-03-05')
        self.assertEqual(self.load(self.executive), [[], [("Executive Visit", "Nobody is invited yet")]])

    def test_many_cost_the_same(self):
        self.review(date_due='2026-03-04')
        self.held()
        self.load()
        few = self.statements(self.load)
        for number in range(6):
            self.review(date_due='2026-03-04', line_ids=[Command.create({'name': "x"})] if number % 2 else [])
            self.held()
        self.assertEqual(len(self.load()[1]), 14)
        self.assertLessEqual(self.statements(self.load), few + 1)
