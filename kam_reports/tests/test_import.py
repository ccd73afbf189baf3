import io
from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from odoo.addons.kam_management.tests.test_kam_plan import PlanCase

# What goes out and comes back, as the export screen offers it with "import-compatible".
FIELDS = {
    'kam.account': [
        'id', 'program_id/id', 'partner_id/id', 'tier_id/id', 'date_told', 'entity_ids/id', 'entity_ids/partner_id/id'],
    'kam.stakeholder': [
        'id', 'account_id/id', 'partner_id/id', 'buying_role', 'influence', 'strength', 'parent_id/id',
        'interest_short', 'interest_long'],
    'kam.wallet.line': [
        'id', 'account_id/id', 'entity_id/id', 'categ_id/id', 'spend', 'spends_nothing', 'spend_prior', 'source',
        'source_note', 'confidence', 'date_estimated', 'holder', 'competitor_id/id', 'is_blocked', 'blocked_reason'],
    'kam.plan': [
        'id', 'account_id/id', 'entity_id/id', 'local_owner_id/id', 'date_from', 'date_to', 'customer_summary',
        'strategy', 'strengths', 'weaknesses', 'opportunities', 'threats', 'goal_ids/id', 'goal_ids/name',
        'goal_ids/term'],
}
HEADERS = {
    'kam.account': 3, 'kam.stakeholder': 7, 'kam.wallet.line': 8, 'kam.plan': 9}


