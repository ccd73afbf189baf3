from collections import defaultdict

from .dossier_section import DossierSection
from .xlsx_charts import add_series, new_chart, place_chart
from .xlsx_style import BAND, BAR
from .xlsx_values import Column, Formula


class DossierForecastSection(DossierSection):
    """What the plan forecast by quarter and category, and what was invoiced (F64–F66)."""
    code = 'forecast'

    def title(self):
        return self.env._("Forecast")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(18, 30, 17, 17, 17, 12, 17, 17, 12)
        if not self.data.plan:
            self.note(sheet, self.data.no_plan_text())
            return
        lines = self.env['kam.forecast.line'].search(
            [('plan_id', '=', self.data.plan.id)], order='date_from, categ_id, id')
        if not lines:
            self.note(sheet, self.env._("The plan has no forecast yet."))
            return
        self._write_quarters(sheet, lines)
        self.heading(sheet, self.env._("By category"))
        self._write_lines(sheet, lines)

    def _write_quarters(self, sheet, lines):
        sums = defaultdict(lambda: [0.0, 0.0])
        for line in lines:
            sums[line.date_from][0] += line.revenue
            sums[line.date_from][1] += line.actual_revenue
        self.heading(sheet, self.env._("By quarter"))
        columns = [
            Column(self.env._("Quarter"), 'wrap', total='label', width=18),
            Column(self.env._("State"), 'wrap', width=30),
            Column(self.env._("Forecast Revenue"), 'money', total='sum', width=17),
            Column(self.env._("Invoiced"), 'money', total='sum', width=17),
            Column(self.env._("Difference"), 'money', total='sum', width=17),
        ]
        header = sheet.block(columns, [
            [lines._quarter(day), self._state(day), forecast, actual, Formula('D{row}-C{row}', actual - forecast)]
            for day, (forecast, actual) in sorted(sums.items())], total_label=self.env._("Whole Period"))
        title, first, last = self.env._("Forecast against invoices"), header + 1, header + len(sums)
        chart = new_chart(self.writer, 'column', title)
        names = (first, 0, last, 0)
        add_series(chart, sheet, self.env._("Forecast Revenue"), names, (first, 2, last, 2), BAR)
        add_series(chart, sheet, self.env._("Invoiced"), names, (first, 3, last, 3), BAND)
        place_chart(sheet, chart, sheet.row, 0, 720, 260, title)
        sheet.row += 15

    def _state(self, day):
        if day > self.data.today:
            return self.env._("Not begun")
        lasts = (self.data.today.year, (self.data.today.month - 1) // 3) == (day.year, (day.month - 1) // 3)
        return self.env._("Running") if lasts else self.env._("Over")

    def _write_lines(self, sheet, lines):
        columns = [
            Column(self.env._("Quarter"), 'wrap', total='label', width=18),
            Column(self.env._("Category"), 'wrap', width=30),
            Column(self.env._("Forecast Revenue"), 'money', total='sum', width=17),
            Column(self.env._("Invoiced"), 'money', total='sum', width=17),
            Column(self.env._("Difference"), 'money', total='sum', width=17),
            Column(self.env._("With the Customer"), 'wrap', width=12),
            Column(self.env._("Forecast Margin"), 'money', total='sum', width=17),
            Column(self.env._("Margin Invoiced"), 'money', total='sum', width=17),
            Column(self.env._("Accuracy"), 'share', width=12),
        ]
        sheet.block(columns, [[
            lines._quarter(line.date_from), line.categ_id.name, line.revenue, line.actual_revenue,
            Formula('D{row}-C{row}', line.actual_revenue - line.revenue),
            self.env._("Yes") if line.is_joint else None, line.margin, line.actual_margin,
            line.accuracy / 100 if line.date_closed and not line.is_late else None,
        ] for line in lines], total_label=self.env._("Whole Period"))
