from datetime import date
from unittest.mock import patch

from odoo.tools import SQL

from odoo.addons.kam_scoring.alerts import CAUSES, Cause
from odoo.addons.kam_scoring.metrics import METRICS

from .common import AS_OF, ScoringCase


def judged(scope):
    """Ten times the judgement of influence: a cause that tests move as they like."""
    return SQL(
        """SELECT watched.id AS account_id, value * 10 AS measure, value, 3 AS reference
             FROM kam_watched watched JOIN (%s) judgement ON judgement.account_id = watched.id
            WHERE value IS NOT NULL""", METRICS['influence'].select(scope))


TEST_CAUSE = Cause(
    'test', "Test Cause", "points", "For tests.", 40, judged, lambda alert: f"{alert.value} of {alert.reference}",
    lambda alert: alert.account_id.action_open_invoices(), 'kam_scoring.plan_alert_silent')


class AlertCase(ScoringCase):
    """On top of ScoringCase: `delta` is a Gold account without documents, managed by `manager`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish_model(criteria=[('influence', 10, 'linear', 1, 5)])
        cls.delta_partner = cls.env['res.partner'].create({'name': "Delta", 'is_company': True})
        cls.delta = cls.env['kam.account'].create({
            'program_id': cls.program.id, 'partner_id': cls.delta_partner.id, 'tier_id': cls.tiers['gold'].id})
        cls.env['kam.assignment'].create(cls._seat_values(cls.delta, cls.manager, 'manager'))

    def rule(self, cause, **values):
        rule = self.program.alert_rule_ids.filtered(lambda rule: rule.cause == cause)
        rule.write(values)
        return rule

    def with_test_cause(self):
        """Only a cause that opens above 40 and ends at 32: influence 5 opens, 4 holds, 3 ends."""
        patcher = patch.dict(CAUSES, {'test': TEST_CAUSE})
        patcher.start()
        self.addCleanup(patcher.stop)
        self.program._create_alert_rules()
        self.program.alert_rule_ids.filtered(lambda rule: rule.cause != 'test').active = False

    def alerts(self, account=None, cause=None, states=('open', 'acknowledged')):
        domain = [('account_id', '=', (account or self.delta).id), ('state', 'in', states)]
        return self.env['kam.alert'].search(domain + ([('cause', '=', cause)] if cause else []), order='id')

    def found(self, cause, day=AS_OF, account=None):
        """(value, reference, money) of the open alert after a run of that day; None without one."""
        self.run_scoring(day)
        alert = self.alerts(account, cause)
        return (round(alert.value, 6), round(alert.reference, 6), alert.money) if alert else None

    def judged_run(self, day, level, account=None):
        self.judge_account(account or self.delta, level)
        run = self.run_scoring(day)
        self.assertEqual(run.state, 'done', run.message)
        return run

    @staticmethod
    def day(month, day=1, year=2024):
        return date(year, month, day)
