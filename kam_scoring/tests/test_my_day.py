from odoo.tests import tagged

from .common import ScoringCase


@tagged('post_install', '-at_install')
class TestMyDay(ScoringCase):

    def test_alerts_of_the_user(self):
        alerts = self.env['kam.alert'].create([
            {'account_id': account.id, 'cause': 'silent', 'date': '2024-02-01', 'value': 43, 'reference': 21,
             'user_id': user.id}
            for account, user in ((self.acme, self.manager), (self.beta, self.colleague.browse()))])

        def mine(user):
            day = self.as_user(self.env['kam.my.day'], user).load_day()
            return [entry['id'] for entry in day['late'] + day['week'] if entry['model'] == 'kam.alert']

        self.assertEqual(mine(self.manager), alerts[0].ids)
        self.assertEqual(mine(self.colleague), alerts[1].ids, "nobody's alert is the account manager's")
        self.assertEqual(mine(self.executive), [])
        self.as_user(alerts[0], self.manager).sudo().state = 'acknowledged'
        self.assertEqual(mine(self.manager), [])
