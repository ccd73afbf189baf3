from collections import Counter, defaultdict
from typing import NamedTuple

from odoo import fields

from .pack_figures import mean, share, weighted_mean
from .service_section import ServiceSection
from .xlsx_charts import add_series, new_chart, place_chart
from .xlsx_style import BAND, GREEN, NEGATIVE, RED
from .xlsx_values import Column, Formula

# The worst first.
SEVERITIES = ('critical', 'high', 'normal', 'low')
OPEN_FIELDS = (
    'id', 'account_id', 'name', 'severity', 'stage_id', 'owner_id', 'date_reported', 'date_response_due',
    'date_resolution_due', 'date_escalated')
RESOLVED_FIELDS = (
    'severity', 'resolve_hours', 'date_responded', 'date_resolved', 'date_response_due', 'date_resolution_due')


class OpenIssue(NamedTuple):
    """OPEN_FIELDS as the database has them."""
    id: int
    account: int
    name: str
    severity: str
    stage: int
    owner: int
    reported: object
    answer_by: object
    resolve_by: object
    escalated: object


class IssuesSection(ServiceSection):
    """What customers have complained about and is not solved, and how fast issues are solved (F56-F58)."""
    code = 'issues'

    def title(self):
        return self.env._("Issues")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(28, 12, 46, 14, 20, 16, 13, 13, 13, 13)
        issues, late = self._open_issues()
        figures = self._figures(issues, late)
        sheet.tiles(self._tiles(figures), 8)
        self._write_severities(sheet, figures)
        self._write_open(sheet, issues, late)

    # Figures

    def _open_issues(self):
        """Open issues, the most severe first, and the ids of those that are late."""
        domain = [self.data.among_accounts(), ('is_open', '=', True)]
        issues = [OpenIssue(*row) for row in self.data.select(
            'kam.issue', domain, OPEN_FIELDS, order='severity_rank desc, date_resolution_due, id')]
        late = {issue_id for issue_id, in self.data.select('kam.issue', [*domain, ('is_late', '=', True)], ['id'])}
        return issues, late

    def _figures(self, issues, late):
        """{severity: {open, late, resolved, hours, promised, kept}}; hours are the mean of those resolved."""
        opened = Counter(issue.severity for issue in issues)
        overdue = Counter(issue.severity for issue in issues if issue.id in late)
        hours, kept = defaultdict(list), defaultdict(list)
        since = fields.Datetime.to_datetime(self.since)
        for severity, taken, *days in self.data.select(
                'kam.issue', [self.data.among_accounts(), ('is_open', '=', False), ('date_resolved', '>=', since)],
                RESOLVED_FIELDS):
            hours[severity].append(taken)
            kept[severity].append(self._was_kept(*days))
        return {severity: {
            'open': opened[severity], 'late': overdue[severity], 'resolved': len(hours[severity]),
            'hours': mean(hours[severity]),
            'promised': sum(one is not None for one in kept[severity]), 'kept': kept[severity].count(True),
        } for severity in SEVERITIES}

    @staticmethod
    def _was_kept(responded, resolved, response_due, resolution_due):
        """Whether answer and solution came in time, as the issue says itself; None where nothing was promised."""
        if not (response_due or resolution_due):
            return None
        return not (response_due and response_due < (responded or resolved)
                    or resolution_due and resolution_due < resolved)

    @staticmethod
    def _sum(figures, name):
        return sum(row[name] for row in figures.values())

    def _hours(self, figures):
        return weighted_mean((row['hours'], row['resolved']) for row in figures.values())

    def _tiles(self, figures):
        """(label, value, kind, note)"""
        opened, resolved = self._sum(figures, 'open'), self._sum(figures, 'resolved')
        return [
            (self.env._("Open issues"), opened, 'integer',
             self.env._("%s of them critical", figures['critical']['open'])),
            (self.env._("Late"), self._sum(figures, 'late'), 'integer', self.env._("of %s open", opened)),
            (self.env._("Time to resolve"), self._hours(figures), 'points',
             self.env._("working hours, mean of %s resolved", resolved)),
            (self.env._("Promises kept"), share(self._sum(figures, 'kept'), self._sum(figures, 'promised')), 'percent',
             self.env._("answered and resolved in time")),
        ]

    # By severity

    def _write_severities(self, sheet, figures):
        labels = self.data.labels('kam.issue', 'severity')['severity']
        columns = [
            Column(self.env._("Severity"), 'wrap', total='label', width=28),
            Column(self.env._("Open"), 'integer', total='sum', width=12),
            Column(self.env._("Late"), 'integer', total='sum', width=46),
            Column(self.env._("Resolved"), 'integer', total='sum', width=14),
            # Of the means the one that counts each issue once.
            Column(self.env._("Hours to Resolve"), 'points', width=20, total=Formula(
                'IF(D{row}=0,"",SUMPRODUCT(D{first}:D{last},E{first}:E{last})/D{row})', self._hours(figures))),
            Column(self.env._("Promised"), 'integer', total='sum', width=16),
            Column(self.env._("Kept"), 'integer', total='sum', width=13),
            Column(self.env._("Kept (%)"), 'share', width=13, total=Formula(
                'IF(F{row}=0,"",G{row}/F{row})', share(self._sum(figures, 'kept'), self._sum(figures, 'promised')))),
        ]
        header = sheet.block(columns, [[
            labels[severity], row['open'], row['late'], row['resolved'], row['hours'], row['promised'], row['kept'],
            Formula('IF(F{row}=0,"",G{row}/F{row})', share(row['kept'], row['promised']))]
            for severity, row in figures.items()], total_label=self.env._("Together"))
        if self._sum(figures, 'open') or self._sum(figures, 'resolved'):
            self._insert_charts(sheet, header)

    def _insert_charts(self, sheet, header):
        first, last = header + 1, header + len(SEVERITIES)
        names = (first, 0, last, 0)
        title = self.env._("Open issues by severity")
        chart = new_chart(self.writer, 'column', title)
        add_series(chart, sheet, self.env._("Open"), names, (first, 1, last, 1), BAND)
        add_series(chart, sheet, self.env._("Late"), names, (first, 2, last, 2), RED)
        place_chart(sheet, chart, sheet.row, 0, 500, 230, title)
        title = self.env._("Resolved issues: promised and kept")
        chart = new_chart(self.writer, 'column', title)
        add_series(chart, sheet, self.env._("Promised"), names, (first, 5, last, 5), BAND)
        add_series(chart, sheet, self.env._("Kept"), names, (first, 6, last, 6), GREEN)
        place_chart(sheet, chart, sheet.row, 3, 500, 230, title)
        sheet.row += 12

    # What is open

    def _write_open(self, sheet, issues, late):
        self.heading(sheet, self.env._("Open issues, the most severe first"))
        columns = [
            Column(self.env._("Account"), 'wrap', total='count', width=28),
            Column(self.env._("Severity"), 'wrap', width=12),
            Column(self.env._("Issue"), 'wrap', width=46),
            Column(self.env._("Promise"), 'wrap', width=14),
            Column(self.env._("Issue Owner"), 'wrap', width=20),
            Column(self.env._("Stage"), 'wrap', width=16),
            Column(self.env._("Reported On"), 'date', width=13),
            Column(self.env._("Answer By"), 'date', width=13),
            Column(self.env._("Resolve By"), 'date', width=13),
            Column(self.env._("Sponsor Told On"), 'date', width=13),
        ]
        rows = self._rows(issues, late)
        header = sheet.block(columns, rows, total_label=self.env._("Issues"), empty=self.env._(
            "No issue is open. What a customer complains about is reported on the account, or by e-mail."))
        self.filter(sheet, header, columns, rows)
        labels = self.data.labels('kam.issue', 'sla_state')['sla_state']
        for state in ('late', 'answer') if rows else ():
            label = labels[state].replace('"', '""')
            sheet.worksheet.conditional_format(header + 1, 3, header + len(rows), 3, {
                'type': 'cell', 'criteria': '==', 'value': f'"{label}"',
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE, 'bold': True})})

    def _rows(self, issues, late):
        labels = self.data.labels('kam.issue', 'severity', 'sla_state')
        owners = self.data.names('res.users', [issue.owner for issue in issues])
        stages = self.data.names('kam.issue.stage', [issue.stage for issue in issues])
        return [[
            self.account(issue.account), labels['severity'][issue.severity],
            self.data.link(issue.name, 'kam.issue', issue.id),
            labels['sla_state'][self._promise(issue, issue.id in late)], owners.get(issue.owner),
            stages.get(issue.stage), self.day(issue.reported), self.day(issue.answer_by), self.day(issue.resolve_by),
            self.day(issue.escalated)] for issue in issues]

    @staticmethod
    def _promise(issue, is_late):
        """Code of what the issue itself says."""
        if is_late:
            return 'late' if issue.resolve_by and issue.resolve_by < fields.Datetime.now() else 'answer'
        return 'running' if issue.answer_by or issue.resolve_by else 'none'
