from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.kam_management.tests.rpc_common import ACCESS, USER, RpcCase


@tagged('post_install', '-at_install')
class TestAlertAccess(RpcCase):
    """Alerts follow their accounts; nobody forges one, whatever they send."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partner_b = cls.env['res.partner'].create({'name': "Foreign", 'is_company': True})
        cls.foreign = cls.env['kam.account'].create({'program_id': cls.program_b.id, 'partner_id': partner_b.id})
        cls.alert, cls.alert_beta, cls.alert_free, cls.alert_b = cls.env['kam.alert'].create([
            {'account_id': account.id, 'cause': 'silent', 'date': '2024-02-01', 'value': 43, 'reference': 21,
             'money': 1000}
            for account in (cls.acme, cls.beta, cls.free, cls.foreign)])
        cls.all = cls.alert | cls.alert_beta | cls.alert_free | cls.alert_b

    def test_who_reads(self):
        in_a = {self.alert.id, self.alert_beta.id, self.alert_free.id}
        for user, seen in (
            (self.manager, {self.alert.id, self.alert_free.id}), (self.colleague, {self.alert_beta.id,
                                                                                   self.alert_free.id}),
            (self.executive, in_a), (self.champion, in_a | {self.alert_b.id}), (self.outsider, {self.alert_b.id}),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.ids(user, 'kam.alert', [('id', 'in', self.all.ids)]), seen)
                self.assertEqual(
                    self.ids(user, 'kam.alert.rule', [('program_id', 'in', (self.program | self.program_b).ids)]),
                    set(self.as_user(self.program.alert_rule_ids | self.program_b.alert_rule_ids, user)
                        ._filtered_access('read').ids))
        self.assertEqual(
            self.ids(self.champion, 'kam.alert', [('id', 'in', self.all.ids)], companies=self.company_b),
            {self.alert_b.id})
        self.refused(ACCESS, self.sales, 'kam.alert', 'web_search_read', [], {'display_name': {}})
        self.refused(ACCESS, self.manager, 'kam.alert', 'read', [self.alert_beta.id], ['reason'])
        self.refused(ACCESS, self.outsider, 'kam.alert', 'action_open_documents', [self.alert.id])

    def test_who_works_on_them(self):
        """Account managers on their own accounts, executives on those they sponsor, champions on all."""
        for method in ('action_acknowledge', 'action_resolve'):
            for user, alert in ((self.manager, self.alert_beta), (self.manager, self.alert_free),
                                (self.colleague, self.alert), (self.executive, self.alert_beta),
                                (self.outsider, self.alert)):
                self.refused(ACCESS, user, 'kam.alert', method, [alert.id])
        self.rpc(self.executive, 'kam.alert', 'action_acknowledge', [self.alert.id])
        self.assertEqual(self.alert.state, 'acknowledged')
        self.resolve(self.manager, self.alert)
        self.assertEqual((self.alert.state, self.alert.resolver_id), ('resolved', self.manager))
        self.resolve(self.champion, self.alert_b)
        self.assertEqual(self.alert_b.state, 'resolved')

    def test_wizard_is_no_way_round(self):
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.alert.resolve'], self.manager).create({
                'alert_ids': self.alert_beta.ids, 'resolution': "Not mine"}).action_resolve()
        self.assertEqual(self.alert_beta.state, 'open')

    def resolve(self, user, alert):
        wizard = self.rpc(user, 'kam.alert.resolve', 'create', [{
            'alert_ids': [[6, 0, alert.ids]], 'resolution': "They buy again"}])
        self.rpc(user, 'kam.alert.resolve', 'action_resolve', wizard)
        alert.invalidate_recordset()

    def test_nobody_forges(self):
        for user in (self.manager, self.executive, self.champion):
            for values in ({'state': 'resolved'}, {'money': 1}, {'user_id': user.id}, {'resolution': "x"},
                           {'account_id': self.free.id}, {'resolver_id': user.id}, {'date_resolved': '2024-01-01'},
                           {'program_id': self.program_b.id}, {'playbook_activity_ids': []}):
                self.refused(USER, user, 'kam.alert', 'write', [self.alert.id], values)
            self.refused(ACCESS, user, 'kam.alert', 'create', [{
                'account_id': self.acme.id, 'cause': 'share', 'date': '2024-01-01'}])
            self.refused(ACCESS, user, 'kam.alert', 'unlink', [self.alert.id])
            self.refused(ACCESS, user, 'kam.alert.rule', 'create', [{
                'program_id': self.program.id, 'cause': 'silent'}])
            self.refused(ACCESS, user, 'kam.alert.rule', 'unlink', [self.program.alert_rule_ids[0].id])
        for method in ('_resolve', '_launch_playbooks', '_cancel_playbooks'):
            self.refused(ACCESS, self.champion, 'kam.alert', method, [self.alert.id])
        self.assertEqual((self.alert.state, self.alert.money, self.alert.account_id), ('open', 1000, self.acme))

    def test_who_sets_rules(self):
        rule = self.program.alert_rule_ids[0]
        for user in (self.manager, self.executive):
            self.refused(ACCESS, user, 'kam.alert.rule', 'write', [rule.id], {'threshold': 9})
        self.rpc(self.champion, 'kam.program', 'write', [self.program.id], {
            'alert_quiet_days': 14, 'alert_rule_ids': [[1, rule.id, {'threshold': 3, 'active': False}]]})
        rule.invalidate_recordset()
        self.assertEqual((rule.threshold, rule.active, self.program.alert_quiet_days), (3, False, 14))

    def test_chatter(self):
        """Whoever reads an alert may comment on it."""
        self.as_user(self.alert_beta, self.executive).message_post(body="Ask them about the new plant")
        self.assertIn("new plant", self.alert_beta.message_ids[0].body)
