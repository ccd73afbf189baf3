from odoo.tests import tagged

from .plan_common import MeasureCase


@tagged('post_install', '-at_install')
class TestKamAccountDeletion(MeasureCase):

    def left_behind(self, records):
        """Activities, followers and messages that name these records."""
        found = {}
        for record in records:
            where = [('res_model', '=', record._name), ('res_id', '=', record.id)]
            for model, domain in (
                    ('mail.activity', where), ('mail.followers', where),
                    ('mail.message', [('model', '=', record._name), ('res_id', '=', record.id)])):
                if self.env[model].with_context(active_test=False).search_count(domain):
                    found.setdefault(model, []).append(record._name)
        return found

    def test_nothing_about_it_is_left(self):
        account = self.env['kam.account'].create({
            'program_id': self.program.id, 'tier_id': self.tiers['general'].id, 'partner_id': self.env[
                'res.partner'].create({'name': "Gone", 'is_company': True}).id})
        plan = self.env['kam.plan'].create({
            'account_id': account.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'})
        objective = self.objective(plan=plan, user=self.champion)
        todo, done = (self.action(
            user=self.champion, plan_id=plan.id, user_id=self.champion.id, objective_id=objective_id)
            for objective_id in (objective.id, False))
        done.action_done()
        person = self.env['kam.stakeholder'].create({'account_id': account.id, 'partner_id': self.env[
            'res.partner'].create({'name': "Somebody", 'parent_id': account.partner_id.id}).id})
        person.activity_schedule('mail.mail_activity_data_call', user_id=self.champion.id)
        plan.message_post(body="On the way")
        records = [plan, objective, todo, done, person]
        before = self.left_behind(records)
        self.assertIn('kam.plan.action', before['mail.activity'])
        self.assertIn('kam.plan', before['mail.message'])
        other = self.action()
        self.as_user(account, self.champion).unlink()
        self.assertFalse(any(record.exists() for record in records))
        self.assertEqual(self.left_behind(records), {})
        self.assertTrue(other.activity_id.exists(), "of another account")

    def test_every_thread_of_an_account_is_found(self):
        models = self.env['kam.account']._models_of_account()
        self.assertLessEqual(
            {'kam.plan', 'kam.plan.action', 'kam.plan.objective', 'kam.stakeholder', 'kam.wallet.line'}, set(models))
