from .pack_section import PackSection
from .xlsx_text import wrapped_lines


class DossierSection(PackSection):
    """A sheet of the dossier: several blocks one below the other, each with a heading."""

    def paragraph(self, sheet, text, last_col, width, empty=''):
        """Running text across columns of a width together."""
        text = text or empty
        sheet.merge(sheet.row, 0, last_col, text, 'wrap', valign='top')
        sheet.worksheet.set_row(sheet.row, min(13.5 * wrapped_lines(text, width) + 4, 400))
        sheet.row += 2

    def note(self, sheet, text):
        sheet.put(sheet.row, 0, text, 'text', 'note')
        sheet.row += 2
