from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .service_common import ServiceCase


@tagged('post_install', '-at_install')
class TestKamRisk(ServiceCase):

    def risk(self, user=None, **values):
        return self.as_user(self.env['kam.risk'], user or self.manager).create({
            'name': "Drevotec is cheaper", 'account_id': self.acme.id, 'kind': 'competitor', **values})

    def contract(self, **values):
        # Notice until the 2nd of October, the owner is told on the 3rd of August.
        return self.risk(kind='contract', date_contract_end='2026-12-31', notice_days=90, lead_days=60,
                         date_review=False, **values)

    def remind(self, day):
        with freeze_time(day):
            self.env['kam.risk'].with_user(self.env.ref('base.user_root'))._cron_remind()
            self.env.flush_all()

    def test_weight(self):
        for severity, likelihood, score, level in (
            ('5', '3', 15, 'high'), ('4', '2', 8, 'medium'), ('1', '5', 5, 'low'), ('5', '5', 25, 'high'),
        ):
            risk = self.risk(severity=severity, likelihood=likelihood, amount=1000)
            self.assertEqual((risk.score, risk.level), (score, level))
            self.assertEqual(risk.expected_loss, 200 * int(likelihood))
        self.assertEqual(risk.currency_id, self.env.ref('base.EUR'))
        for values in ({'amount': -1}, {'notice_days': -1}):
            with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.cr.savepoint():
                risk.write(values)
                self.env.flush_all()

    def test_several_at_one_account(self):
        self.risk(severity='5', likelihood='5')
        self.risk(kind='bad_debt').action_close()
        acme = self.as_user(self.acme, self.manager)
        self.assertEqual((acme.risk_count, acme.risk_high_count, acme.is_supervised), (1, 1, False))
        self.risk(kind='bad_debt')
        self.env.invalidate_all()
        self.assertEqual((acme.risk_count, acme.is_supervised), (2, True))
        texts = [entry['text'] for entry in acme.attention]
        self.assertIn("Under supervision", texts)
        self.assertIn("1 high risks", texts)
        Account = self.as_user(self.env['kam.account'], self.manager)
        self.assertIn(acme, Account.search([('is_supervised', '=', True)]))
        self.assertNotIn(acme, Account.search([('is_supervised', '=', False)]))
        self.assertEqual(len(self.env['kam.risk'].search(acme.action_open_risks()['domain'])), 3)

    def test_supervision_list(self):
        risks = [self.risk(kind=kind) for kind in ('bad_debt', 'reputation', 'competitor')]
        risks[1].action_occurred()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_risk_action_supervised')
        self.assertEqual(self.env['kam.risk'].search(
            [('account_id', '=', self.acme.id), ('is_supervised', '=', True)]), risks[0])
        self.assertIn('is_supervised', action['domain'])

    def test_owner(self):
        self.assertEqual(self.risk(user=self.executive).owner_id, self.manager)
        self.assertEqual(self.risk(user=self.champion, account_id=self.free.id).owner_id, self.champion)
        for user in (self.stranger, self.colleague, self.outsider):
            with self.subTest(user=user.login), self.assertRaisesRegex(ValidationError, user.name), \
                    self.cr.savepoint():
                self.risk(owner_id=user.id)
        form = Form(self.as_user(self.env['kam.risk'], self.executive))
        form.account_id, form.name = self.acme, "They change the plant manager"
        self.assertEqual(form.owner_id, self.manager)
        form.save()

    def test_contract(self):
        with self.assertRaisesRegex(ValidationError, "when the contract ends"):
            self.risk(kind='contract')
        risk = self.contract()
        self.assertEqual((risk.date_notice, risk.date_warn), (date(2026, 10, 2), date(2026, 8, 3)))
        with freeze_time('2026-08-10'):
            acme = self.as_user(self.acme, self.manager)
            self.assertEqual(acme.date_contract_notice, date(2026, 10, 2))
            self.assertTrue([entry for entry in acme.attention if 'Contract notice' in entry['text']])
        risk.kind = 'other'
        self.assertFalse(risk.date_notice)

    def test_owner_hears_of_the_contract_in_time_and_once(self):
        risk = self.contract()
        self.remind('2026-08-02')
        self.assertFalse(self.activities(risk))
        self.remind('2026-08-03')
        self.remind('2026-08-04')
        activity = self.activities(risk, 'mail_activity_type_contract_notice')
        self.assertEqual((activity.user_id, activity.date_deadline), (self.manager, date(2026, 10, 2)))
        activity.action_done()
        self.remind('2026-08-05')
        self.assertFalse(self.activities(risk), "told already")
        risk.date_contract_end = '2027-12-31'
        self.remind('2026-08-06')
        self.assertFalse(self.activities(risk))
        self.remind('2027-09-01')
        self.assertTrue(self.activities(risk), "a new contract, a new day")
        risk.action_close()
        self.assertFalse(self.activities(risk))
        with self.assertRaises(UserError):
            risk.date_warned = False

    def test_look_again(self):
        risk = self.risk(date_review='2026-08-03')
        Risk = self.as_user(self.env['kam.risk'], self.manager)
        self.remind('2026-08-02')
        self.assertFalse(self.activities(risk))
        self.remind('2026-08-03')
        self.remind('2026-08-20')
        self.assertEqual(len(self.activities(risk, 'mail_activity_type_risk_review')), 1)
        with freeze_time('2026-08-20'):
            self.assertIn(risk, Risk.search([('is_due', '=', True)]))
            risk.action_reviewed()
            self.assertNotIn(risk, Risk.search([('is_due', '=', True)]))
            self.assertFalse(risk.is_due)
        self.assertFalse(self.activities(risk))
        self.assertEqual(risk.date_review, date(2026, 11, 18))

    def test_ticked_off_is_not_told_again(self):
        risk = self.risk(date_review='2026-08-03')
        self.remind('2026-08-03')
        self.activities(risk).action_done()
        self.remind('2026-08-04')
        self.assertFalse(self.activities(risk), "one reminder for each look, not one a night")
        with freeze_time('2026-08-05'):
            self.as_user(risk, self.manager).date_review = '2026-09-01'
        self.remind('2026-09-01')
        self.assertEqual(len(self.activities(risk)), 1)
        with freeze_time('2026-09-01'):
            self.as_user(risk, self.manager).date_review = '2026-10-01'
        self.assertFalse(self.activities(risk), "about nothing any more")
        with self.assertRaises(UserError):
            self.as_user(risk, self.manager).date_reminded = False

    def test_owner_has_left(self):
        """Whoever manages the account now hears of it, and owns it."""
        risk, contract = self.risk(date_review='2026-08-03'), self.contract()
        with freeze_time('2026-07-01'):
            self.env['kam.assignment'].create({
                **self._seat_values(self.acme, self.colleague, 'manager'), 'date_from': '2026-07-01'})
            self.manager.sudo().active = False
        self.remind('2026-08-03')
        for told in (risk, contract):
            self.assertEqual((told.owner_id, self.activities(told).user_id), (self.colleague, self.colleague))

    def test_who_sees_what(self):
        risk, foreign = self.risk(), self.risk(user=self.colleague, account_id=self.beta.id)
        for user, visible in (
            (self.manager, risk), (self.colleague, foreign), (self.executive, risk | foreign),
            (self.champion, risk | foreign), (self.outsider, risk.browse()),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.as_user(self.env['kam.risk'], user).search([]).sudo(), visible.sudo())
        self.assertFalse(self.as_user(self.env['kam.risk'], self.champion, self.company_b).search([]))
        for user in (self.service, self.sales, self.stranger):
            with self.assertRaises(AccessError):
                self.as_user(self.env['kam.risk'], user).search([])
        self.as_user(risk, self.executive).severity = '4'
        with self.assertRaises(AccessError):
            self.as_user(foreign, self.executive).severity = '4'
        with self.assertRaises(AccessError):
            self.risk(account_id=self.beta.id)

    def test_came_true_is_history(self):
        risk = self.risk()
        with freeze_time('2026-08-03'):
            risk.action_occurred()
            self.env.flush_all()
        event = self.as_user(self.acme, self.executive).event_ids.filtered(lambda event: event.kind == 'occurred')
        self.assertEqual((event.date, event.description), (
            date(2026, 8, 3), "A risk came true: Drevotec is cheaper"))
        risk.action_reopen()
        self.assertFalse(risk.date_closed)

    def test_merge(self):
        risk = self.risk(user=self.colleague, account_id=self.beta.id)
        self.env['kam.account']._merge_partners(self.beta_partner, self.acme_partner)
        self.assertEqual((risk.account_id, risk.owner_id), (self.acme, self.manager))
