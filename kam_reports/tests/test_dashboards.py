import json
import re
from itertools import chain

from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from odoo.addons.kam_management.tests.common import KamCase
from odoo.addons.spreadsheet.utils.validate_data import menus_xml_ids_in_spreadsheet, odoo_charts, odoo_view_links

NAMES = ('key_accounts', 'programme')
FILTERS = {
    'kam-period': 'date', 'kam-programme': 'kam.program', 'kam-company': 'res.company', 'kam-manager': 'res.users'}
PIVOT_VALUE = re.compile(r'PIVOT\.VALUE\((\d+),"([^"]+)"(?:,"([^"]+)","([^"]+)")?\)')
LIST = re.compile(r'ODOO\.LIST(?:\.HEADER)?\((\d+),(?:\d+,)?"([^"]+)"\)')
PIVOT = re.compile(r'PIVOT\((\d+),')


def load(name):
    with file_open(f'kam_reports/data/files/kam_{name}_dashboard.json') as file:
        return json.load(file)


def formulas(data):
    return [cell for sheet in data['sheets'] for cell in sheet['cells'].values() if cell.startswith('=')]


@tagged('post_install', '-at_install')
class TestDashboards(KamCase):
    """Odoo checks models and fields of a spreadsheet; not its filters, domains and formulas. This does."""

    def sources(self, data):
        """(what, model, domain, [fields], filters) of pivots, lists and charts."""
        for pivot in data['pivots'].values():
            names = [row['fieldName'] for row in pivot['rows'] + pivot['columns']]
            names += [measure['fieldName'] for measure in pivot['measures'] if measure['fieldName'] != '__count']
            yield pivot['name'], pivot['model'], pivot['domain'], names, pivot['fieldMatching']
        for one in data['lists'].values():
            names = one['columns'] + [order['name'] for order in one['orderBy']]
            yield one['name'], one['model'], one['domain'], names, one['fieldMatching']
        for chart in odoo_charts(data):
            meta, search = chart['metaData'], chart['searchParams']
            self.assertEqual(meta['groupBy'], search['groupBy'])
            names = [name.split(':')[0] for name in meta['groupBy']]
            names += [meta['measure']] if meta['measure'] != '__count' else []
            yield chart['id'], meta['resModel'], search['domain'], names, chart['fieldMatching']

    def follow(self, model, path):
        """The field at the end of a path."""
        field = None
        for name in path.split('.'):
            self.assertIn(name, self.env[model]._fields, f"{model}: {path}")
            field = self.env[model]._fields[name]
            model = field.comodel_name
        return field

    def test_sources(self):
        """Models, fields and domains of every pivot, list and chart, as each of its readers gets them."""
        for name, readers in (('key_accounts', (self.executive, self.champion)), ('programme', (self.champion,))):
            data = load(name)
            for what, model, domain, names, __ in self.sources(data):
                for field in names:
                    self.follow(model, field)
                for user in readers:
                    with self.subTest(dashboard=name, source=what, user=user.login):
                        records = self.as_user(self.env[model], user)
                        Domain(domain).validate(records)
                        records.search_count(domain)

    def test_figures_can_be_read(self):
        """Groups and measures of pivots and charts in one query each, columns and orders of lists."""
        for data in map(load, NAMES):
            for pivot in data['pivots'].values():
                measures = [measure['id'] for measure in pivot['measures']]
                self.as_user(self.env[pivot['model']], self.champion).formatted_read_group(
                    pivot['domain'], [row['fieldName'] for row in pivot['rows']], measures)
                if pivot['sortedColumn']:
                    self.assertIn(pivot['sortedColumn']['measure'], measures)
            for chart in odoo_charts(data):
                model = self.as_user(self.env[chart['metaData']['resModel']], self.champion)
                measure = chart['metaData']['measure']
                if measure != '__count':
                    measure = f"{measure}:{model._fields[measure].aggregator}"
                model.formatted_read_group(chart['searchParams']['domain'], chart['metaData']['groupBy'], [measure])
            for one in data['lists'].values():
                order = ", ".join(f"{order['name']} {'asc' if order['asc'] else 'desc'}" for order in one['orderBy'])
                self.as_user(self.env[one['model']], self.champion).search_read(
                    one['domain'], one['columns'], order=order, limit=1)

    def test_filters(self):
        """Programme, company and manager reach every source, the period each that has a date; all chains exist."""
        for name in NAMES:
            data = load(name)
            self.assertEqual({
                one['id']: one.get('modelName', one['type']) for one in data['globalFilters']}, FILTERS)
            for what, model, __, __, matching in self.sources(data):
                with self.subTest(dashboard=name, source=what):
                    self.assertLessEqual(FILTERS.keys() - {'kam-period'}, matching.keys())
                    for filter_id, match in matching.items():
                        field = self.follow(model, match['chain'])
                        self.assertEqual(field.type, match['type'])
                        if filter_id != 'kam-period':
                            self.assertEqual(field.comodel_name, FILTERS[filter_id])
                            self.env[model].search_count([(match['chain'], 'in', [1])])
            dated = [what for what, *__, matching in self.sources(data) if 'kam-period' in matching]
            self.assertTrue(dated)

    def test_formulas(self):
        """Formulas ask for sources, measures, groups and fields that are there."""
        for data in map(load, NAMES):
            cells = formulas(data)
            values = [match for cell in cells for match in PIVOT_VALUE.findall(cell)]
            self.assertGreater(len(values), 5)
            for number, measure, group, __ in values:
                pivot = data['pivots'][number]
                self.assertIn(measure, [one['id'] for one in pivot['measures']])
                self.assertIn(group, ['', *(row['fieldName'] for row in pivot['rows'])])
            for number, field in chain.from_iterable(map(LIST.findall, cells)):
                self.assertIn(field, data['lists'][number]['columns'])
            for number in chain.from_iterable(map(PIVOT.findall, cells)):
                self.assertIn(number, data['pivots'])

    def test_links(self):
        """Titles and charts lead to menus and views that their readers have."""
        for name, user in (('key_accounts', self.executive), ('programme', self.champion)):
            data = load(name)
            visible = self.as_user(self.env['ir.ui.menu'], user)._visible_menu_ids()
            for xml_id in menus_xml_ids_in_spreadsheet(data):
                self.assertIn(self.env.ref(xml_id).id, visible, xml_id)
            links = odoo_view_links(data)
            self.assertTrue(links)
            for link in links:
                model = self.as_user(self.env[link['action']['modelName']], user)
                model.search_count(link['action']['domain'])

    def test_words_can_be_translated(self):
        """Each word that a reader sees is a term of Odoo's export: titles in links, the rest in _t or in a label."""
        for name in (*NAMES, *(f'{name}_sample' for name in NAMES)):
            for sheet in load(name)['sheets']:
                for cell in sheet['cells'].values():
                    if not cell.startswith(('=', '[')) and 'sample' not in name:
                        self.fail(f"{name}: {cell}")
                    self.assertNotRegex(cell, r'^="')

    def test_samples(self):
        """What an empty programme shows: the same look, without a source."""
        for name in NAMES:
            data, sample = load(name), load(f'{name}_sample')
            self.assertEqual((sample['pivots'], sample['lists'], sample['globalFilters']), ({}, {}, []))
            self.assertFalse(odoo_charts(sample))
            self.assertEqual(
                [figure['id'] for figure in sample['sheets'][0]['figures']],
                [figure['id'] for figure in data['sheets'][0]['figures']])
            self.assertFalse([cell for cell in formulas(sample) if 'PIVOT' in cell or 'ODOO' in cell])
            for figure in chain(sample['sheets'][0]['figures'], data['sheets'][0]['figures']):
                self.assertEqual(figure['data']['chartId'], figure['id'], "else the browser finds no chart")

    def test_version(self):
        """That of the spreadsheets which come with the Odoo that is installed."""
        with file_open('spreadsheet_dashboard_account/data/files/invoicing_dashboard.json') as file:
            version = json.load(file)['version']
        self.assertEqual({load(name)['version'] for name in NAMES}, {version})

    # Access

    def test_who_sees_which(self):
        key, programme = (self.env.ref(f'kam_reports.dashboard_{name}') for name in NAMES)
        for user, seen in (
                (self.executive, key), (self.champion, key | programme), (self.manager, key.browse()),
                (self.sales, key.browse())):
            own = self.as_user(key | programme, user)._filtered_access('read')
            self.assertEqual(own, seen.with_env(own.env), user.login)

    def test_sample_until_there_are_figures(self):
        """Also where there are some that the reader may not see: those of another company."""
        self.env['kam.account.analysis'].search([]).unlink()
        dashboard = self.env.ref('kam_reports.dashboard_key_accounts')
        self.assertTrue(self.as_user(dashboard, self.executive)._dashboard_is_empty())
        self.env['kam.account'].create({'program_id': self.program_b.id, 'partner_id': self.beta_partner.id})
        self.env['kam.account.analysis']._refresh(self.program_b)
        self.assertTrue(self.as_user(dashboard, self.executive)._dashboard_is_empty())
        self.assertFalse(self.as_user(dashboard, self.champion)._dashboard_is_empty())
        self.assertTrue(self.as_user(dashboard, self.champion, self.company_a)._dashboard_is_empty())
        self.env['kam.account.analysis']._refresh(self.program)
        self.assertFalse(self.as_user(dashboard, self.executive)._dashboard_is_empty())


@tagged('post_install', '-at_install')
class TestDashboardsInTheBrowser(KamCase, HttpCase):

    def load(self, name):
        dashboard = self.env.ref(f'kam_reports.dashboard_{name}')
        self.browser_js(
            f'/odoo/dashboards?dashboard_id={dashboard.id}',
            "if (document.querySelector('.o_error_dialog')) console.error('dialog'); "
            "else console.log('test successful')",
            ready="document.querySelectorAll('.o-figure').length >= 10", login='kam_champion', timeout=60)

    def test_they_load(self):
        self.env['kam.account.analysis']._refresh(self.program)
        for name in NAMES:
            self.load(name)

    def test_samples_load(self):
        self.env['kam.account.analysis'].search([]).unlink()
        for name in NAMES:
            self.load(name)
