from .pack_section import PackSection


class RebalanceSection(PackSection):
    """A sheet about the chosen scenario; without one it says so."""

    def subtitle(self):
        data = self.data
        return " · ".join(part for part in (
            data.subject(), data.program.name, data.question(), data.chosen and data.chosen['name'],
            self.env._("from %s", data.format_date(data.rebalance.date)), data.scope_label()) if part)

    def build(self):
        sheet = self.add_sheet()
        if not self.data.chosen:
            sheet.put(sheet.row, 0, self.data.no_answer(), 'text', 'note')
            return
        self.build_answer(sheet)

    def build_answer(self, sheet):
        """Fill the sheet from the chosen scenario."""
        raise NotImplementedError
