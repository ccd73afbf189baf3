from .pack_section import PackSection
from .xlsx_values import Column, Formula, Styled

# As on the screen: sold, opportunity open, white spot, blocked, conflict.
COLORS = {'sold': '#D6EBDD', 'open': '#D3E6F5', 'white': '#FBEFCB', 'blocked': '#E4E6EA', 'conflict': '#F6D5D2'}


class WhitespaceGridSection(PackSection):
    """Accounts by product category with one amount in each cell, coloured by what is to be done there."""

    def amount(self, cell):
        """The figure of a cell, a WalletCell."""
        raise NotImplementedError

    def build(self):
        sheet = self.add_sheet()
        data = self.data
        if not data.accounts or not data.categories:
            sheet.put(sheet.row, 0, self.env._(
                "There is nothing to look at yet: the grid takes key accounts and product categories that are sold."),
                'text', 'note')
            return
        self._write_legend(sheet)
        columns = [
            Column(self.env._("Account"), 'wrap', total='label', width=32),
            Column(self.env._("Tier"), 'wrap', width=13),
            *(Column(categ.name, 'money', total='sum', width=15) for categ in data.categories),
            Column(self.env._("Together"), 'money', total='sum', width=16),
        ]
        sheet.table(columns, [self._row(account) for account in data.accounts],
                    total_label=self.env._("Together"), frozen=2)

    def _row(self, account):
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415

        cells = [self._cell(account, categ) for categ in self.data.categories]
        last = xl_col_to_name(len(cells) + 1)
        return [
            self.data.link(account.display_name, 'kam.account', account.id), account.tier_id.name, *cells,
            Formula(f'SUM(C{{row}}:{last}{{row}})', sum(cell.value or 0 for cell in cells))]

    def _cell(self, account, categ):
        cell = self.data.cells.get((account.id, categ.id))
        return Styled(cell and self.amount(cell) or None, COLORS.get(cell and cell.state))

    def _write_legend(self, sheet):
        labels = self.data.labels('kam.wallet.line', 'state')['state']
        for col, (state, color) in enumerate(COLORS.items(), start=2):
            sheet.put(sheet.row, col, labels[state], 'text', bg_color=color, font_size=9, align='center', border=1,
                      border_color='#FFFFFF', text_wrap=True)
        sheet.put(sheet.row, 0, self.env._("Amounts of a year. Colours:"), 'text', 'subtitle')
        sheet.worksheet.set_row(sheet.row, 28)
        sheet.row += 2
