from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger


@tagged('post_install', '-at_install')
class TestKamAssignmentConcurrency(BaseCase):
    """Two champions fill the seat of one account at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True})
            self.partner_id = env['res.partner'].create({'name': "Concurrent", 'is_company': True}).id
            self.account_id = env['kam.account'].create({
                'program_id': env.ref('kam_management.program_default').id, 'partner_id': self.partner_id}).id
        self.addCleanup(self.forget)

    def forget(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM kam_account WHERE id = %s", [self.account_id])
            cr.execute("DELETE FROM res_partner WHERE id = %s", [self.partner_id])

    def take_seat(self, cr, **values):
        env = api.Environment(cr, SUPERUSER_ID, {})
        env['kam.assignment'].create({
            'account_id': self.account_id, 'user_id': SUPERUSER_ID,
            'role_id': env.ref('kam_management.role_sponsor').id,
            **values})
        env.flush_all()

    def test_dated_overlap(self):
        """Neither seat is open, so no index of the database stands between them."""
        dates = {'date_from': '2199-01-01', 'date_to': '2199-12-31'}
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT count(*) FROM kam_assignment")  # its picture of the database is from before
            self.take_seat(first, **dates)
            first.commit()
            with mute_logger('odoo.sql_db'), self.assertRaises(SerializationFailure):
                self.take_seat(second, **dates)
            second.rollback()
            # Odoo starts the request again; now the seat is there to be seen.
            with self.assertRaisesRegex(ValidationError, "holds this seat for Concurrent"):
                self.take_seat(second, **dates)
            second.rollback()
