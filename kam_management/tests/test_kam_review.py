from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .review_common import TODAY, ReviewCase


@tagged('post_install', '-at_install')
class TestKamReview(ReviewCase):
    """From the invitation to the last decision, as the account manager."""

    def invite(self, review, day, *partners):
        context = review.action_invite()['context']
        Event = self.as_user(self.env['calendar.event'], review.env.user)
        return Event.with_context(no_mail_to_attendees=True, dont_notify=True, **context).create({
            'name': context['default_name'], 'start': f'{day} 09:00:00', 'stop': f'{day} 11:00:00',
            'partner_ids': [Command.set(partners and self.env['res.partner'].union(*partners).ids
                                        or context['default_partner_ids'])]})

    def test_invitation(self):
        review = self.review(date_due='2026-03-10')
        with freeze_time(TODAY):
            context = review.action_invite()['context']
            self.assertEqual(context['default_start'], '2026-03-10 09:00:00')
            self.assertEqual(set(context['default_partner_ids']), set(
                (self.manager.partner_id | self.ann | self.eve).ids))
            event = self.invite(review, '2026-03-11')
            self.assertEqual((review.state, review.event_id, review.date), ('invited', event, date(2026, 3, 11)))
            self.assertIn("Without e-mail address, and so without invitation: Eve", review.notice)
            self.assertEqual(review.action_invite()['res_id'], event.id)
            event.unlink()
            self.assertEqual((review.state, review.event_id.id, review.date), ('planned', False, date(2026, 3, 10)))

    def test_who_has_no_address_is_not_mailed(self):
        """The meeting is made all the same, and the review says who has to be called."""
        review = self.review(date_due='2026-03-10')
        with freeze_time(TODAY):
            context = review.action_invite()['context']
            event = self.as_user(self.env['calendar.event'], self.manager).with_context(**context).create({
                'name': "Review", 'start': '2026-03-10 09:00:00', 'stop': '2026-03-10 11:00:00',
                'partner_ids': [Command.set((self.manager.partner_id | self.ann | self.eve).ids)]})
            self.env.flush_all()
        self.assertEqual((review.event_id, review.state), (event, 'invited'))
        self.assertEqual(event.partner_ids & (self.ann | self.eve), self.ann | self.eve)
        mails = self.env['mail.mail'].sudo().search([('model', '=', 'calendar.attendee')])
        self.assertNotIn(self.eve, mails.recipient_ids)
        self.assertIn("Eve", review.notice)
        self.eve.email = "eve@example.com"
        self.assertFalse(review.notice)

    def test_who_takes_part(self):
        internal = self.review('internal')
        self.env['kam.assignment'].create(self._seat_values(self.acme, self.sales, 'service'))
        with freeze_time(TODAY):
            self.assertEqual(set(internal.action_invite()['context']['default_partner_ids']), set(
                (self.manager | self.executive | self.sales).partner_id.ids))
            visit = self.review('visit')
            self.assertIn(self.executive.partner_id.id, visit.action_invite()['context']['default_partner_ids'])
        self.assertFalse(internal.partner_ids)

    def test_a_meeting_to_come_was_not_held(self):
        review = self.review()
        with freeze_time(TODAY):
            self.invite(review, '2026-03-11')
            with self.assertRaisesRegex(UserError, "still to come"):
                review.action_hold()
        with freeze_time('2026-03-12'):
            review.action_hold()
        self.assertEqual((review.state, review.date_held), ('held', date(2026, 3, 11)))

    def test_a_visit_is_one_of_the_calendar(self):
        visit = self.review('visit')
        with freeze_time(TODAY):
            with self.assertRaisesRegex(UserError, "Invite to it first"):
                visit.action_hold()
            event = self.invite(visit, TODAY, self.manager.partner_id, self.ann)
            with self.assertRaisesRegex(UserError, "takes the sponsor and somebody of the customer"):
                visit.action_hold()
            event.partner_ids = [Command.link(self.executive.partner_id.id)]
            visit.action_hold()
            self.acme.invalidate_recordset()
            self.assertEqual(self.acme.date_last_sponsor_visit, self.day(TODAY))

    def test_scorecard(self):
        first = self.held()
        answers = {rating.dimension: rating for rating in first.scorecard_ids}
        self.assertEqual(list(answers), ['quality', 'cost', 'delivery', 'response', 'satisfaction', 'recommend'])
        answers['quality'].write({'answer': '0', 'words': "Two of ten were bent"})
        answers['satisfaction'].answer = '7'
        answers['recommend'].answer = '9'
        self.assertEqual((first.satisfaction, first.recommendation), ('7', '9'))
        with freeze_time('2026-06-01'):
            second = self.as_user(self.env['kam.review'], self.manager).create({'account_id': self.acme.id})
            second.action_hold()
        again = second.scorecard_ids.filtered(lambda rating: rating.dimension == 'recommend')
        again.answer = '6'
        self.assertEqual((again.last_points, second.scorecard_ids[:1].last_points), ('9', '0'))
        Rating = self.as_user(self.env['kam.review.rating'], self.manager)
        answered = [('account_id', '=', self.acme.id), ('is_answered', '=', True)]
        # A zero counts, what was not asked does not.
        self.assertEqual(Rating._read_group(answered, [], ['points:avg', '__count']), [(22 / 4, 4)])
        # One for us, one against us.
        self.assertEqual(Rating._read_group(
            [*answered, ('dimension', '=', 'recommend')], [], ['recommendation:avg']), [(0,)])

    def test_no_scorecard_among_ourselves(self):
        self.assertFalse(self.held(kind='internal').scorecard_ids)

    def test_decisions_become_actions(self):
        review = self.held()
        decision = self.as_user(self.env['kam.review.decision'], self.manager).create({
            'review_id': review.id, 'name': "Show the monitoring", 'date_due': '2026-03-20'})
        self.assertEqual(decision.user_id, self.manager)
        with freeze_time(TODAY):
            with self.assertRaisesRegex(UserError, "no current plan"):
                decision.action_make_action()
            plan = self.env['kam.plan'].create({
                'account_id': self.acme.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'})
            decision.action_make_action()
            decision.action_make_action()
        action = plan.action_ids
        self.assertEqual((action.name, action.user_id, action.date_due, decision.action_id, decision.state), (
            "Show the monitoring", self.manager, date(2026, 3, 20), action, 'action'))
        self.assertEqual(action.activity_ids.user_id, self.manager)

    def test_decisions_become_tier_changes(self):
        review = self.held()
        decision = self.as_user(self.env['kam.review.decision'], self.manager).create({
            'review_id': review.id, 'name': "They grow fast"})
        with self.assertRaisesRegex(UserError, "Choose the tier"):
            decision.action_propose_tier_change()
        decision.to_tier_id = self.tiers['diamond']
        action = decision.action_propose_tier_change()
        change = decision.tier_change_id
        self.assertEqual((action['res_id'], change.to_tier_id, change.state, change.requester_id), (
            change.id, self.tiers['diamond'], 'draft', self.manager))
        self.assertIn("They grow fast", change.reason)
        decision.action_propose_tier_change()
        self.assertEqual(self.acme.tier_change_ids.filtered(lambda row: row.state == 'draft'), change)

    def test_closing_takes_decisions_and_a_summary(self):
        review = self.held()
        decision = self.as_user(self.env['kam.review.decision'], self.manager).create({
            'review_id': review.id, 'name': "Call back"})
        with self.assertRaisesRegex(UserError, "(?s)Call back.*Write a summary"):
            review.action_close()
        decision.action_drop()
        review.minutes = "They are content."
        review.action_close()
        self.assertEqual(review.state, 'closed')
        for change in (
            lambda: review.write({'minutes': "x"}), lambda: review.line_ids[:1].write({'note': "x"}),
            lambda: review.scorecard_ids[:1].write({'answer': '10'}), decision.unlink,
            lambda: decision.copy({'review_id': review.id}),
        ):
            with self.assertRaisesRegex(UserError, "stays as it was"):
                change()

    def test_the_steps_are_closed_to_users(self):
        review = self.review()
        for values in ({'state': 'closed'}, {'event_id': 1}, {'date_held': TODAY}, {'snapshot': {}}, {'period': TODAY}):
            with self.assertRaises(UserError):
                review.write(values)
        with self.assertRaises(UserError):
            review.copy({'state': 'held'})
        with self.assertRaisesRegex(UserError, "stays with its account"):
            self.as_user(review, self.champion).account_id = self.beta
        decision = self.as_user(self.env['kam.review.decision'], self.manager).create({
            'review_id': review.id, 'name': "x"})
        with self.assertRaises(UserError):
            decision.state = 'dropped'

    def test_snapshot(self):
        plan = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31', 'strategy': "Grow"})
        review = self.held()
        self.assertEqual((review.snapshot['tier'], review.snapshot['plan_id']), ("Gold", plan.id))
        self.as_user(plan, self.manager).strategy = "Shrink"
        review.invalidate_recordset()
        self.assertIn("Grow", review.snapshot_page)
        self.assertIn("Shrink", review.snapshot_page)
        plan.unlink()
        review.invalidate_recordset()
        self.assertIn("Grow", review.snapshot_page)

    def test_snapshot_in_the_language_of_its_reader(self):
        self.env['res.lang']._activate_lang('zh_CN')
        review = self.held()
        english, chinese = (review.with_context(lang=lang).snapshot_page for lang in ('en_US', 'zh_CN'))
        [fact] = review.snapshot['facts']['zh_CN'][:1]
        self.assertRegex(fact, "[\u4e00-\u9fff]")
        self.assertIn(fact, chinese)
        self.assertNotIn(fact, english)
        self.assertIn(review.snapshot['facts']['en_US'][0], english)

    def test_briefing(self):
        last = self.held()
        last.minutes = "Delivery has to become better."
        self.held(kind='internal').minutes = "Among ourselves: we are late."
        visit = self.review('visit', reason="New plant")
        self.tiers['gold'].promise = "Answer within four hours"
        page = self.as_user(visit, self.executive).briefing
        for text in ("Delivery has to become better.", "New plant", "No sponsor has visited", "Ann", "four hours"):
            self.assertIn(text, page)
        self.assertNotIn("Among ourselves", page)
        html = self.env['ir.actions.report'].with_user(self.executive)._render_qweb_html(
            'kam_management.kam_review_briefing_document', visit.ids)[0].decode()
        self.assertIn("New plant", html)

    def test_hostile_words_stay_words(self):
        visit = self.review('visit', reason="<script>alert(1)</script>")
        self.assertNotIn("<script>alert", visit.briefing)

    def test_timeline(self):
        self.held()
        event = self.as_user(self.env['kam.account.event'], self.manager).search(
            [('account_id', '=', self.acme.id), ('kind', '=', 'review')])
        self.assertEqual((event.date, event.description), (self.day(TODAY), "Business Review, led by kam_manager"))

    def test_a_new_manager_takes_over(self):
        review, held = self.review(), self.held(date_due='2026-03-09')
        self.env['kam.assignment'].create({
            **self._seat_values(self.acme, self.colleague, 'manager'), 'date_from': date.today()})
        self.assertEqual((review.owner_id, held.owner_id), (self.colleague, self.manager))

    def test_a_merge_keeps_what_was_held(self):
        held, planned = self.held(), self.review()
        other = self.env['kam.account'].create({
            'program_id': self.program.id, 'partner_id': self.env['res.partner'].create({
                'name': "Acme again", 'is_company': True}).id})
        self.acme._merge_into(other)
        self.assertEqual((held.account_id, held.state), (other, 'held'))
        self.assertEqual(planned.state, 'cancelled')

    def test_held_reviews_are_not_deleted(self):
        self.review().unlink()
        with self.assertRaises(UserError):
            self.held().unlink()

    # Who may do what

    def test_team_executives_champions(self):
        mine, theirs = self.review(), self.review(account=self.beta, user=self.colleague)
        for user, seen in ((self.manager, mine), (self.colleague, theirs), (self.executive, mine | theirs),
                           (self.champion, mine | theirs), (self.outsider, mine.browse())):
            found = self.as_user(mine.browse(), user).search([('id', 'in', (mine | theirs).ids)])
            self.assertEqual(found.ids, seen.sorted(lambda review: (review.date, review.id), reverse=True).ids,
                             user.login)
        with self.assertRaises(AccessError):
            self.as_user(mine, self.sales).read(['kind'])
        self.as_user(mine, self.executive).minutes = "The sponsor writes as well."
        for record in (theirs, theirs.line_ids):
            with self.assertRaises(AccessError):
                self.as_user(record, self.executive).unlink()
        with self.assertRaises(AccessError):
            self.as_user(theirs, self.executive).minutes = "x"
        for user in (self.manager, self.executive):
            for method in ('action_hold', 'action_cancel', 'action_prepare_scorecard'):
                with self.assertRaises(AccessError):
                    getattr(self.as_user(theirs, user), method)()
        with self.assertRaises(AccessError):
            self.as_user(mine, self.manager).create({'account_id': self.beta.id})
        with self.assertRaises(AccessError):
            self.as_user(mine.line_ids, self.manager).create({'review_id': theirs.id, 'name': "x"})

    def test_a_meeting_does_not_open_the_reviews_of_others(self):
        theirs = self.review(account=self.beta, user=self.colleague)
        with self.assertRaises(AccessError):
            self.as_user(self.env['calendar.event'], self.manager).with_context(kam_review_id=theirs.id).create({
                'name': "x", 'start': '2026-03-10 09:00:00', 'stop': '2026-03-10 10:00:00'})

    def test_companies(self):
        review = self.review(user=self.champion)
        found = self.as_user(review, self.champion, self.company_b).search([('id', '=', review.id)])
        self.assertFalse(found)

    def test_statements_do_not_grow_with_reviews(self):
        fields = {name: {} for name in ('date', 'kind', 'state', 'is_overdue', 'satisfaction', 'recommendation',
                                        'open_decision_count', 'notice')}
        fields.update({'account_id': {'fields': {'display_name': {}}}, 'owner_id': {'fields': {'display_name': {}}}})
        Review = self.as_user(self.env['kam.review'], self.manager)

        def read():
            Review.web_search_read([('account_id', '=', self.acme.id)], fields)
        self.held()
        for _number in range(2):  # caches of the ORM fill up
            one = self.statements(read)
        for _number in range(5):
            self.held()
        self.assertEqual(self.statements(read), one)
