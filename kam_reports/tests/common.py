import io
import warnings

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.kam_management.tests.common import KamCase

from ..report.pack_scope import PackScope

METRICS = ('revenue', 'collection_rate', 'collection_timeliness', 'margin', 'growth', 'influence')


def open_workbook(content, results=False):
    """The file as openpyxl reads it.

    :param results: what the formulas say instead of the formulas, as the file brings it along
    """
    from openpyxl import load_workbook  # noqa: PLC0415

    with warnings.catch_warnings():
        # It tells that it cannot write back the data bars of Excel 2010.
        warnings.simplefilter('ignore', UserWarning)
        return load_workbook(io.BytesIO(content), data_only=results)


class PackMixin:
    """Packs of all types as workbooks, for any test case on top of KamCase."""

    @classmethod
    def allow_export(cls, users):
        users.group_ids = [Command.link(cls.env.ref('base.group_allow_export').id)]

    def make_file(self, code, user, selected=None, program=None, **scope):
        """(file name, bytes), computed for a user."""
        report = self.as_user(self.env['kam.pack.report'], user, selected)
        # As in a request of this user: nothing from the cache of the test.
        self.env.flush_all()
        self.env.invalidate_all()
        return report._of_type(code)._pack(PackScope(program or self.program, **scope))

    def statements(self, code, user, **scope):
        """How many statements a pack takes, once the caches of the server are warm."""
        self.make_file(code, user, **scope)
        before = self.env.cr.sql_log_count
        self.make_file(code, user, **scope)
        return self.env.cr.sql_log_count - before

    def make(self, code, user, results=True, **scope):
        name, content = self.make_file(code, user, **scope)
        self.assertTrue(name.endswith('.xlsx'), name)
        return open_workbook(content, results)

    def block(self, sheet, label, col=1):
        """Rows below the header that begins with a label, as dictionaries, up to the first one without a first cell."""
        header = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, col).value == label)
        labels = []
        while (text := sheet.cell(header, col + len(labels)).value) is not None:
            labels.append(text)
        rows = []
        for row in range(header + 1, sheet.max_row + 1):
            if sheet.cell(row, col).value is None:
                break
            rows.append({name: sheet.cell(row, col + place).value for place, name in enumerate(labels)})
        return rows

    def texts(self, sheet):
        return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


@tagged('post_install', '-at_install')
class KamReportsCase(PackMixin, KamCase):
    """The people and accounts of KamCase, and scores written by hand.

    =======  =========  =========  ========  =====  ========  =======  ======  ======  =======  ====================
    account  tier       manager    sponsor   score  coverage  revenue  growth  margin  collect  next step
    =======  =========  =========  ========  =====  ========  =======  ======  ======  =======  ====================
    acme     Gold       manager    executive  80.0    100 %   300,000   -12.5    31.0     96.0  Board visit, 1 June
    delta    Gold       –          –          40.0     50 %   100,000       –       –        –  –
    beta     General    colleague  –          60.0    100 %   100,000    10.0    20.0    100.0  –
    free     General    –          –             –        –         –       –       –        –  –
    =======  =========  =========  ========  =====  ========  =======  ======  ======  =======  ====================

    Programme A has the key accounts acme and delta; limits 5 to 25. Scores as of 22 May 2026.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = cls.champion | cls.champion2 | cls.manager | cls.colleague | cls.executive | cls.sales | cls.outsider
        cls.allow_export(people)
        cls.delta_partner = cls.env['res.partner'].create({
            'name': "Delta", 'is_company': True, 'country_id': cls.env.ref('base.cn').id})
        cls.acme_partner.country_id = cls.env.ref('base.de')
        cls.delta = cls.env['kam.account'].create({
            'program_id': cls.program.id, 'partner_id': cls.delta_partner.id})
        cls.delta.sudo().tier_id = cls.tiers['gold']
        cls.model = cls.env['kam.scoring.model'].create({'name': "By hand", 'program_id': cls.program.id})
        cls.run_ = cls.env['kam.score.run'].create({
            'program_id': cls.program.id, 'model_id': cls.model.id, 'date': '2026-05-22', 'state': 'done'})
        cls.score(cls.acme, 80.0, 100.0, trend=-3.5, recommended='diamond', revenue=300000.0, growth=-12.5, margin=31.0,
                  collection_rate=96.0, collection_timeliness=4.25, influence=5.0)
        cls.score(cls.delta, 40.0, 50.0, revenue=100000.0)
        cls.score(cls.beta, 60.0, 100.0, trend=1.0, revenue=100000.0, growth=10.0, margin=20.0, collection_rate=100.0)
        cls.acme.activity_schedule(
            'mail.mail_activity_data_meeting', summary="Board visit", date_deadline='2026-06-01',
            user_id=cls.manager.id)

    @classmethod
    def score(cls, account, score, coverage, trend=None, recommended=None, **values):
        """A current score as the engine writes it, with the columns on the account."""
        tier = cls.tiers[recommended] if recommended else account.tier_id
        breakdown = [
            {'criterion_id': None, 'metric': metric, 'value': values.get(metric), 'points': 50, 'weight': 1,
             'contribution': 10, 'failed': False} for metric in METRICS]
        record = cls.env['kam.score'].create({
            'run_id': cls.run_.id, 'account_id': account.id, 'program_id': account.program_id.id,
            'date': cls.run_.date, 'score': score, 'coverage': coverage, 'recommended_tier_id': tier.id,
            'breakdown': breakdown, 'is_current': True})
        cls.env.flush_all()
        # The engine writes these columns in SQL; a missing trend is NULL, which the ORM does not write to a Float.
        cls.env.cr.execute(
            "UPDATE kam_account SET score = %s, score_coverage = %s, score_trend = %s, recommended_tier_id = %s "
            "WHERE id = %s", (score, coverage, trend, tier.id, account.id))
        account.invalidate_recordset()
        return record

    def pack(self, user, program=None, accounts=None, companies=None):
        """The review pack as a workbook of openpyxl, computed for a user."""
        name, content = self.pack_file(user, program, accounts, companies)
        self.assertTrue(name.endswith('.xlsx'), name)
        return open_workbook(content)

    def pack_file(self, user, program=None, accounts=None, companies=None):
        report = self.as_user(self.env['kam.portfolio.report'], user, companies)
        # As in a request of this user: nothing from the cache of the test.
        self.env.flush_all()
        self.env.invalidate_all()
        program = report.env['kam.program'].browse((program or self.program).id)
        return report._review_pack(program, accounts and report.env['kam.account'].browse(accounts.ids))

    def rows(self, sheet, header_row=4):
        """Rows below a header as dictionaries, up to the first row without value in its first cell."""
        labels = [cell.value for cell in sheet[header_row]]
        rows = []
        for row in sheet.iter_rows(min_row=header_row + 1):
            if row[0].value is None:
                break
            rows.append({label: cell.value for label, cell in zip(labels, row, strict=True) if label})
        return rows

    def portfolio(self, workbook):
        """Rows of the portfolio without the totals."""
        return [row for row in self.rows(workbook['Portfolio']) if not str(row['Account']).startswith('=SUBTOTAL')]

    def tiles(self, workbook):
        """{label: (value, note)} of the key figures."""
        sheet, tiles = workbook['Summary'], {}
        for top in (5, 9):
            for col in (1, 3, 5, 7):
                label, value, note = (sheet.cell(top + row, col).value for row in range(3))
                tiles[label] = (value, note)
        return tiles
