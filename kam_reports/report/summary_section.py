from odoo.addons.kam_scoring.metrics import METRICS

from .pack_section import PackSection
from .portfolio_data import METRICS_SHOWN, PIPELINE
from .xlsx_style import BAND, BAR, INK_SOFT
from .xlsx_text import wrapped_lines

COLUMNS = 8
COLUMN_WIDTH = 18
COLUMN_PIXELS = 131
ROW_PIXELS = 20


class SummarySection(PackSection):
    """The first page: key figures, tiers in a table and a chart, and what the figures mean."""
    code = 'summary'

    def title(self):
        return self.env._("Summary")

    def build(self):
        sheet = self.writer.add_sheet(self.title())
        sheet.worksheet.set_column(0, COLUMNS - 1, COLUMN_WIDTH)
        sheet.worksheet.fit_to_pages(1, 1)
        sheet.heading(self.data.title, self.subtitle())
        sheet.put(2, 0, self.env._(
            "Prepared by %(user)s on %(date)s", user=self.env.user.name,
            date=self.data.format_date(self.data.today)), 'text', 'subtitle')
        sheet.row = 4
        sheet.tiles(self._tiles(), COLUMNS)
        self._write_tiers(sheet)
        self._write_definitions(sheet)

    # Key figures

    def _tiles(self):
        """(label, value, kind, note)"""
        figures = self.data.figures()
        return [
            (self.env._("Accounts") if self.data.is_selection else self.env._("Key accounts"),
             figures['count'], 'integer', self._size_note(figures['count'])),
            (self.env._("Revenue, last 12 months"), figures['revenue'], 'money', self.env._("net of tax")),
            (self.env._("Share of total revenue"), figures['share'], 'percent',
             self.env._("of the programme") if self.data.sees_all else self.env._("of the accounts you may see")),
            (self.env._("Score"), figures['score'], 'points', self.env._("0 to 100, weighted by revenue")),
            (self.env._("Without account manager"), figures['unmanaged'], 'integer', self._of_accounts(figures)),
            (self.env._("Without executive sponsor"), figures['unsponsored'], 'integer', self._of_accounts(figures)),
            (self.env._("Open tier changes"), figures['changes'], 'integer', self.env._("see Proposals")),
            (self.env._("Data coverage"), figures['coverage'], 'share', self.env._("mean of the scored accounts")),
        ]

    def _of_accounts(self, figures):
        return self.env._("of %s", figures['count'])

    def _size_note(self, count):
        program = self.data.program
        if self.data.is_selection:
            return self.env._("%s of them key accounts", sum(line.is_key for line in self.data.lines))
        limits = {'low': program.size_min, 'high': program.size_max}
        if not self.data.sees_all:
            return self.env._("that you may see")
        if count < program.size_min:
            return self.env._("below the limits %(low)s–%(high)s", **limits)
        if count > program.size_max:
            return self.env._("above the limits %(low)s–%(high)s", **limits)
        return self.env._("within the limits %(low)s–%(high)s", **limits)

    # Tiers

    def _write_tiers(self, sheet):
        worksheet, header = sheet.worksheet, sheet.row + 1
        sheet.put(sheet.row, 0, self.env._("Tiers"), 'text', 'heading')
        worksheet.set_row(header, 24)
        labels = (
            self.env._("Tier"), self.env._("Accounts"), self.env._("Revenue"), self.env._("Share of Revenue"))
        for col, label in enumerate(labels):
            sheet.put(header, col, label, 'text', 'header')
        tiers = self.data.tiers()
        if not tiers:
            sheet.put(header + 1, 0, self.env._("The programme has no accounts yet."), 'text', 'note')
            sheet.row = header + 3
            return
        total = sum(tier.revenue or 0 for tier in tiers)
        for row, tier in enumerate(tiers, start=header + 1):
            bold = {'bold': True} if tier.is_key else {}
            sheet.put(row, 0, tier.name, 'wrap', 'cell', **bold)
            sheet.put(row, 1, tier.count, 'integer', 'cell', **bold)
            sheet.put(row, 2, tier.revenue, 'money', 'cell', **bold)
            sheet.put(row, 3, tier.revenue / total if total and tier.revenue is not None else None,
                        'percent', 'cell', **bold)
        first, last = header + 1, header + len(tiers)
        sheet.put(last + 1, 0, self.env._("Total"), 'text', 'total')
        for col, kind, value in ((1, 'integer', sum(tier.count for tier in tiers)), (2, 'money', total),
                                 (3, 'percent', 1 if total else 0)):
            letter = 'ABCD'[col]
            worksheet.write_formula(last + 1, col, f'=SUM({letter}{first + 1}:{letter}{last + 1})',
                                    self.writer.format(kind, 'total'), value)
        rows = self._insert_chart(sheet, header, tiers, by_revenue=bool(total))
        sheet.row = max(last + 3, header + rows + 1)

    def _insert_chart(self, sheet, header, tiers, by_revenue):
        """Right of the table, on its cells. Returns the rows it takes."""
        title = self.env._("Revenue by tier, last 12 months") if by_revenue else self.env._("Accounts by tier")
        col = 2 if by_revenue else 1
        first, last = header + 1, header + len(tiers)
        font = {'color': INK_SOFT, 'size': 9}
        chart = self.writer.workbook.add_chart({'type': 'bar'})
        chart.add_series({
            'name': title,
            'categories': [sheet.name, first, 0, last, 0],
            'values': [sheet.name, first, col, last, col],
            # Key account tiers stand out.
            'points': [{'fill': {'color': BAND if tier.is_key else BAR}} for tier in tiers],
            'fill': {'color': BAND},
            'gap': 45,
            'data_labels': {'value': True, 'num_format': '#,##0', 'font': font},
        })
        chart.set_title({'name': title, 'name_font': {'size': 11, 'color': BAND}})
        chart.set_legend({'none': True})
        # The order of the table, from the top.
        chart.set_y_axis({'reverse': True, 'interval_unit': 1, 'num_font': {**font, 'size': 8},
                          'line': {'color': INK_SOFT}, 'major_tick_mark': 'none'})
        chart.set_x_axis({'visible': False, 'major_gridlines': {'visible': False}, 'min': 0})
        chart.set_chartarea({'border': {'none': True}})
        rows = max(len(tiers) + 2, 10)
        chart.set_size({'width': 4 * COLUMN_PIXELS - 12, 'height': rows * ROW_PIXELS + 12})
        sheet.worksheet.insert_chart(header, 4, chart, {'x_offset': 12, 'object_position': 2, 'description': title})
        return rows

    # Definitions

    def _definitions(self):
        """(term, text): the metrics in the pack in their own words, and what is made of them."""
        metrics = [METRICS[code] for code in (*METRICS_SHOWN, PIPELINE)]
        definitions = [(self.env._(metric.label), self.env._(metric.help)) for metric in metrics]
        return [*definitions, (self.env._("Score"), self.env._(
            "0 to 100 points by the scoring model of the programme. Trend: points since the last month. Data coverage: "
            "the part of the weights for which there are data; what is missing does not lower a score."))]

    def _write_definitions(self, sheet):
        sheet.put(sheet.row, 0, self.env._("What the figures mean"), 'text', 'small', bold=True, text_wrap=False)
        for row, (term, text) in enumerate(self._definitions(), start=sheet.row + 1):
            sheet.put(row, 0, term, 'text', 'small', bold=True)
            sheet.merge(row, 1, COLUMNS - 1, text, 'text', 'small')
            # At 8 points a line takes a third more than the width says. Merged cells do not fit their height.
            sheet.worksheet.set_row(row, 12 * wrapped_lines(text, (COLUMNS - 1) * COLUMN_WIDTH * 1.3))
        sheet.row += len(self._definitions()) + 2
