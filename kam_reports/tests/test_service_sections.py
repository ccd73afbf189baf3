from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..report import kam_pack_report, promises_section, reviews_section
from .service_common import NOW, ServicePackCase

SHEETS = ("Issues", "Promises", "Risks", "Reviews")
CODES = ('issues', 'promises', 'risks', 'reviews')


@tagged('post_install', '-at_install')
class TestServiceSections(ServicePackCase):
    """Issues, promises, risks and reviews in the portfolio review and in the sponsor pack."""

    def sheet(self, title, user=None, results=True, **scope):
        return self.make('portfolio', user or self.champion, results=results, sections=CODES, **scope)[title]

    def tiles(self, sheet, count):
        """{label: (value, note)} of the key figures."""
        return {sheet.cell(4, col).value: (sheet.cell(5, col).value, sheet.cell(6, col).value)
                for col in range(1, 2 * count, 2)}

    def row(self, query, params):
        """Figures by an own query."""
        self.env.flush_all()
        self.env.cr.execute(query, params)
        return self.env.cr.fetchone()

    # Issues

    def acme_issues(self):
        """One late, one in time, one resolved as promised, one too late, one before the period."""
        self.late = self.report_issue(self.acme, '2026-06-05 16:00:00')
        self.critical = self.report_issue(self.acme, '2026-06-10 11:00:00', name="=1+1 stands still",
                                          severity='critical', owner_id=self.service.id)
        self.good = self.report_issue(self.acme, '2026-06-01 08:00:00')
        self.resolve(self.good, '2026-06-01 12:00:00')
        self.bad = self.report_issue(self.acme, '2026-05-04 08:00:00')
        self.resolve(self.bad, '2026-05-18 17:00:00')
        self.resolve(self.report_issue(self.acme, '2025-05-05 08:00:00'), '2025-05-05 10:00:00')

    def test_issues(self):
        self.acme_issues()
        with freeze_time(NOW):
            states = [issue.sla_state for issue in (self.late, self.critical, self.good, self.bad)]
        self.assertEqual(states, ['answer', 'running', 'kept', 'broken'])
        sheet = self.sheet("Issues")
        # 4 hours, and 11 days of eight.
        self.assertEqual((self.good.resolve_hours, self.bad.resolve_hours), (4, 88))
        self.assertEqual(self.tiles(sheet, 4), {
            "Open issues": (2, "1 of them critical"), "Late": (1, "of 2 open"),
            "Time to resolve": (46, "working hours, mean of 2 resolved"),
            "Promises kept": (0.5, "answered and resolved in time")})
        rows = {row["Severity"]: row for row in self.block(sheet, "Severity")}
        self.assertEqual(rows["Medium"], {
            "Severity": "Medium", "Open": 1, "Late": 1, "Resolved": 2, "Hours to Resolve": 46, "Promised": 2,
            "Kept": 1, "Kept (%)": 0.5})
        self.assertEqual(rows["Together"], {**rows["Medium"], "Severity": "Together", "Open": 2})
        critical, late, total = self.block(sheet, "Account")
        self.assertEqual(critical, {
            "Account": "Acme", "Severity": "Critical", "Issue": "=1+1 stands still", "Promise": "In Time",
            "Issue Owner": "kam_service", "Stage": self.critical.stage_id.name, "Reported On": datetime(2026, 6, 10),
            # A quarter of 8 and of 40 hours.
            "Answer By": datetime(2026, 6, 10), "Resolve By": datetime(2026, 6, 11), "Sponsor Told On": None})
        self.assertEqual([late[label] for label in ("Promise", "Answer By", "Resolve By")],
                         ["Answer Late", datetime(2026, 6, 8), datetime(2026, 6, 12)])
        self.assertEqual(total["Account"], 2)
        self.assertEqual(len(sheet._charts), 2)

    def test_issues_equal_sql(self):
        self.acme_issues()
        self.beta_records()
        expected = self.row(
            """SELECT COUNT(*) FILTER (WHERE issue.is_open),
                      COUNT(*) FILTER (WHERE issue.is_open AND (issue.date_resolution_due < %(now)s
                                       OR issue.date_response_due < %(now)s AND issue.date_responded IS NULL)),
                      AVG(issue.resolve_hours) FILTER (WHERE issue.date_resolved >= '2025-06-10')
                 FROM kam_issue issue JOIN kam_account account ON account.id = issue.account_id
                WHERE account.program_id = %(program)s""", {'now': NOW, 'program': self.program.id})
        tiles = self.tiles(self.sheet("Issues"), 4)
        self.assertEqual(
            tuple(tiles[label][0] for label in ("Open issues", "Late", "Time to resolve")), expected)

    def test_issues_since_a_day(self):
        self.acme_issues()
        sheet = self.sheet("Issues", date_from=date(2026, 5, 25))
        self.assertIn("since 05/25/2026", sheet['A2'].value)
        self.assertEqual(self.tiles(sheet, 4)["Time to resolve"], (4, "working hours, mean of 1 resolved"))

    # Promises

    def acme_results(self):
        for month, total, kept, keeper in (
                ('2026-05-01', 4, 4, None), ('2026-04-01', 10, 5, self.manager), ('2026-03-01', 0, 0, None),
                ('2025-05-01', 3, 0, None)):
            self.result(self.acme, month, total, kept, keeper=keeper)

    def test_promises(self):
        self.acme_results()
        sheet = self.sheet("Promises")
        self.assertIn("since Jun 2025", sheet['A2'].value)
        self.assertEqual({label: value for label, (value, _note) in self.tiles(sheet, 4).items()}, {
            "Promises kept": 9 / 14, "Times due": 14, "Broken": 1, "To confirm": 1})
        promise, together = self.block(sheet, "Promise")
        self.assertEqual(promise, {
            "Promise": "=1+1 deliveries (Gold)", "How It Is Checked": "Confirmed by hand", "Keeper": "Service",
            "Accounts": 1, "Times Due": 14, "Kept": 9, "Kept (%)": 9 / 14, "Target (%)": 0.9})
        self.assertEqual((together["Times Due"], together["Kept"], together["Kept (%)"]), (14, 9, 9 / 14))
        [acme] = self.block(sheet, "Account")
        self.assertEqual((acme["Promise"], acme["Kept (%)"], acme["Months Broken"]), ("=1+1 deliveries", 9 / 14, 1))
        self.assertEqual(set(acme["Kept By"].split(", ")), {"kam_service", "kam_manager"})
        header = next(row for row in range(1, sheet.max_row) if str(sheet.cell(row, 1).value).startswith("Broken pro"))
        self.assertEqual([sheet.cell(header + 2, col).value for col in range(1, 9)], [
            "Acme", "=1+1 deliveries", "kam_manager", "Service", 10, 5, 0.5, "Apr 2026"])
        self.assertIsNone(sheet.cell(header + 3, 1).value)
        # As the promise itself says it.
        with freeze_time(NOW):
            self.assertAlmostEqual(self.promise.kept_percent / 100, 9 / 14)

    def test_promises_equal_sql(self):
        self.acme_results()
        self.beta_records()
        expected = self.row(
            "SELECT SUM(kept)::float8 / SUM(total), SUM(total) FROM kam_promise_result "
            "WHERE program_id = %s AND date >= '2025-06-01'", [self.program.id])
        tiles = self.tiles(self.sheet("Promises"), 4)
        self.assertEqual((tiles["Promises kept"][0], tiles["Times due"][0]), expected)

    # Risks

    def test_risks(self):
        self.risk(self.acme, name="=1+1 rival", kind='competitor', severity='5', likelihood='4', amount=1000,
                  treatment_note="Visit", date_review='2026-06-01')
        self.risk(self.acme, name="Frame", kind='contract', severity='2', likelihood='1', amount=500,
                  date_contract_end='2026-10-01', notice_days=90)
        self.risk(self.acme, name="Pays late", kind='bad_debt', severity='2', likelihood='2', amount=0)
        self.risk(self.acme, name="Gone", state='closed', amount=99)
        sheet = self.sheet("Risks")
        self.assertEqual({label: value for label, (value, _note) in self.tiles(sheet, 4).items()}, {
            "At stake": 1500, "High risks": 1, "Under supervision": 1, "Expected loss": 900})
        rows = {row["Severity"]: row for row in self.block(sheet, "Severity")}
        self.assertEqual((rows["Severity 5"]["Likelihood 4"], rows["Severity 5"]["At Stake"]), (1, 1000))
        self.assertEqual((rows["Together"]["Likelihood 1"], rows["Together"]["At Stake"]), (1, 1500))
        kinds = {row["Kind"]: row for row in self.block(sheet, "Kind")}
        self.assertEqual(kinds["Competitor"], {"Kind": "Competitor", "At Stake": 1000, "Risks": 1, "High": 1})
        rival, __, __, total = self.block(sheet, "Account")
        self.assertEqual(rival, {
            "Account": "Acme", "Risk": "=1+1 rival", "Severity": 5, "Likelihood": 4, "Weight": 20, "Level": "High",
            "Kind": "Competitor", "At Stake": 1000, "Expected Loss": 800, "Risk Owner": "kam_manager",
            "Treatment": "Reduce", "What We Do": "Visit", "Next Look": datetime(2026, 6, 1)})
        self.assertEqual((total["At Stake"], total["Expected Loss"]), (1500, 900))
        contract = self.block(sheet, "Contract", col=2)[0]
        self.assertEqual([contract[label] for label in (
            "Contract", "Contract Ends", "Notice (Days)", "Last Day of Notice", "Days Left")],
            ["Frame", datetime(2026, 10, 1), 90, datetime(2026, 7, 3), 23])
        header = next(row for row in range(1, sheet.max_row)
                      if sheet.cell(row, 1).value == "Customers under supervision")
        self.assertEqual([sheet.cell(header + 2, col).value for col in (1, 2, 7, 9)],
                         ["Acme", "Pays late", "Bad Debt", "kam_manager"])
        formulas = self.sheet("Risks", results=False)
        row = next(row for row in range(1, formulas.max_row) if formulas.cell(row, 2).value == "=1+1 rival")
        self.assertEqual((formulas.cell(row, 5).value, formulas.cell(row, 9).value),
                         (f'=C{row}*D{row}', f'=H{row}*D{row}/5'))

    def test_risks_equal_sql(self):
        self.beta_records()
        for kind, amount in (('other', 250), ('reputation', 30), ('bad_debt', 5)):
            self.risk(self.acme, kind=kind, amount=amount)
        expected = self.row(
            """SELECT SUM(amount)::float8, SUM(amount * likelihood::int / 5)::float8,
                      COUNT(DISTINCT account_id) FILTER (WHERE kind IN ('bad_debt', 'reputation'))
                 FROM kam_risk WHERE program_id = %s AND state = 'open'""", [self.program.id])
        tiles = self.tiles(self.sheet("Risks"), 4)
        self.assertEqual(
            tuple(tiles[label][0] for label in ("At stake", "Expected loss", "Under supervision")), expected)

    # Reviews

    def acme_reviews(self):
        self.review(self.acme, '2026-02-10', ratings={'satisfaction': ('6', "=1+1 slow"), 'recommend': ('9', False)})
        self.review(self.acme, '2026-05-11', ratings={'satisfaction': ('9', "Better"), 'recommend': ('5', False)})
        # Not asked is not 0.
        self.review(self.acme, '2026-05-12', kind='internal')
        self.review(self.acme, '2025-05-12', ratings={'satisfaction': ('1', "Long ago")})
        self.overdue = self.review(self.acme, '2026-06-01', held=False)

    def test_reviews(self):
        self.acme_reviews()
        self.env['kam.review.decision'].create({'review_id': self.overdue.id, 'name': "Call them"})
        sheet = self.sheet("Reviews")
        self.assertEqual(self.tiles(sheet, 5), {
            "Took Place": (3, "since 06/10/2025"), "Planned": (1, "1 without any"), "Overdue": (1, "of 1 planned"),
            "Satisfaction": (7.5, "0 to 10, 2 answers"), "Net Promoter Score": (0, "-100 to 100, 2 answers")})
        kinds = {row["Kind"]: row for row in self.block(sheet, "Kind")}
        self.assertEqual(kinds["Business Review"], {
            "Kind": "Business Review", "Took Place": 2, "Planned": 1, "Overdue": 1})
        self.assertEqual((kinds["Internal Review"]["Took Place"], kinds["Together"]["Took Place"]), (1, 3))
        rated = {row["Rated"]: row for row in self.block(sheet, "Rated")}
        self.assertEqual(rated["Satisfaction"], {"Rated": "Satisfaction", "Answers": 2, "Mean": 7.5, "Lowest": 6})
        self.assertEqual(set(rated), {"Satisfaction", "Would Recommend Us"})
        acme, beta, total = self.block(sheet, "Account")
        self.assertEqual(acme, {
            "Account": "Acme", "Tier": "Gold", "Took Place": 3, "Last Review": datetime(2026, 5, 12),
            "Next Review": datetime(2026, 6, 1), "Days Overdue": 9, "Satisfaction": 9, "Would Recommend Us": 5,
            "Undecided": 1, "Prepared By": "kam_manager"})
        self.assertEqual((beta["Account"], beta["Took Place"], beta["Next Review"]), ("Beta", 0, None))
        self.assertEqual((total["Account"], total["Took Place"]), (2, 3))
        words = [text for text in self.texts(sheet) if text in ("=1+1 slow", "Better", "Long ago")]
        self.assertEqual(words, ["Better", "=1+1 slow"])
        self.assertTrue(sheet._charts)

    def test_cut_lists(self):
        """What is to be done comes first, and the sheet says how much is missing."""
        self.acme_reviews()
        self.review(self.beta, '2026-07-01', held=False)
        for name, value in (('MAX_ACCOUNTS', 1), ('MAX_WORDS', 1)):
            self.patch(reviews_section, name, value)
        self.acme_results()
        self.result(self.beta, '2026-05-01', 4, 1)
        self.patch(promises_section, 'MAX_BROKEN', 1)
        sheet = self.sheet("Reviews")
        self.assertEqual([row["Account"] for row in self.block(sheet, "Account")][:2], ["Acme", 1])
        texts = self.texts(sheet)
        self.assertIn("1 more accounts.", texts)
        self.assertIn("1 more said something before.", texts)
        self.assertIn("1 more were broken before.", self.texts(self.sheet("Promises")))

    def test_reviews_equal_sql(self):
        self.acme_reviews()
        self.beta_records()
        satisfaction, promoters = self.row(
            """SELECT AVG(answer::int) FILTER (WHERE dimension = 'satisfaction'),
                      AVG(CASE WHEN answer::int >= 9 THEN 100 WHEN answer::int <= 6 THEN -100 ELSE 0 END)
                          FILTER (WHERE dimension = 'recommend')
                 FROM kam_review_rating rating JOIN kam_review review ON review.id = rating.review_id
                WHERE review.program_id = %s AND review.date_held >= '2025-06-10' AND answer IS NOT NULL""",
            [self.program.id])
        tiles = self.tiles(self.sheet("Reviews"), 5)
        self.assertAlmostEqual(tiles["Satisfaction"][0], float(satisfaction))
        self.assertAlmostEqual(tiles["Net Promoter Score"][0], float(promoters))

    # All of them

    def everything(self):
        self.acme_issues()
        self.acme_results()
        self.risk(self.acme, name="=1+1 rival", treatment_note="=2+2", amount=5000)
        self.acme_reviews()
        self.beta_records()

    def test_where_they_are(self):
        for code, values in (('portfolio', {}), ('sponsor', {'executive': self.executive})):
            names = self.make(code, self.champion, **values).sheetnames
            self.assertLessEqual(set(SHEETS), set(names), code)

    def test_text_stays_text(self):
        self.everything()
        workbook = self.make('portfolio', self.champion, results=False, sections=CODES)
        for title in SHEETS:
            cells = [cell for row in workbook[title].iter_rows() for cell in row
                     if str(cell.value).startswith(('=1+1', '=2+2'))]
            self.assertTrue(cells, title)
            self.assertEqual({cell.data_type for cell in cells}, {'s'}, title)

    def test_rights(self):
        """A manager has what belongs to own accounts; executives and champions have all."""
        self.everything()
        for user, acme, beta in (
                (self.champion, True, True), (self.executive, True, True), (self.manager, True, False),
                (self.colleague, False, True)):
            workbook = self.make('portfolio', user, sections=CODES)
            for title in SHEETS:
                texts = self.texts(workbook[title])
                with self.subTest(user=user.login, sheet=title):
                    self.assertEqual("Acme" in texts, acme)
                    self.assertEqual("Beta" in texts, beta)
                    self.assertEqual(any("Beta's" in text for text in texts), beta and title != "Promises")
        self.assertEqual(self.tiles(self.sheet("Risks", self.colleague), 4)["At stake"][0], 7000)

    def test_account_that_is_seen_alone(self):
        """An account without manager is seen by every account manager, what belongs to it is not."""
        self.report_issue(self.free, '2026-06-10 08:00:00')
        self.risk(self.free, amount=99, owner_id=self.champion.id)
        self.review(self.free, '2026-05-20', ratings={'satisfaction': ('1', "Secret")})
        self.result(self.free, '2026-05-01', 3, 0)
        for user, seen in ((self.colleague, 0), (self.champion, 1)):
            workbook = self.make('portfolio', user, accounts=self.free, sections=CODES)
            self.assertEqual([self.tiles(workbook[title], 3)[label][0] for title, label in (
                ("Issues", "Open issues"), ("Risks", "At stake"), ("Reviews", "Took Place"),
                ("Promises", "Times due"))],
                [seen, 99 * seen, seen, 3 * seen])
            self.assertEqual("Secret" in self.texts(workbook["Reviews"]), bool(seen))

    def test_second_company(self):
        """What belongs to programme B is in no pack of A, and nobody of A alone gets one of B."""
        gamma = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.env['res.partner'].create({'name': "Gamma"}).id})
        gamma.sudo().tier_id = self.program_b.tier_ids.filtered(lambda tier: tier.value_class == 'gold')
        with freeze_time(NOW):
            self.env['kam.risk'].create({
                'name': "Gamma's", 'account_id': gamma.id, 'amount': 5, 'owner_id': self.champion.id})
        self.risk(self.acme, amount=10)
        self.assertEqual(self.tiles(self.sheet("Risks"), 4)["At stake"][0], 10)
        own = self.make('portfolio', self.champion, sections=CODES, program=self.program_b)["Risks"]
        self.assertEqual(self.tiles(own, 4)["At stake"][0], 5)
        with self.assertRaises(AccessError):
            self.make('portfolio', self.champion, sections=CODES, program=self.program_b, selected=self.company_a)
        with self.assertRaises(AccessError):
            self.make('portfolio', self.executive, sections=CODES, program=self.program_b)

    def test_sponsor_pack(self):
        """Only what belongs to sponsored accounts."""
        self.everything()
        workbook = self.make('sponsor', self.executive, executive=self.executive)
        for title in SHEETS:
            texts = self.texts(workbook[title])
            self.assertIn("Acme", texts)
            self.assertNotIn("Beta", texts)

    def test_empty_programme(self):
        program = self.env['kam.program'].create({'name': "New", 'company_ids': self.company_a.ids})
        workbook = self.make('portfolio', self.champion, program=program, sections=CODES)
        for title, text in (
                ("Issues", "No issue is open"), ("Promises", "No promise was due"), ("Risks", "No open risk"),
                ("Reviews", "There are no key accounts yet")):
            self.assertTrue([one for one in self.texts(workbook[title]) if one.startswith(text)], title)

    def test_long_pack(self):
        """Written through a temporary file, row by row, the sheets say the same."""
        self.everything()
        cells = {title: self.texts(sheet) for title, sheet in self.by_title().items()}
        self.patch(kam_pack_report, 'LONG_PACK', 0)
        self.assertEqual({title: self.texts(sheet) for title, sheet in self.by_title().items()}, cells)

    def by_title(self):
        workbook = self.make('portfolio', self.champion, sections=CODES)
        return {title: workbook[title] for title in SHEETS}

    def test_statements_do_not_grow(self):
        self.everything()
        few = self.statements('portfolio', self.champion, sections=CODES)
        self.many(12)
        self.assertEqual(self.statements('portfolio', self.champion, sections=CODES), few, "14 accounts against 2")
