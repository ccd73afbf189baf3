from odoo.addons.kam_scoring.engine.words import label

from .dossier_section import DossierSection
from .xlsx_charts import add_series, horizontal_bars, new_chart, place_chart
from .xlsx_style import BAND
from .xlsx_values import Column, Formula


class DossierScoreSection(DossierSection):
    """What the score is made of, and what moved it (F17)."""
    code = 'score'

    def title(self):
        return self.env._("Score")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(34, 22, 12, 12, 14, 14, 60)
        score = self.data.score
        if not score:
            self.note(sheet, self.env._("This account has not been scored yet."))
            return
        if score.moved:
            self.heading(sheet, self.env._("What moved the score"))
            self.paragraph(sheet, score.moved, 6, 168)
        if score.gates_text:
            self.heading(sheet, self.env._("Kept out"))
            self.paragraph(sheet, score.gates_text, 6, 168)
        self.heading(sheet, self.env._("What the score is made of"))
        self._write_lines(sheet, score)

    def _write_lines(self, sheet, score):
        lines = score.line_ids.sorted('sequence')
        columns = [
            Column(self.env._("Criterion"), 'wrap', total='label', width=34),
            Column(self.env._("Value"), 'text', width=22),
            Column(self.env._("Points"), 'points', width=12),
            Column(self.env._("Weight"), 'points', width=12),
            # The score is the mean of the points of criteria with data, weighted.
            Column(self.env._("Share of the Weights"), 'percent', total='sum', width=14),
            Column(self.env._("Contribution"), 'points', total='sum', width=14),
            Column(self.env._("What it Measures"), 'wrap', width=60),
        ]
        # Not the field: it gives 0 where a criterion has no points and leaves the mean.
        points = {item['metric']: item['points'] for item in score.breakdown}
        known = sum(line.weight for line in lines if points.get(line.metric) is not None)
        header = sheet.block(columns, [self._row(line, points.get(line.metric), known) for line in lines],
                             total_label=self.env._("Score"))
        title, first, last = self.env._("Points of the score by criterion"), header + 1, header + len(lines)
        chart = new_chart(self.writer, 'bar', title)
        add_series(chart, sheet, title, (first, 0, last, 0), (first, 5, last, 5), BAND,
                   data_labels={'value': True, 'num_format': '0.0', 'font': {'size': 9}})
        horizontal_bars(chart)
        height = 70 + 24 * len(lines)
        place_chart(sheet, chart, sheet.row, 0, 760, height, title)
        sheet.row += height // 20 + 2

    def _row(self, line, points, known):
        share = line.weight / known if points is not None and known else 0
        return [
            label(self.env, line.metric), line.value_display, points, line.weight,
            Formula('IF(C{row}="",0,D{row}/SUMIF(C${first}:C${last},"<>",D${first}:D${last}))', share),
            Formula('N(C{row})*E{row}', (points or 0) * share), line.metric_help]