class ImportCase(PlanCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # All languages and dates as in the file, and the right to export.
        cls.champion.group_ids = [Command.link(cls.env.ref('base.group_allow_export').id)]
        cls.goods, cls.services = cls.env['product.category'].create([{'name': "Valves"}, {'name': "Tooling"}])
        cls.boss, cls.buyer = cls.env['res.partner'].create([
            {'name': name, 'parent_id': cls.acme_partner.id} for name in ("Anna Boss", "Ben Buyer")])
        decider = cls.env['kam.stakeholder'].create({
            'account_id': cls.acme.id, 'partner_id': cls.boss.id, 'buying_role': 'decider', 'influence': '3',
            'strength': '2', 'interest_short': "Two\nlines, \"quoted\""})
        cls.env['kam.stakeholder'].create({
            'account_id': cls.acme.id, 'partner_id': cls.buyer.id, 'parent_id': decider.id, 'strength': '1'})
        cls.env['kam.wallet.line'].create([
            {'account_id': cls.acme.id, 'categ_id': cls.goods.id, 'spend': 1234.56, 'spend_prior': 1000,
             'date_estimated': '2024-02-03', 'confidence': '3', 'source': 'report'},
            {'account_id': cls.acme.id, 'categ_id': cls.services.id, 'spends_nothing': True,
             'date_estimated': '2023-01-01'},
            {'account_id': cls.acme.id, 'categ_id': cls.goods.id, 'entity_id': cls.acme_asia.id, 'spend': 7,
             'is_blocked': True, 'blocked_reason': "=HYPERLINK(1)", 'date_estimated': '2023-01-01'}])
        cls.plan.write({
            'customer_summary': "Makes <machines>\nin plants", 'strategy': "Grow",
            'goal_ids': [Command.create({'name': "Less downtime", 'term': 'long'}), Command.create({'name': "Grow"})]})
        cls.acme.date_told = '2024-05-06'


@tagged('post_install', '-at_install')
class TestRoundTrip(ImportCase):

    def records(self, model, user):
        Model = self.as_user(self.env[model], user)
        return Model.search([('program_id', '=', self.program.id)])

    def state(self, model):
        """Every stored value but who wrote last, and how much was said in the chatter."""
        self.env.flush_all()
        self.env.invalidate_all()
        records = self.env[model].with_context(active_test=False).search([('program_id', '=', self.program.id)])
        names = [name for name, field in records._fields.items() if field.store and name not in (
            'write_date', 'write_uid', 'message_main_attachment_id')]
        return records.read(names)

    @contextmanager
    def nothing_changes(self, *models):
        before = {model: self.state(model) for model in models}
        yield
        for model in models:
            self.assertEqual(self.state(model), before[model], model)

    def round_trip(self, model, user):
        records = self.records(model, user)
        self.assertTrue(records)
        rows = records.export_data(FIELDS[model])['datas']
        rows = [[value if value is False else str(value) for value in row] for row in rows]
        result = self.as_user(self.env[model], user).load(FIELDS[model], rows)
        self.assertFalse(result['messages'])
        self.assertEqual(set(result['ids']), set(records.ids))

    def test_of_a_champion(self):
        for model in FIELDS:
            with self.subTest(model=model), self.nothing_changes(*FIELDS, 'kam.account.entity'):
                self.round_trip(model, self.champion)

    def test_of_an_account_manager(self):
        """Of the own accounts: a manager reads others, and writes these."""
        self.manager.group_ids = [Command.link(self.env.ref('base.group_allow_export').id)]
        self.free.active = False
        for model in FIELDS:
            with self.subTest(model=model), self.nothing_changes(*FIELDS, 'kam.account.entity'):
                self.round_trip(model, self.manager)

    def test_a_changed_tier_is_refused(self):
        """The way into the key accounts stays a tier change, also through a file; the message says so."""
        Account = self.as_user(self.env['kam.account'], self.champion)
        account, tier = (record.export_data(['id'])['datas'][0][0] for record in (
            Account.browse(self.beta.id), self.as_user(self.tiers['diamond'], self.champion)))
        result = Account.load(['id', 'tier_id/id'], [[account, tier]])
        self.assertIn("approved tier change only", result['messages'][0]['message'])
        self.assertEqual(self.beta.tier_id, self.tiers['general'])

    def test_somebody_elses_account_is_refused(self):
        self.manager.group_ids = [Command.link(self.env.ref('base.group_allow_export').id)]
        xml_id = self.as_user(self.beta, self.champion).export_data(['id'])['datas'][0][0]
        result = self.as_user(self.env['kam.account'], self.manager).load(['id', 'date_told'], [[xml_id, '2024-01-01']])
        self.assertTrue(result['messages'])
        self.assertFalse(self.beta.date_told)

    def test_right_to_export(self):
        with self.assertRaises(UserError):
            self.as_user(self.acme, self.manager).export_data(FIELDS['kam.account'])


@tagged('post_install', '-at_install')
class TestImportTemplates(ImportCase, HttpCase):

    def template(self, model):
        [template] = self.as_user(self.env[model], self.champion).get_import_templates()
        return template

    def content(self, model):
        with file_open(self.template(model)['template'].lstrip('/'), 'rb') as file:
            return file.read()

    def preview(self, model):
        importer = self.as_user(self.env['base_import.import'], self.champion).create({
            'res_model': model, 'file': self.content(model), 'file_name': 'template.xlsx',
            'file_type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'})
        preview = importer.parse_preview({'has_headers': True})
        self.assertNotIn('error', preview)
        return importer, preview

    def test_download(self):
        self.authenticate('kam_champion', 'kam_champion')
        for model in FIELDS:
            template = self.template(model)
            self.assertTrue(template['label'])
            response = self.url_open(template['template'])
            self.assertEqual(response.status_code, 200)
            self.assertTrue(response.content.startswith(b'PK'))

    def test_each_column_is_recognised(self):
        """Odoo's import finds a field for each header, without help."""
        for model, count in HEADERS.items():
            __, preview = self.preview(model)
            self.assertEqual(len(preview['headers']), count)
            self.assertEqual(len(preview['matches']), count, f"{preview['headers']} {preview['matches']}")

    def test_the_examples_can_be_imported(self):
        """As they are, where the records that they name exist."""
        Partner = self.env['res.partner']
        # Demo data has customers of these names.
        names = ("Azure Interior", "Azure Interior Asia", "Deco Addict", "Brandon Freeman", "Nicole Ford")
        Partner.search([('name', 'in', names)]).name = "Other"
        azure, __, __ = Partner.create([
            {'name': name, 'is_company': True} for name in ("Azure Interior", "Azure Interior Asia", "Deco Addict")])
        Partner.create([{'name': name, 'parent_id': azure.id} for name in ("Brandon Freeman", "Nicole Ford")])
        self.program.name = "Key Account Programme"
        self.env['kam.program'].search([('id', '!=', self.program.id)]).name = "Another"
        Category = self.env['product.category']
        categories = ("Goods", "Services")
        Category.search([('name', 'in', categories)]).name = "Other"
        Category.create([{'name': name} for name in categories])
        for model in ('kam.account', 'kam.stakeholder', 'kam.wallet.line', 'kam.plan'):
            importer, preview = self.preview(model)
            columns = ['/'.join(preview['matches'][index]) for index in range(len(preview['headers']))]
            result = importer.execute_import(columns, preview['headers'], preview['options'])
            self.assertFalse(result['messages'], model)
            self.assertTrue(result['ids'])
        account = self.env['kam.account'].search([('partner_id', '=', azure.id)])
        self.assertEqual(set(account.entity_ids.partner_id.mapped('name')), {"Azure Interior", "Azure Interior Asia"})
        self.assertEqual(len(account.stakeholder_ids), 2)

    def test_they_open_elsewhere(self):
        from openpyxl import load_workbook  # noqa: PLC0415
        for model in FIELDS:
            sheet = load_workbook(io.BytesIO(self.content(model))).active
            self.assertEqual(sheet.max_column, HEADERS[model])
