"""Sheets of files with many rows. Loads xlsxwriter, which is slow: XlsxWriter asks for this when it needs it."""
import re
from datetime import date
from math import isfinite
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from .xlsx_text import MAX_CELL_TEXT

# What XML or Excel would take for something else than text.
SPECIAL = re.compile(r'[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x|^\s|\s$')


class PlainCells(NamedTuple):
    """All cells of a row, as they stand in the file."""
    xml: str


class LongWorksheet(Worksheet):
    """A sheet whose rows go through a temporary file, and rows of plain values by a short way.

    xlsxwriter asks of each cell what it is, where it is and what in it has to be escaped, and puts it together from
    attributes. A long list is made of numbers, days and plain texts in the formats of their columns; a row of these is
    written at once, in a third of the time. A test compares the two ways, byte by byte.
    """

    def write_plain_row(self, row, values, heads):
        """Write a row of texts, numbers, days and nothings.

        :param heads: what `plain_heads` gives for the formats of the columns
        :return: False where one of the values is something else; nothing is written then
        """
        if self._check_dimensions(row, len(values) - 1):
            return False
        number, cells = row + 1, []
        for value, (place, look) in zip(values, heads, strict=True):
            kind = type(value)
            if kind is str and len(value) <= MAX_CELL_TEXT and not SPECIAL.search(value):
                if value:
                    cells.append(f'{place}{number}{look} t="inlineStr"><is><t>{value}</t></is></c>')
            elif kind is float and isfinite(value) or kind is int:
                cells.append(f'{place}{number}{look}><v>{value:.16G}</v></c>')
            elif kind is date:
                cells.append(f'{place}{number}{look}><v>{self._convert_date_time(value):.16G}</v></c>')
            elif value is not None and value is not False:
                return False
        if row > self.previous_row:
            self._write_single_row(row)
        # xlsxwriter writes the row, its height and what else belongs to it, and in it this one cell.
        self.table[row][0] = PlainCells(''.join(cells))
        return True

    @staticmethod
    def plain_heads(formats):
        """[(what is before the number of the row, what is behind it)] of cells of plain rows."""
        return [(f'<c r="{xl_col_to_name(col)}', f'" s="{cell_format._get_xf_index()}"')
                for col, cell_format in enumerate(formats)]

    def _write_cell(self, row, col, cell):
        if type(cell) is not PlainCells:
            return super()._write_cell(row, col, cell)
        self.fh.write(cell.xml)
        return None
