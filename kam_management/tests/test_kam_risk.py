from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
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

    def test_reminder_in_the_language_of_its_owner(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.manager.lang = 'zh_CN'
        risk = self.contract()
        self.remind('2026-08-03')
        summary = self.activities(risk, 'mail_activity_type_contract_notice').summary
        self.assertIn(risk.account_id.display_name, summary)
        self.assertRegex(summary, "[\u4e00-\u9fff]")

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
            with self.subTest(user=user.login):
                self.assertFalse(self.as_user(self.env['kam.risk'], user).search([]))
                with self.assertRaises(AccessError):
                    self.as_user(risk, user).read(['name', 'amount'])
        self.as_user(risk, self.executive).severity = '4'
        with self.assertRaises(AccessError):
            self.as_user(foreign, self.executive).severity = '4'
        with self.assertRaises(AccessError):
            self.risk(account_id=self.beta.id)

    # The owner of another department

    def debt(self):
        """A bad debt of Acme, which belongs to `service`: for this test in the seat of finance."""
        self.env['kam.assignment'].create(self._seat_values(self.acme, self.service, 'finance'))
        return self.risk(name="Pays late", kind='bad_debt', amount=80000, cause="Their bank has left")

    def test_bad_debt_belongs_to_finance(self):
        self.assertEqual(self.risk(kind='bad_debt').owner_id, self.manager, "nobody sits there")
        self.assertEqual(self.debt().owner_id, self.service)
        self.assertEqual(self.risk(kind='bad_debt', owner_id=self.manager.id).owner_id, self.manager)
        self.assertEqual(self.risk().owner_id, self.manager)
        form = Form(self.as_user(self.env['kam.risk'], self.manager))
        form.account_id, form.name, form.kind = self.acme, "Pays late", 'bad_debt'
        self.assertEqual(form.owner_id, self.service)
        form.kind = 'reputation'
        self.assertEqual(form.owner_id, self.service, "whom the user has seen there")

    @freeze_time('2026-06-10')
    def test_owner_of_another_department_treats_it(self):
        risk, other = self.debt(), self.risk()
        mine = self.as_user(risk, self.service)
        self.assertEqual(self.as_user(self.env['kam.risk'], self.service).search([]), mine, "no other risk")
        form = Form(mine)
        form.treatment, form.treatment_note, form.date_review = 'transfer', "Insured", '2026-07-01'
        form.save()
        self.assertEqual((risk.treatment, risk.treatment_note, risk.date_review), (
            'transfer', "Insured", date(2026, 7, 1)))
        mine.action_reviewed()
        self.assertEqual(risk.date_review, date(2026, 9, 8))
        mine.message_post(body="They pay in rates")
        mine.action_occurred()
        mine.action_reopen()
        mine.action_close()
        self.assertEqual(risk.state, 'closed')
        for values in (
            {'owner_id': self.stranger.id}, {'amount': 1}, {'severity': '1'}, {'kind': 'other'}, {'name': "Fine"},
            {'account_id': self.beta.id}, {'cause': "None"}, {'treatment': 'accept', 'likelihood': '1'},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError), self.cr.savepoint():
                mine.write(values)
        for call in (mine.unlink, lambda: mine.copy(), lambda: self.as_user(other, self.service).action_close()):
            with self.assertRaises(AccessError), self.cr.savepoint():
                call()

    def test_what_the_owner_sees_besides(self):
        risk = self.debt()
        mine = self.as_user(risk, self.service)
        self.risk(name="They know our costs", kind='relationship')
        views = mine.get_views([(False, 'list'), (False, 'form'), (False, 'kanban'), (False, 'search')])
        names = [name for name in views['models']['kam.risk']['fields'] if name != 'activity_ids']
        [row] = mine.web_read({name: {'fields': {'display_name': {}}} if risk._fields[name].type == 'many2one' else {}
                               for name in names})
        self.assertEqual((row['account_id']['display_name'], row['can_edit'], row['amount']), ("Acme", False, 80000))
        # Nothing else of the account or the programme.
        for model in ('kam.account', 'kam.plan', 'kam.stakeholder', 'kam.wallet.line', 'kam.review', 'kam.promise'):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.as_user(self.env[model], self.service).search_read([], ['display_name'])
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.risk'], self.service).search([('account_id.manager_id', '!=', False)])
        # Nor after the risk is somebody else's.
        self.as_user(risk, self.manager).owner_id = self.manager
        self.assertFalse(mine.has_access('read'))
        with self.assertRaises(AccessError):
            mine.read(['name'])

    def test_owner_in_another_company(self):
        risk = self.debt()
        self.service.company_ids = [Command.link(self.company_b.id)]
        self.assertTrue(self.as_user(risk, self.service).has_access('read'))
        self.assertFalse(self.as_user(risk, self.service, self.company_b).has_access('read'))

    def test_my_day_and_reminders(self):
        today = fields.Date.today()
        risk = self.debt()
        risk.date_review = today - timedelta(days=1)
        day = self.as_user(self.env['kam.my.day'], self.service).load_day()
        self.assertEqual([(entry['title'], entry['account']) for entry in day['late']], [("Pays late", "Acme")])
        self.env['kam.risk'].with_user(self.env.ref('base.user_root'))._cron_remind()
        activity = self.activities(risk, 'mail_activity_type_risk_review')
        self.assertEqual(activity.user_id, self.service)
        self.assertTrue(self.as_user(activity, self.service).has_access('write'))
        risk.owner_id = self.manager
        self.assertEqual(activity.user_id, self.manager, "reminds who owns it")

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
