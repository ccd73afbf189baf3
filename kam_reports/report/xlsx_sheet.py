from datetime import date
from math import isfinite

from .xlsx_style import (
    DEFAULT_HEIGHT,
    LINE_HEIGHT,
    MAX_ROW_HEIGHT,
    MAX_TEXT_WIDTH,
    STYLES,
    SUBTOTALS,
    TEXTS,
)
from .xlsx_text import clean_text, display_width, wrapped_lines
from .xlsx_values import Formula, Link, Styled, plain

# Rows that tell how wide a column of text has to be.
SAMPLE = 2000


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
        if value is None or value is False or value == '' or (isinstance(value, float) and not isfinite(value)):
            self.worksheet.write_blank(row, col, None, cell_format)
        elif isinstance(value, Link):
            self._put_link(row, col, value, (kind, *styles), properties)
        elif isinstance(value, date):
            self.worksheet.write_datetime(row, col, value, cell_format)
        elif isinstance(value, (int, float)):
            self.worksheet.write_number(row, col, value, cell_format)
        else:
            self.worksheet.write_string(row, col, clean_text(value), cell_format)

    def _put_link(self, row, col, link, look, properties):
        kind, *styles = look
        text = clean_text(link.text)
        is_written = text and self.writer.is_own_address(link.url) and self.worksheet.write_url(
            row, col, link.url, self.writer.format(kind, *styles, 'link', **properties), text) == 0
        if not is_written:
            # Also beyond the number of links that Excel takes on a sheet.
            self.put(row, col, text, kind, *styles, **properties)

    def put_formula(self, row, col, formula, kind='text', *styles, **properties):
        value = '' if formula.value is None else formula.value
        self.worksheet.write_formula(
            row, col, f'={formula.text}', self.writer.format(kind, *styles, **properties), value)

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

    def table(self, columns, rows, empty='', total_label='', valign='vcenter', frozen=1):
        """A list with header, filter and totals from the current row on. Returns the row of its header.

        The header stays in view and is repeated on each page. `empty` is said where there are no rows.

        :param frozen: columns that stay in view
        """
        header = self.row
        widths = [self._width(column, rows, col) for col, column in enumerate(columns)]
        for col, width in enumerate(widths):
            self.worksheet.set_column(col, col, width)
        last = self._write_rows(columns, rows, widths, valign)
        if rows:
            self.worksheet.autofilter(header, 0, last, len(columns) - 1)
        self._end_rows(columns, rows, last, empty, total_label)
        self.worksheet.freeze_panes(header + 1, frozen)
        self.worksheet.repeat_rows(header)
        return header

    def block(self, columns, rows, empty='', total_label=''):
        """A small table among others on its sheet: no filter, nothing frozen, columns as wide as they are. Returns the
        row of its header.
        """
        header = self.row
        last = self._write_rows(columns, rows, [column.width or 12 for column in columns], 'vcenter')
        self._end_rows(columns, rows, last, empty, total_label)
        return header

    def tiles(self, tiles, columns):
        """Key figures beside each other from the current row on, each two columns wide.

        :param tiles: (label, value, kind, note)
        :param columns: how many the sheet has
        """
        per_row = columns // 2
        for first in range(0, len(tiles), per_row):
            # Row by row: in a long pack xlsxwriter cannot go back.
            for part, (style, height) in enumerate((('tile_label', 19), ('tile_value', 26), ('tile_note', 17))):
                self.worksheet.set_row(self.row, height)
                for place, (label, value, kind, note) in enumerate(tiles[first:first + per_row]):
                    # A dash where there is nothing to show: an empty tile looks like a mistake.
                    text = (label, '–' if value is None else value, note)[part]
                    self.merge(self.row, 2 * place, 2 * place + 1, text, kind if part == 1 else 'text', style,
                               right=5, right_color='#FFFFFF')
                self.row += 1
            self.worksheet.set_row(self.row, 7)
            self.row += 1
        self.row += 1

    def set_widths(self, *widths):
        """Widths of the columns from the first one on, where no table sets them."""
        for col, width in enumerate(widths):
            self.worksheet.set_column(col, col, width)

    def _write_rows(self, columns, rows, widths, valign):
        """Header and rows from the current row on; returns the last one written."""
        header = self.row
        self._fit_height(header, [(column.label, width - 2) for column, width in zip(columns, widths, strict=True)], 2)
        for col, column in enumerate(columns):
            self.put(header, col, column.label, 'text', 'header')
        wrapped = [(col, width) for col, width in enumerate(widths) if columns[col].kind == 'wrap']
        places = {'first': header + 2, 'last': header + len(rows) + 1}
        # A gap between figures at the right of one column and text at the left of the next.
        looks = [(column.kind, 'cell', 'indent') if column.kind in TEXTS else (column.kind, 'cell')
                 for column in columns]
        heads = self.writer.is_long and self.worksheet.plain_heads(
            [self.writer.format(*look, valign=valign) for look in looks])
        for index, values in enumerate(rows, start=header + 1):
            # Short texts, as most are, take one line.
            texts = [(text, width - 1) for col, width in wrapped if (text := values[col]) and not (
                type(text) is str and len(text) < width and text.isascii() and '\n' not in text)]
            if texts:
                self._fit_height(index, texts)
            if not (heads and self.worksheet.write_plain_row(index, values, heads)):
                for col, value in enumerate(values):
                    self._put_value(index, col, value, looks[col], places, valign)
        self._underline_blanks(header + 1, header + len(rows), len(columns) - 1)
        return header + len(rows)

    def _underline_blanks(self, first, last, last_col):
        """The lines between the rows where a long file has no cells: an empty one takes as long as one with a value."""
        if self.writer.is_long and first <= last:
            self.worksheet.conditional_format(first, 0, last, last_col, {
                'type': 'blanks', 'format': self.writer.workbook.add_format(STYLES['cell'])})

    def _put_value(self, row, col, value, look, places, valign):
        properties = {'valign': valign}
        if isinstance(value, Styled):
            if value.color:
                properties['bg_color'] = value.color
            value = value.value
        if isinstance(value, Formula):
            value = Formula(value.text.format(row=row + 1, **places), value.value)
            self.put_formula(row, col, value, *look, **properties)
        else:
            self.put(row, col, value, *look, **properties)

    def _end_rows(self, columns, rows, last, empty, total_label):
        if not rows:
            self.put(last + 1, 0, empty, 'text', 'note')
            last += 1
        elif any(column.total for column in columns):
            self._totals(columns, rows, last - len(rows) + 1, last + 1, total_label)
            last += 1
        self.row = last + 2

    def _totals(self, columns, rows, first, row, label):
        from xlsxwriter.utility import xl_range  # noqa: PLC0415

        for col, column in enumerate(columns):
            if not column.total:
                self.put(row, col, None, 'text', 'total')
            elif column.total == 'label':
                self.put(row, col, label, 'text', 'total', indent=1)
            elif isinstance(column.total, Formula):
                # Of the totals of the other columns, such as their ratio.
                formula = Formula(column.total.text.format(row=row + 1, first=first + 1, last=row), column.total.value)
                self.put_formula(row, col, formula, column.kind, 'total')
            else:
                self._total(column, rows, row, col, xl_range(first, col, row - 1, col), label)

    def _total(self, column, rows, row, col, cells, label):
        values = [value for values in rows if (value := plain(values[col])) not in (None, False, '')]
        result = len(values) if column.total == 'count' else sum(values)
        if column.total == 'average':
            result = result / len(values) if values else ''
        kind, properties = column.kind, {}
        formula = f"SUBTOTAL({SUBTOTALS[column.total]},{cells})"
        if column.total == 'count':
            kind = 'integer'
            properties = {'num_format': '"{}" #,##0'.format(label.replace('"', '')), 'align': 'left', 'indent': 1}
        elif column.total == 'average':
            # The mean of nothing is an empty cell, not an error.
            formula = f'IFERROR({formula},"")'
        self.put_formula(row, col, Formula(formula, result), kind, 'total', **properties)

    def _fit_height(self, row, texts, least=1):
        """Room for wrapped text: not every program fits the rows of a file it opens."""
        lines = max((wrapped_lines(text, width) for text, width in texts if text), default=1)
        if max(lines, least) > 1:
            self.worksheet.set_row(row, min(max(lines, least) * LINE_HEIGHT + 3, MAX_ROW_HEIGHT))

    @staticmethod
    def _width(column, rows, col):
        """Width in characters: the content where it is short, else a column in which it wraps."""
        if column.width:
            return column.width
        # Two characters for the filter's button. Labels without spaces (Chinese) break anywhere.
        width = max([min(display_width(word), 13) for word in column.label.split()], default=0) + 2.5
        if column.kind == 'money':
            numbers = [abs(value) for values in rows if (value := plain(values[col])) and not isinstance(value, str)]
            return max(width, len(f"{max(numbers, default=0):,.0f}") + 4)
        if column.kind == 'date':
            return max(width, 11)
        if column.kind in TEXTS:
            # Of the first rows: in a long list the others are much alike, and text wraps.
            texts = [display_width(value) for values in rows[:SAMPLE] if (value := plain(values[col]))]
            return max(width, min(max(texts, default=0), MAX_TEXT_WIDTH) + 2)
        return width
