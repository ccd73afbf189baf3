from .pack_section import PackSection
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

    def _accounts(self):
        ids = [line.id for line in self.data.lines if line.sponsor]
        return self.env['kam.account'].browse(ids)

    def _rows(self):
        rows = [(account, self._row(account)) for account in self._accounts()]
        # The longest overdue first, then what is due next; without cadence last.
        rows.sort(key=lambda row: (not row[0].date_sponsor_visit_due, row[0].date_sponsor_visit_due or self.data.today))
        return [row for _account, row in rows]

    def _row(self, account):
        line, due = self.data.by_id[account.id], account.date_sponsor_visit_due
        overdue = (self.data.today - due).days if due and due < self.data.today else None
        return [
            self.data.link(line.name, 'kam.account', line.id), line.sponsor, line.tier,
            account.tier_id.sponsor_visit_days or None, account.date_last_sponsor_visit, due, overdue,
            account.date_next_sponsor_visit]
