from .whitespace_grid_section import WhitespaceGridSection


class WhitespaceOursSection(WhitespaceGridSection):
    """What we invoiced in the last 12 months."""
    code = 'ours'

    def title(self):
        return self.env._("Ours")

    def amount(self, cell):
        return cell.ours
