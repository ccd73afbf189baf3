from .rebalance_section import RebalanceSection
from .xlsx_charts import add_series, new_chart, place_chart
from .xlsx_style import AMBER, BAND, BAR, NEGATIVE
from .xlsx_values import Column, Formula

ORANGE = '#B45309'
MAX_BARS = 40  # more cannot be told apart


class RebalanceLoadsSection(RebalanceSection):
    """What each person, or each tier, carries before and after, held against capacity and fair load."""
    code = 'loads'

    def title(self):
        return self.env._("Loads")

    def build_answer(self, sheet):
        rows = [self._tier_row(load) if self.data.is_tiers else self._person_row(load) for load in self.data.loads]
        columns = self._tier_columns() if self.data.is_tiers else self._person_columns()
        header = sheet.table(columns, rows, total_label=self.env._("Together"), empty=self.env._(
            "There is nobody among whom accounts are shared out."))
        if rows:
            self._mark(sheet.worksheet, header + 1, header + len(rows))
            self._insert_chart(sheet, header, min(len(rows), MAX_BARS))

    # People

    def _person_columns(self):
        return [
            Column(self.env._("Person"), 'wrap', total='label', width=28),
            Column(self.env._("Role"), 'wrap', width=11),
            Column(self.env._("Working Time"), 'share', width=11),
            Column(self.env._("Points Before"), 'points', total='sum', width=11),
            Column(self.env._("Points After"), 'points', total='sum', width=11),
            Column(self.env._("Change"), 'trend', total='sum', width=11),
            Column(self.env._("Fair Load"), 'points', total='sum', width=11),
            Column(self.env._("Off the Fair Load"), 'trend', width=12),
            Column(self.env._("Capacity (Points)"), 'points', width=12),
            Column(self.env._("Load After"), 'share', width=11),
            Column(self.env._("Accounts Before"), 'integer', total='sum', width=12),
            Column(self.env._("Accounts After"), 'integer', total='sum', width=12),
            Column(self.env._("Accounts at Most"), 'integer', width=12),
        ]

    def _person_row(self, load):
        roles = self.data.labels('kam.rebalance.person', 'role')['role']
        person = self.data.people.get(load['user_id'][0])
        before, after, fair, capacity = (
            load['points_before'], load['points_after'], load['fair_points'], load['capacity'])
        whole = capacity or fair
        return [
            self.data.name(load['user_id']), person and roles.get(person['role']),
            person and person['availability'] / 100, before, after, Formula('E{row}-D{row}', after - before), fair,
            # Whoever takes nothing new, such as somebody who leaves, has no fair load.
            Formula('IF(G{row}=0,"",E{row}-G{row})', after - fair if fair else ''), capacity or None,
            Formula('IF(N(I{row})>0,E{row}/I{row},IF(G{row}>0,E{row}/G{row},""))', after / whole if whole else ''),
            load['accounts_before'], load['accounts_after'], load['account_limit'] or None,
        ]

    # Tiers

    def _tier_columns(self):
        return [
            Column(self.env._("Tier"), 'wrap', total='label', width=28),
            Column(self.env._("Accounts Before"), 'integer', total='sum', width=14),
            Column(self.env._("Accounts After"), 'integer', total='sum', width=14),
            Column(self.env._("Change"), 'change', total='sum', width=14),
            Column(self.env._("Accounts at Most"), 'integer', width=14),
            Column(self.env._("Filled"), 'share', width=14),
        ]

    def _tier_row(self, load):
        before, after, limit = load['accounts_before'], load['accounts_after'], load['account_limit']
        return [
            self.data.name(load['tier_id']), before, after, Formula('C{row}-B{row}', after - before), limit or None,
            Formula('IF(N(E{row})>0,C{row}/E{row},"")', after / limit if limit else '')]

    # How it looks

    def _mark(self, worksheet, first, last):
        """As on the screen: red is beyond a limit, orange outside of the band around the fair load."""
        red, orange = (self.writer.workbook.add_format({'font_color': color, 'bold': True})
                       for color in (NEGATIVE, ORANGE))
        row = first + 1
        if self.data.is_tiers:
            rules = [(2, f'=AND(N($E{row})>0,$C{row}>$E{row})', red)]
        else:
            band = self.data.rebalance.band / 100
            rules = [
                (4, f'=AND(N($I{row})>0,ROUND($E{row}-$I{row},1)>0)', red),
                (4, f'=AND($G{row}>0,ROUND(ABS($E{row}-$G{row})-{band:g}*$G{row},1)>0)', orange),
                (11, f'=AND(N($M{row})>0,$L{row}>$M{row})', red)]
        for col, criteria, look in rules:
            worksheet.conditional_format(first, col, last, col, {
                'type': 'formula', 'criteria': criteria, 'format': look, 'stop_if_true': True})

    def _insert_chart(self, sheet, header, count):
        before, after, fair = (1, 2, None) if self.data.is_tiers else (3, 4, 6)
        first, last = header + 1, header + count
        names = (first, 0, last, 0)
        title = self.env._("Accounts before and after") if self.data.is_tiers else self.env._(
            "Points of load before and after, beside the fair load")
        chart = new_chart(self.writer, 'column', title)
        for col, color in ((before, BAR), (after, BAND)):
            add_series(chart, sheet, [sheet.name, header, col], names, (first, col, last, col), color)
        if fair:
            # A mark for each person, no line: people are not a course of time.
            marks = self.writer.workbook.add_chart({'type': 'line'})
            marks.add_series({
                'name': [sheet.name, header, fair], 'categories': [sheet.name, *names],
                'values': [sheet.name, first, fair, last, fair], 'line': {'none': True},
                'marker': {'type': 'diamond', 'size': 8, 'fill': {'color': AMBER}, 'border': {'color': '#FFFFFF'}}})
            chart.combine(marks)
        place_chart(sheet, chart, sheet.row, 0, min(max(620, 60 * count), 1100), 300, title)
        sheet.row += 17
