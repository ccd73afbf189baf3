from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import KamReportsCase, open_workbook


@tagged('post_install', '-at_install')
class TestReviewPackAccess(KamReportsCase):

    def names(self, workbook):
        return [row["Account"] for row in self.portfolio(workbook)]

    def test_sales_user(self):
        with self.assertRaisesRegex(AccessError, "for account managers, executives and programme champions"):
            self.pack(self.sales)

    def test_portal(self):
        portal = new_test_user(self.env, 'kam_reports_portal', groups='base.group_portal')
        with self.assertRaisesRegex(AccessError, "for account managers, executives and programme champions"):
            self.pack(portal)

    def test_without_right_to_export(self):
        export = self.env.ref('base.group_allow_export')
        for user in (self.champion, self.executive, self.manager):
            user.group_ids = [Command.unlink(export.id)]
            with self.assertRaisesRegex(AccessError, "not allowed to export"):
                self.pack(user)
            with self.assertRaisesRegex(AccessError, "not allowed to export"):
                self.as_user(self.program, user).action_print_review_pack()
            with self.assertRaisesRegex(AccessError, "not allowed to export"):
                self.as_user(self.acme, user).action_print_review_pack()
        self.executive.group_ids = [Command.link(export.id)]
        self.assertEqual(self.names(self.pack(self.executive)), ["Acme", "Delta"])

    def test_executive_reads_the_portfolio(self):
        workbook = self.pack(self.executive)
        acme, delta = self.portfolio(workbook)
        self.assertEqual((acme["Account"], delta["Account"]), ("Acme", "Delta"))
        self.assertEqual(acme["Next Step"], "Board visit", "also where it is somebody else's step")
        self.assertEqual(acme["Revenue, Last 12 Months"], 300000, "without a right to read invoices")

    def test_executive_runs_the_print_action(self):
        """Reading accounts is enough: the action's groups stand in for the right to write."""
        action = self.as_user(self.env.ref('kam_reports.kam_account_action_review_pack'), self.executive).sudo(False)
        result = action.with_context(
            active_model='kam.account', active_id=self.acme.id, active_ids=(self.acme | self.delta).ids).run()
        self.assertEqual(result['type'], 'ir.actions.act_url')
        self.assertRegex(result['url'], f'^/kam_reports/review_pack/{self.program.id}\\?ids=')

    def test_print_menu(self):
        def printed(user):
            bindings = self.as_user(self.env['ir.actions.actions'], user).get_bindings('kam.account')
            return [action['id'] for action in bindings.get('report', ())]

        action = self.env.ref('kam_reports.kam_account_action_review_pack')
        for user in (self.champion, self.executive, self.manager):
            self.assertIn(action.id, printed(user))
        self.assertNotIn(action.id, printed(self.sales))

    def test_manager_sees_own_accounts(self):
        """The pack of a manager has what the manager may see: own accounts, and those nobody manages."""
        self.assertEqual(self.names(self.pack(self.manager)), ["Acme", "Delta"])
        workbook = self.pack(self.colleague)
        self.assertEqual(self.names(workbook), ["Delta"])
        self.assertFalse([text for sheet in workbook for text in self.texts(sheet) if "Acme" in text])
        tiles = self.tiles(workbook)
        self.assertEqual(tiles["Key accounts"], (1, "that you may see"))
        # beta and delta: acme's revenue is in no total.
        self.assertEqual(tiles["Share of total revenue"], (0.5, "of the accounts you may see"))
        self.assertIn("visible to kam_colleague", workbook['Portfolio']['A2'].value)

    def test_accounts_out_of_sight(self):
        with self.assertRaises(AccessError):
            self.pack(self.colleague, accounts=self.acme)

    def test_other_company(self):
        with self.assertRaises(AccessError):
            self.pack(self.executive, self.program_b)
        with self.assertRaises(AccessError):
            self.pack(self.outsider, self.program)
        with self.assertRaises(AccessError):
            self.pack(self.champion, self.program_b, companies=self.company_a)
        self.assertEqual(self.names(self.pack(self.champion, companies=self.company_a)), ["Acme", "Delta"])

    def test_rights_of_the_environment(self):
        """Records that come with more rights do not lend them to the pack."""
        report = self.as_user(self.env['kam.portfolio.report'], self.outsider)
        with self.assertRaises(AccessError):
            report._review_pack(self.program.sudo())
        report = self.as_user(self.env['kam.portfolio.report'], self.colleague)
        with self.assertRaises(AccessError):
            report._review_pack(self.program.sudo(), self.acme.sudo())
        __, content = report._review_pack(self.program.sudo())
        self.assertEqual(self.names(open_workbook(content)), ["Delta"])
