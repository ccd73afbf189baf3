from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name


@tagged('post_install', '-at_install')
class TestPackConcurrency(BaseCase):
    """Two workers look for packs to send at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            program = env['kam.program'].create({'name': "Concurrent packs"})
            groups = [env.ref(name).id for name in (
                'base.group_user', 'kam_management.group_kam_champion', 'base.group_allow_export')]
            user = env['res.users'].create({
                'name': "Concurrent reader", 'login': 'kam_concurrent_reader', 'notification_type': 'inbox',
                'email': 'reader@example.com', 'group_ids': [Command.set(groups)]})
            subscription = env['kam.pack.subscription'].create({
                'program_id': program.id, 'frequency': 'weekly', 'weekday': '0',
                'date_start': fields.Date.subtract(fields.Date.today(), days=7), 'user_ids': [Command.set(user.ids)]})
            self.program_id, self.user_id, self.partner_id, self.subscription_id = (
                program.id, user.id, user.partner_id.id, subscription.id)
        self.addCleanup(self.forget)

    def env_of(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True})

    def forget(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            packs = env['kam.pack'].search([('program_id', '=', self.program_id)])
            env['mail.message'].search([('model', '=', 'kam.pack'), ('res_id', 'in', packs.ids)]).unlink()
            packs.unlink()
            cr.execute("DELETE FROM kam_pack_subscription WHERE id = %s", [self.subscription_id])
            cr.execute("UPDATE kam_program SET entry_tier_id = NULL, prospect_tier_id = NULL WHERE id = %s",
                       [self.program_id])
            cr.execute("DELETE FROM kam_program WHERE id = %s", [self.program_id])
            cr.execute("DELETE FROM res_users WHERE id = %s", [self.user_id])
            cr.execute("DELETE FROM res_partner WHERE id = %s", [self.partner_id])

    def waiting(self, env):
        return env['kam.pack.sending'].search([('subscription_id', '=', self.subscription_id)])

    def test_two_workers(self):
        today = fields.Date.today()
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one, other = self.env_of(first), self.env_of(second)
            one['kam.pack.subscription']._claim_due(today)
            first.commit()
            # The second worker claims the same: nothing is added, and nothing fails.
            other['kam.pack.subscription']._claim_due(today)
            second.commit()
            self.assertEqual(len(self.waiting(other)), 1)
            # Both saw it waiting; the first takes it and makes the pack, the second passes over it.
            taken = self.waiting(one)._take()
            self.assertEqual(len(taken), 1)
            self.assertFalse(self.waiting(other)._take())
            taken._send()
            self.assertFalse(self.waiting(other)._take(), "not before the first one has ended")
            second.rollback()
            first.commit()
            # Afterwards it is sent, and waits for nobody.
            self.assertFalse(self.waiting(other)._take())
            self.assertEqual(self.waiting(other).state, 'sent')
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            packs = env['kam.pack'].search([('program_id', '=', self.program_id)])
            messages = env['mail.message'].search([('model', '=', 'kam.pack'), ('res_id', 'in', packs.ids)])
            self.assertEqual((len(packs), len(messages)), (1, 1))

    def test_interrupted(self):
        """A worker that dies while it makes a pack leaves neither pack nor message, and it is still waiting."""
        today = fields.Date.today()
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            env['kam.pack.subscription']._claim_due(today)
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            self.waiting(env)._take()._send()
            cr.rollback()
            self.assertEqual(self.waiting(env).state, 'waiting')
            self.assertFalse(env['kam.pack'].search([('program_id', '=', self.program_id)]))
