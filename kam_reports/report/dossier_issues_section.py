from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools.misc import format_date

from .dossier_section import DossierSection
from .xlsx_charts import add_series, new_chart, place_chart
from .xlsx_style import BAND, NEGATIVE, RED
from .xlsx_values import Column

# The latest that were resolved.
MAX_RESOLVED = 100
MONTHS = 12


class DossierIssuesSection(DossierSection):
    """What the customer complains about, and what became of earlier complaints."""
    code = 'issues'

    def title(self):
        return self.env._("Issues")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(40, 12, 20, 20, 13, 13, 13, 13, 12, 56)
        issues = self.env['kam.issue'].search([('account_id', '=', self.data.account.id)])
        self.labels = self.data.labels('kam.issue', 'severity', 'sla_state')
        opened = issues.filtered('is_open')
        self._write_open(sheet, opened)
        self._write_resolved(sheet, (issues - opened).sorted('date_resolved', reverse=True))
        if issues:
            self._write_months(sheet, issues)

    def _day(self, moment):
        return moment and fields.Datetime.context_timestamp(self.data.program, moment).date()

    def _link(self, issue):
        return self.data.link(issue.name, 'kam.issue', issue.id)

    def _write_open(self, sheet, issues):
        self.heading(sheet, self.env._("Open issues"))
        columns = [
            Column(self.env._("Issue"), 'wrap', width=40),
            Column(self.env._("Severity"), 'wrap', width=12),
            Column(self.env._("Stage"), 'wrap', width=20),
            Column(self.env._("Issue Owner"), 'wrap', width=20),
            Column(self.env._("Reported On"), 'date', width=13),
            Column(self.env._("Answer By"), 'date', width=13),
            Column(self.env._("Resolve By"), 'date', width=13),
            Column(self.env._("Sponsor Told On"), 'date', width=13),
            Column(self.env._("Promise"), 'wrap', width=12),
            Column(self.env._("The Customer's Words"), 'wrap', width=56),
        ]
        header = sheet.block(columns, [[
            self._link(issue), self.labels['severity'][issue.severity], issue.stage_id.name, issue.owner_id.name,
            self._day(issue.date_reported), self._day(issue.date_response_due), self._day(issue.date_resolution_due),
            self._day(issue.date_escalated), self.labels['sla_state'][issue.sla_state], issue.customer_words]
            for issue in issues],
            empty=self.env._("The customer has no open issue that you may see. Report one from the account."))
        self._mark(sheet, header, issues, ('late', 'answer'))

    def _write_resolved(self, sheet, issues):
        self.heading(sheet, self.env._("Resolved issues, the latest first"))
        columns = [
            Column(self.env._("Issue"), 'wrap', width=40),
            Column(self.env._("Severity"), 'wrap', width=12),
            Column(self.env._("Cause"), 'wrap', width=20),
            Column(self.env._("Issue Owner"), 'wrap', width=20),
            Column(self.env._("Reported On"), 'date', width=13),
            Column(self.env._("Answered On"), 'date', width=13),
            Column(self.env._("Resolved On"), 'date', width=13),
            Column(self.env._("Hours to Resolve"), 'points', width=13),
            Column(self.env._("Promise"), 'wrap', width=12),
            Column(self.env._("What Was Done"), 'wrap', width=56),
        ]
        shown = issues[:MAX_RESOLVED]
        header = sheet.block(columns, [[
            self._link(issue), self.labels['severity'][issue.severity], issue.cause_id.name, issue.owner_id.name,
            self._day(issue.date_reported), self._day(issue.date_responded), self._day(issue.date_resolved),
            issue.resolve_hours, self.labels['sla_state'][issue.sla_state], issue.resolution]
            for issue in shown], empty=self.env._("No issue has been resolved yet."))
        self._mark(sheet, header, shown, ('broken',))
        if len(issues) > MAX_RESOLVED:
            self.note(sheet, self.env._("%s more were resolved before.", len(issues) - MAX_RESOLVED))

    def _mark(self, sheet, header, issues, states):
        """What was promised and is not, in red."""
        for state in states if issues else ():
            label = self.labels['sla_state'][state].replace('"', '""')
            sheet.worksheet.conditional_format(header + 1, 8, header + len(issues), 8, {
                'type': 'cell', 'criteria': '==', 'value': f'"{label}"',
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE, 'bold': True})})

    def _write_months(self, sheet, issues):
        reported = Counter(self._day(issue.date_reported).replace(day=1) for issue in issues)
        resolved = Counter(self._day(issue.date_resolved).replace(day=1) for issue in issues if not issue.is_open)
        broken = Counter(self._day(issue.date_resolved).replace(day=1) for issue in issues
                         if issue.sla_state == 'broken')
        months = [self.data.today.replace(day=1) - relativedelta(months=count) for count in reversed(range(MONTHS))]
        self.heading(sheet, self.env._("By month"))
        columns = [
            Column(self.env._("Month"), 'wrap', total='label', width=40),
            Column(self.env._("Issues Reported"), 'integer', total='sum', width=12),
            Column(self.env._("Resolved"), 'integer', total='sum', width=20),
            Column(self.env._("Of Them Broken"), 'integer', total='sum', width=20),
        ]
        header = sheet.block(columns, [
            # As text: an axis of dates would show days.
            [format_date(self.env, month, date_format='MMM y'), reported[month], resolved[month], broken[month]]
            for month in months], total_label=self.env._("Together"))
        title, first, last = self.env._("Issues by month"), header + 1, header + MONTHS
        chart = new_chart(self.writer, 'column', title)
        for col, label, color in ((1, self.env._("Issues Reported"), BAND), (3, self.env._("Of Them Broken"), RED)):
            add_series(chart, sheet, label, (first, 0, last, 0), (first, col, last, col), color)
        place_chart(sheet, chart, header, 4, 620, 290, title)
