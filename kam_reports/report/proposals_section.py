from odoo import fields

from .pack_section import PackSection
from .xlsx_values import Column


class ProposalsSection(PackSection):
    """Open tier changes with what speaks for them, for the people who decide."""
    code = 'proposals'

    def title(self):
        return self.env._("Proposals")

    def build(self):
        sheet = self.add_sheet()
        columns = [
            Column(self.env._("Account"), 'wrap'),
            Column(self.env._("From"), 'wrap'),
            Column(self.env._("To"), 'wrap'),
            Column(self.env._("Kind")),
            Column(self.env._("Origin")),
            Column(self.env._("Proposed by"), 'wrap'),
            Column(self.env._("State")),
            Column(self.env._("Date"), 'date'),
            Column(self.env._("Score"), 'points'),
            Column(self.env._("Data Coverage"), 'share'),
            Column(self.env._("Reason"), 'wrap', width=32),
            Column(self.env._("Evidence"), 'wrap', width=74),
        ]
        sheet.table(columns, self._rows(), valign='top', empty=self.env._("There are no open tier changes."))

    def _rows(self):
        labels = self.data.labels('kam.tier.change', 'kind', 'origin', 'state')
        rows = []
        for change in self.data.changes:
            scored = bool(change['score_run_id'])
            rows.append([
                self.data.link(change['account_id'][1], 'kam.tier.change', change['id']),
                change['from_tier_id'] and change['from_tier_id'][1],
                change['to_tier_id'][1],
                labels['kind'].get(change['kind']),
                labels['origin'].get(change['origin']),
                change['requester_id'][1],
                labels['state'].get(change['state']),
                # Stored in UTC; a reader expects the day of his own calendar.
                fields.Datetime.context_timestamp(
                    self.data.program, change['date_submitted'] or change['create_date']).date(),
                change['score'] if scored else None,
                (change['score_coverage'] or 0) / 100 if scored else None,
                change['reason'],
                change['evidence'],
            ])
        return rows
