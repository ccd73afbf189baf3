from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamRole(KamCase):

    def test_role_in_use_stays(self):
        role = self.env['kam.role'].create({'name': "Legal", 'duty': "Answers within a week"})
        seat = self.env['kam.assignment'].create({
            'account_id': self.acme.id, 'user_id': self.sales.id, 'role_id': role.id})
        self.assertEqual((seat.duty, seat.role, role.seat_count), ("Answers within a week", 'team', 1))
        with self.assertRaisesRegex(UserError, "role of 1 seats.*Archive it"):
            self.as_user(role, self.champion).unlink()
        self.as_user(role, self.champion).active = False

    def test_manager_and_sponsor_stay(self):
        role = self.as_user(self.env['kam.role']._of_kind('manager'), self.champion)
        role.name = "Key Account Manager"
        for change in (lambda: role.action_archive(), lambda: role.write({'kind': 'team'}), lambda: role.unlink()):
            with self.assertRaises(UserError):
                change()

    @mute_logger('odoo.sql_db')
    def test_one_role_of_a_kind(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env['kam.role'].create({'name': "Second", 'kind': 'sponsor'})

    def test_access(self):
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.role'], self.manager).create({'name': "x"})
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.role'], self.sales).search([])

    def test_loads_by_hand(self):
        """acme is Gold (4 points), beta and free are General (0.5)."""
        loads = self.program._loads(self.manager | self.colleague)
        self.assertEqual(loads, {self.manager.id: (1, 4.0), self.colleague.id: (1, 0.5)})
        self.program.write({'manager_load_limit': 4, 'manager_account_limit': 1, 'sponsor_load_limit': 1})
        form = Form(self.as_user(self.env['kam.assignment'], self.champion))
        form.account_id = self.free
        form.user_id = self.manager
        form.workload_share = 40
        self.assertEqual(form.load_warning, (
            "kam_manager would carry 4.2 points; the limit is 4.0.\nkam_manager would manage 2 accounts; the "
            "limit is 1."))
        form.role_id = self.env['kam.role']._of_kind('sponsor')
        form.user_id = self.executive
        self.assertEqual(form.load_warning, "kam_executive would sponsor 2 accounts; the limit is 1.")
        form.save()
        form.role_id = self.env.ref('kam_management.role_service')
        self.assertFalse(form.load_warning)
