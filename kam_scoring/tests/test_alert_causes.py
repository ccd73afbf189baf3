from datetime import date, datetime, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .alert_common import AlertCase
from .common import AS_OF


@tagged('post_install', '-at_install')
class TestAlertCauses(AlertCase):
    """Each cause by hand, with both companies and currencies, on the boundary and just beyond it."""

    def purchases(self, *days):
        """Invoices of 100, in turns from company A (EUR) and company B (USD)."""
        for position, day in enumerate(days):
            self.invoice(self.delta_partner, day, 100, company=self.company_b if position % 2 else self.company_a)

    def person(self, name, role=False):
        contact = self.env['res.partner'].create({'name': name, 'parent_id': self.delta_partner.id})
        return self.env['kam.stakeholder'].create({
            'account_id': self.delta.id, 'partner_id': contact.id, 'buying_role': role})

    def meet(self, person, day):
        start = datetime.combine(day, datetime.min.time())
        self.env['calendar.event'].create({
            'name': "Meeting", 'start': start, 'stop': start + timedelta(hours=1),
            'partner_ids': [Command.set((person.partner_id | self.manager.partner_id).ids)]})

    # Silent: a day with invoices every 21 days, the last one on 2023-12-24

    def test_silent(self):
        self.purchases('2023-10-01', '2023-10-22', '2023-10-22', '2023-11-12', '2023-12-03', '2023-12-24')
        self.invoice(self.delta_partner, '2024-01-20', 10, move_type='out_refund')
        self.assertIsNone(self.found('silent', date(2024, 2, 4)), "42 days are twice 21, not more")
        self.assertEqual(
            self.found('silent', date(2024, 2, 5)), (43, 21, 100 + 90 + 100 + 90 + 100 + 90 - 10),
            "money: sales of 12 months, 100 USD = 90 EUR")
        alert = self.alerts(cause='silent')
        self.assertEqual(alert.reason, "No invoice for 43 days; usually there is one every 21 days.")
        self.assertEqual((alert.date, alert.threshold, alert.user_id), (date(2024, 2, 5), 2, self.manager))

    def test_silent_takes_a_rhythm(self):
        self.purchases('2023-10-22', '2023-11-12', '2023-12-03', '2023-12-24')
        self.assertIsNone(self.found('silent'), "three intervals are no rhythm")

    def test_silent_takes_two_weeks(self):
        self.purchases('2024-02-01', '2024-02-03', '2024-02-05', '2024-02-07', '2024-02-09')
        self.assertIsNone(self.found('silent', date(2024, 2, 23)), "14 days")
        self.assertEqual(self.found('silent', date(2024, 2, 24))[:2], (15, 2))

    def test_silent_by_the_latest_rhythm(self):
        """Twelve latest intervals of 7 days; the year of monthly invoices before does not count."""
        self.purchases(*(date(2023, month, 1) for month in range(1, 11)))
        self.purchases(*(date(2023, 10, 8) + timedelta(days=7 * week) for week in range(12)))
        self.assertEqual(self.found('silent', date(2024, 1, 8)), (15, 7, self.alerts(cause='silent').money))

    # Share: 3 months up to AS_OF are (2023-11-29, 2024-02-29], a year before (2022-11-28, 2023-02-28]

    def test_share(self):
        self.invoice(self.delta_partner, '2022-11-28', 5000)
        self.invoice(self.delta_partner, '2022-11-29', 400)
        self.invoice(self.delta_partner, '2023-02-28', 750, company=self.company_b)  # 600 EUR
        self.invoice(self.delta_partner, '2023-11-29', 5000)
        self.invoice(self.delta_partner, '2023-11-30', 340)
        self.invoice(self.delta_partner, '2024-02-29', 400, company=self.company_b)  # 360 EUR
        self.assertIsNone(self.found('share'), "700 of 1000: 30 % less, not more")
        self.invoice(self.delta_partner, '2024-02-29', 1, move_type='out_refund')
        self.assertEqual(self.found('share'), (699, 1000, 5699))
        self.assertEqual(
            self.alerts(cause='share').reason,
            "Sales of the last 3 months are 30 % below those of a year before: 699 EUR instead of 1,000 EUR.")

    def test_share_of_nothing(self):
        self.invoice(self.delta_partner, '2023-10-01', 5000)
        self.assertIsNone(self.found('share'), "no sales a year before")

    # Payment: settled in (2023-11-29, 2024-02-29] against (2022-11-29, 2023-11-29]

    def test_payment(self):
        """(600 * 20 + 900 * 10) / 1500 = 14 days, before 5: nine more."""
        before = self.invoice(self.delta_partner, '2023-03-01', 1000, due='2023-03-31')
        self.pay(before, 1000, '2023-04-05')
        late = self.invoice(self.delta_partner, '2023-11-01', 600, due='2023-12-01')
        self.pay(late, 600, '2023-12-21')
        asian = self.invoice(self.delta_partner, '2023-11-01', 1000, due='2023-12-01', company=self.company_b)
        self.pay(asian, 1000, '2023-12-11')
        credited = self.invoice(self.delta_partner, '2023-11-01', 5000, due='2023-12-01')
        self.reconcile(credited, self.invoice(self.delta_partner, '2024-02-01', 5000, move_type='out_refund'))
        self.rule('payment', threshold=9)
        self.assertIsNone(self.found('payment'))
        self.rule('payment', threshold=8.9)
        self.assertEqual(self.found('payment')[:2], (14, 5))
        self.assertEqual(
            self.alerts(cause='payment').reason,
            "It paid 14 days late in the last 3 months, 5 days in the year before.")

    def test_payment_takes_both(self):
        late = self.invoice(self.delta_partner, '2023-11-01', 600, due='2023-12-01')
        self.pay(late, 600, '2024-02-21')
        self.assertIsNone(self.found('payment'), "nothing was paid in the year before")

    # Overdue

    def test_overdue(self):
        asian = self.invoice(self.delta_partner, '2023-06-15', 500, due='2023-12-31', company=self.company_b)
        self.pay(asian, 100, '2024-01-31')  # 400 USD = 360 EUR stay open
        self.invoice(self.delta_partner, '2024-01-15', 40, due='2024-02-15')
        self.invoice(self.delta_partner, '2024-01-15', 7000, due='2024-03-15')
        self.assertIsNone(self.found('overdue'), "60 days")
        self.assertEqual(self.found('overdue', date(2024, 3, 1))[:2], (61, 400))
        self.assertEqual(
            self.alerts(cause='overdue').reason, "400 EUR are overdue, the oldest part for 61 days.")
        self.pay(asian, 400, '2024-03-02')
        self.assertIsNone(self.found('overdue', date(2024, 3, 2)), "what remains is 16 days late")

    # Contact: the tier Gold asks for a visit every 45 days

    def test_contact(self):
        person = self.person("Paula")
        self.meet(person, date(2024, 1, 1))
        self.meet(person, date(2024, 2, 20))
        self.assertIsNone(self.found('contact', date(2024, 2, 15)), "45 days; the later meeting is still to come")
        self.assertEqual(self.found('contact', date(2024, 2, 16))[:2], (46, 45))
        self.assertEqual(
            self.alerts(cause='contact').reason,
            "No two-way contact for 46 days; the tier asks for one every 45 days.")
        self.assertIsNone(self.found('contact', date(2024, 2, 20)))

    def test_contact_takes_a_map(self):
        self.assertIsNone(self.found('contact', fields.Date.today()))

    # People on the map, as it is today

    def test_people(self):
        today = fields.Date.today()
        decider, champion = self.person("Dora", 'decider'), self.person("Carl", 'champion')
        self.assertIsNone(self.found('people', today))
        decider.date_left = '2024-01-01'
        self.assertIsNone(self.found('people', AS_OF), "a past date, for which it cannot be told")
        self.assertEqual(self.found('people', today)[:2], (1, 0))
        self.assertEqual(
            self.alerts(cause='people').reason, "The decider has left, and nobody on the map has taken the role.")
        champion.date_left = '2024-01-01'
        self.assertEqual(self.found('people', today)[:2], (1, 1))
        self.person("Dan", 'decider')
        self.assertEqual(self.found('people', today)[:2], (0, 1))
        self.assertIn("internal champion", self.alerts(cause='people').reason)
        self.person("Cora", 'champion')
        self.assertIsNone(self.found('people', today))

    def test_threads(self):
        """Gold asks for four: none of them live is 100 % missing, one is 75 %."""
        today = fields.Date.today()
        person = self.person("Paula")
        self.assertEqual(self.found('threads', today)[:2], (0, 4))
        self.assertEqual(
            self.alerts(cause='threads').reason, "In touch with 0 of the 4 people that the tier asks for.")
        self.meet(person, today - timedelta(days=3))
        self.assertEqual(self.found('threads', today)[:2], (1, 4), "75 % are missing: more than 80 % of 75")
        self.alerts(cause='threads').sudo()._resolve("Test")
        self.program.alert_quiet_days = 0
        self.assertIsNone(self.found('threads', today), "not more than 75 %: none is opened")

    # Score: influence 5 and 4 give 100 and 75 points

    def test_score(self):
        self.judged_run(date(2024, 1, 31), '5')
        self.rule('score', threshold=25)
        self.judge_account(self.delta, '4')
        self.assertIsNone(self.found('score', date(2024, 2, 10)), "25 points, not more")
        self.rule('score', threshold=24.9)
        self.assertEqual(self.found('score', date(2024, 2, 11))[:2], (75, 100))
        self.assertEqual(
            self.alerts(cause='score').reason, "The score fell from 100.0 to 75.0 points within a month.")
        self.assertIsNone(self.found('score', date(2024, 3, 10)), "no further drop against February")

    def test_health(self):
        """Health of the account fell from 100 to 75; the score, by another model, says nothing of it."""
        self.env['kam.scoring.model'].create({
            'program_id': self.program.id, 'name': "Health", 'purpose': 'health', 'criterion_ids': [
                Command.create({'metric': 'openness', 'bound_zero': 1, 'bound_full': 5})]}).action_publish()
        self.rule('health', threshold=24.9)

        def found(day, level):
            self.judge_account(self.delta, level, kind='openness')
            self.env['kam.score.run']._score_purposes(self.program, day)
            self.env.invalidate_all()
            return self.alerts(cause='health')
        self.assertFalse(found(date(2024, 1, 31), '5'))
        self.rule('health', threshold=25)
        self.assertFalse(found(date(2024, 2, 10), '4'), "25 points, not more")
        self.rule('health', threshold=24.9)
        alert = found(date(2024, 2, 11), '4')
        self.assertEqual((alert.value, alert.reference), (75, 100))
        self.assertEqual(alert.reason, "Its health fell from 100.0 to 75.0 points within a month.")
        self.assertFalse(self.alerts(cause='score'))

    def test_documents(self):
        """Every alert leads to the records behind it, for those who see it."""
        for rule in self.program.alert_rule_ids:
            alert = self.env['kam.alert'].create({
                'account_id': self.delta.id, 'cause': rule.cause, 'date': AS_OF, 'value': 3, 'reference': 2})
            action = self.as_user(alert, self.manager).action_open_documents()
            self.as_user(self.env[action['res_model']], self.manager).search(action['domain'])
            self.assertTrue(alert.reason and alert.display_name)
