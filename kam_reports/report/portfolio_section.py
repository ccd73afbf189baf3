from .pack_section import PackSection
from .xlsx_style import BAND, NEGATIVE, PALE
from .xlsx_values import Column


class PortfolioSection(PackSection):
    """One row per account: where it stands, what moved, who looks after it, what comes next."""
    code = 'portfolio'

    def title(self):
        return self.env._("Portfolio")

    def build(self):
        sheet = self.add_sheet()
        columns = self._columns()
        header = sheet.table(
            columns, [self._row(line) for line in self.data.lines], total_label=self.env._("Total"),
            empty=self.data.empty_text())
        if self.data.lines:
            self._mark(sheet.worksheet, [column.kind for column in columns], header + 1, header + len(self.data.lines))

    def _columns(self):
        return [
            Column(self.env._("Account"), 'wrap', total='count'),
            Column(self.env._("Country"), 'wrap'),
            Column(self.env._("Tier"), 'wrap'),
            Column(self.env._("Score"), 'points', total='average', width=9),
            Column(self.env._("Trend"), 'trend'),
            Column(self.env._("Data Coverage"), 'share'),
            Column(self.env._("Revenue, Last 12 Months"), 'money', total='sum'),
            Column(self.env._("Growth"), 'percent'),
            Column(self.env._("Margin"), 'percent'),
            Column(self.env._("Collection Rate"), 'percent'),
            Column(self.env._("Days Beyond Terms"), 'days'),
            Column(self.env._("Account Manager"), 'wrap'),
            Column(self.env._("Executive Sponsor"), 'wrap'),
            Column(self.env._("Next Step"), 'wrap'),
            Column(self.env._("Due on"), 'date'),
            Column(self.env._("Recommended Tier"), 'wrap'),
        ]

    def _row(self, line):
        return [
            self.data.link(line.name, 'kam.account', line.id),
            line.country, line.tier, line.score, line.trend, line.coverage, line.revenue,
            line.percent('growth'), line.percent('margin'), line.percent('collection_rate'),
            line.values.get('collection_timeliness'), line.manager, line.sponsor, line.next_step, line.next_date,
            line.recommended,
        ]

    def _mark(self, worksheet, kinds, first, last):
        """A bar behind each score, red for what fell, bold where another tier is recommended."""
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415

        score, trend = kinds.index('points'), kinds.index('trend')
        worksheet.conditional_format(first, score, last, score, {
            'type': 'data_bar', 'bar_color': PALE, 'bar_solid': True, 'min_type': 'num', 'min_value': 0,
            'max_type': 'num', 'max_value': 100, 'data_bar_2010': True})
        red = self.writer.workbook.add_format({'font_color': NEGATIVE})
        for col in (trend, kinds.index('percent')):
            # A text is larger than any number and an empty cell counts as 0: neither turns red.
            worksheet.conditional_format(first, col, last, col, {
                'type': 'cell', 'criteria': '<', 'value': 0, 'format': red})
        # The last column against the third one, the tier.
        recommended = len(kinds) - 1
        differs = f'=${xl_col_to_name(recommended)}{first + 1}<>$C{first + 1}'
        worksheet.conditional_format(first, recommended, last, recommended, {
            'type': 'formula', 'criteria': differs,
            'format': self.writer.workbook.add_format({'bold': True, 'font_color': BAND})})
