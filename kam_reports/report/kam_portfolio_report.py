from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date, get_lang
from odoo.tools.osutil import clean_filename

from .portfolio_data import PortfolioData
from .portfolio_section import PortfolioSection
from .proposals_section import ProposalsSection
from .summary_section import SummarySection
from .xlsx_text import excel_date_format, money_format
from .xlsx_writer import XlsxWriter

KAM_GROUPS = 'kam_management.group_kam_user,kam_management.group_kam_executive,kam_management.group_kam_champion'
# From here on rows go through a temporary file instead of memory (about 2.5 kB a row of 16 cells otherwise).
LONG_PACK = 5000
MAX_NAME = 80


class KamPortfolioReport(models.AbstractModel):
    """The portfolio review pack: what an executive takes into the review, computed with that person's rights."""
    _name = 'kam.portfolio.report'
    _description = "Portfolio Review Pack"

    def _review_pack(self, program, accounts=None):
        """The pack of one programme as an XLSX file.

        :param program: the programme, one record
        :param accounts: accounts of the programme to report; None for all its key accounts
        :return: (file name, bytes), in the language of the environment and with the rights of its user
        """
        self._check_may_export()
        # The caller's records may carry more rights or another language than this environment.
        program = program.with_env(self.env)
        program.ensure_one()
        program.check_access('read')
        if accounts is not None:
            accounts = accounts.with_env(self.env)
            accounts.check_access('read')
            self._check_program(program, accounts)
        data = PortfolioData(program, accounts)
        writer = self._writer(data)
        for section in self._sections():
            section(self.env, data, writer).build()
        return self._file_name(data), writer.close()

    def _sections(self):
        """The classes of the sheets, in order."""
        return [SummarySection, PortfolioSection, ProposalsSection]

    def _check_may_export(self):
        """Leaving the building needs the right to export, besides a seat in the programme."""
        if self.env.su:
            return
        if not self.env.user.has_groups(KAM_GROUPS):
            raise AccessError(self.env._(
                "The review pack is for account managers, executives and programme champions. Ask your administrator "
                "for one of these roles."))
        if not self.env.user.has_group('base.group_allow_export'):
            raise AccessError(self.env._(
                "You are not allowed to export data, and the review pack is a file with data. Ask your administrator "
                "for the right \"Export: Allowed\"."))

    def _check_program(self, program, accounts):
        others = accounts.program_id - program
        if others:
            raise UserError(self.env._(
                "A review pack covers one programme. The selection has accounts of %s. Filter the list by programme "
                "first.", ", ".join((program | others).mapped('name'))))

    def _writer(self, data):
        currency = data.currency
        return XlsxWriter(
            title=f"{self.env._('Portfolio Review')} – {data.program.name}",
            author=self.env.user.name,
            company=self.env.company.name,
            footer=data.program.name,
            page_label=self.env._("Page %(page)s of %(pages)s", page='&P', pages='&N'),
            printed=format_date(self.env, data.today),
            # Whole units: a review looks at thousands. The cells hold the exact figures.
            money=money_format(currency.symbol or currency.name, currency.position, 0),
            date_format=excel_date_format(get_lang(self.env).date_format),
            constant_memory=len(data.lines) > LONG_PACK,
        )

    def _file_name(self, data):
        name = clean_filename(data.program.name, ' ')[:MAX_NAME].strip()
        return f"{name} - {clean_filename(self.env._('Portfolio Review'))} - {data.today}.xlsx"
