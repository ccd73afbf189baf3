from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamAssignment(KamCase):

    def seat(self, role='manager', **values):
        return self.as_user(self.env['kam.assignment'], self.champion).create({
            'account_id': self.acme.id, 'user_id': self.colleague.id,
            'role_id': self.env.ref(f'kam_management.role_{role}').id, **values})

    def test_seats_show_on_the_account(self):
        self.assertEqual(self.acme.manager_id, self.manager)
        self.assertEqual(self.acme.sponsor_id, self.executive)

    @freeze_time('2026-06-10')
    def test_next_manager_ends_the_seat_of_the_former(self):
        former = self.acme.assignment_ids.filtered(lambda seat: seat.role == 'manager')
        self.seat(date_from='2026-06-10')
        self.assertEqual(former.date_to, date(2026, 6, 9))
        self.assertFalse(former.is_current)
        self.assertEqual(former.user_id, self.manager, "a seat is never overwritten")
        self.assertEqual(self.acme.manager_id, self.colleague)

    def test_seats_change_when_their_day_comes(self):
        with freeze_time('2026-06-10'):
            self.seat(date_from='2026-07-01')
            self.assertEqual(self.acme.manager_id, self.manager)
        with freeze_time('2026-07-01'):
            self.env['kam.assignment']._cron_refresh_current()
            self.assertEqual(self.acme.manager_id, self.colleague)

    def test_overlap_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "holds this seat for Acme"):
            self.seat(date_from='2024-05-01', date_to='2024-06-01')

    def test_sponsor_is_somebody_else_than_the_manager(self):
        with self.assertRaisesRegex(ValidationError, "cannot be account manager and executive sponsor"):
            self.seat(user_id=self.manager.id, role='sponsor')

    @mute_logger('odoo.sql_db')
    def test_second_open_seat_is_refused_by_the_database(self):
        self.env.flush_all()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute(
                "INSERT INTO kam_assignment (account_id, user_id, role_id, role, date_from) "
                "VALUES (%s, %s, %s, 'manager', now())",
                [self.acme.id, self.colleague.id, self.env.ref('kam_management.role_manager').id])

    def test_several_in_other_roles(self):
        self.seat(role='service')
        self.seat(role='service', user_id=self.sales.id)
        self.assertEqual(len(self.acme.assignment_ids), 4)

    def test_begun_seat_is_history(self):
        seat = self.as_user(self.acme.assignment_ids[0], self.champion)
        with self.assertRaisesRegex(UserError, "history"):
            seat.user_id = self.colleague
        with self.assertRaisesRegex(UserError, "history"):
            seat.unlink()
        with self.assertRaisesRegex(UserError, "(?s)Acme is a key account.*Hand Over"):
            seat.action_end()

        # No client can say that it answers for what comes next.
        with self.assertRaisesRegex(UserError, "Hand Over"):
            seat.with_context(kam_ending_seat=True).date_to = '2199-01-01'

    def test_team_member_sees_the_account(self):
        accounts = self.as_user(self.env['kam.account'], self.colleague)
        self.assertNotIn(self.acme, accounts.search([]))
        self.seat(role='technical')
        self.assertIn(self.acme, accounts.search([]))
