from functools import cached_property

from .visits_section import VisitsSection
from .xlsx_values import Column


class SponsorVisitsSection(VisitsSection):
    """Visits with what speaks for one now, and what happened since the last: what a sponsor reads on the way (S90)."""

    def _columns(self):
        return [
            *super()._columns(),
            Column(self.env._("Why Visit Now"), 'wrap', width=48),
            Column(self.env._("Since the Last Visit"), 'wrap', width=56),
        ]

    def _row(self, line, *days):
        account = self._accounts[line.id]
        return [*super()._row(line, *days), account.visit_reason, account.changes_since_visit]

    @cached_property
    def _accounts(self):
        return {account.id: account for account in self.data.accounts}
