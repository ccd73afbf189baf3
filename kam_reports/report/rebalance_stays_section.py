from .rebalance_section import RebalanceSection
from .xlsx_values import Column


class RebalanceStaysSection(RebalanceSection):
    """Accounts that had to stay where they are, and the rules that keep them."""
    code = 'stays'

    def title(self):
        return self.env._("Stays")

    def build_answer(self, sheet):
        frozen = [row for row in self.data.stays if row['is_frozen']]
        free = len(self.data.stays) - len(frozen)
        if free:
            sheet.put(sheet.row, 0, self.env._(
                "%s more accounts were free to move and stay: moving them would cost more than it brings.", free),
                'text', 'note')
            sheet.row += 2
        sheet.table(self._columns(), [self._row(row) for row in frozen], total_label=self.env._("Accounts"),
                    empty=self.env._("No rule keeps an account where it is."))

    def _columns(self):
        columns = [Column(self.env._("Account"), 'wrap', total='count', width=32)]
        if self.data.is_tiers:
            columns.append(Column(self.env._("Stays in"), 'wrap', width=24))
        else:
            columns += [
                Column(self.env._("Tier"), 'wrap', width=16),
                Column(self.env._("Stays with"), 'wrap', width=24),
                Column(self.env._("Workload Points"), 'points', total='sum', width=10)]
        return [*columns, Column(self.env._("Why It Stays"), 'wrap', width=90)]

    def _row(self, row):
        data = self.data
        if data.is_tiers:
            return [data.account(row), data.name(row['from_tier_id']), row['frozen_reason']]
        return [data.account(row), data.name(row['tier_id']), data.name(row['from_user_id']), row['points'],
                row['frozen_reason']]
