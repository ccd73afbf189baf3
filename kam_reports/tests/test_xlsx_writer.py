import doctest

from odoo.tests import BaseCase, tagged

from .. import tools
from ..report import pack_figures, xlsx_text
from ..report.xlsx_values import Column
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

    def test_footer(self):
        writer = XlsxWriter(footer="2026 R&D " + "x" * 300)
        writer.add_sheet("A")
        footer = self.open_workbook(writer)["A"].oddFooter.left
        self.assertTrue(footer.text.strip().startswith("2026 R&&D"), footer.text)
