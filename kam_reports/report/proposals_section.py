from datetime import timezone

from .pack_section import PackSection
from .xlsx_values import Column

FIELDS = (
    'id', 'account_id', 'from_tier_id', 'to_tier_id', 'kind', 'origin', 'requester_id', 'state', 'date_submitted',
    'create_date', 'score', 'score_coverage', 'score_run_id', 'reason', 'evidence')

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
        changes = self.data.select('kam.tier.change', self.data.open_changes(), FIELDS, order='kind, id')
        accounts = {line.id: line.name for line in self.data.lines}
        # Names come also where the account itself is out of sight.
        accounts.update(self.data.names('kam.account', {change[1] for change in changes} - accounts.keys()))
        tiers = self.data.names('kam.tier', {tier_id for change in changes for tier_id in change[2:4]})
        people = self.data.names('res.users', {change[6] for change in changes})
        labels = self.data.labels('kam.tier.change', 'kind', 'origin', 'state')
        kinds, origins, states = labels['kind'], labels['origin'], labels['state']
        # Stored in UTC; a reader expects the day of his own calendar.
        zone = self.env.tz
        return [[
            self.data.link(accounts[account_id], 'kam.tier.change', change_id), tiers.get(from_id), tiers[to_id],
            kinds.get(kind), origins.get(origin), people[requester_id], states.get(state),
            (submitted or created).replace(tzinfo=timezone.utc).astimezone(zone).date(),
            score if run_id else None, (coverage or 0) / 100 if run_id else None, reason, evidence,
        ] for (change_id, account_id, from_id, to_id, kind, origin, requester_id, state, submitted, created, score,
               coverage, run_id, reason, evidence) in changes]
