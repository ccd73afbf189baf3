from .whitespace_grid_section import WhitespaceGridSection


class WhitespaceSpendSection(WhitespaceGridSection):
    """What the accounts spend, with everybody."""
    code = 'spend'

    def title(self):
        return self.env._("Their Spend")

    def amount(self, cell):
        return cell.spend
