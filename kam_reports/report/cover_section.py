from .pack_section import PackSection
from .xlsx_text import wrapped_lines

LABEL_WIDTH, TEXT_WIDTH = 26, 84


class CoverSection(PackSection):
    """The cover: what the file is about, who made it when, and what its figures rest on.

    :param contents: titles of the sheets that follow
    """
    code = 'cover'

    def __init__(self, env, data=None, writer=None, contents=()):
        super().__init__(env, data, writer)
        self.contents = contents

    def title(self):
        return self.env._("Cover")

    def build(self):
        sheet = self.writer.add_sheet(self.title())
        sheet.set_widths(3, LABEL_WIDTH, TEXT_WIDTH)
        sheet.worksheet.fit_to_pages(1, 1)
        for row, (text, height) in enumerate(((None, 22), (self.data.title, 34), (None, 22))):
            sheet.worksheet.set_row(row, height)
            for col, value in enumerate((None, text, None)):
                sheet.put(row, col, value, 'text', 'band', font_size=22, bold=True)
        sheet.row = 4
        for label, value, kind in self._facts():
            self._write_fact(sheet, label, value, kind)
        sheet.row += 1
        sheet.put(sheet.row, 1, self.env._("In this file"), 'text', 'heading')
        for number, title in enumerate(self.contents, start=1):
            sheet.put(sheet.row + number, 1, f'{number}  {title}')
        sheet.row += len(self.contents) + 2
        self._write_note(sheet)

    def _facts(self):
        """(label, value, kind)"""
        data = self.data
        scope = data.scope_label()
        facts = [
            (self.env._("Programme"), data.link(data.program.name, 'kam.program', data.program.id), 'wrap'),
            (self.env._("Accounts"), scope[:1].upper() + scope[1:], 'wrap'),
            (self.env._("Period"), data.period_label(), 'wrap'),
            (self.env._("Prepared by"), self.env.user.name, 'wrap'),
            (self.env._("Prepared on"), data.today, 'date'),
            *self._score_facts(),
            (self.env._("Currency"), data.has_amounts and data.currency.name, 'wrap'),
        ]
        return [*data.cover_facts(), *(fact for fact in facts if fact[1])]

    def _score_facts(self):
        data = self.data
        if not data.has_scores:
            return [(self.env._("Data as of"), data.today, 'date')]
        return [
            (self.env._("Data as of"), data.date or self.env._("not scored yet"), 'date'),
            (self.env._("Scoring model"), data.model.display_name if data.model else self.env._("none"), 'wrap')]

    def _write_fact(self, sheet, label, value, kind):
        lines = wrapped_lines(value, TEXT_WIDTH) if kind == 'wrap' else 1
        sheet.worksheet.set_row(sheet.row, min(20 * lines, 200))
        sheet.put(sheet.row, 1, label, 'text', 'cover_label')
        sheet.put(sheet.row, 2, value, kind, 'cover_value')
        sheet.row += 1

    def _write_note(self, sheet):
        note = self.env._(
            "The file shows what %(user)s may see, at the moment it was made. Blue underlined texts open the record in "
            "Odoo. Totals and shares are formulas: they follow a filter.", user=self.env.user.name)
        sheet.merge(sheet.row, 1, 2, note, 'text', 'small', font_size=9)
        sheet.worksheet.set_row(sheet.row, 14 * wrapped_lines(note, LABEL_WIDTH + TEXT_WIDTH))
