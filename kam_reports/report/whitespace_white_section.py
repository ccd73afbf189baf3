from .whitespace_grid_section import WhitespaceGridSection


class WhitespaceWhiteSection(WhitespaceGridSection):
    """What the accounts buy and we do not sell to them."""
    code = 'white'

    def title(self):
        return self.env._("To Be Won")

    def amount(self, cell):
        return cell.white
