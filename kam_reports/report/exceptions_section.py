from odoo.addons.kam_management.models.kam_tier_change_exception import IN_FORCE

from .pack_section import PackSection
from .xlsx_style import NEGATIVE
from .xlsx_values import Column, Formula


class ExceptionsSection(PackSection):
    """Who is a key account without meeting the criteria, by whom, why and until when (N4)."""
    code = 'exceptions'

    def title(self):
        return self.env._("Exceptions")

    def build(self):
        sheet = self.add_sheet()
        rows = self._rows()
        columns = [
            Column(self.env._("Account"), 'wrap', total='count', width=30),
            Column(self.env._("Tier"), 'wrap', width=14),
            Column(self.env._("State"), 'text', width=12),
            Column(self.env._("Granted by"), 'wrap', width=20),
            Column(self.env._("Since"), 'date', width=12),
            Column(self.env._("Until"), 'date', width=12),
            Column(self.env._("Days Left"), 'integer', width=10),
            Column(self.env._("Reason for the Exception"), 'wrap', width=50),
            Column(self.env._("Evidence"), 'wrap', width=60),
        ]
        header = sheet.table(columns, rows, total_label=self.env._("Exceptions"), empty=self.env._(
            "Nobody is a key account by exception: all entered by the criteria."))
        if rows:
            sheet.worksheet.conditional_format(header + 1, 6, header + len(rows), 6, {
                'type': 'cell', 'criteria': '<', 'value': 0,
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE, 'bold': True})})

    def subtitle(self):
        return " · ".join((super().subtitle(), self.env._(
            "limit of the programme: %s", self.data.program.exception_limit)))

    def _rows(self):
        domain = [('program_id', '=', self.data.program.id), ('exception_state', 'in', IN_FORCE),
                  ('state', '=', 'applied')]
        if self.data.is_selection:
            domain.append(self.data.among_accounts())
        labels = self.data.labels('kam.tier.change', 'exception_state')
        changes = self.env['kam.tier.change'].search_fetch(domain, order='exception_until, id')
        return [[
            self.data.link(change.account_id.display_name, 'kam.tier.change', change.id),
            change.to_tier_id.name,
            labels['exception_state'][change.exception_state],
            change.approver_id.name,
            change.date_applied,
            change.exception_until,
            # Counted anew by whoever changes the day in the row.
            Formula(f'F{{row}}-DATE({self.data.today:%Y,%m,%d})', (change.exception_until - self.data.today).days),
            change.exception_reason,
            change.evidence,
        ] for change in changes]
