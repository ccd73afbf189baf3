from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .rebalance_common import RebalanceCase


@tagged('post_install', '-at_install')
class TestKamRebalanceExecute(RebalanceCase):
    """Seats change on the first day with checklists and one mail each; what changed meanwhile is listed; and back."""

    def later(self, days):
        """As on a day counted from the first day, with seats put right as the night does."""
        clock = freeze_time(fields.Datetime.to_datetime(self.day) + timedelta(days=days, hours=12))
        clock.start()
        self.addCleanup(clock.stop)
        self.env['kam.assignment']._cron_refresh_current()

    def tasks(self, account):
        return account.activity_ids.filtered(lambda activity: activity.date_deadline)

    def test_carry_out(self):
        rebalance = self.approved(fairness=100)
        account = self.moves(rebalance)[0].account_id
        rebalance.action_carry_out()
        self.assertEqual((rebalance.state, rebalance.message), ('done', False))
        move = self.move_of(rebalance, account)
        self.assertEqual((move.state, move.former_date_to), ('applied', False))
        self.assertEqual((move.seat_id.user_id, move.seat_id.date_to), (self.ann, self.day - timedelta(days=1)))
        self.assertEqual((move.new_seat_id.user_id, move.new_seat_id.date_from), (self.bob, self.day))
        self.assertEqual(account.activity_ids.user_id, self.ann | self.bob, "the checklist of a handover")
        self.assertEqual(account.manager_id, self.ann, "until the day comes")
        self.later(0)
        self.assertEqual(account.manager_id, self.bob)

    def test_one_mail_each(self):
        before = self.env['mail.mail'].search([])
        rebalance = self.done(fairness=100)
        mails = self.env['mail.mail'].search([]) - before
        self.assertEqual(mails.recipient_ids, (self.ann | self.bob).partner_id)
        self.assertEqual(len(mails), 2)
        body = mails.filtered(lambda mail: mail.recipient_ids == self.bob.partner_id).body_html
        for move in self.moves(rebalance):
            self.assertIn(move.account_id.display_name, body)
        self.assertIn("You take over:", body)

    def test_free_seat(self):
        vacant = self._account("Vacant", 'gold')
        rebalance = self.done(fairness=100)
        self.assertEqual((self.seat(vacant).user_id, self.seat(vacant).date_from), (self.bob, self.day))
        rebalance.action_roll_back()
        self.assertFalse(self.seat(vacant))

    def test_note_for_whoever_takes_over(self):
        rebalance = self.computed()
        move = self.moves(rebalance)[0]
        move.note = "They like tea"
        self.as_user(rebalance, self.champion2).action_approve()
        rebalance.action_carry_out()
        self.assertIn("They like tea", " ".join(move.account_id.message_ids.mapped('body')))

    def test_stale_moves_are_listed(self):
        """Each of the four accounts has changed in another way; the fifth is applied."""
        rebalance = self.rebalance()
        self.person(rebalance, self.ann).role = 'leaves'
        rebalance.action_compute()
        self.as_user(rebalance, self.champion2).action_approve()
        one, two, three, four, five, six = self.golds
        self.env['kam.assignment'].create({**self._seat_values(one, self.cyd, 'manager'),
                                           'date_from': fields.Date.today()})
        self.seat(two)._end(self.day - timedelta(days=5))
        three.sudo().tier_id = self.tiers['diamond']
        four.sudo().active = False
        five.sudo().no_move_reason = "In court"
        rebalance.action_carry_out()
        reasons = {move.account_id: move.stale_reason for move in self.moves(rebalance)}
        self.assertEqual(reasons, {
            one: "Gold1 is held by Cyd now, not by Ann any more.",
            two: "The seat of Ann at Gold2 has ended, or ends before the first day.",
            three: "Gold3 is in Diamond now, not in Gold any more.",
            four: "Gold4 has been archived.",
            five: "Gold5 is not to move: In court",
            six: False})
        self.assertEqual(rebalance.state, 'done')
        for reason in filter(None, reasons.values()):
            self.assertIn(reason, rebalance.message)
        self.assertEqual(self.seat(one).user_id, self.cyd)
        self.assertEqual(self.seat(six).user_id, self.bob)
        self.assertEqual(self.move_of(rebalance, one).state, 'stale')

    def test_nobody_is_left_to_take_over(self):
        rebalance = self.approved()
        self.seat(self.mini).with_user(self.champion)._end(fields.Date.today() - timedelta(days=1))
        self.env.flush_all()
        self.bob.active = False
        before = self.seat_rows()
        rebalance.action_carry_out()
        self.assertEqual(set(self.moves(rebalance).mapped('stale_reason')), {"Bob has left and cannot take over."})
        self.assertEqual((rebalance.state, before), ('approved', self.seat_rows()), "nothing is done")

    def test_another_rebalancing_was_first(self):
        first, second = self.approved(), self.approved()
        first.action_carry_out()
        second.action_carry_out()
        self.assertEqual(second.state, 'approved')
        self.assertEqual(set(self.moves(second).mapped('state')), {'stale'})
        with self.assertRaisesRegex(UserError, "not possible any more"):
            first.action_carry_out()

    def test_first_day_has_passed(self):
        rebalance = self.approved()
        self.later(1)
        with self.assertRaisesRegex(UserError, "has passed. Choose a later one"):
            rebalance.action_carry_out()

    def test_only_champions_of_the_programme(self):
        rebalance = self.approved()
        self.program.champion_ids = self.champion2
        with self.assertRaises(AccessError):
            rebalance.action_carry_out()
        self.as_user(rebalance, self.champion2).action_carry_out()
        self.assertEqual(rebalance.state, 'done')

    # Back

    def test_roll_back_before_the_first_day(self):
        """Seats, activities and actions of plans are exactly as they were."""
        account = self.golds[0]
        self.seat(account).write({'workload_share': 50, 'duty': "Calls every week"})
        self.seat(self.golds[1])._end(self.day + timedelta(days=100))
        account.activity_schedule('mail.mail_activity_data_todo', summary="Offer", user_id=self.ann.id,
                                  date_deadline=self.day + timedelta(days=5))
        plan = self.env['kam.plan'].create({
            'account_id': account.id, 'date_from': self.day - timedelta(days=100),
            'date_to': self.day + timedelta(days=200)})
        action = self.env['kam.plan.action'].create({
            'plan_id': plan.id, 'name': "Visit", 'user_id': self.ann.id, 'date_due': self.day + timedelta(days=9)})
        issue = self.env['kam.issue'].create({'name': "Hot", 'account_id': account.id, 'role_id': False})
        issue.date_resolution_due = self.day + timedelta(days=9)
        risk = self.env['kam.risk'].create({'name': "Price", 'account_id': account.id})
        rebalance = self.rebalance()
        self.person(rebalance, self.ann).role = 'leaves'
        rebalance.action_compute()
        self.as_user(rebalance, self.champion2).action_approve()

        def holders():
            self.env.flush_all()
            return sorted((activity.id, activity.user_id.id) for activity in self.env['mail.activity'].search([
                ('res_model', '=', 'kam.account'), ('res_id', 'in', (self.golds | self.mini).ids)]))
        seats, tasks = self.seat_rows(), holders()
        rebalance.action_carry_out()
        self.assertNotEqual(seats, self.seat_rows())
        self.assertNotEqual(tasks, holders())
        self.assertEqual((action.user_id, issue.owner_id, risk.owner_id), (self.bob, self.bob, self.bob))
        rebalance.action_roll_back()
        self.assertEqual((rebalance.state, rebalance.message), ('rolled_back', False))
        self.assertEqual(self.seat_rows(), seats)
        self.assertEqual(holders(), tasks)
        self.assertEqual((action.user_id, issue.owner_id, risk.owner_id), (self.ann, self.ann, self.ann))
        self.assertEqual(set(self.moves(rebalance).mapped('state')), {'rolled_back'})
        with self.assertRaisesRegex(UserError, "not possible any more"):
            rebalance.action_roll_back()

    def test_roll_back_after_the_first_day(self):
        rebalance = self.done()
        move = self.moves(rebalance)[0]
        account, old, new = move.account_id, move.seat_id, move.new_seat_id
        before = [(old.date_from, old.date_to)]
        self.later(10)
        self.assertEqual(account.manager_id, self.bob)
        rebalance.action_roll_back()
        today = fields.Date.today()
        self.assertEqual((new.date_from, new.date_to), (self.day, today), "history stays")
        self.assertEqual([(old.date_from, old.date_to)], before)
        back = self.seat(account)
        self.assertEqual((back.user_id, back.date_from, back.workload_share, back.duty),
                         (self.ann, today + timedelta(days=1), old.workload_share, old.duty))
        self.later(11)
        self.assertEqual(account.manager_id, self.ann)

    def test_what_changed_since_is_not_rolled_back(self):
        rebalance = self.done(fairness=100)
        move, *others = self.moves(rebalance)
        self.later(10)
        self.env['kam.assignment'].create({
            **self._seat_values(move.account_id, self.cyd, 'manager'), 'date_from': fields.Date.today()})
        rebalance.action_roll_back()
        self.assertIn(f"{move.account_id.display_name}: the seat of Bob has been changed", rebalance.message)
        self.assertEqual(self.seat(move.account_id).user_id, self.cyd)
        self.assertEqual((move.state, others[0].state), ('applied', 'rolled_back'))

    def test_a_beneficiary_does_not_roll_back(self):
        rebalance = self.done()
        self.bob.group_ids |= self.env.ref('kam_management.group_kam_champion')
        with self.assertRaisesRegex(AccessError, "changes your own accounts"):
            self.as_user(rebalance, self.bob).action_roll_back()
