import dataclasses
from datetime import date, datetime, timedelta
from unittest.mock import patch

from lxml import html

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.kam_management.tests.ledger_common import LedgerCase
from odoo.addons.kam_management.tests.test_kam_plan import PlanCase

REPORTS = {
    'plan_one_page': 'kam.plan', 'executive_briefing': 'kam.account', 'value_statement_customer': 'kam.account',
    'value_statement_internal': 'kam.account'}


class DocumentCase(PlanCase, LedgerCase):
    """Acme over the last year: 1000 EUR and 500 USD at 0.80 EUR, of which 300 EUR came back: 1100 EUR. 880 EUR before.

    The pump costs 60 EUR in company A and 50 USD in company B. What nobody outside may read says "secret".
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = date.today()
        cls.program.company_ids = [Command.set((cls.company_a | cls.company_b).ids)]
        cls.pump = cls.env['product.product'].create({'name': "Pump", 'type': 'consu', 'taxes_id': False})
        cls.pump.with_company(cls.company_a).standard_price = 60
        cls.env['res.currency.rate'].create([
            {'currency_id': currency.id, 'company_id': cls.company_b.id, 'name': '2020-01-01', 'rate': rate}
            for currency, rate in ((cls.env.ref('base.USD'), 1), (cls.env.ref('base.EUR'), 0.8))])
        first = cls.sell(1000, 100)
        cls.pay(first, 1000, cls.day(101))
        cls.sell(500, 60, partner=cls.acme_asia, company=cls.company_b)
        cls.sell(300, 40, move_type='out_refund')
        cls.sell(880, 500)
        cls.sell(7777, 30, partner=cls.beta_partner)
        cls._secrets()

    @classmethod
    def _secrets(cls):
        cls.tiers['gold'].name = "Secret Tier"
        cls.program.name = "Secret Programme"
        cls.plan.write({
            'strategy': "secret strategy", 'customer_summary': "secret summary", 'weaknesses': "secret weakness"})
        cls.env['kam.plan.objective'].create({
            'plan_id': cls.plan.id, 'name': "secret objective", 'measure': 'revenue', 'target_value': 5000,
            'date_target': cls.plan.date_to})
        cls.acme_partner.comment = "secret comment"
        cls.env['kam.note'].with_user(cls.executive).create({'account_id': cls.acme.id, 'body': "secret note"})
        cls.acme.message_post(body="secret message")
        cls.acme.activity_schedule('mail.mail_activity_data_todo', summary="secret step", user_id=cls.manager.id)
        person = cls.env['res.partner'].create({
            'name': "Anna Secret", 'parent_id': cls.acme_partner.id, 'function': "secret function"})
        cls.env['kam.stakeholder'].create({
            'account_id': cls.acme.id, 'partner_id': person.id, 'influence': '3', 'interest_short': "secret interest"})
        cls.env['crm.lead'].create({
            'name': "secret opportunity", 'type': 'opportunity', 'partner_id': cls.acme_partner.id,
            'expected_revenue': 6543, 'company_id': cls.company_a.id})
        cls.env.flush_all()
        # The engine writes these columns in SQL.
        cls.env.cr.execute(
            "UPDATE kam_account SET score = 73.21, score_coverage = 100, health = 41.87, health_coverage = 100, "
            "lifetime_value = 98765 WHERE id = %s", [cls.acme.id])
        cls.env.invalidate_all()

    @classmethod
    def day(cls, ago):
        return cls.today - timedelta(days=ago)

    @classmethod
    def sell(cls, amount, ago, partner=None, **values):
        return cls.invoice(partner or cls.acme_partner, cls.day(ago), amount, due=cls.day(max(ago - 30, 1)), **values)

    def page(self, name, record, user, companies=None):
        """The HTML of a report as its reader gets it."""
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.as_user(self.env['ir.actions.report'], user, companies)
        content, kind = report._render_qweb_html(f'kam_reports.{name}', record.ids)
        self.assertEqual(kind, 'html')
        return content.decode()

    def text(self, *args, **values):
        return " ".join(html.fromstring(self.page(*args, **values)).text_content().split())


@tagged('post_install', '-at_install')
class TestValueStatement(DocumentCase):

    def customer(self, user=None, **values):
        return self.text('value_statement_customer', self.acme, user or self.executive, **values)

    def test_figures(self):
        """Hand-computed, over two entities, companies and currencies, whoever prints it."""
        for user in (self.executive, self.manager, self.champion):
            page = self.customer(user)
            for sentence in (
                "You received goods and services for 1,100 EUR.", "(credit notes: 1, 300 EUR)",
                "You bought 25 % more than in the year before.", "your account manager", "kam_manager",
            ):
                self.assertIn(sentence, page, user.login)
        self.assertIn("1,100 EUR", self.customer(self.champion, companies=self.company_b))

    def test_prices(self):
        """A line at half the price of 200: 100 below the list."""
        move = self.sell(100, 20, post=False)
        move.invoice_line_ids.write({'price_unit': 200, 'discount': 50})
        move.action_post()
        self.assertIn("Our prices for you were 100 EUR below our list prices.", self.customer())

    def test_payments(self):
        """Paid after 101 days ago, when it was not due yet; the other one is still open."""
        self.assertIn("Of 2 invoices that fell due, 1 were paid in time.", self.customer())
        self.pay(self.sell(10, 50), 10, self.day(1))
        self.assertIn("Of 3 invoices that fell due, 1 were paid in time.", self.customer())
        for __ in range(60):
            self.sell(0, 90)
        self.assertIn("You pay in time", self.customer())

    def test_orders(self):
        orders = self.env['sale.order'].create([{
            'partner_id': self.acme_asia.id, 'company_id': self.company_a.id, 'date_order': datetime.now(),
            'order_line': [Command.create({'product_id': self.pump.id, 'product_uom_qty': 2, 'price_unit': 5})]}
            for __ in range(3)])
        orders[:2].write({'state': 'sale'})
        self.assertIn("You placed 2 orders with us.", self.customer())
        orders[0].order_line.qty_delivered = 2
        self.assertIn("You placed 2 orders with us, of which 1 are delivered in full.", self.customer())

    def test_meetings(self):
        partners = (self.manager.partner_id | self.acme_asia).ids
        start = datetime.now() - timedelta(days=10)
        self.env['calendar.event'].create([{
            'name': "secret meeting", 'start': day, 'stop': day + timedelta(hours=1),
            'partner_ids': [Command.set(partners)]}
            for day in (start, start - timedelta(days=3), start + timedelta(days=30))])
        self.assertIn("We met 2 times", self.customer())

    def test_nothing_yet(self):
        self.assertIn("There was no trade between us", self.text('value_statement_customer', self.free, self.manager))

    def test_the_customer_reads_nothing_of_ours(self):
        """Neither in the text nor anywhere else in the HTML: attributes, comments, names of records."""
        page = self.page('value_statement_customer', self.acme, self.executive).lower()
        for word in ('secret', 'margin', 'score', 'tier', 'health', 'key account', 'kam.account', 'programme',
                     'sponsor', 'lifetime', 'wallet', 'stakeholder', 'strategy', 'objective', 'alert'):
            body = page[page.index('<body'):]
            self.assertNotIn(word, body)
        # Margin 1000 - 60 + ... at cost; score, health, lifetime value, opportunity; another customer.
        figures = [figure for figure in self.acme._yearly_sales()[self.acme.id][2:] if figure]
        for figure in ('73.2', '41.8', '41.9', '98,765', '98765', '6,543', '6543', '7,777', 'beta', *(
                f'{figure:.1f}' for figure in figures)):
            self.assertNotIn(figure, page)

    def test_the_data_for_the_customer(self):
        """Texts only: nothing through which a template could reach a figure of ours. Names of fields tell it, too."""
        report = self.as_user(self.env['report.kam_reports.value_statement_customer'], self.executive)
        values = report._get_report_values(self.acme.ids)
        self.assertEqual(set(values), {'doc_ids', 'doc_model', 'statements'})
        [statement] = values['statements']
        fields = dataclasses.asdict(statement)
        self.assertEqual(fields.pop('company')._name, 'res.company')
        self.assertFalse(self.reached(fields))

    def reached(self, value):
        """Records within a value."""
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, (list, tuple)):
            return [found for one in value for found in self.reached(one)]
        return [value] if isinstance(value, models.BaseModel) or not isinstance(value, str) else []

    def test_the_template_for_the_customer(self):
        """It asks for nothing but the statement."""
        for name in ('value_statement_customer', 'value_statement_customer_page'):
            arch = self.env.ref(f'kam_reports.{name}').arch
            self.assertNotRegex(arch, r'docs|account|margin|score|tier|health|note|internal|env')

    def test_we_read_all_of_it(self):
        page = self.text('value_statement_internal', self.acme, self.executive)
        __, before, margin = self.acme._yearly_sales()[self.acme.id]
        for text in ("Secret Tier", "73.2 of 100", "98,765 EUR", f"{margin:.1f} %", "880 EUR", "secret strategy",
                     "secret note", "You bought 25 % more", "Internal. Not for the customer."):
            self.assertIn(text, page)
        self.assertEqual(before, 880)
        self.assertNotIn("secret note", self.text('value_statement_internal', self.acme, self.manager), "not the own")

    def test_in_the_language_of_the_customer(self):
        """Dates and words are those of the customer, not of whoever prints."""
        self.env['res.lang']._activate_lang('fr_FR')
        self.acme_partner.lang = 'fr_FR'
        self.assertIn(self.today.strftime('%d/%m/%Y'), self.customer())


@tagged('post_install', '-at_install')
class TestDocuments(DocumentCase):

    def test_plan(self):
        page = self.text('plan_one_page', self.plan, self.executive)
        for text in ("Draft account plan", "Acme", "secret summary", "secret objective", "1,100 EUR, +25 %"):
            self.assertIn(text, page)

    def test_briefing(self):
        page = self.text('executive_briefing', self.acme, self.executive)
        for text in (
            "Account manager: kam_manager", "No sponsor has been there yet.", "1,100 EUR, +25 %", "Anna Secret",
            "secret opportunity", "6,543", "secret objective", "secret step", "Score: 73.2 of 100",
        ):
            self.assertIn(text, page)

    def test_briefing_of_what_stands_between_us(self):
        self.env['kam.issue'].create({'account_id': self.acme.id, 'name': "Gearbox runs hot"})
        self.env['kam.risk'].create({'account_id': self.acme.id, 'name': "A rival is at the door"})
        page = self.text('executive_briefing', self.acme, self.executive)
        for text in ("Open issues", "Gearbox runs hot", "Risks and contracts", "A rival is at the door"):
            self.assertIn(text, page)

    def test_letterhead(self):
        self.company_a.company_details = "<p>Harbour Road 1</p>"
        self.assertIn("Harbour Road 1", self.text('value_statement_customer', self.acme, self.manager))

    def test_briefing_after_a_visit(self):
        start = datetime.now() - timedelta(days=20)
        self.env['calendar.event'].create({
            'name': "Visit", 'start': start, 'stop': start + timedelta(hours=1),
            'partner_ids': [Command.set((self.executive.partner_id | self.acme_partner).ids)]})
        self.env['crm.lead'].create({
            'name': "Valves", 'type': 'opportunity', 'partner_id': self.acme_partner.id, 'expected_revenue': 100,
            'company_id': self.company_a.id})
        page = self.text('executive_briefing', self.acme, self.executive)
        self.assertIn("The sponsor was there last on", page)
        self.assertIn("Opportunities opened: 2", page)

    def test_briefing_shows_what_the_reader_may_see(self):
        """Overdue invoices of the companies of the reader, and none for whoever may read no invoices."""
        self.assertIn("Overdue invoices: 880 EUR", self.text('executive_briefing', self.acme, self.executive))
        self.assertIn("Overdue invoices: 1,280 EUR", self.text('executive_briefing', self.acme, self.champion))
        with patch.object(type(self.env['account.move']), 'has_access', return_value=False):
            self.assertNotIn("Overdue invoices", self.text('executive_briefing', self.acme, self.champion))

    def test_empty(self):
        page = self.text('executive_briefing', self.free, self.manager)
        for text in ("Nothing presses.", "The relationship map is empty", "No open opportunity", "no current plan"):
            self.assertIn(text, page)
        self.assertIn("Nothing in these twelve months.", self.text('value_statement_internal', self.free, self.manager))

    def test_several_accounts(self):
        """One page each, in one article: a wkhtmltopdf without patched Qt refuses more."""
        for name, mark in (('executive_briefing', 'o_kam_page"'), ('value_statement_customer', 'o_statement"'),
                           ('value_statement_internal', 'o_kam_page"')):
            page = self.page(name, self.acme | self.beta, self.champion)
            self.assertEqual((page.count('class="article"'), page.count(mark)), (1, 2), name)
            self.assertIn("Acme", page)
            self.assertIn("Beta", page)

    # Access

    def test_who_may_print(self):
        for name, model in REPORTS.items():
            record = self.plan if model == 'kam.plan' else self.acme
            for user in (self.colleague, self.outsider, self.sales):
                with self.subTest(report=name, user=user.login), self.assertRaises(AccessError):
                    self.page(name, record, user)
            for user in (self.manager, self.executive, self.champion):
                self.assertIn("Acme", self.page(name, record, user))

    def test_other_company(self):
        """Where only company B is selected, an account of a programme of company A is out of sight."""
        self.program.company_ids = [Command.set(self.company_a.ids)]
        for name in ('executive_briefing', 'value_statement_customer', 'value_statement_internal'):
            with self.subTest(report=name), self.assertRaises(AccessError):
                self.page(name, self.acme, self.champion, companies=self.company_b)

    def test_print_menu(self):
        for model, count in (('kam.plan', 1), ('kam.account', 3)):
            reports = self.env['ir.actions.report'].search([
                ('model', '=', model), ('report_name', '=like', 'kam\\_reports.%')])
            self.assertEqual(len(reports), count)
            for user, is_offered in (
                    (self.manager, True), (self.executive, True), (self.champion, True), (self.sales, False)):
                bindings = self.as_user(self.env['ir.actions.actions'], user).get_bindings(model)
                offered = {action['id'] for action in bindings.get('report', ())}
                self.assertEqual(set(reports.ids) <= offered, is_offered, user.login)

    def test_without_wkhtmltopdf(self):
        """Odoo says what is missing; in the browser it shows the page instead."""
        report = self.as_user(self.env['ir.actions.report'], self.executive).with_context(force_report_rendering=True)
        for name, model in REPORTS.items():
            record = self.plan if model == 'kam.plan' else self.acme
            with patch.object(type(report), 'get_wkhtmltopdf_state', return_value='install'), \
                    self.assertRaisesRegex(UserError, "Unable to find Wkhtmltopdf"):
                report._render_qweb_pdf(f'kam_reports.{name}', record.ids)
