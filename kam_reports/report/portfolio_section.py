from .pack_section import PackSection
from .xlsx_style import BAND, NEGATIVE, PALE
from .xlsx_values import Column


class PortfolioSection(PackSection):
    """One row per account: where it stands, what it brings, how it pays, who looks after it, what comes next."""
    code = 'portfolio'

    def title(self):
        return self.env._("Portfolio")

    def build(self):
        sheet = self.add_sheet()
        columns = self._columns()
        header = sheet.table(
            list(columns.values()), [self._row(line) for line in self.data.lines], total_label=self.env._("Total"),
            empty=self.data.empty_text())
        if self.data.lines:
            self._mark(sheet.worksheet, list(columns), header + 1, header + len(self.data.lines))

    def _columns(self):
        """{code: column}, in order; `_row` gives the values."""
        return {
            'account': Column(self.env._("Account"), 'wrap', total='count'),
            'country': Column(self.env._("Country"), 'wrap'),
            'tier': Column(self.env._("Tier"), 'wrap'),
            'recommended': Column(self.env._("Recommended Tier"), 'wrap'),
            'score': Column(self.env._("Score"), 'points', total='average', width=9),
            'trend': Column(self.env._("Trend"), 'trend'),
            'coverage': Column(self.env._("Data Coverage"), 'share'),
            'health': Column(self.env._("Health"), 'points', total='average', width=9),
            'revenue': Column(self.env._("Revenue, Last 12 Months"), 'money', total='sum'),
            'growth': Column(self.env._("Growth"), 'percent'),
            'margin_amount': Column(self.env._("Margin Amount"), 'money', total='sum'),
            'margin': Column(self.env._("Margin"), 'percent'),
            'pipeline': Column(self.env._("Open Pipeline"), 'money', total='sum'),
            'collection_rate': Column(self.env._("Collection Rate"), 'percent'),
            'days_late': Column(self.env._("Days Beyond Terms"), 'days'),
            'manager': Column(self.env._("Account Manager"), 'wrap'),
            'sponsor': Column(self.env._("Executive Sponsor"), 'wrap'),
            'last_visit': Column(self.env._("Last Sponsor Visit"), 'date'),
            'next_step': Column(self.env._("Next Step"), 'wrap'),
            'next_date': Column(self.env._("Due on"), 'date'),
        }

    def _row(self, line):
        return [
            self.data.link(line.name, 'kam.account', line.id),
            line.country, line.tier, line.recommended, line.score, line.trend, line.coverage, line.health,
            line.revenue, line.growth, line.margin_amount, line.margin, line.pipeline, line.collection_rate,
            line.days_late, line.manager, line.sponsor, line.last_visit, line.next_step, line.next_date,
        ]

    def _mark(self, worksheet, codes, first, last):
        """A bar behind each score, red for what fell, bold where another tier is recommended."""
        from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415

        def mark(code, **rule):
            col = codes.index(code)
            worksheet.conditional_format(first, col, last, col, rule)

        for code in ('score', 'health'):
            mark(code, type='data_bar', bar_color=PALE, bar_solid=True, min_type='num', min_value=0, max_type='num',
                 max_value=100, data_bar_2010=True)
        red = self.writer.workbook.add_format({'font_color': NEGATIVE})
        for code in ('trend', 'growth', 'margin_amount', 'margin'):
            # A text is larger than any number and an empty cell counts as 0: neither turns red.
            mark(code, type='cell', criteria='<', value=0, format=red)
        tier, recommended = (
            xl_rowcol_to_cell(first, codes.index(code), col_abs=True) for code in ('tier', 'recommended'))
        mark('recommended', type='formula', criteria=f'={recommended}<>{tier}',
             format=self.writer.workbook.add_format({'bold': True, 'font_color': BAND}))
