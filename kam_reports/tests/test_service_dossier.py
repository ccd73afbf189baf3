from datetime import datetime

from odoo.tests import tagged

from .service_common import ServicePackCase

SHEETS = ("Issues", "Promises", "Risks and Contracts", "Reviews")
CODES = ('issues', 'promises', 'risks', 'reviews')


@tagged('post_install', '-at_install')
class TestServiceDossier(ServicePackCase):
    """Issues, promises, risks and reviews in the account dossier."""

    def dossier(self, user=None, account=None, results=True):
        return self.make('dossier', user or self.manager, results=results, sections=CODES,
                         account=account or self.acme)

    def below(self, sheet, heading):
        """The block below a heading: its rows as dictionaries."""
        row = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == heading) + 1
        labels = [sheet.cell(row, col).value for col in range(1, sheet.max_column + 1)]
        rows = []
        while sheet.cell(row + 1, 1).value is not None:
            row += 1
            rows.append({label: sheet.cell(row, col).value for col, label in enumerate(labels, start=1) if label})
        return rows

    def test_issues(self):
        self.report_issue(self.acme, '2026-06-05 16:00:00', name="=1+1 hot", customer_words="=2+2 again")
        bad = self.report_issue(self.acme, '2026-05-04 08:00:00', cause_id=self.late_delivery.id)
        self.resolve(bad, '2026-05-18 17:00:00')
        sheet = self.dossier()["Issues"]
        [hot] = self.below(sheet, "Open issues")
        self.assertEqual([hot[label] for label in ("Issue", "Severity", "Promise", "The Customer's Words")],
                         ["=1+1 hot", "Medium", "Answer Late", "=2+2 again"])
        [done] = self.below(sheet, "Resolved issues, the latest first")
        self.assertEqual(
            [done[label] for label in ("Issue", "Cause", "Resolved On", "Hours to Resolve", "Promise",
                                       "What Was Done")],
            ["Gearbox runs hot", self.late_delivery.name, datetime(2026, 5, 18), bad.resolve_hours, "Broken",
             "Replaced it."])
        months = {row["Month"]: row for row in self.below(sheet, "By month")}
        self.assertEqual(len(months), 13)
        self.assertEqual(months["May 2026"], {
            "Month": "May 2026", "Issues Reported": 1, "Resolved": 1, "Of Them Broken": 1})
        self.assertEqual((months["Jun 2026"]["Issues Reported"], months["Together"]["Issues Reported"]), (1, 2))
        self.assertTrue(sheet._charts)

    def test_promises(self):
        second = self.promise.copy({'name': "Calls", 'tier_id': self.tiers['gold'].id})
        for promise, month, total, kept in (
                (self.promise, '2026-05-01', 4, 4), (self.promise, '2026-04-01', 10, 5),
                (self.promise, '2026-03-01', 0, 0), (second, '2026-05-01', 1, 0), (second, '2025-06-01', 9, 0)):
            self.result(self.acme, month, total, kept, promise=promise)
        sheet = self.dossier()["Promises"]
        rows = {row["Promise"]: row for row in self.block(sheet, "Promise")}
        own = rows["=1+1 deliveries"]
        self.assertEqual([own[label] for label in (
            "Kept By", "Target (%)", "Mar 2026", "Apr 2026", "May 2026", "Together")],
            ["kam_service", 0.9, None, 0.5, 1, 9 / 14])
        # The twelve months that end with this one.
        self.assertEqual([rows["Together"][label] for label in ("May 2026", "Together")], [0.8, 9 / 15])
        self.assertNotIn("Jun 2025", own)
        self.assertEqual(sheet.cell(5, 13).fill.start_color.rgb, 'FFF3C9C4', "half of April is below the target")
        self.assertTrue(sheet._charts)

    def test_risks(self):
        self.risk(self.acme, name="=1+1 rival", severity='5', likelihood='4', amount=1000, treatment_note="=2+2")
        self.risk(self.acme, name="Frame", kind='contract', date_contract_end='2026-10-01', notice_days=90)
        self.risk(self.acme, name="Gone", kind='bad_debt', state='occurred', amount=9)
        sheet = self.dossier()["Risks and Contracts"]
        rival, __, total = self.below(sheet, "Open risks, the heaviest first")
        self.assertEqual([rival[label] for label in ("Risk", "Weight", "At Stake", "Expected Loss", "What We Do")],
                         ["=1+1 rival", 20, 1000, 800, "=2+2"])
        self.assertEqual(total["At Stake"], 1000)
        [frame] = self.below(sheet, "Contracts, by the last day of notice")
        self.assertEqual((frame["Last Day of Notice"], frame["Days Left"]), (datetime(2026, 7, 3), 23))
        [gone] = self.below(sheet, "What became of other risks")
        self.assertEqual((gone["Risk"], gone["State"]), ("Gone", "Came True"))
        self.assertNotIn("This customer is under supervision.", self.texts(sheet))

    def test_reviews(self):
        first = self.review(
            self.acme, '2026-02-10', ratings={'satisfaction': ('6', "=1+1 slow"), 'quality': ('0', False)})
        self.review(self.acme, '2026-05-11', ratings={'satisfaction': ('9', "Better")})
        self.review(self.acme, '2026-06-01', held=False)
        first.minutes = "=2+2 said"
        self.env['kam.review.decision'].create({
            'review_id': first.id, 'name': "=3+3 call", 'user_id': self.manager.id, 'date_due': '2026-03-01'})
        sheet = self.dossier()["Reviews"]
        [coming] = self.below(sheet, "To be held")
        self.assertEqual((coming["Date"], coming["Days Overdue"]), (datetime(2026, 6, 1), 9))
        second_row, first_row = self.below(sheet, "Held, the latest first")
        self.assertEqual([first_row[label] for label in ("Date", "Undecided", "Satisfaction", "Summary")],
                         [datetime(2026, 2, 10), 1, 6, "=2+2 said"])
        self.assertEqual(second_row["Satisfaction"], 9)
        [decision] = self.below(sheet, "What was decided, the latest first")
        self.assertEqual([decision[label] for label in ("Who", "Until", "What Became of It", "Decision")],
                         ["kam_manager", datetime(2026, 3, 1), "Undecided", "=3+3 call"])
        rated = self.below(sheet, "How the customer rates us, 0 (worst) to 10 (best)")
        self.assertEqual([(row["Quality"], row["Satisfaction"]) for row in rated], [(0, 6), (None, 9)])
        words = self.below(sheet, "In the customer's words")
        self.assertEqual([(row["0 to 10"], row["In the Customer's Words"]) for row in words],
                         [(9, "Better"), (6, "=1+1 slow")])
        self.assertTrue(sheet._charts)

    def test_text_stays_text(self):
        self.report_issue(self.acme, '2026-06-05 16:00:00', name="=1+1")
        self.risk(self.acme, name="=1+1")
        self.result(self.acme, '2026-05-01', 4, 4)
        self.review(self.acme, '2026-02-10', ratings={'satisfaction': ('6', "=1+1")})
        workbook = self.dossier(results=False)
        for title in SHEETS:
            cells = [cell for row in workbook[title].iter_rows() for cell in row
                     if str(cell.value).startswith('=1+1')]
            self.assertEqual({cell.data_type for cell in cells}, {'s'}, title)

    def test_nothing_to_say(self):
        workbook = self.dossier(self.champion, self.free)
        for title, text in (
                ("Issues", "The customer has no open issue"), ("Promises", "No promise was checked"),
                ("Risks and Contracts", "No open risk"), ("Reviews", "No review is planned")):
            self.assertTrue([one for one in self.texts(workbook[title]) if one.startswith(text)], title)

    def test_account_that_is_seen_alone(self):
        """An account without manager is seen by every account manager, what belongs to it is not."""
        self.report_issue(self.free, '2026-06-10 08:00:00', name="Secret")
        self.risk(self.free, name="Secret", owner_id=self.champion.id)
        self.review(self.free, '2026-05-20', ratings={'satisfaction': ('1', "Secret")})
        self.result(self.free, '2026-05-01', 3, 0)
        for user, seen in ((self.colleague, False), (self.champion, True), (self.executive, True)):
            workbook = self.dossier(user, self.free)
            for title in ("Issues", "Risks and Contracts", "Reviews"):
                self.assertEqual("Secret" in self.texts(workbook[title]), seen, (user.login, title))
            self.assertEqual("=1+1 deliveries" in self.texts(workbook["Promises"]), seen)
