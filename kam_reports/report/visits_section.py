from functools import cached_property

from .pack_section import PackSection
from .portfolio_data import NO_VISITS
from .xlsx_style import NEGATIVE
from .xlsx_values import Column


class VisitsSection(PackSection):
    """When the executive sponsors were last at their customers, and when they are expected (S7, S90)."""
    code = 'visits'

    def title(self):
        return self.env._("Sponsor Visits")

    def build(self):
        sheet = self.add_sheet()
        rows = self._rows()
        columns = self._columns()
        header = sheet.table(columns, rows, total_label=self.env._("Accounts"), empty=self.env._(
            "No account here has an executive sponsor. A champion names one in the team of the account."))
        if rows:
            sheet.worksheet.conditional_format(header + 1, 6, header + len(rows), 6, {
                'type': 'cell', 'criteria': '>', 'value': 0,
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE, 'bold': True})})

    def _columns(self):
        return [
            Column(self.env._("Account"), 'wrap', total='count', width=30),
            Column(self.env._("Executive Sponsor"), 'wrap', width=20),
            Column(self.env._("Tier"), 'wrap', width=14),
            Column(self.env._("Visits Every (Days)"), 'integer', width=11),
            Column(self.env._("Last Visit"), 'date', width=12),
            Column(self.env._("Due on"), 'date', width=12),
            Column(self.env._("Days Overdue"), 'integer', width=10),
            Column(self.env._("Planned on"), 'date', width=12),
        ]

    def _rows(self):
        today = self.data.today
        # The longest overdue first, then what is due next; without cadence last.
        lines = [(line, *self.data.visits.get(line.id, NO_VISITS)) for line in self.data.lines if line.sponsor]
        lines.sort(key=lambda row: (row[3] is None, row[3] or today))
        return [self._row(*row) for row in lines]

    def _row(self, line, last, planned, due):
        today = self.data.today
        overdue = (today - due).days if due and due < today else None
        return [
            self.data.link(line.name, 'kam.account', line.id), line.sponsor, line.tier,
            self._cadences.get(line.tier_id) or None, last, due, overdue, planned]

    @cached_property
    def _cadences(self):
        """{tier: days between two visits of the sponsor}"""
        return {tier.id: tier.sponsor_visit_days for tier in self.data.program.tier_ids}
