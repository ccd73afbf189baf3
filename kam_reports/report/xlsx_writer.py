"""XLSX files that can be handed on as they are: a thin layer over xlsxwriter, without ORM::

    writer = XlsxWriter(title="Review", footer="Europe")
    sheet = writer.add_sheet("Accounts")
    sheet.heading("Accounts", "Europe, as of today")
    sheet.table([Column("Customer", total='count'), Column("Revenue", 'money', total='sum')], rows)
    content = writer.close()

Text never becomes a formula, a link or a number, whatever it looks like. Formulas are written where we write one.
"""
import io
import math
import re
from datetime import date
from typing import NamedTuple

from .xlsx_text import clean_text, display_width, wrapped_lines

FONT = 'Calibri'
INK, INK_SOFT, BAND, LINE, TILE = '#1F2937', '#6B7280', '#1F3A5F', '#D1D5DB', '#F3F5F8'
NEGATIVE, BAR, PALE = '#B42318', '#9DB8D9', '#C9DAEE'
# Number formats of the kinds of cells. `money` and `date` depend on the file, see XlsxWriter.
KINDS = {
    'text': {},
    'wrap': {'text_wrap': True},
    'integer': {'num_format': '#,##0'},
    'points': {'num_format': '0.0'},
    'trend': {'num_format': '+0.0;-0.0;0.0'},
    'percent': {'num_format': '0.0%'},
    'share': {'num_format': '0%'},
    'days': {'num_format': '0.0'},
}
STYLES = {
    'title': {'font_size': 18, 'bold': True, 'font_color': BAND},
    'subtitle': {'font_color': INK_SOFT},
    'header': {'bold': True, 'font_color': '#FFFFFF', 'bg_color': BAND, 'text_wrap': True, 'align': 'center',
               'border': 1, 'border_color': BAND},
    'heading': {'bold': True, 'font_size': 12, 'font_color': BAND},
    'cell': {'bottom': 1, 'bottom_color': LINE},
    'indent': {'indent': 1},
    'total': {'bold': True, 'top': 1, 'top_color': INK, 'bg_color': TILE},
    'tile_label': {'font_color': INK_SOFT, 'bg_color': TILE, 'indent': 1},
    'tile_value': {'bold': True, 'font_size': 16, 'font_color': BAND, 'bg_color': TILE, 'align': 'left', 'indent': 1},
    'tile_note': {'font_size': 9, 'font_color': INK_SOFT, 'bg_color': TILE, 'indent': 1},
    'note': {'italic': True, 'font_color': INK_SOFT},
    'small': {'font_size': 8, 'font_color': INK_SOFT, 'text_wrap': True, 'valign': 'top'},
}
# SUBTOTAL leaves out the rows that a filter hides, so that a reader may play with the filter.
SUBTOTALS = {'sum': 109, 'average': 101, 'count': 103}
TEXTS = ('text', 'wrap', 'date')
MAX_TEXT_WIDTH = 28
LINE_HEIGHT = 13
DEFAULT_HEIGHT = 16
MAX_ROW_HEIGHT = 400  # Excel: 409 points
MAX_SHEET_NAME = 31


class Column(NamedTuple):
    label: str
    kind: str = 'text'
    total: str = ''
    width: float = 0  # 0: from the content


class XlsxWriter:
    """One file. Add sheets, then `close` gives its bytes.

    :param str money: number format of cells of kind `money`
    :param str date_format: number format of cells of kind `date`
    :param str footer: text at the left of each page's footer; `page_label` in the middle, `printed` at the right
    :param bool constant_memory: for long files; sheets must be written row by row, and charts keep no copy of their
        values
    """

    def __init__(self, *, title='', author='', company='', footer='', page_label='&P / &N', printed='',
                 money='#,##0.00', date_format='yyyy-mm-dd', constant_memory=False):
        import xlsxwriter  # noqa: PLC0415, slow to load and seldom needed

        self._buffer = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(self._buffer, {
            'strings_to_formulas': False,
            'strings_to_urls': False,
            'strings_to_numbers': False,
            # xlsxwriter knows one or the other: rows in a temporary file, or everything in memory.
            'constant_memory': constant_memory,
            'in_memory': not constant_memory,
        })
        self.workbook.set_properties({'title': clean_text(title), 'author': clean_text(author),
                                      'company': clean_text(company)})
        self._footer = ''.join([
            # 8 points; the space keeps a name that begins with a digit out of the font size.
            '&L&8 ', clean_text(footer)[:80].replace('&', '&&'), '&C&8 ', page_label, '&R&8 ', printed])
        self._kinds = dict(KINDS, money={'num_format': money}, date={'num_format': date_format, 'align': 'left'})
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

    def add_sheet(self, name, landscape=True):
        sheet = XlsxSheet(self, self.workbook.add_worksheet(self._sheet_name(name)))
        sheet._set_up_page(landscape, self._footer)
        return sheet

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


