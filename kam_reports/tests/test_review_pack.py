from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..report import kam_pack_report
from .common import KamReportsCase, open_workbook


@tagged('post_install', '-at_install')
class TestReviewPack(KamReportsCase):

    def test_portfolio(self):
        workbook = self.pack(self.champion)
        self.assertEqual(workbook.sheetnames, [
            "Cover", "Summary", "Portfolio", "Movers", "Proposals", "Exceptions", "Risks", "Issues", "Promises",
            "Reviews", "Sponsor Visits", "Health", "Pareto", "Data Coverage"])
        acme, delta = self.portfolio(workbook)
        self.assertEqual(acme, {
            "Account": "Acme",
            "Country": "Germany",
            "Tier": "Gold",
            "Recommended Tier": "Diamond",
            "Score": 80,
            "Trend": -3.5,
            "Data Coverage": 1,
            "Health": None,
            "Revenue, Last 12 Months": 300000,
            "Growth": -0.125,
            "Margin Amount": 93000,
            "Margin": 0.31,
            "Open Pipeline": None,
            "Collection Rate": 0.96,
            "Days Beyond Terms": 4.25,
            "Account Manager": "kam_manager",
            "Executive Sponsor": "kam_executive",
            "Last Sponsor Visit": None,
            "Next Step": "Board visit",
            "Due on": datetime(2026, 6, 1),
        })
        # What is not known is an empty cell, never a zero.
        self.assertEqual(delta, {
            "Account": "Delta",
            "Country": "China",
            "Tier": "Gold",
            "Recommended Tier": "Gold",
            "Score": 40,
            "Trend": None,
            "Data Coverage": 0.5,
            "Health": None,
            "Revenue, Last 12 Months": 100000,
            "Growth": None,
            "Margin Amount": None,
            "Margin": None,
            "Open Pipeline": None,
            "Collection Rate": None,
            "Days Beyond Terms": None,
            "Account Manager": None,
            "Executive Sponsor": None,
            "Last Sponsor Visit": None,
            "Next Step": None,
            "Due on": None,
        })

    def test_figures_of_the_day(self):
        """Health, what the opportunities may bring and the visits are those of today, whenever scores were computed."""
        self.env.flush_all()
        # As runs write them.
        self.env.cr.execute("UPDATE kam_account SET health = 45, health_coverage = 80 WHERE id = %s", [self.acme.id])
        person = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acme_partner.id})
        lead = {'type': 'opportunity', 'company_id': self.company_a.id}
        self.env['crm.lead'].create([
            {**lead, 'name': "Line 1", 'partner_id': person.id, 'expected_revenue': 10000, 'probability': 25},
            {**lead, 'name': "Line 2", 'partner_id': self.acme_partner.id, 'expected_revenue': 1000,
             'probability': 50},
            {**lead, 'name': "Of others", 'partner_id': self.beta_partner.id, 'expected_revenue': 9, 'probability': 50},
        ])
        lost = self.env['crm.lead'].create({
            **lead, 'name': "Lost", 'partner_id': self.delta_partner.id, 'expected_revenue': 500})
        lost.action_set_lost()
        with freeze_time('2026-05-25'):
            self.env['calendar.event'].create({
                'name': "Visit", 'start': '2025-10-06 09:00', 'stop': '2025-10-06 10:00',
                'partner_ids': [Command.set((person | self.executive.partner_id).ids)]})
        acme, delta = self.portfolio(self.pack(self.champion))
        self.assertEqual([acme[label] for label in ("Health", "Open Pipeline", "Last Sponsor Visit")],
                         [45, 3000, datetime(2025, 10, 6)])
        self.assertEqual([delta[label] for label in ("Health", "Open Pipeline", "Last Sponsor Visit")], [None, 0, None])

    def test_marks(self):
        """What is marked stands in the columns that are meant."""
        sheet = self.pack(self.champion)['Portfolio']
        marked = {str(found.sqref): [rule.type for rule in found.rules] for found in sheet.conditional_formatting}
        labels = {sheet[f'{cells[0]}4'].value: types for cells, types in marked.items()}
        self.assertEqual(labels, {
            "Recommended Tier": ['expression'], "Score": ['dataBar'], "Health": ['dataBar'], "Trend": ['cellIs'],
            "Growth": ['cellIs'], "Margin Amount": ['cellIs'], "Margin": ['cellIs']})
        [formula] = sheet.conditional_formatting['D5:D6'][0].formula
        self.assertEqual(formula, '$D5<>$C5')

    def test_portfolio_layout(self):
        sheet = self.pack(self.champion)['Portfolio']
        self.assertEqual(sheet['A1'].value, "Portfolio")
        self.assertIn("Programme A · all key accounts · scores as of 05/22/2026 · amounts in EUR", sheet['A2'].value)
        self.assertEqual(sheet.freeze_panes, 'B5')
        self.assertEqual(sheet.auto_filter.ref, 'A4:T6')
        self.assertEqual(sheet.print_title_rows, '$4:$4')
        self.assertEqual(sheet.page_setup.orientation, 'landscape')
        # One page wide (the default, left out of the file), as many high as it takes.
        self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
        self.assertEqual((sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight), (None, 0))
        self.assertIn("Programme A", sheet.oddFooter.left.text)
        self.assertIn("Page &P of &N", sheet.oddFooter.center.text)
        self.assertEqual(sheet['I5'].number_format, '#,##0"\N{NO-BREAK SPACE}€"')
        self.assertEqual(sheet['J5'].number_format, '0.0%')
        self.assertEqual(sheet['T5'].number_format, 'mm/dd/yyyy')
        self.assertEqual(
            [sheet.cell(7, col).value for col in (1, 5, 9)],
            ['=SUBTOTAL(103,A5:A6)', '=IFERROR(SUBTOTAL(101,E5:E6),"")', '=SUBTOTAL(109,I5:I6)'])
        self.assertIn("Total", sheet['A7'].number_format)

    def test_summary(self):
        workbook = self.pack(self.champion)
        self.assertEqual(self.tiles(workbook), {
            "Key accounts": (2, "below the limits 5–25"),
            "Revenue, last 12 months": (400000, "net of tax"),
            "Share of total revenue": (0.8, "of the programme"),
            "Score": (70, "0 to 100, weighted by revenue"),  # (80 * 300 + 40 * 100) / 400
            "Without account manager": (1, "of 2"),
            "Without executive sponsor": (1, "of 2"),
            "Open tier changes": (0, "see Proposals"),
            "Data coverage": (0.75, "mean of the scored accounts"),
        })
        sheet = workbook['Summary']
        texts = self.texts(sheet)
        self.assertIn("Portfolio Review", texts)
        self.assertTrue(any(text.startswith(f"Prepared by {self.champion.name} on ") for text in texts))
        tiers = [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=16, max_row=18)]
        self.assertEqual(tiers, [
            ["Gold", 2, 400000, 0.8],
            ["General", 2, 100000, 0.2],
            ["Total", '=SUM(B16:B17)', '=SUM(C16:C17)', '=SUM(D16:D17)'],
        ])
        [chart] = sheet._charts
        [series] = chart.series
        self.assertEqual(series.val.numRef.f, 'Summary!$C$16:$C$17')
        self.assertEqual(series.cat.strRef.f, 'Summary!$A$16:$A$17')

    def test_size_limits(self):
        self.program.write({'size_min': 1, 'size_max': 2})
        self.assertEqual(self.tiles(self.pack(self.champion))["Key accounts"], (2, "within the limits 1–2"))
        self.program.write({'size_min': 0, 'size_max': 1})
        self.assertEqual(self.tiles(self.pack(self.champion))["Key accounts"], (2, "above the limits 0–1"))

    def test_proposals(self):
        change = self.propose(self.beta, 'diamond', user=self.colleague)
        change.evidence = "Told by the customer:\nthey double."
        self.propose(self.acme, 'diamond')
        change.action_submit()
        refused = self.propose(self.acme, 'strategic')
        refused.action_submit()
        self.as_user(refused, self.champion)._refuse("No")
        workbook = self.pack(self.champion)
        beta, acme = self.rows(workbook['Proposals'])
        self.assertEqual([beta[label] for label in ("Account", "From", "To", "Kind", "Origin", "State", "Reason")],
                         ["Beta", "General", "Diamond", "Nomination", "Person", "Submitted", "Strong growth"])
        self.assertIn("kam_colleague", beta["Proposed by"])
        self.assertEqual((beta["Score"], beta["Data Coverage"]), (60, 1))
        self.assertTrue(beta["Evidence"].startswith("Told by the customer:\nthey double."), beta["Evidence"])
        self.assertIsInstance(beta["Date"], datetime)
        self.assertEqual([acme[label] for label in ("Account", "From", "To", "Kind", "State", "Score", "Evidence")],
                         ["Acme", "Gold", "Diamond", "Promotion", "Draft", None, None])
        self.assertEqual(self.tiles(workbook)["Open tier changes"], (2, "see Proposals"))

    def test_selection(self):
        self.propose(self.beta, 'potential', user=self.colleague)
        self.propose(self.acme, 'diamond')
        workbook = self.pack(self.champion, accounts=self.beta | self.free)
        beta, free = self.portfolio(workbook)
        self.assertEqual((beta["Account"], beta["Score"], beta["Growth"]), ("Beta", 60, 0.1))
        self.assertEqual((free["Account"], free["Score"], free["Data Coverage"], free["Recommended Tier"]),
                         ("Free", None, None, None))
        self.assertEqual([row["Account"] for row in self.rows(workbook['Proposals'])], ["Beta"])
        tiles = self.tiles(workbook)
        self.assertEqual(tiles["Accounts"], (2, "0 of them key accounts"))
        self.assertEqual(tiles["Share of total revenue"][0], 0.2)
        self.assertIn("2 selected accounts", workbook['Portfolio']['A2'].value)

    def test_accounts_of_two_programs(self):
        other = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_partner.id})
        with self.assertRaisesRegex(UserError, "one programme.*Programme A, Programme B"):
            self.pack(self.champion, accounts=self.acme | other)
        with self.assertRaisesRegex(UserError, "one programme"):
            self.as_user(self.acme | other, self.champion).action_print_review_pack()

    def test_text_stays_text(self):
        """Nothing from the database becomes a formula, a link or a number."""
        names = ['=HYPERLINK("http://x")', '+1+1', '@SUM(A1)', 'http://example.com', '007', '{=1}', 'a\x07b']
        base = self.program.get_base_url()
        for name in names:
            self.acme_partner.name = name
            change = self.propose(self.acme, 'diamond', reason=name)
            workbook = self.pack(self.champion)
            for sheet, address in (('Portfolio', 'A5'), ('Proposals', 'A5'), ('Proposals', 'K5')):
                cell = workbook[sheet][address]
                self.assertEqual((cell.value, cell.data_type), (name.replace('\x07', ''), 's'))
                # Ours alone: to the record, whatever the name looks like.
                target = cell.hyperlink.target if cell.hyperlink else None
                self.assertEqual(target, {
                    'Portfolio': f'{base}/odoo/kam.account/{self.acme.id}',
                    'Proposals': address == 'A5' and f'{base}/odoo/kam.tier.change/{change.id}' or None}[sheet])
            change.sudo().unlink()

    def test_odd_names(self):
        self.program.name = "=1+1 / [Europe]: \"A&B\" * ? 2026 " + "x" * 200
        self.acme_partner.name = "上海精密机械有限公司 " + "很长的名字" * 80
        self.env['kam.tier.change'].create({
            'account_id': self.acme.id, 'to_tier_id': self.tiers['diamond'].id, 'reason': "r", 'evidence': "e" * 40000})
        name, content = self.pack_file(self.champion)
        self.assertNotRegex(name, r'[\\/:*?"<>|]')
        self.assertLess(len(name.encode()), 255)
        workbook = open_workbook(content)
        self.assertEqual(self.portfolio(workbook)[0]["Account"], self.acme_partner.name)
        self.assertEqual(len(self.rows(workbook['Proposals'])[0]["Evidence"]), 32767)

    def test_empty_program(self):
        program = self.env['kam.program'].create({'name': "New", 'company_ids': self.company_a.ids})
        workbook = self.pack(self.champion, program)
        self.assertEqual(self.tiles(workbook)["Revenue, last 12 months"][0], '–')
        self.assertEqual(self.tiles(workbook)["Key accounts"][0], 0)
        self.assertFalse(workbook['Summary']._charts)
        self.assertIn("The programme has no accounts yet.", self.texts(workbook['Summary']))
        self.assertIn("There are no key accounts yet", workbook['Portfolio']['A5'].value)
        self.assertEqual(workbook['Proposals']['A5'].value, "There are no open tier changes.")
        self.assertIn("not scored yet", workbook['Portfolio']['A2'].value)

    def test_not_scored(self):
        self.env['kam.score'].search([]).unlink()
        workbook = self.pack(self.champion)
        acme = self.portfolio(workbook)[0]
        self.assertEqual((acme["Account"], acme["Score"], acme["Revenue, Last 12 Months"]), ("Acme", None, None))
        self.assertEqual(self.tiles(workbook)["Score"][0], '–')
        [chart] = workbook['Summary']._charts
        self.assertEqual(chart.series[0].val.numRef.f, 'Summary!$B$16:$B$17', "accounts instead of revenue")

    def test_score_without_data(self):
        """An account without any data has a score of 0 in the database, and none in the pack."""
        self.score(self.free, 0.0, 0.0, trend=None)
        [free] = self.portfolio(self.pack(self.champion, accounts=self.free))
        self.assertEqual((free["Score"], free["Trend"], free["Data Coverage"]), (None, None, 0))

    def test_currency_of_the_program(self):
        self.program_b.currency_id = self.env.ref('base.USD')
        account = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.delta_partner.id})
        account.sudo().tier_id = self.program_b.tier_ids[:1]
        sheet = self.pack(self.champion, self.program_b)['Portfolio']
        self.assertEqual(sheet['I5'].number_format, '"$\N{NO-BREAK SPACE}"#,##0;-"$\N{NO-BREAK SPACE}"#,##0')
        self.assertIn("amounts in USD", sheet['A2'].value)

    def test_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        report = self.as_user(self.env['kam.portfolio.report'], self.champion).with_context(lang='zh_CN')
        __, content = report._review_pack(self.program)
        sheet = open_workbook(content).worksheets[2]
        self.assertIn(sheet['T5'].number_format, ('yyyy"年"mm"月"dd"日"', 'yyyy/mm/dd'))
        self.assertEqual(sheet['B5'].value, self.env.ref('base.de').with_context(lang='zh_CN').name)

    def test_long_pack(self):
        """Long packs are written through a temporary file; they say the same."""
        short = self.pack(self.champion)
        with patch.object(kam_pack_report, 'LONG_PACK', 1):
            long = self.pack(self.champion)
        for sheet in short.sheetnames:
            self.assertEqual(
                [[cell.value for cell in row] for row in long[sheet].iter_rows()],
                [[cell.value for cell in row] for row in short[sheet].iter_rows()])
        # Empty cells are left out; the lines between the rows are there all the same.
        self.assertTrue(short['Portfolio']['F6'].has_style)
        self.assertFalse(long['Portfolio']['F6'].has_style)
        [rule] = long['Portfolio'].conditional_formatting['A5:T6']
        self.assertEqual((rule.type, rule.dxf.border.bottom.style), ('containsBlanks', 'thin'))

    def test_queries_do_not_grow(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report._review_pack(program)
            return self.env.cr.sql_log_count - before

        report = self.as_user(self.env['kam.portfolio.report'], self.champion)
        program = report.env['kam.program'].browse(self.program.id)
        self.propose(self.acme, 'diamond')
        queries()
        few = queries()
        partners = self.env['res.partner'].create([
            {'name': f"Customer {number}", 'is_company': True, 'country_id': self.env.ref('base.fr').id}
            for number in range(60)])
        accounts = self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id} for partner in partners])
        accounts.sudo().tier_id = self.tiers['strategic']
        for account in accounts:
            self.score(account, 50.0, 100.0, trend=1.0, recommended='gold', revenue=1000.0, growth=5.0)
            account.activity_schedule('mail.mail_activity_data_todo', user_id=self.manager.id)
            self.propose(account, 'gold', user=self.champion)
        self.env['kam.assignment'].create([
            self._seat_values(account, self.manager, 'manager')
            for account in accounts])
        many = queries()
        self.assertEqual(len(self.portfolio(self.pack(self.champion))), 62)
        self.assertLessEqual(many, few, "as many queries for 62 accounts as for 2")
        self.assertLess(many, 130)
