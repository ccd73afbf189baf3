from collections import Counter

from odoo.addons.kam_scoring.engine.words import label

from .pack_section import PackSection
from .xlsx_charts import add_series, horizontal_bars, new_chart, place_chart
from .xlsx_style import AMBER, BAND, PALE
from .xlsx_values import Column, Formula

# Accounts are listed from the least covered on; whoever reads the list works on the first ones.
MAX_ACCOUNTS = 200


class CoverageSection(PackSection):
    """What the scores rest on: for how many accounts each criterion has data, and what is missing where (F16)."""
    code = 'coverage'

    def title(self):
        return self.env._("Data Coverage")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(34, 16, 16, 16, 70)
        figures = self._figures()
        if not figures:
            sheet.put(sheet.row, 0, self.env._("No account has been scored yet: there is nothing to cover."),
                      'text', 'note')
            return
        header = self._write_criteria(sheet, figures)
        sheet.row = max(sheet.row, header + self._insert_chart(sheet, header, figures))
        self._write_accounts(sheet, [metric for metric, _known, _total in figures])

    # Figures

    def _figures(self):
        """[(metric, accounts with data, scored accounts)] in the order of the model."""
        scored = [line for line in self.data.lines if line.score_id]
        known = Counter(metric for line in scored for metric in line.known)
        metrics = dict.fromkeys([*self.data.model.criterion_ids.mapped('metric'), *sorted(known)])
        return [(metric, known[metric], len(scored)) for metric in metrics] if scored else []

    def _write_criteria(self, sheet, figures):
        columns = [
            Column(self.env._("Criterion"), 'wrap', width=34),
            Column(self.env._("Accounts with Data"), 'integer', width=16),
            Column(self.env._("Scored Accounts"), 'integer', width=16),
            Column(self.env._("Share with Data"), 'share', width=16),
        ]
        header = sheet.block(columns, [
            [label(self.env, metric), known, total, Formula('IF(C{row}=0,0,B{row}/C{row})', known / total)]
            for metric, known, total in figures])
        sheet.worksheet.conditional_format(header + 1, 3, header + len(figures), 3, {
            'type': 'data_bar', 'bar_color': PALE, 'bar_solid': True, 'min_type': 'num', 'min_value': 0,
            'max_type': 'num', 'max_value': 1, 'data_bar_2010': True})
        return header

    def _write_accounts(self, sheet, metrics):
        lines = sorted(
            (line for line in self.data.lines if line.score_id and not line.known.issuperset(metrics)),
            key=lambda line: (line.coverage, line.name))
        self.heading(sheet, self.env._("Accounts with gaps, the least covered first"))
        columns = [
            Column(self.env._("Account"), 'wrap', width=34),
            Column(self.env._("Tier"), 'wrap', width=16),
            Column(self.env._("Account Manager"), 'wrap', width=16),
            Column(self.env._("Data Coverage"), 'share', width=16),
            Column(self.env._("Without Data"), 'wrap', width=70),
        ]
        sheet.block(columns, [
            [self.data.link(line.name, 'kam.account', line.id), line.tier, line.manager, line.coverage,
             ", ".join(label(self.env, metric) for metric in metrics if metric not in line.known)]
            for line in lines[:MAX_ACCOUNTS]], empty=self.env._("Every scored account has data for every criterion."))
        if len(lines) > MAX_ACCOUNTS:
            sheet.put(sheet.row, 0, self.env._("%s more accounts have gaps.", len(lines) - MAX_ACCOUNTS),
                      'text', 'note')

    def _insert_chart(self, sheet, header, figures):
        """Right of the criteria. Returns the rows it takes."""
        title, first, last = self.env._("Share of the accounts with data"), header + 1, header + len(figures)
        chart = new_chart(self.writer, 'bar', title)
        add_series(chart, sheet, title, (first, 0, last, 0), (first, 3, last, 3), BAND, points=[
            {'fill': {'color': AMBER if known < total / 2 else BAND}} for _metric, known, total in figures],
            data_labels={'value': True, 'num_format': '0%', 'font': {'size': 9}})
        horizontal_bars(chart)
        height = max(60 + 22 * len(figures), 200)
        place_chart(sheet, chart, header, 4, 480, height, title)
        return height // 20 + 2
