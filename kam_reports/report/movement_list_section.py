from .pack_section import PackSection
from .xlsx_values import Column


class MovementListSection(PackSection):
    """The tier changes of the period, one by one, with their reasons and who decided."""
    code = 'changes'

    def title(self):
        return self.env._("Tier Changes")

    def subtitle(self):
        return " · ".join((self.data.program.name, self.data.scope_label(), self.data.period_label()))

    def build(self):
        sheet = self.add_sheet()
        columns = [
            Column(self.env._("Account"), 'wrap', total='count', width=32),
            Column(self.env._("From"), 'wrap', width=16),
            Column(self.env._("To"), 'wrap', width=16),
            Column(self.env._("Kind"), 'wrap', width=13),
            Column(self.env._("Applied on"), 'date', width=12),
            Column(self.env._("Exception"), 'wrap', width=11),
            Column(self.env._("Account Manager"), 'wrap', width=20),
            Column(self.env._("Decided by"), 'wrap', width=20),
            Column(self.env._("Reason"), 'wrap', width=60),
        ]
        sheet.table(columns, self._rows(), total_label=self.env._("Tier changes"), empty=self.env._(
            "No tier change was applied in this period."))

    def _rows(self):
        kinds = self.data.labels('kam.tier.change', 'kind')['kind']
        rows = [(change['date_applied'], movement.name, change['id'], movement, change)
                for movement in self.data.movements for change in movement.changes]
        return [[
            self.data.link(movement.name, 'kam.tier.change', change['id']),
            change['from_tier_id'] and change['from_tier_id'][1],
            change['to_tier_id'][1],
            kinds.get(change['kind']),
            change['date_applied'],
            self.env._("Yes") if change['is_exception'] else None,
            movement.manager,
            change['approver_id'] and change['approver_id'][1],
            change['reason'],
        ] for *_order, movement, change in sorted(rows, key=lambda row: row[:3])]
