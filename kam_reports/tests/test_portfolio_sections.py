from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import KamReportsCase, open_workbook


@tagged('post_install', '-at_install')
class TestPortfolioSections(KamReportsCase):
    """The sheets of the portfolio review besides summary, portfolio and proposals."""

    def earlier_score(self, account, day, score, **values):
        """A score that is not the current one any more."""
        run = self.env['kam.score.run'].create({
            'program_id': self.program.id, 'model_id': self.model.id, 'date': day, 'state': 'done'})
        return self.env['kam.score'].create({
            'run_id': run.id, 'account_id': account.id, 'program_id': self.program.id, 'date': day, 'score': score,
            'coverage': 100, 'is_current': False, 'breakdown': [
                {'criterion_id': None, 'metric': metric, 'value': value, 'points': points, 'weight': 1,
                 'contribution': points, 'failed': False} for metric, (value, points) in values.items()]})

    # Cover

    def test_cover(self):
        sheet = self.make('portfolio', self.champion, date_from=date(2026, 1, 31))['Cover']
        facts = {sheet.cell(row, 2).value: sheet.cell(row, 3).value for row in range(4, 14)}
        self.assertEqual(facts["Programme"], "Programme A")
        self.assertEqual(facts["Accounts"], "All key accounts")
        self.assertEqual(facts["Period"], "compared with 01/31/2026")
        self.assertEqual(facts["Prepared by"], "kam_champion")
        self.assertEqual(facts["Data as of"], datetime(2026, 5, 22))
        self.assertEqual(facts["Scoring model"], "By hand (version 1)")
        self.assertEqual(facts["Currency"], "EUR")
        self.assertEqual(sheet['B2'].value, "Portfolio Review")
        self.assertIn("13  Data Coverage", self.texts(sheet))
        [link] = [cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink]
        self.assertEqual(link, f'{self.program.get_base_url()}/odoo/kam.program/{self.program.id}')

    def test_print_set_up(self):
        """Every sheet prints on A4 landscape, one page wide, with page numbers."""
        for code, values in (
            ('portfolio', {}), ('whitespace', {}), ('dossier', {'account': self.acme}),
            ('sponsor', {'executive': self.executive}),
            ('movement', {'date_from': date(2026, 1, 1), 'date_to': date(2026, 5, 1)}),
        ):
            for sheet in self.make(code, self.champion, **values):
                with self.subTest(code=code, sheet=sheet.title):
                    self.assertEqual((sheet.page_setup.orientation, sheet.page_setup.paperSize), ('landscape', 9))
                    self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
                    self.assertIn("Page &P of &N", sheet.oddFooter.center.text)

    def test_chosen_sections(self):
        workbook = self.make('portfolio', self.champion, sections=('movers', 'portfolio'))
        self.assertEqual(workbook.sheetnames, ["Cover", "Portfolio", "Movers"])
        self.assertIn("2  Movers", self.texts(workbook['Cover']))

    # Movers

    def test_movers(self):
        self.earlier_score(self.acme, '2026-04-30', 55.0, revenue=(200000.0, 5), growth=(-12.5, 10))
        self.earlier_score(self.acme, '2026-03-31', 90.0, revenue=(300000.0, 45), growth=(-12.5, 10))
        self.earlier_score(self.delta, '2026-04-30', 40.02, revenue=(100000.0, 10))
        self.earlier_score(self.beta, '2026-04-30', 10.0)
        [acme] = self.block(self.make('portfolio', self.champion)['Movers'], "Account")
        self.assertEqual([acme[label] for label in ("Account", "Compared With", "Score Then", "Score Now", "Movement")],
                         ["Acme", datetime(2026, 4, 30), 55, 80, 25])
        score = self.as_user(self.acme, self.champion).score_id
        self.assertEqual(acme["Why"], score.moved, "the words of the account")
        self.assertTrue(acme["Why"].startswith("+25 since April 30, 2026: "), acme["Why"])
        # Beta is no key account, delta stands where it stood. Compared with an earlier day the sign turns.
        sheet = self.make('portfolio', self.champion, date_from=date(2026, 4, 15))['Movers']
        [acme] = self.block(sheet, "Account")
        self.assertEqual((acme["Compared With"], acme["Movement"]), (datetime(2026, 3, 31), -10))
        self.assertIn("compared with 04/15/2026", sheet['A2'].value)
        self.assertTrue(sheet._charts)

    def test_movers_equal_sql(self):
        """Each movement is the current score less the last one on or before the day."""
        for account, score in ((self.acme, 60.0), (self.delta, 80.5)):
            self.earlier_score(account, '2026-02-28', score, revenue=(1.0, 1))
            self.earlier_score(account, '2026-03-31', score + 1, revenue=(1.0, 1))
        rows = self.block(self.make('portfolio', self.champion, date_from=date(2026, 3, 15))['Movers'], "Account")
        self.env.cr.execute(
            """SELECT partner.name, current.score - old.score
                 FROM kam_account account
                 JOIN res_partner partner ON partner.id = account.partner_id
                 JOIN kam_score current ON current.account_id = account.id AND current.is_current
                 JOIN kam_score old ON old.account_id = account.id AND old.date = '2026-02-28'
                WHERE account.is_key AND account.program_id = %s ORDER BY ABS(current.score - old.score) DESC""",
            [self.program.id])
        self.assertEqual([(row["Account"], row["Movement"]) for row in rows], self.env.cr.fetchall())
        self.assertEqual(len(rows), 2)

    def test_no_movers(self):
        sheet = self.make('portfolio', self.champion)['Movers']
        self.assertTrue(any(text.startswith("No score moved since then") for text in self.texts(sheet)))

    # Exceptions

    def grant_exception(self, account, until):
        change = self.propose(account, 'gold', user=self.colleague, criteria_state='not_met', is_exception=True,
                              exception_reason="=1+1 strategic", exception_until=until)
        change.action_submit()
        self.as_user(change, self.champion).action_approve()
        return change

    def test_exceptions(self):
        with freeze_time('2026-05-25'):
            change = self.grant_exception(self.beta, '2026-06-04')
            sheet = self.make('portfolio', self.champion)['Exceptions']
            formulas = self.make('portfolio', self.champion, results=False)['Exceptions']
        beta = self.block(sheet, "Account")[0]
        self.assertEqual([beta[label] for label in (
            "Account", "Tier", "State", "Granted by", "Until", "Days Left", "Reason for the Exception")],
            ["Beta", "Gold", "Open", "kam_champion", datetime(2026, 6, 4), 10, "=1+1 strategic"])
        self.assertEqual(formulas['G5'].value, '=F5-DATE(2026,05,25)')
        self.assertEqual(formulas['H5'].data_type, 's', "what people write is no formula")
        self.assertIn(f'/odoo/kam.tier.change/{change.id}', sheet['A5'].hyperlink.target)
        self.assertIn("limit of the programme: 3", sheet['A2'].value)

    def test_no_exceptions(self):
        sheet = self.make('portfolio', self.champion)['Exceptions']
        self.assertEqual(sheet['A5'].value, "Nobody is a key account by exception: all entered by the criteria.")

    # Health

    def test_health(self):
        model = self.env['kam.scoring.model'].create({
            'name': "Health", 'program_id': self.program.id, 'purpose': 'health', 'green_from': 70, 'amber_from': 50})
        self.env.flush_all()
        self.env.cr.execute("UPDATE kam_scoring_model SET state = 'published' WHERE id = %s", [model.id])
        # As runs write them.
        self.env.cr.execute("UPDATE kam_account SET health = 45, health_coverage = 80, health_trend = -2 WHERE id = %s",
                            [self.acme.id])
        self.env.invalidate_all()
        sheet = self.make('portfolio', self.champion)['Health']
        gold, together = self.block(sheet, "Tier")
        self.assertEqual(gold, {"Tier": "Gold", "Healthy": 0, "To Watch": 0, "At Risk": 1, "Not Scored": 1})
        self.assertEqual([together[label] for label in ("Tier", "At Risk", "Not Scored")], ["Together", 1, 1])
        [acme] = self.block(sheet, "Account")
        self.assertEqual([acme[label] for label in ("Account", "Health", "Trend", "State", "Account Manager")],
                         ["Acme", 45, -2, "At Risk", "kam_manager"])
        self.assertEqual(len(sheet._charts), 2)

    def test_without_health_model(self):
        sheet = self.make('portfolio', self.champion)['Health']
        self.assertIn("The programme has no published health model.", self.texts(sheet))

    # Pareto

    def classify(self):
        for account, revenue, abc_class, share in (
                (self.acme, 300000, 'a', 60), (self.delta, 100000, 'a', 80), (self.beta, 100000, 'b', 100)):
            self.env.cr.execute(
                "UPDATE kam_account SET revenue_year = %s, abc_class = %s, abc_share = %s WHERE id = %s",
                (revenue, abc_class, share, account.id))
        self.env.invalidate_all()

    def test_pareto(self):
        self.env.flush_all()
        self.classify()
        sheet = self.make('portfolio', self.champion)['Pareto']
        key, others, together = self.block(sheet, "Group")
        # Of the margin only acme (31 %) and beta (20 %) are known.
        self.assertEqual(key, {
            "Group": "Key accounts", "Accounts": 2, "Revenue": 400000, "Share of Revenue": 0.8,
            "Revenue with Known Cost": 300000, "Margin Amount": 93000, "Margin": 0.31})
        self.assertEqual([others[label] for label in ("Revenue", "Share of Revenue", "Margin")], [100000, 0.2, 0.2])
        self.assertEqual(together["Revenue"], 500000)
        self.assertAlmostEqual(together["Margin"], 113000 / 400000)
        a, b, c, classes = self.block(sheet, "Class")
        self.assertEqual([(row["Accounts"], row["Revenue"]) for row in (a, b, c, classes)],
                         [(2, 400000), (1, 100000), (0, 0), (3, 500000)])
        self.assertEqual(a["Share of Revenue"], 0.8)
        largest = self.block(sheet, "Account")
        self.assertEqual([(row["Account"], row["Class"], row["Revenue"], row["Cumulative Share"]) for row in largest],
                         [("Acme", "A", 300000, 0.6), ("Beta", "B", 100000, 1), ("Delta", "A", 100000, 0.8)])
        self.assertEqual(len(sheet._charts), 3)

    def test_revenue_of_archived_accounts(self):
        """An account that has left the programme keeps its last score; its revenue is no part of the whole."""
        self.env.flush_all()
        self.classify()
        self.beta.active = False
        pack = self.make('portfolio', self.champion)
        self.assertEqual([row["Revenue"] for row in self.block(pack['Pareto'], "Group")], [400000, 0, 400000])
        self.assertEqual(self.tiles(pack)["Share of total revenue"][0], 1)
        # Also where the pack is about such an account.
        pack = self.make('portfolio', self.champion, accounts=self.acme | self.beta)
        self.assertEqual([row["Revenue"] for row in self.block(pack['Pareto'], "Group")], [400000, 0, 400000])
        self.assertEqual(self.tiles(pack)["Share of total revenue"][0], 0.75)

    def test_pareto_of_a_manager(self):
        """Names and amounts of others stay out."""
        self.env.flush_all()
        self.classify()
        sheet = self.make('portfolio', self.colleague)['Pareto']
        self.assertFalse([text for text in self.texts(sheet) if "Acme" in text])
        self.assertIn("accounts you may see", sheet['A2'].value)
        self.assertEqual([row["Revenue"] for row in self.block(sheet, "Group")], [100000, 100000, 200000])

    def test_pareto_of_an_archived_programme(self):
        """Never the classes of another one."""
        self.env.flush_all()
        self.classify()
        self.program.active = False
        sheet = self.make('portfolio', self.champion)['Pareto']
        self.assertIn("No revenue is known yet: classes come with the first scoring run.", self.texts(sheet))

    # Visits and coverage

    def test_visits(self):
        person = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acme_partner.id})
        with freeze_time('2026-05-25'):
            self.env['calendar.event'].create({
                'name': "Visit", 'start': '2025-10-06 09:00', 'stop': '2025-10-06 10:00',
                'partner_ids': [Command.set((person | self.executive.partner_id).ids)]})
            [acme, total] = self.block(self.make('portfolio', self.champion)['Sponsor Visits'], "Account")
        # Gold: every 180 days, so it was due on 4 April.
        self.assertEqual(acme, {
            "Account": "Acme", "Executive Sponsor": "kam_executive", "Tier": "Gold", "Visits Every (Days)": 180,
            "Last Visit": datetime(2025, 10, 6), "Due on": datetime(2026, 4, 4), "Days Overdue": 51,
            "Planned on": None})
        self.assertEqual(total["Account"], 1)

    def test_coverage(self):
        sheet = self.make('portfolio', self.champion)['Data Coverage']
        criteria = {row["Criterion"]: row for row in self.block(sheet, "Criterion")}
        self.assertEqual(criteria["Revenue"], {
            "Criterion": "Revenue", "Accounts with Data": 2, "Scored Accounts": 2, "Share with Data": 1})
        self.assertEqual([criteria["Growth"][label] for label in ("Accounts with Data", "Share with Data")], [1, 0.5])
        [delta] = self.block(sheet, "Account")
        self.assertEqual((delta["Account"], delta["Data Coverage"]), ("Delta", 0.5))
        self.assertEqual(set(delta["Without Data"].split(", ")), {
            "Growth", "Gross Margin", "Collection Rate", "Days Beyond Terms", "Influence"})

    # Sponsor pack

    def test_sponsor_pack(self):
        workbook = self.make('sponsor', self.executive, executive=self.executive)
        self.assertEqual([row["Account"] for row in self.block(workbook['Portfolio'], "Account")][:-1], ["Acme"])
        visits = self.block(workbook['Sponsor Visits'], "Account")
        self.assertEqual(visits[0]["Account"], "Acme")
        self.assertIn("No sponsor has visited this customer yet.", visits[0]["Why Visit Now"])
        self.assertFalse([text for sheet in workbook for text in self.texts(sheet) if "Delta" in text])
        name, content = self.make_file('sponsor', self.champion, executive=self.manager)
        self.assertIn("kam_manager", name)
        sheet = open_workbook(content)['Portfolio']
        self.assertEqual(sheet['A5'].value, "kam_manager sponsors no account of this programme.")

    def test_sponsor_pack_of_a_manager(self):
        """Whose accounts it is about does not lend rights."""
        workbook = self.make('sponsor', self.colleague, executive=self.executive)
        self.assertFalse([text for sheet in workbook for text in self.texts(sheet) if "Acme" in text])

    def test_incomplete(self):
        for code, values, text in (
            ('sponsor', {}, "Choose the executive"), ('dossier', {}, "Choose the account"),
            ('movement', {'date_to': date(2026, 1, 1)}, "first of the two days"),
            ('movement', {'date_from': date(2026, 1, 1), 'date_to': date(2026, 1, 1)}, "before the last day"),
        ):
            with self.subTest(code=code), self.assertRaisesRegex(UserError, text):
                self.make(code, self.champion, **values)
        with self.assertRaisesRegex(UserError, "no pack of the type"):
            self.make('nothing', self.champion)

    def test_companies(self):
        """Only who bought from a company within a year; nobody here has an invoice."""
        sheet = self.make('portfolio', self.champion, companies=self.company_a)['Portfolio']
        self.assertEqual(sheet['A5'].value, "No key account bought from these companies within the last year.")
        self.assertIn("bought from Company A", sheet['A2'].value)

    def test_all_types_of_an_empty_programme(self):
        program = self.env['kam.program'].create({'name': "New", 'company_ids': self.company_a.ids})
        for code, values in (
            ('portfolio', {}), ('whitespace', {}), ('sponsor', {'executive': self.executive}),
            ('movement', {'date_from': date(2026, 1, 1), 'date_to': date(2026, 5, 1)}),
        ):
            with self.subTest(code=code):
                workbook = self.make(code, self.champion, program=program, **values)
                self.assertIn("New", workbook['Cover']['C5'].value)
        self.assertIn("The programme has no accounts yet.", self.texts(workbook['Transitions']))

    def test_rights_of_all_types(self):
        """Without a role, without the right to export, or in another company there is no pack of any type."""
        values = {'account': self.acme, 'executive': self.executive, 'date_from': date(2026, 1, 1),
                  'date_to': date(2026, 5, 1)}
        for code in self.env['kam.pack.report']._packs():
            for user in (self.sales, self.outsider):
                with self.subTest(code=code, user=user.login), self.assertRaises(AccessError):
                    self.make(code, user, **values)
        self.executive.group_ids = [Command.unlink(self.env.ref('base.group_allow_export').id)]
        for code in self.env['kam.pack.report']._packs():
            with self.subTest(code=code), self.assertRaisesRegex(AccessError, "not allowed to export"):
                self.make(code, self.executive, **values)
