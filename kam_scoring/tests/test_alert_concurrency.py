from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger


@tagged('post_install', '-at_install')
class TestAlertConcurrency(BaseCase):
    """Two workers look for alerts of the same programme at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            program = env['kam.program'].create({'name': "Concurrent"})
            partner = env['res.partner'].create({'name': "Concurrent", 'is_company': True, 'child_ids': [
                Command.create({'name': "Decider"})]})
            account = env['kam.account'].create({
                'program_id': program.id, 'partner_id': partner.id,
                'tier_id': program.tier_ids.filtered('is_key')[0].id})
            env['kam.stakeholder'].create({
                'account_id': account.id, 'partner_id': partner.child_ids.id, 'buying_role': 'decider',
                'date_left': fields.Date.today()})
            run = env['kam.score.run'].create({'program_id': program.id, 'date': fields.Date.today()})
            self.program_id, self.partner_id, self.account_id, self.run_id = (
                program.id, partner.id, account.id, run.id)
        self.addCleanup(self.forget)

    def env_of(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {
            'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True})

    def forget(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM mail_activity WHERE res_model = 'kam.account' AND res_id = %s", [self.account_id])
            cr.execute("DELETE FROM kam_account WHERE id = %s", [self.account_id])
            cr.execute("UPDATE kam_program SET entry_tier_id = NULL, prospect_tier_id = NULL WHERE id = %s",
                       [self.program_id])
            cr.execute("DELETE FROM kam_program WHERE id = %s", [self.program_id])
            cr.execute("DELETE FROM res_partner WHERE parent_id = %s", [self.partner_id])
            cr.execute("DELETE FROM res_partner WHERE id = %s", [self.partner_id])

    def refresh(self, cr):
        return self.env_of(cr)['kam.score.run'].browse(self.run_id)._refresh_alerts()

    def test_two_workers(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT count(*) FROM kam_alert")  # its picture of the database is from before
            self.refresh(first)
            first.commit()
            with mute_logger('odoo.sql_db'):
                notes = self.refresh(second)
            self.assertIn("Key Person Left: somebody changed its alerts at the same moment", "\n".join(notes))
            second.commit()
        with self.registry.cursor() as cr:
            alerts = self.env_of(cr)['kam.alert'].search([
                ('account_id', '=', self.account_id), ('cause', '=', 'people')])
            self.assertEqual((len(alerts), alerts.state), (1, 'open'))
            self.assertFalse(self.refresh(cr), "nothing new")
