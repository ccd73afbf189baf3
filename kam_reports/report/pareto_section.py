from dataclasses import astuple

from .pack_section import PackSection
from .program_revenue import Revenue
from .xlsx_charts import FONT, add_series, new_chart, place_chart
from .xlsx_style import AMBER, BAND, BAR
from .xlsx_values import Column, Formula

# Names still fit below the columns.
MAX_ACCOUNTS = 30


class ParetoSection(PackSection):
    """How much of the revenue few customers make: ABC classes, the largest ones, key accounts against the rest."""
    code = 'pareto'

    def title(self):
        return self.env._("Pareto")

    def subtitle(self):
        # Classes are those of the whole programme, whichever accounts the pack is about.
        scope = self.env._("whole programme") if self.data.sees_all else self.env._("accounts you may see")
        return " · ".join((self.data.program.name, scope, self._score_date(), self.env._(
            "revenue of the last 12 months in %s", self.data.currency.name)))

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(34, 12, 17, 17, 17, 15, 15)
        pareto = self.env['kam.program'].pareto_chart(self.data.program.id, limit=MAX_ACCOUNTS)
        # An archived programme is none that the chart knows.
        if pareto['program_id'] != self.data.program.id or not pareto['accounts']:
            sheet.put(sheet.row, 0, self.env._("No revenue is known yet: classes come with the first scoring run."),
                      'text', 'note')
            return
        self._write_key(sheet)
        self._write_classes(sheet, pareto)
        self._write_accounts(sheet, pareto)

    # Key accounts against the rest

    def _key_figures(self):
        """{is_key: Revenue} of the accounts of the programme that the user may see."""
        figures = {True: Revenue(), False: Revenue()}
        for tier in self.data.program.with_context(active_test=False).tier_ids:
            if tier.id in self.data.tier_revenue:
                figures[tier.is_key].add(*astuple(self.data.tier_revenue[tier.id]))
        return figures

    def _write_key(self, sheet):
        figures = self._key_figures()
        self.heading(sheet, self.env._("Key accounts and the rest"))
        columns = [
            Column(self.env._("Group"), total='label', width=34),
            Column(self.env._("Accounts"), 'integer', total='sum'),
            Column(self.env._("Revenue"), 'money', total='sum', width=17),
            Column(self.env._("Share of Revenue"), 'percent', total='sum', width=17),
            Column(self.env._("Revenue with Known Cost"), 'money', total='sum', width=17),
            Column(self.env._("Margin Amount"), 'money', total='sum', width=15),
            Column(self.env._("Margin"), 'percent', width=15, total=Formula(
                'IF(E{row}=0,"",F{row}/E{row})', self._ratio(
                    sum(group.costed or 0 for group in figures.values()),
                    sum(group.margin or 0 for group in figures.values())))),
        ]
        total = sum(group.revenue or 0 for group in figures.values())
        rows = []
        for is_key, name in ((True, self.env._("Key accounts")), (False, self.env._("All others"))):
            group = figures[is_key]
            revenue = group.revenue or 0
            rows.append([
                name, group.accounts, revenue,
                Formula('IF(SUM(C${first}:C${last})=0,0,C{row}/SUM(C${first}:C${last}))',
                        revenue / total if total else 0),
                group.costed, group.margin,
                Formula('IF(E{row}=0,"",F{row}/E{row})', self._ratio(group.costed, group.margin))])
        header = sheet.block(columns, rows, total_label=self.env._("Together"))
        self._chart_key(sheet, header)

    @staticmethod
    def _ratio(known, margin):
        return margin / known if known else ''

    def _chart_key(self, sheet, header):
        title = self.env._("Revenue and margin of key accounts and the rest")
        chart = new_chart(self.writer, 'column', title)
        names = (header + 1, 0, header + 2, 0)
        add_series(chart, sheet, self.env._("Revenue"), names, (header + 1, 2, header + 2, 2), BAND)
        add_series(chart, sheet, self.env._("Margin Amount"), names, (header + 1, 5, header + 2, 5), BAR)
        place_chart(sheet, chart, sheet.row, 0, 440, 230, title)

    # Classes

    def _write_classes(self, sheet, pareto):
        chart_row = sheet.row
        sheet.row += 12
        self.heading(sheet, self.env._("ABC classes"))
        limits = pareto['limits']
        texts = {
            'a': self.env._("The best customers up to %s %% of the revenue", f"{limits['a']:g}"),
            'b': self.env._("The next ones up to %s %%", f"{limits['b']:g}"),
            'c': self.env._("The rest"),
        }
        total = sum(row['revenue'] for row in pareto['classes'])
        columns = [
            Column(self.env._("Class"), 'wrap', total='label', width=34),
            Column(self.env._("Accounts"), 'integer', total='sum'),
            Column(self.env._("Revenue"), 'money', total='sum', width=17),
            Column(self.env._("Share of Revenue"), 'percent', total='sum', width=17),
        ]
        header = sheet.block(columns, [
            [f"{row['name']}: {texts[row['code']]}", row['count'], row['revenue'],
             Formula('IF(SUM(C${first}:C${last})=0,0,C{row}/SUM(C${first}:C${last}))',
                     row['revenue'] / total if total else 0)]
            for row in pareto['classes']], total_label=self.env._("Together"))
        title = self.env._("Revenue by ABC class")
        chart = new_chart(self.writer, 'doughnut', title)
        chart.add_series({
            'name': title, 'categories': [sheet.name, header + 1, 0, header + 3, 0],
            'values': [sheet.name, header + 1, 2, header + 3, 2],
            'points': [{'fill': {'color': color}} for color in (BAND, BAR, '#DDE6F0')],
            'data_labels': {'percentage': True, 'font': FONT}})
        chart.set_hole_size(55)
        place_chart(sheet, chart, chart_row, 3, 440, 230, title)

    # The largest

    def _write_accounts(self, sheet, pareto):
        accounts = pareto['accounts']
        self.heading(sheet, self.env._("The largest accounts"))
        chart_row = sheet.row
        sheet.row += 16
        columns = [
            Column(self.env._("Account"), 'wrap', width=34),
            Column(self.env._("Class"), width=12),
            Column(self.env._("Revenue"), 'money', width=17),
            Column(self.env._("Cumulative Share"), 'percent', width=17),
        ]
        header = sheet.block(columns, [
            [self.data.link(account['name'], 'kam.account', account['id']), (account['class'] or '').upper(),
             account['revenue'], account['share'] / 100]
            for account in accounts])
        title = self.env._("Revenue and cumulative share of the largest accounts")
        first, last = header + 1, header + len(accounts)
        chart = new_chart(self.writer, 'column', title)
        add_series(chart, sheet, self.env._("Revenue"), (first, 0, last, 0), (first, 2, last, 2), BAND)
        line = self.writer.workbook.add_chart({'type': 'line'})
        line.add_series({
            'name': self.env._("Cumulative Share"), 'categories': [sheet.name, first, 0, last, 0],
            'values': [sheet.name, first, 3, last, 3], 'y2_axis': True, 'line': {'color': AMBER, 'width': 2.25}})
        line.set_y2_axis({'min': 0, 'max': 1, 'num_format': '0%', 'num_font': FONT, 'line': {'none': True}})
        chart.combine(line)
        place_chart(sheet, chart, chart_row, 0, 900, 310, title)