class XlsxSheet:
    """One sheet, written from top to bottom: `row` is where the next block begins."""

    def __init__(self, writer, worksheet):
        self.writer = writer
        self.worksheet = worksheet
        self.row = 0

    @property
    def name(self):
        return self.worksheet.get_name()

    def _set_up_page(self, landscape, footer):
        sheet = self.worksheet
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(footer)
        sheet.hide_gridlines(2)
        sheet.set_default_row(DEFAULT_HEIGHT)

    def put(self, row, col, value, kind='text', *styles, **properties):
        """One cell. No value (None, False, '') gives an empty one; 0 is a value."""
        cell_format = self.writer.format(kind, *styles, **properties)
        if value is None or value is False or value == '' or (isinstance(value, float) and not math.isfinite(value)):
            self.worksheet.write_blank(row, col, None, cell_format)
        elif isinstance(value, date):
            self.worksheet.write_datetime(row, col, value, cell_format)
        elif isinstance(value, (int, float)):
            self.worksheet.write_number(row, col, value, cell_format)
        else:
            self.worksheet.write_string(row, col, clean_text(value), cell_format)

    def merge(self, row, first_col, last_col, value, kind='text', *styles, **properties):
        """One value across columns of one row."""
        if last_col > first_col:
            cell_format = self.writer.format(kind, *styles, **properties)
            self.worksheet.merge_range(row, first_col, row, last_col, '', cell_format)
        self.put(row, first_col, value, kind, *styles, **properties)

    def heading(self, title, subtitle=''):
        """Title of the sheet and what it is about, with a free row below."""
        self.put(0, 0, title, 'text', 'title')
        self.worksheet.set_row(0, 28)
        self.put(1, 0, subtitle, 'text', 'subtitle')
        self.row = 3

    def table(self, columns, rows, empty='', total_label='', valign='vcenter'):
        """A list with header, filter and totals from the current row on. Returns the row of its header.

        The header stays in view and is repeated on each page. `empty` is said where there are no rows.
        """
        header = self.row
        widths = [self._width(column, [values[col] for values in rows]) for col, column in enumerate(columns)]
        for col, width in enumerate(widths):
            self.worksheet.set_column(col, col, width)
        self._fit_height(header, [(column.label, width - 2) for column, width in zip(columns, widths, strict=True)], 2)
        for col, column in enumerate(columns):
            self.put(header, col, column.label, 'text', 'header')
        wrapped = [col for col, column in enumerate(columns) if column.kind == 'wrap']
        for index, values in enumerate(rows, start=header + 1):
            self._fit_height(index, [(values[col], widths[col] - 1) for col in wrapped])
            for col, (column, value) in enumerate(zip(columns, values, strict=True)):
                # A gap between figures at the right of one column and text at the left of the next.
                styles = ('cell', 'indent') if column.kind in TEXTS else ('cell',)
                self.put(index, col, value, column.kind, *styles, valign=valign)
        last = header + len(rows)
        if rows:
            self.worksheet.autofilter(header, 0, last, len(columns) - 1)
            if any(column.total for column in columns):
                last += 1
                self._totals(columns, rows, header + 1, last, total_label)
        else:
            last += 1
            self.put(last, 0, empty, 'text', 'note')
        self.worksheet.freeze_panes(header + 1, 1)
        self.worksheet.repeat_rows(header)
        self.row = last + 2
        return header

    def _totals(self, columns, rows, first, row, label):
        from xlsxwriter.utility import xl_range  # noqa: PLC0415

        for col, column in enumerate(columns):
            if not column.total:
                self.put(row, col, None, 'text', 'total')
                continue
            values = [values[col] for values in rows if values[col] not in (None, False, '')]
            result = len(values) if column.total == 'count' else sum(values)
            if column.total == 'average':
                result = result / len(values) if values else ''
            kind, properties = column.kind, {}
            formula = f"SUBTOTAL({SUBTOTALS[column.total]},{xl_range(first, col, row - 1, col)})"
            if column.total == 'count':
                kind = 'integer'
                properties = {'num_format': '"{}" #,##0'.format(label.replace('"', '')), 'align': 'left', 'indent': 1}
            elif column.total == 'average':
                # The mean of nothing is an empty cell, not an error.
                formula = f'IFERROR({formula},"")'
            self.worksheet.write_formula(
                row, col, f'={formula}', self.writer.format(kind, 'total', **properties), result)

    def _fit_height(self, row, texts, least=1):
        """Room for wrapped text: not every program fits the rows of a file it opens."""
        lines = max((wrapped_lines(text, width) for text, width in texts if text), default=1)
        if max(lines, least) > 1:
            self.worksheet.set_row(row, min(max(lines, least) * LINE_HEIGHT + 3, MAX_ROW_HEIGHT))

    @staticmethod
    def _width(column, values):
        """Width in characters: the content where it is short, else a column in which it wraps."""
        if column.width:
            return column.width
        # Two characters for the filter's button. Labels without spaces (Chinese) break anywhere.
        width = max([min(display_width(word), 13) for word in column.label.split()], default=0) + 2.5
        for value in values:
            if value is None or value is False:
                continue
            if column.kind == 'money':
                width = max(width, len(f"{value:,.0f}") + 4)
            elif column.kind in TEXTS:
                width = max(width, min(display_width(value), MAX_TEXT_WIDTH) + 2)
            elif column.kind == 'date':
                width = max(width, 11)
        return width
