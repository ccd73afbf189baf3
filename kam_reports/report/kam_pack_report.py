from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date, get_lang
from odoo.tools.osutil import clean_filename

from .cover_section import CoverSection
from .xlsx_text import excel_date_format, money_format
from .xlsx_writer import XlsxWriter

KAM_GROUPS = 'kam_management.group_kam_user,kam_management.group_kam_executive,kam_management.group_kam_champion'
# From here on rows go through a temporary file instead of memory (about 3 kB a row of 20 cells otherwise).
LONG_PACK = 5000
# Bytes of a name of a customer in a file name: file systems take 255 with the rest.
MAX_NAME = 150


class KamPackReport(models.AbstractModel):
    """A pack: an XLSX file about a programme, some accounts, one account or a period, that can be handed on.

    Each type of pack is an abstract model that inherits this one. It says what it is about (`_needs`), what it is
    called (`_title`), which sheets it has (`_sections`) and what it loads for them (`_data`); `_packs` names it.
    Everything in a pack is read with the rights of the environment's user.
    """
    _name = 'kam.pack.report'
    _description = "Pack"

    # What has to be chosen besides the programme: attributes of PackScope.
    _needs = ()
    # What may be chosen.
    _takes = ()
    # Whether it makes sense every week or month: not where it is about one record that somebody made once.
    _comes_by_itself = True

    @api.model
    def _packs(self):
        """{code: name of the abstract model} of all types of packs, in the order of the menu."""
        return {
            'portfolio': 'kam.portfolio.report',
            'movement': 'kam.movement.report',
            'sponsor': 'kam.sponsor.report',
            'dossier': 'kam.dossier.report',
            'whitespace': 'kam.whitespace.report',
            'rebalance': 'kam.rebalance.report',
        }

    @api.model
    def _pack_types(self):
        """Of a selection field."""
        return [(code, self.env[model]._title()) for code, model in self._packs().items()]

    @api.model
    def _of_type(self, code):
        model = self._packs().get(code)
        if model is None:
            raise UserError(self.env._("There is no pack of the type \"%s\" any more. Choose another one.", code))
        return self.env[model]

    # What a type of pack says

    def _title(self):
        """Name of the pack, in the user's language."""
        raise NotImplementedError

    def _sections(self):
        """The classes of the sheets after the cover, in order."""
        raise NotImplementedError

    def _data(self, scope):
        """What the sheets are made of: PackData or a subclass."""
        raise NotImplementedError

    # The file

    def _pack(self, scope):
        """The pack as an XLSX file.

        :param scope: PackScope; its records may carry any rights and language
        :return: (file name, bytes), in the language of the environment and with the rights of its user
        """
        self._check_may_export()
        scope = scope.with_env(self.env)
        self._check_scope(scope)
        data = self._data(scope)
        data.has_links = data.row_count <= LONG_PACK
        writer = self._writer(data)
        sections = self._chosen_sections(scope)
        CoverSection(self.env, data, writer, [section(self.env).title() for section in sections]).build()
        for section in sections:
            section(self.env, data, writer).build()
        return self._file_name(data), writer.close()

    def _chosen_sections(self, scope):
        return [section for section in self._sections() if scope.sections is None or section.code in scope.sections]

    def _section_choices(self):
        """[(code, title)] of the sheets that can be left out."""
        return [(section.code, section(self.env).title()) for section in self._sections()]

    # What has to hold

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

    def _check_scope(self, scope):
        scope.program.ensure_one()
        scope.program.check_access('read')
        if scope.accounts is not None:
            self._check_accounts(scope.program, scope.accounts)
        if scope.account:
            scope.account.ensure_one()
            scope.account.check_access('read')
            self._check_program(scope.program, scope.account)
        if scope.rebalance:
            scope.rebalance.ensure_one()
            scope.rebalance.check_access('read')
            self._check_program(scope.program, scope.rebalance)
        missing = {
            'account': self.env._("Choose the account that the pack is about."),
            'executive': self.env._("Choose the executive whose accounts the pack is about."),
            'rebalance': self.env._("Choose the rebalancing that the pack is about."),
            'date_from': self.env._("Choose the first of the two days that are compared."),
            'date_to': self.env._("Choose the second of the two days that are compared."),
        }
        for name in self._needs:
            if not getattr(scope, name):
                raise UserError(missing[name])
        if scope.date_from and scope.date_to and scope.date_from >= scope.date_to:
            raise UserError(self.env._("The day to compare with has to be before the last day of the period."))

    def _check_accounts(self, program, accounts):
        readable = self.env['kam.account'].with_context(active_test=False).search_count(
            [('id', 'in', accounts.ids), ('program_id', '=', program.id)])
        # One statement for all; where it misses some, Odoo looks at each and says which.
        if readable < len(accounts):
            accounts.check_access('read')
            self._check_program(program, accounts)

    def _check_program(self, program, accounts):
        others = accounts.program_id - program
        if others:
            raise UserError(self.env._(
                "A review pack covers one programme. The selection has accounts of %s. Filter the list by programme "
                "first.", ", ".join((program | others).mapped('name'))))

    # How it looks from outside

    def _writer(self, data):
        currency = data.currency
        return XlsxWriter(
            title=f"{data.title} – {data.subject()}",
            author=self.env.user.name,
            company=self.env.company.name,
            footer=f"{data.title} – {data.subject()}",
            page_label=self.env._("Page %(page)s of %(pages)s", page='&P', pages='&N'),
            printed=format_date(self.env, data.today),
            # Whole units: a review looks at thousands. The cells hold the exact figures.
            money=money_format(currency.symbol or currency.name, currency.position, 0),
            date_format=excel_date_format(get_lang(self.env).date_format),
            base_url=data.base_url,
            is_long=data.row_count > LONG_PACK,
        )

    def _file_name(self, data):
        name = " ".join(clean_filename(data.subject(), ' ').split())
        name = name.encode()[:MAX_NAME].decode(errors='ignore').strip(" .")
        name = name or clean_filename(self.env._("Programme"))
        return f"{name} - {clean_filename(data.title)} - {data.today}.xlsx"
