from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.kam_management.tests.plan_common import TODAY, MeasureCase

from .common import PackMixin


@tagged('post_install', '-at_install')
class TestAccountPacks(PackMixin, MeasureCase):
    """Dossier and whitespace: invoices of two companies in two currencies, wallet, forecast, plan and map of acme.

    Programme in EUR, 1 USD = 0.80 EUR, today is 2 July 2026. Acme bought pumps for 300 EUR in company A on 10 May and,
    Acme Asia, for 500 USD = 400 EUR in company B on 10 April. Spend on pumps: 2,000 EUR, so 1,300 are not ours.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.allow_export(cls.champion | cls.manager | cls.colleague | cls.executive)
        cls.pumps, cls.valves = cls.env['product.category'].create([{'name': "Pumps"}, {'name': "Valves"}])
        cls.program.wallet_category_ids = cls.pumps | cls.valves
        cls.pump.categ_id = cls.pumps
        cls.invoice(cls.acme_partner, '2026-05-10', 300)
        cls.invoice(cls.acme_asia, '2026-04-10', 500, company=cls.company_b)
        with freeze_time(TODAY):
            cls.env['kam.wallet.line'].create([
                {'account_id': cls.acme.id, 'categ_id': cls.pumps.id, 'spend': 2000, 'holder': 'in_house'},
                {'account_id': cls.acme.id, 'categ_id': cls.valves.id, 'spend': 900}])
            cls.env['kam.forecast.line'].create([
                {'plan_id': cls.plan.id, 'categ_id': cls.pumps.id, 'date_from': '2026-04-01', 'revenue': 600},
                {'plan_id': cls.plan.id, 'categ_id': cls.valves.id, 'date_from': '2026-10-01', 'revenue': 50}])
        cls.plan.write({'strategy': "=1+1 grow together", 'strengths': "Service"})
        cls.env['kam.plan.goal'].create({'plan_id': cls.plan.id, 'name': "Fewer stops", 'term': 'short'})
        cls.objective_ = cls.env['kam.plan.objective'].create({
            'name': "Sell pumps", 'plan_id': cls.plan.id, 'measure': 'revenue', 'target_value': 1400,
            'date_target': '2026-12-31'})
        person = cls.env['res.partner'].create({
            'name': "Ann", 'parent_id': cls.acme_partner.id, 'function': "Buyer"})
        cls.person = cls.env['kam.stakeholder'].create({
            'account_id': cls.acme.id, 'partner_id': person.id, 'buying_role': 'buyer', 'influence': '3'})
        cls.env['kam.stakeholder.assessment'].create({
            'stakeholder_id': cls.person.id, 'stance': 'opponent', 'purpose': "Visit",
            'threat': "Afraid of our system", 'date_erase': '2027-01-01'})

    def make(self, code, user, **values):
        with freeze_time(TODAY):
            return super().make(code, user, **values)

    def ours(self):
        """Revenue of acme by an own query, in EUR."""
        self.env.cr.execute(
            """SELECT SUM(-line.balance * CASE WHEN move.company_id = %s THEN 0.8 ELSE 1 END)
                 FROM account_move move JOIN account_move_line line ON line.move_id = move.id
                WHERE move.commercial_partner_id = ANY(%s) AND line.display_type = 'product'
                  AND move.state = 'posted'""",
            [self.company_b.id, [self.acme_partner.id, self.acme_asia.id]])
        return float(self.env.cr.fetchone()[0])

    # Whitespace

    def test_whitespace(self):
        workbook = self.make('whitespace', self.champion)
        self.assertEqual(self.ours(), 700)
        for sheet, pumps, valves in (("To Be Won", 1300, 900), ("Their Spend", 2000, 900), ("Ours", self.ours(), None)):
            acme, total = self.block(workbook[sheet], "Account")
            self.assertEqual((acme["Account"], acme["Pumps"], acme["Valves"]), ("Acme", pumps, valves), sheet)
            self.assertEqual((acme["Together"], total["Together"]), (pumps + (valves or 0),) * 2)
        pumps, valves, total = self.block(workbook['White Spots'], "Account")
        self.assertEqual(pumps, {
            **pumps, "Account": "Acme", "Category": "Pumps", "Their Spend": 2000, "Ours": 700, "Share of Wallet": 0.35,
            "Not Ours": 1300, "State": "Sold", "Who Holds the Rest": "Made In-House"})
        self.assertEqual((valves["State"], total["Not Ours"]), ("White Spot", 2200))
        formulas = self.make('whitespace', self.champion, results=False)
        self.assertEqual(formulas['White Spots']['G5'].value, '=MAX(N(D5)-E5,0)')

    def test_whitespace_colours(self):
        sheet = self.make('whitespace', self.champion)['To Be Won']
        colors = {sheet.cell(6, col).value: sheet.cell(7, col).fill.start_color.rgb for col in (3, 4)}
        self.assertEqual(colors, {"Pumps": 'FFD6EBDD', "Valves": 'FFFBEFCB'})

    def test_whitespace_of_others(self):
        """A manager sees the key accounts of others neither by name nor by figure."""
        workbook = self.make('whitespace', self.colleague)
        self.assertFalse([text for sheet in workbook for text in self.texts(sheet) if "Acme" in text])

    def test_queries_do_not_grow(self):
        few = self.statements('whitespace', self.champion)
        partners = self.env['res.partner'].create([
            {'name': f"Customer {number}", 'is_company': True} for number in range(30)])
        accounts = self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id} for partner in partners])
        accounts.sudo().tier_id = self.tiers['gold']
        self.env['kam.wallet.line'].create([
            {'account_id': account.id, 'categ_id': self.pumps.id, 'spend': 10} for account in accounts])
        self.assertLessEqual(self.statements('whitespace', self.champion), few + 2, "31 accounts against 1")

    # Dossier

    def test_dossier(self):
        workbook = self.make('dossier', self.manager, account=self.acme)
        self.assertEqual(workbook.sheetnames, [
            "Cover", "Account", "Account Plan", "Objectives", "Wallet", "Forecast", "People", "Reviews", "Issues",
            "Promises", "Risks and Contracts", "Score", "Score History"])
        account = {workbook['Account'].cell(row, 1).value: workbook['Account'].cell(row, 2).value
                   for row in range(4, 20)}
        self.assertEqual((account["Tier"], account["Account Manager"], account["Legal Entities"]),
                         ("Gold", "kam_manager", "Acme, Acme Asia"))
        self.assertIn("=1+1 grow together", self.texts(workbook['Account Plan']))
        self.assertEqual(self.block(workbook['Account Plan'], "What the Customer Wants")[0]["What the Customer Wants"],
                         "Fewer stops")
        [objective] = self.block(workbook['Objectives'], "Objective")
        self.assertEqual([objective[label] for label in ("Objective", "Target Value", "Actual", "Progress", "In")],
                         ["Sell pumps", 1400, self.ours(), 0.5, "EUR"])
        self.assertIn("This account has not been scored yet.", self.texts(workbook['Score']))

    def test_text_of_the_plan_stays_text(self):
        sheet = self.make('dossier', self.manager, results=False, account=self.acme)['Account Plan']
        cell = next(cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith('=1+1'))
        self.assertEqual(cell.data_type, 's')

    def test_dossier_wallet_and_forecast(self):
        workbook = self.make('dossier', self.manager, account=self.acme)
        pumps, __, total = self.block(workbook['Wallet'], "Category")
        self.assertEqual([pumps[label] for label in ("Category", "Their Spend", "Ours", "Share of Wallet", "Not Ours")],
                         ["Pumps", 2000, 700, 0.35, 1300])
        self.assertEqual((total["Their Spend"], total["Ours"]), (2900, 700))
        self.assertAlmostEqual(total["Share of Wallet"], 700 / 2900)
        second, fourth, whole = self.block(workbook['Forecast'], "Quarter")
        self.assertEqual(second, {**second, "Quarter": "Q2 2026", "State": "Over", "Forecast Revenue": 600,
                                  "Invoiced": 700, "Difference": 100})
        self.assertEqual((fourth["State"], fourth["Invoiced"]), ("Not begun", 0))
        self.assertEqual((whole["Forecast Revenue"], whole["Invoiced"], whole["Difference"]), (650, 700, 50))
        self.assertTrue(workbook['Forecast']._charts and workbook['Wallet']._charts)

    def test_people_without_opinions(self):
        """Who is against us is for the account team alone and is erased: no file carries it away (F83)."""
        for user in (self.manager, self.champion, self.executive):
            workbook = self.make('dossier', user, account=self.acme)
            ann = self.block(workbook['People'], "Person")[0]
            self.assertEqual([ann[label] for label in ("Person", "Job Position", "Buying Role", "Influence")],
                             ["Ann", "Buyer", "Buyer", "High"])
            texts = [text for sheet in workbook for text in self.texts(sheet)]
            self.assertFalse([text for text in texts if "Opponent" in text or "Afraid" in text])

    def test_dossier_out_of_sight(self):
        with self.assertRaises(AccessError):
            self.make('dossier', self.colleague, account=self.acme)
        with self.assertRaises(AccessError):
            self.make('dossier', self.colleague, account=self.acme.sudo())

    def test_dossier_of_an_unmanaged_account(self):
        """Readable, but its plan and wallet are not: the sheets say so."""
        self.env['kam.plan'].create({'account_id': self.free.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31',
                                     'strategy': "Secret"})
        workbook = self.make('dossier', self.colleague, account=self.free)
        texts = [text for sheet in workbook for text in self.texts(sheet)]
        self.assertFalse([text for text in texts if "Secret" in text])
        self.assertTrue(any(text.startswith("There is no account plan that you may see") for text in texts))

    def test_dossier_score(self):
        """The contributions, as the file computes them, sum up to the score."""
        model = self.env['kam.scoring.model'].create({'name': "By hand", 'program_id': self.program.id})
        run = self.env['kam.score.run'].create({
            'program_id': self.program.id, 'model_id': model.id, 'date': '2026-06-30', 'state': 'done'})
        # 100 of weight 3 and 40 of weight 1; the third has no data and leaves the mean: 85.
        breakdown = [
            {'criterion_id': None, 'metric': metric, 'value': value, 'points': points, 'weight': weight,
             'contribution': contribution, 'failed': False} for metric, value, points, weight, contribution in (
                ('revenue', 700.0, 100.0, 3, 75.0), ('growth', 10.0, 40.0, 1, 10.0), ('margin', None, None, 2, None))]
        self.env['kam.score'].create({
            'run_id': run.id, 'account_id': self.acme.id, 'program_id': self.program.id, 'date': run.date,
            'score': 85, 'coverage': 66, 'breakdown': breakdown, 'is_current': True})
        sheet = self.make('dossier', self.manager, account=self.acme)['Score']
        revenue, growth, margin, total = self.block(sheet, "Criterion")
        self.assertEqual([(row["Points"], row["Share of the Weights"], row["Contribution"])
                          for row in (revenue, growth, margin)], [(100, 0.75, 75), (40, 0.25, 10), (None, 0, 0)])
        self.assertEqual(total["Contribution"], 85)
        history = self.make('dossier', self.manager, account=self.acme)['Score History']
        self.assertEqual(self.block(history, "Date")[0]["Score"], 85)

    def test_names(self):
        self.acme_partner.name = "=cmd|' /C calc'!A0 <>:\"/\\|?*\n" + "长" * 200
        name, __ = self.make_file('dossier', self.champion, account=self.acme)
        self.assertNotRegex(name, r'[\\/:*?"<>|\n]')
        self.assertLess(len(name.encode()), 255)

    def test_date_cells(self):
        sheet = self.make('dossier', self.manager, account=self.acme)['Objectives']
        self.assertEqual(self.block(sheet, "Objective")[0]["Deadline"], datetime(2026, 12, 31))
