from .dossier_section import DossierSection
from .xlsx_charts import add_series, new_chart, place_chart
from .xlsx_style import BAND, GREY
from .xlsx_values import Column, Formula


class DossierWalletSection(DossierSection):
    """What the customer spends by product category, what of it is ours, and who holds the rest."""
    code = 'wallet'

    def title(self):
        return self.env._("Wallet")

    def build(self):
        sheet = self.add_sheet()
        # As on the account: of a category that is estimated as a whole and by entity, the whole counts.
        lines = self.data.account._wallet_lines()[self.data.account].sorted(
            lambda line: (-line.white_amount, line.categ_id.complete_name or ''))
        columns = [
            Column(self.env._("Category"), 'wrap', total='label', width=34),
            Column(self.env._("Legal Entity"), 'wrap', width=24),
            Column(self.env._("Their Spend"), 'money', total='sum', width=16),
            Column(self.env._("Ours"), 'money', total='sum', width=16),
            Column(self.env._("Share of Wallet"), 'percent', width=12, total=Formula(
                'IF(C{row}=0,"",D{row}/C{row})', self._share(sum(lines.mapped('our_sales')),
                                                            sum(lines.mapped('spend'))))),
            Column(self.env._("Not Ours"), 'money', total='sum', width=16),
            Column(self.env._("State"), 'wrap', width=18),
            Column(self.env._("Who Holds the Rest"), 'wrap', width=22),
            Column(self.env._("Confidence"), 'wrap', width=12),
            Column(self.env._("Estimated On"), 'date', width=13),
        ]
        header = sheet.table(columns, [self._row(line) for line in lines], total_label=self.env._("Together"),
                             empty=self.env._("Nobody has estimated yet what this customer spends."))
        if lines:
            self._insert_chart(sheet, header, len(lines))

    def _row(self, line):
        labels = self.data.labels('kam.wallet.line', 'state', 'holder', 'confidence')
        return [
            self.data.link(line.categ_id.display_name, 'kam.wallet.line', line.id),
            # The name of the entity belongs to the line, whoever may read it (sudo).
            line.sudo().entity_id.name or self.env._("All legal entities"), line.spend or None, line.our_sales,
            Formula('IF(N(C{row})=0,"",D{row}/C{row})', self._share(line.our_sales, line.spend)),
            Formula('MAX(N(C{row})-D{row},0)', line.white_amount), labels['state'].get(line.state),
            line.competitor_id.name or labels['holder'].get(line.holder), labels['confidence'].get(line.confidence),
            line.date_estimated]

    @staticmethod
    def _share(ours, spend):
        return ours / spend if spend else ''

    def _insert_chart(self, sheet, header, count):
        title, first, last = self.env._("What is ours, and what is not"), header + 1, header + count
        chart = new_chart(self.writer, 'column', title, 'stacked')
        names = (first, 0, last, 0)
        add_series(chart, sheet, self.env._("Ours"), names, (first, 3, last, 3), BAND)
        add_series(chart, sheet, self.env._("Not Ours"), names, (first, 5, last, 5), GREY)
        place_chart(sheet, chart, sheet.row, 0, 820, 300, title)
