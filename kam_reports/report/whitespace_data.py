from collections import defaultdict
from dataclasses import dataclass

from .pack_data import PackData

# Of several estimates in one cell, those of legal entities, the first of these tells the state.
STATES = ('white', 'open', 'conflict', 'sold', 'blocked', 'nothing', 'unknown')


@dataclass
class WalletCell:
    """One account in one product category: what it spends, what is ours, what is not."""
    spend: float
    ours: float
    white: float
    state: str


class WhitespaceData(PackData):
    """The whitespace grid: key accounts by product category, in a fixed number of queries."""
    has_scores = False

    def __init__(self, scope, title):
        super().__init__(scope, title)
        accounts = scope.accounts
        if accounts is None:
            accounts = self.env['kam.account'].search([('program_id', '=', self.program.id), ('is_key', '=', True)])
        self.accounts = accounts
        self.categories = self.program._wallet_categories().sorted('complete_name')
        self.lines = accounts._wallet_lines()
        self.cells = self._load_cells()

    @property
    def row_count(self):
        return len(self.accounts)

    def scope_label(self):
        if self.scope.accounts is not None:
            return self.env._("%s selected accounts", len(self.accounts))
        if self.sees_all:
            return self.env._("all key accounts")
        return self.env._("key accounts visible to %s", self.env.user.name)

    def _load_cells(self):
        """{(account id, category id): WalletCell}, without those of which nothing is known."""
        ours = defaultdict(float)
        for (account_id, _entity_id, categ_id), (now, _before) in self.accounts._category_sales().items():
            ours[account_id, categ_id] += now
        # Lists, not recordsets: a union forgets the others, and shares would be computed account by account.
        estimates = defaultdict(list)
        for account, lines in self.lines.items():
            for line in lines:
                estimates[account.id, line.categ_id.id].append(line)
        return {key: self._cell(estimates.get(key, ()), ours.get(key, 0.0)) for key in ours.keys() | estimates.keys()}

    @staticmethod
    def _cell(lines, ours):
        if not lines:
            return WalletCell(0.0, ours, 0.0, 'sold' if ours > 0 else 'unknown')
        state = min((line.state for line in lines), key=STATES.index)
        return WalletCell(sum(line.spend for line in lines), ours, sum(
            line.white_amount for line in lines if line.state != 'blocked'), state)
