from functools import cached_property

from odoo.tools import SQL

from .pack_section import PackSection
from .xlsx_style import NEGATIVE
from .xlsx_values import Column

# Last, next and due: none of them.
NO_VISITS = (None, None, None)


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
        accounts, today = self._accounts(), self.data.today
        days = self._visit_days(accounts)
        # The longest overdue first, then what is due next; without cadence last.
        dues = {account: days.get(account.id, NO_VISITS)[2] for account in accounts}
        return [self._row(account, *days.get(account.id, NO_VISITS))
                for account in sorted(accounts, key=lambda account: (not dues[account], dues[account] or today))]

    def _visit_days(self, accounts):
        """{account: (last, next, due)} of the sponsor: straight from the statement behind the fields of the account."""
        accounts._flush_visits()
        return {account_id: tuple(days[-3:]) for account_id, *days in self.env.execute_query(
            accounts._visits_sql(SQL("account.id = ANY(%s)", accounts.ids)))}

    def _row(self, account, last, planned, due):
        line, today = self.data.by_id[account.id], self.data.today
        overdue = (today - due).days if due and due < today else None
        return [
            self.data.link(line.name, 'kam.account', line.id), line.sponsor, line.tier,
            self._cadences.get(line.tier_id) or None, last, due, overdue, planned]

    @cached_property
    def _cadences(self):
        """{tier: days between two visits of the sponsor}"""
        return {tier.id: tier.sponsor_visit_days for tier in self.data.program.tier_ids}
