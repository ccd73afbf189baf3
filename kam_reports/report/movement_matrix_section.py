from .pack_section import PackSection
from .xlsx_charts import add_series, new_chart, place_chart
from .xlsx_style import BAND, BAR, PALE
from .xlsx_values import Column, Formula, Styled


class MovementMatrixSection(PackSection):
    """From which tier into which: how many accounts (F79)."""
    code = 'matrix'

    def title(self):
        return self.env._("Transitions")

    def build(self):
        sheet = self.add_sheet()
        tiers = list(self.data.tiers.items())
        sheet.set_widths(26, *[16] * (len(tiers) + 3))
        if not self.data.movements:
            sheet.put(sheet.row, 0, self.env._("The programme has no accounts yet."), 'text', 'note')
            return
        self.heading(sheet, self.env._("Accounts by tier on the first day (rows) and on the last day (columns)"))
        header = self._write_counts(sheet, tiers)
        self._insert_chart(sheet, header, tiers)

    def subtitle(self):
        return " · ".join((self.data.program.name, self.data.scope_label(), self.data.period_label()))

    # Counts

    def _write_counts(self, sheet, tiers):
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415

        last = xl_col_to_name(len(tiers))
        columns = [
            Column(self.env._("From \\ To"), 'wrap', total='label', width=26),
            *(Column(name, 'integer', total='sum', width=16) for _tier_id, name in tiers),
            Column(self.env._("Together"), 'integer', total='sum', width=16),
            Column(self.env._("Stayed"), 'share', width=16),
        ]
        rows = []
        for tier_then, name in self.data.rows():
            counts = [len(self.data.matrix.get((tier_then, tier_now), ())) for tier_now, _name in tiers]
            total, own = sum(counts), self._own_column(tiers, tier_then)
            rows.append([
                name, *(self._cell(count, tier_then == tier_now)
                        for count, (tier_now, _name) in zip(counts, tiers, strict=True)),
                Formula(f'SUM(B{{row}}:{last}{{row}})', total),
                Formula(f'IF({xl_col_to_name(len(tiers) + 1)}{{row}}=0,"",{own}{{row}}/'
                        f'{xl_col_to_name(len(tiers) + 1)}{{row}})',
                        len(self.data.matrix.get((tier_then, tier_then), ())) / total if total else '')
                if own else None])
        return sheet.block(columns, rows, total_label=self.env._("Together"))

    @staticmethod
    def _cell(count, is_same):
        """The diagonal, where accounts stayed, in grey; movements in colour."""
        return Styled(count or None, '#EEF0F3' if is_same else PALE if count else None)

    @staticmethod
    def _own_column(tiers, tier_then):
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415

        places = [index for index, (tier_id, _name) in enumerate(tiers, start=1) if tier_id == tier_then]
        return xl_col_to_name(places[0]) if places else None

    # Chart

    def _insert_chart(self, sheet, header, tiers):
        title = self.env._("Accounts by tier, then and now")
        last, rows = len(tiers), len(self.data.rows())
        chart = new_chart(self.writer, 'column', title)
        names = (header + 1, 0, header + last, 0)
        add_series(chart, sheet, self.data.format_date(self.data.scope.date_from), names,
                   (header + 1, last + 1, header + last, last + 1), BAR)
        add_series(chart, sheet, self.data.format_date(self.data.scope.date_to), names,
                   (header + rows + 1, 1, header + rows + 1, last), BAND)
        place_chart(sheet, chart, sheet.row, 0, 860, 260, title)
        sheet.row += 15
