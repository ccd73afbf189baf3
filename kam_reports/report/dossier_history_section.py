from odoo import fields

from .dossier_section import DossierSection
from .xlsx_charts import new_chart, place_chart
from .xlsx_style import BAND
from .xlsx_values import Column


class DossierHistorySection(DossierSection):
    """How the score went, month by month and change by change."""
    code = 'history'

    def title(self):
        return self.env._("Score History")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(20, 34, 12)
        rows = self.data.score.get_history() if self.data.score else []
        columns = [
            Column(self.env._("Date"), 'wrap', width=20), Column(self.env._("Scoring Model"), 'wrap', width=34),
            Column(self.env._("Score"), 'points', width=12)]
        header = sheet.block(columns, [
            # As text: on an axis of dates, months without a score would leave gaps.
            [self.data.format_date(fields.Date.to_date(row['date'])), row['model'], row['score']] for row in rows],
            empty=self.env._("This account has not been scored yet."))
        if len(rows) > 1:
            self._insert_chart(sheet, header, len(rows))

    def _insert_chart(self, sheet, header, count):
        title, first, last = self.env._("Score over time"), header + 1, header + count
        chart = new_chart(self.writer, 'line', title)
        chart.add_series({
            'name': title, 'categories': [sheet.name, first, 0, last, 0], 'values': [sheet.name, first, 2, last, 2],
            'line': {'color': BAND, 'width': 2.25}, 'marker': {'type': 'circle', 'size': 5, 'fill': {'color': BAND}}})
        chart.set_legend({'none': True})
        place_chart(sheet, chart, header, 3, 620, 300, title)
