"""XLSX files that can be handed on as they are: a thin layer over xlsxwriter, without ORM::

    writer = XlsxWriter(title="Review", footer="Europe")
    sheet = writer.add_sheet("Accounts")
    sheet.heading("Accounts", "Europe, as of today")
    sheet.table([Column("Customer", total='count'), Column("Revenue", 'money', total='sum')], rows)
    content = writer.close()

Text never becomes a formula, a link or a number, whatever it looks like. Formulas are written where a `Formula` stands,
links where a `Link` does, and only to addresses that begin with the one given to the writer.
"""
import io
import re

from .xlsx_sheet import XlsxSheet
from .xlsx_style import FONT, INK, KINDS, STYLES
from .xlsx_text import clean_text

MAX_SHEET_NAME = 31


class XlsxWriter:
    """One file. Add sheets, then `close` gives its bytes.

    :param str money: number format of cells of kind `money`
    :param str date_format: number format of cells of kind `date`
    :param str footer: text at the left of each page's footer; `page_label` in the middle, `printed` at the right
    :param str base_url: what links must begin with; without it there are none
    :param bool is_long: rows go through a temporary file: sheets must be written row by row, charts keep no copy of
        their values, and empty cells of plain rows are left out
    """

    def __init__(self, *, title='', author='', company='', footer='', page_label='&P / &N', printed='',
                 money='#,##0.00', date_format='yyyy-mm-dd', base_url='', is_long=False):
        import xlsxwriter  # noqa: PLC0415, slow to load and seldom needed

        self.is_long = is_long
        self._buffer = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(self._buffer, {
            'strings_to_formulas': False,
            'strings_to_urls': False,
            'strings_to_numbers': False,
            # xlsxwriter knows one or the other: rows in a temporary file, or everything in memory.
            'constant_memory': is_long,
            'in_memory': not is_long,
        })
        self.workbook.set_properties({'title': clean_text(title), 'author': clean_text(author),
                                      'company': clean_text(company)})
        self._footer = ''.join([
            # 8 points; the space keeps a name that begins with a digit out of the font size.
            '&L&8 ', clean_text(footer)[:80].replace('&', '&&'), '&C&8 ', page_label, '&R&8 ', printed])
        self._kinds = dict(KINDS, money={'num_format': money}, date={'num_format': date_format, 'align': 'left'})
        self._base_url = base_url
        self._formats = {}
        self._names = set()

    def format(self, kind='text', *styles, **properties):
        """A cell format: the kind says how a value reads, the styles how it looks."""
        key = (kind, styles, tuple(sorted(properties.items())))
        if key not in self._formats:
            merged = {'font_name': FONT, 'font_size': 10, 'font_color': INK, 'valign': 'vcenter', **self._kinds[kind]}
            for style in styles:
                merged.update(STYLES[style])
            self._formats[key] = self.workbook.add_format({**merged, **properties})
        return self._formats[key]

    def is_own_address(self, url):
        return bool(self._base_url) and url.startswith(f'{self._base_url}/')

    def add_sheet(self, name, landscape=True):
        sheet = XlsxSheet(self, self.workbook.add_worksheet(self._sheet_name(name), self._sheet_class()))
        sheet._set_up_page(landscape, self._footer)
        return sheet

    def _sheet_class(self):
        """What xlsxwriter makes its sheets of; None for its own."""
        if not self.is_long:
            return None
        from .xlsx_long_sheet import LongWorksheet  # noqa: PLC0415, loads xlsxwriter

        return LongWorksheet

    def _sheet_name(self, name):
        """A name that Excel takes: 31 characters, not `[]:*?/\\`, no quote at the ends, unlike all others."""
        name = re.sub(r'[\[\]:*?/\\\x00-\x1f]', ' ', name).strip(" '")[:MAX_SHEET_NAME].strip(" '") or "Sheet"
        candidate, number = name, 2
        # Excel keeps the name History for itself.
        while candidate.lower() in self._names | {'history'}:
            suffix = f" ({number})"
            candidate, number = name[:MAX_SHEET_NAME - len(suffix)] + suffix, number + 1
        self._names.add(candidate.lower())
        return candidate

    def close(self):
        self.workbook.close()
        return self._buffer.getvalue()
