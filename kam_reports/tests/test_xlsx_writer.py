import doctest
import io
import zipfile
from datetime import date
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from .. import tools
from ..report import pack_figures, xlsx_text
from ..report.xlsx_long_sheet import LongWorksheet
from ..report.xlsx_values import Column, Formula, Link, Styled
from ..report.xlsx_writer import XlsxWriter
from .common import open_workbook


@tagged('post_install', '-at_install')
class TestXlsxWriter(BaseCase):

    def open_workbook(self, writer):
        return open_workbook(writer.close())

    def test_examples(self):
        for module in (tools, pack_figures, xlsx_text):
            results = doctest.testmod(module)
            self.assertTrue(results.attempted, module.__name__)
            self.assertFalse(results.failed, module.__name__)

    def test_sheet_names(self):
        writer = XlsxWriter()
        for name in ("Über/sicht: [A]*?", "A" * 40, "a" * 40, "'quoted'", "History", "", "客户"):
            writer.add_sheet(name)
        self.assertEqual(self.open_workbook(writer).sheetnames, [
            "Über sicht   A", "A" * 31, "a" * 27 + " (2)", "quoted", "History (2)", "Sheet", "客户"])

    def test_values(self):
        writer = XlsxWriter()
        sheet = writer.add_sheet("Values")
        for col, value in enumerate((0, 0.0, False, None, '', float('nan'), float('inf'), "0", -1.5)):
            sheet.put(0, col, value)
        cells = self.open_workbook(writer)["Values"][1]
        self.assertEqual([cell.value for cell in cells], [0, 0, None, None, None, None, None, "0", -1.5])
        self.assertEqual(cells[7].data_type, 's')

    def test_mean_of_nothing(self):
        writer = XlsxWriter()
        sheet = writer.add_sheet("Mean")
        sheet.table([Column("Name", total='count'), Column("Score", 'points', total='average')], [["A", None]])
        self.assertEqual(self.open_workbook(writer)["Mean"]['B3'].value, '=IFERROR(SUBTOTAL(101,B2),"")')

    def test_long_sheet(self):
        """Rows written at once are those that xlsxwriter makes of their cells, byte by byte."""
        columns = [Column("Name", 'wrap'), Column("Amount", 'money'), Column("Count", 'integer'), Column("Day", 'date')]
        rows = [
            ["Plain", 1234567.891, 3, date(2026, 2, 28)],
            ["客户 \"Ü\"", -0.1, 0, date(1900, 1, 1)],
            ["Tom & <Jerry>", 1e-9, 10**15, date(9999, 12, 31)],
            [" wide ", 1e22, -7, date(2026, 3, 1)],
            ["_x0041_", 0.1 + 0.2, 1, date(2026, 3, 2)],
            ["two\nlines", float(10**16), 2, date(2026, 3, 3)],
            ["a bell\x07 and a line\n", 2.5, 2, date(2026, 3, 3)],
            ["soft\xad hyphen, zero\u200bwidth, \u2028 line, \ufffe none", 2.5, 2, date(2026, 3, 3)],
            ["A text that is longer than its column and takes two lines", 1 / 3, 4, date(2026, 3, 4)],
        ]

        def written():
            writer = XlsxWriter(is_long=True)
            writer.add_sheet("A").table(columns, rows)
            with zipfile.ZipFile(io.BytesIO(writer.close())) as book:
                return book.read('xl/worksheets/sheet1.xml')

        quick = written()
        with patch.object(LongWorksheet, 'write_plain_row', return_value=False) as write:
            self.assertEqual(quick.decode(), written().decode())
        self.assertEqual(write.call_count, len(rows))

    def test_long_sheet_of_other_values(self):
        """What is not plain is written as in short files; nothing leaves no cell."""
        writer = XlsxWriter(is_long=True, base_url="https://kam.example")
        sheet = writer.add_sheet("A")
        sheet.table([Column("Name"), Column("Amount", total='sum')], [
            [Link("Open", "https://kam.example/odoo"), Formula('1+{row}', 3)],
            [Styled("Blue", '#0000FF'), float('nan')],
            ["", None],
            [False, 5],
            ["x" * 40000, 6],
        ], total_label="Total")
        rows = list(self.open_workbook(writer)["A"].iter_rows(min_row=2))
        self.assertEqual(rows[0][0].hyperlink.target, "https://kam.example/odoo")
        self.assertEqual(rows[0][1].value, '=1+2')
        self.assertEqual((rows[1][0].value, rows[1][0].fill.fgColor.rgb[-6:]), ("Blue", '0000FF'))
        self.assertEqual([cell.value for row in rows[2:4] for cell in row], [None, None, None, 5])
        self.assertEqual(rows[4][0].value[-2:], "x…")

    def test_footer(self):
        writer = XlsxWriter(footer="2026 R&D " + "x" * 300)
        writer.add_sheet("A")
        footer = self.open_workbook(writer)["A"].oddFooter.left
        self.assertTrue(footer.text.strip().startswith("2026 R&&D"), footer.text)
