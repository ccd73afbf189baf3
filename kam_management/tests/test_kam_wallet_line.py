from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import kam_wallet_grid
from .ledger_common import LedgerCase


class WalletCase(LedgerCase):
    """Drives (with Gears below it) and Services; invoices of company A, in its currency, and of B in dollars."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env['product.category']
        cls.drives = Category.create({'name': "Drives"})
        cls.gears = Category.create({'name': "Gears", 'parent_id': cls.drives.id})
        cls.services = Category.create({'name': "Services Wallet"})
        cls.program.wallet_category_ids = cls.drives | cls.services
        cls.drive, cls.gear, cls.service = cls.env['product.product'].create([
            {'name': categ.name, 'categ_id': categ.id, 'type': 'consu'}
            for categ in (cls.drives, cls.gears, cls.services)])
        cls.drive.with_company(cls.company_a).standard_price = 60

    @classmethod
    def sell(cls, partner, product, amount, days, **values):
        return cls.invoice(partner, date.today() - timedelta(days=days), amount, product=product, **values)

    @classmethod
    def line(cls, account, categ, spend, **values):
        return cls.env['kam.wallet.line'].create({
            'account_id': account.id, 'categ_id': categ.id, 'spend': spend, **values})


@tagged('post_install', '-at_install')
class TestKamWalletLine(WalletCase):

    def test_ours_from_invoices_of_all_entities(self):
        """Hand-computed: 400 + 250 (below Drives) - 50 credited = 600 of 2,400; 500 before of 1,000."""
        self.sell(self.acme_partner, self.drive, 400, 20)
        self.sell(self.acme_asia, self.gear, 250, 200)
        self.sell(self.acme_partner, self.drive, 50, 10, move_type='out_refund')
        self.sell(self.acme_partner, self.drive, 500, 500)
        self.sell(self.acme_partner, self.service, 9000, 20)
        self.sell(self.beta_partner, self.drive, 9000, 20)
        line = self.line(self.acme, self.drives, 2400, spend_prior=1000)
        self.assertEqual((line.our_sales, line.our_sales_prior), (600, 500))
        self.assertEqual((line.share, line.share_prior), (25, 50))
        self.assertEqual((line.our_growth, line.customer_growth), (20, 140))
        self.assertEqual((line.white_amount, line.state), (1800, 'sold'))
        self.assertTrue(line.is_share_down, "Sales rose by 20 percent, the share halved")
        self.assertTrue(line.is_slower)
        self.assertIn("Sales up, share down: Drives", str(self.acme.attention))
        Line = self.env['kam.wallet.line']
        self.assertEqual(Line.search([('is_share_down', '=', True), ('account_id', '=', self.acme.id)]), line)
        asia = self.line(self.acme, self.drives, 1000, entity_id=self.acme_asia.id)
        self.assertEqual(asia.our_sales, 250)
        self.assertEqual((self.acme.wallet_spend, self.acme.wallet_ours, self.acme.wallet_share), (2400, 600, 25),
                         "The whole account counts, not its entity once more")

    def test_growing_with_the_customer_is_no_flag(self):
        self.sell(self.acme_partner, self.drive, 600, 20)
        self.sell(self.acme_partner, self.drive, 500, 500)
        line = self.line(self.acme, self.drives, 1100, spend_prior=1000)
        self.assertEqual((line.is_share_down, line.is_slower), (False, False))

    def test_states(self):
        line = self.line(self.acme, self.drives, 1000)
        self.assertEqual(line.state, 'white')
        self.assertEqual((self.acme.white_count, self.acme.white_amount), (1, 1000))
        line.write({'is_blocked': True, 'blocked_reason': "Own foundry"})
        self.assertEqual(line.state, 'blocked')
        self.assertEqual(self.acme.white_count, 0)
        line.is_blocked = False
        line.spend = 0
        self.assertEqual(line.state, 'unknown')
        self.sell(self.acme_partner, self.drive, 1500, 20)
        line.invalidate_recordset()
        self.assertEqual(line.state, 'sold')
        line.spend = 1000
        self.assertEqual(line.state, 'conflict')
        self.assertIn("more than the estimated", line.conflict_message)
        self.assertEqual(line.spend, 1000, "A conflict is shown, not corrected")
        self.assertEqual(self.env['kam.wallet.line'].search(
            [('state', '=', 'conflict'), ('account_id', '=', self.acme.id)]), line)

    def test_bad_input(self):
        line = self.line(self.acme, self.drives, 1000)
        with self.assertRaisesRegex(ValidationError, "Say why Acme: Drives is blocked"), self.cr.savepoint():
            line.is_blocked = True
        with self.assertRaisesRegex(ValidationError, "no legal entity of Acme"), self.cr.savepoint():
            line.entity_id = self.beta_partner
        with self.assertRaisesRegex(UserError, "such as that of Acme"), self.cr.savepoint():
            self.drives.unlink()
        with mute_logger('odoo.sql_db'), self.assertRaisesRegex(Exception, "must not be negative|kam_wallet_line"), \
                self.cr.savepoint():
            line.spend = -1

    def test_a_white_spot_becomes_an_opportunity(self):
        line = self.as_user(self.line(self.acme, self.drives, 1000), self.manager)
        action = line.action_create_opportunity()
        lead = self.env['crm.lead'].browse(action['res_id'])
        self.assertEqual((lead.name, lead.expected_revenue, lead.user_id, lead.partner_id, lead.company_id), (
            "Drives for Acme", 1000, self.manager, self.acme_partner, self.company_a))
        self.assertEqual(line.state, 'open')
        self.assertEqual(line.action_create_opportunity()['res_id'], lead.id, "One click more opens the same")
        lead.action_set_lost()
        line.invalidate_recordset()
        self.assertEqual(line.state, 'white')

    def test_access(self):
        ours, theirs = self.line(self.acme, self.drives, 1000), self.line(self.beta, self.drives, 1000)
        Line = self.env['kam.wallet.line']
        for user, expected in ((self.manager, ours), (self.colleague, theirs), (self.executive, ours | theirs),
                               (self.champion, ours | theirs), (self.outsider, Line)):
            self.assertEqual(self.as_user(Line, user).search([]), expected, user.login)
        with self.assertRaises(AccessError):
            self.as_user(Line, self.sales).search([])
        self.as_user(ours, self.manager).spend = 2000
        self.as_user(ours, self.executive).spend = 3000
        for change in (
            lambda: self.as_user(theirs, self.manager).write({'spend': 1}),
            lambda: self.as_user(theirs, self.executive).write({'spend': 1}),
            lambda: self.as_user(ours, self.manager).write({'account_id': self.beta.id}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                change()


@tagged('post_install', '-at_install')
class TestKamWalletGrid(WalletCase):

    def test_grid_of_accounts(self):
        self.sell(self.acme_partner, self.drive, 400, 20)
        self.line(self.acme, self.services, 1000)
        Line = self.as_user(self.env['kam.wallet.line'], self.manager)
        grid = Line.get_grid({})
        self.assertEqual([row['id'] for row in grid['rows']], self.acme.ids)
        self.assertEqual([column['label'] for column in grid['columns']], ["Drives", "Services Wallet"])
        drives = grid['cells'][f'{self.acme.id}:{self.drives.id}']
        services = grid['cells'][f'{self.acme.id}:{self.services.id}']
        self.assertEqual((drives['state'], drives['value'], drives['text']), ('sold', False, "ours 400"))
        self.assertEqual((services['state'], services['value']), ('white', 1000))
        self.assertEqual(Line.get_grid({'show': 'ours'})['cells'][f'{self.acme.id}:{self.drives.id}']['value'], 400)

    def test_fill_in_a_cell(self):
        Line = self.as_user(self.env['kam.wallet.line'], self.manager)
        grid = Line.set_cell({'account_id': self.acme.id}, 0, self.drives.id, 5000)
        self.assertEqual(grid['cells'][f'0:{self.drives.id}']['value'], 5000)
        Line.set_cell({'account_id': self.acme.id}, self.acme_asia.id, self.drives.id, 700)
        Line.set_cell({}, self.acme.id, self.drives.id, 6000)
        lines = self.env['kam.wallet.line'].search([('account_id', '=', self.acme.id)])
        self.assertEqual({line.entity_id: line.spend for line in lines}, {
            self.env['res.partner']: 6000, self.acme_asia: 700})
        with self.assertRaises(AccessError):
            Line.set_cell({}, self.beta.id, self.drives.id, 1)
        with self.assertRaises(AccessError):
            Line.get_grid({'account_id': self.beta.id})

    def test_nothing_is_not_the_same_as_not_estimated(self):
        Line = self.as_user(self.env['kam.wallet.line'], self.manager)
        key = f'{self.acme.id}:{self.drives.id}'
        for typed, value, state in (
                (0, 0, 'nothing'), (300, 300, 'white'), (0, 0, 'nothing'), (False, False, 'unknown')):
            cell = Line.set_cell({}, self.acme.id, self.drives.id, typed)['cells'][key]
            self.assertIs(type(cell['value']), type(value))
            self.assertEqual((cell['value'], cell['state']), (value, state))
        line = Line.search([('account_id', '=', self.acme.id)])
        line.spends_nothing = True
        self.assertEqual(line.search([('state', '=', 'nothing'), ('account_id', '=', self.acme.id)]), line)
        self.assertEqual((self.acme.wallet_spend, self.acme.white_count), (0, 0))
        self.sell(self.acme_partner, self.drive, 400, 20)
        line.invalidate_recordset()
        self.assertEqual(line.state, 'conflict', "we have invoiced something")
        line.spend = 500
        self.assertFalse(line.spends_nothing)
        line.spends_nothing = True
        self.assertEqual(line.spend, 0)

    def test_how_we_know_and_who_holds_the_rest(self):
        rival = self.env['kam.competitor'].create({'name': "Rival"})
        line = self.line(self.acme, self.drives, 1000, source='customer', source_note="Dr. Seidel", confidence='2',
                         date_estimated='2020-03-01', holder='competitor', competitor_id=rival.id)
        Line = self.as_user(self.env['kam.wallet.line'], self.manager)
        key = f'{self.acme.id}:{self.drives.id}'
        known, holder = Line.get_grid({})['cells'][key]['marks']
        self.assertEqual((known['text'], known['style']), ("●●○", 'text-warning'), "medium, and long ago")
        self.assertEqual(
            known['title'], "Source: The Customer (Dr. Seidel). Confidence: Medium. Estimated on 03/01/2020.")
        self.assertEqual((holder['text'], holder['title']), ("Rival", "Holds the rest: Rival"))
        line.write({'holder': 'in_house', 'competitor_id': False, 'spend': 0})
        [holder] = Line.get_grid({})['cells'][key]['marks']
        self.assertEqual(holder['text'], "Made In-House", "without an estimate nobody is sure of it")

    def test_pages(self):
        Line = self.as_user(self.env['kam.wallet.line'], self.champion, self.company_a)
        self.beta.sudo().tier_id = self.tiers['strategic']
        everybody = Line.env['kam.account'].search([('is_key', '=', True)])
        self.assertFalse(Line.get_grid({})['warning'])
        total, shown = len(everybody), len(everybody) - 1
        with patch.object(kam_wallet_grid, 'ROWS', shown):
            first, last = Line.get_grid({}), Line.get_grid({'offset': shown})
            self.assertIn(f"Accounts 1 to {shown} of {total}, by tier; 1 are not on this page", first['warning'])
            self.assertEqual(
                [row['id'] for row in first['rows'] + last['rows']], everybody.ids, "all, and each of them once")
            self.assertEqual(Line.get_grid({'offset': 9000})['pager']['offset'], 0, "they have left since")
            self.assertFalse(Line.get_grid({'account_id': self.acme.id})['pager'])

    def test_an_executive_reads(self):
        self.beta.sudo().tier_id = self.tiers['gold']
        grid = self.as_user(self.env['kam.wallet.line'], self.executive).get_grid({})
        editable = {key: cell['is_editable'] for key, cell in grid['cells'].items()}
        self.assertTrue(editable[f'{self.acme.id}:{self.drives.id}'])
        self.assertFalse(editable[f'{self.beta.id}:{self.drives.id}'])

    def test_flat(self):
        Line = self.as_user(self.env['kam.wallet.line'], self.champion, self.company_a)
        self.line(self.acme, self.drives, 1000)
        one = self.statements(lambda: Line.get_grid({}))
        partners = self.env['res.partner'].create([{'name': f"C {n}", 'is_company': True} for n in range(9)])
        accounts = self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id, 'tier_id': self.tiers['general'].id}
            for partner in partners])
        accounts.sudo().tier_id = self.tiers['gold']
        for account in accounts:
            self.line(account, self.drives, 1000)
            self.line(account, self.services, 1000)
        self.assertLessEqual(self.statements(lambda: Line.get_grid({})), one + 2)

        def cards(count):
            return self.statements(lambda: self.as_user(accounts[:count], self.champion).mapped('attention'))
        cards(9)
        self.assertLessEqual(cards(9), cards(2) + 2, "the warnings of wallets on a board")
