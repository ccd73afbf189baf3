from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .service_common import ServiceCase


@tagged('post_install', '-at_install')
class TestKamAccountBriefing(ServiceCase):
    """What an executive reads before meeting Acme."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.tiers['gold'].promise = False
        cls.ann = cls.env['res.partner'].create({
            'name': "Ann", 'parent_id': cls.acme_partner.id, 'email': "ann@example.com"})

    def day(self, days):
        return self.today + timedelta(days=days)

    def sections(self, user=None, account=None):
        """{title: [sentence]} of what has something to say"""
        self.env.flush_all()
        self.env.invalidate_all()
        account = self.as_user(account or self.acme, user or self.executive)
        return {title: lines for title, lines in account._briefing_sections() if lines}

    def page(self, user=None):
        visit = self.env['kam.review'].create({'account_id': self.acme.id, 'kind': 'visit'})
        self.env.flush_all()
        self.env.invalidate_all()
        return self.as_user(visit, user or self.executive).briefing

    def test_issues(self):
        """Late ones first, then by severity, with what the customer knows."""
        now = fields.Datetime.now()
        self.issue(name="New and critical", severity='critical', date_reported=now)
        told = self.issue(name="Late", severity='low')
        self.issue(name="Resolved").write({'stage_id': self.stages['done'].id, 'resolution': "Done"})
        quiet = self.issue(name="Late as well", severity='low', date_reported='2026-06-05 17:00:00')
        quiet.date_responded = now
        told.message_post(
            body="Parts are on their way, and <b>you</b> have them on Friday", message_type='comment',
            subtype_xmlid='mail.mt_comment', partner_ids=self.ann.ids)
        told.message_post(
            body="Between us: nobody has looked yet", message_type='comment', subtype_xmlid='mail.mt_note')
        [late, also_late, new] = self.sections()["Open issues"]
        for text in ("Late (Low, reported on 06/05/2026)", "LATE, promised for", "the customer was told on",
                     "Parts are on their way", "Friday”"):
            self.assertIn(text, late)
        self.assertNotIn("Between us", late)
        self.assertIn("answered on", also_late)
        self.assertIn("the customer has no answer yet", new)

    def test_long_lists_are_counted(self):
        for number in range(8):
            self.issue(name=f"Issue {number}")
        lines = self.sections()["Open issues"]
        self.assertEqual((len(lines), lines[-1]), (7, "… and 2 more."))

    def test_what_we_owe(self):
        """Decisions of reviews with the customer that wait, the oldest day first, and commitments."""
        plan = self.env['kam.plan'].create({
            'account_id': self.acme.id, 'date_from': self.day(-100), 'date_to': self.day(100)})
        self.env['kam.plan.commitment'].create([
            {'plan_id': plan.id, 'name': "Recycled steel"},
            {'plan_id': plan.id, 'name': "Code of conduct", 'is_kept': True},
            {'plan_id': plan.id, 'name': "Pays in time", 'side': 'customer'}])
        held = self.env['kam.review'].create({'account_id': self.acme.id})
        internal = self.env['kam.review'].create({'account_id': self.acme.id, 'kind': 'internal'})
        (held | internal).write({'state': 'held', 'date_held': self.today})
        Decision = self.env['kam.review.decision']
        monitoring, done, _open, dropped = Decision.create([
            {'review_id': held.id, 'name': name, 'user_id': self.manager.id, 'date_due': day}
            for name, day in (("Show the monitoring", self.day(-3)), ("Send the offer", self.day(-3)),
                              ("Call back", self.day(5)), ("Golf", self.day(5)))])
        Decision.create({'review_id': internal.id, 'name': "Talk to finance"})
        (monitoring | done).action_make_action()
        done.action_id.state = 'done'
        dropped.action_drop()
        first, second, third = self.sections()["What we promised and have not done yet"]
        self.assertIn("Show the monitoring · kam_manager · LATE, due on", first)
        self.assertIn("Call back · kam_manager · due on", second)
        self.assertEqual(third, "Recycled steel · kam_manager")
        page = self.page()
        self.assertEqual(page.count("Show the monitoring"), 2, "with the actions of the plan, not with the last review")
        self.assertIn("Send the offer", page)

    def test_promises(self):
        month = self.today.replace(day=1)
        gold = self.tiers['gold']
        fast, visits, old = self.env['kam.promise'].create([
            {'name': name, 'tier_id': gold.id, 'role_id': self.env.ref('kam_management.role_service').id}
            for name in ("Answers", "Visits", "Old")])
        self.env['kam.promise.result'].create([
            {'promise_id': promise.id, 'account_id': self.acme.id, 'date': month - relativedelta(months=months),
             'total': 4, 'kept': kept, 'rate': 25 * kept, 'state': 'kept' if kept == 4 else 'broken'}
            for promise, months, kept in ((visits, 1, 4), (visits, 2, 4), (fast, 1, 4), (fast, 2, 1), (fast, 0, 0),
                                          (old, 4, 0))])
        broken, kept = self.sections()["How we kept our promises"]
        self.assertRegex(broken, r"^Answers: broken in \w+ \d+ \(kept to 25 %\)$")
        self.assertEqual(kept, "Visits: kept (months: 2)")

    def test_risks(self):
        self.env['kam.risk'].create([
            {'name': "Debt", 'account_id': self.acme.id, 'severity': '5', 'likelihood': '5', 'amount': 7000,
             'treatment_note': "Prepayment\nfrom May on"},
            {'name': "Frame", 'account_id': self.acme.id, 'kind': 'contract', 'date_contract_end': '2027-12-31',
             'notice_days': 30},
            {'name': "Over", 'account_id': self.acme.id, 'state': 'closed'}])
        self.assertEqual(self.sections()["Risks and contracts"], [
            "Debt (High) · at stake: 7,000 EUR · Prepayment",
            "Frame (Medium) · contract until 12/31/2027, notice by 12/01/2027"])

    def test_on_the_page_and_on_paper(self):
        self.issue()
        self.assertIn("Gearbox runs hot", self.page())
        visit = self.env['kam.review'].search([('account_id', '=', self.acme.id)], limit=1)
        html = self.env['ir.actions.report'].with_user(self.executive)._render_qweb_html(
            'kam_management.kam_review_briefing_document', visit.ids)[0].decode()
        for text in ("Gearbox runs hot", "Internal. Not for the customer.", "Printed by", "kam_executive"):
            self.assertIn(text, html)

    def test_as_far_as_the_reader_may_read(self):
        self.issue()
        for user in (self.executive, self.manager, self.champion):
            self.assertIn("Open issues", self.sections(user), user.login)
        for user in (self.colleague, self.outsider, self.sales, self.service):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.sections(user)

    def test_nothing_to_say(self):
        self.assertEqual(self.sections(self.champion, self.free), {})
