from .pack_section import PackSection
from .xlsx_values import Column, Formula


class WhitespaceListSection(PackSection):
    """Every estimate, the largest white spots first, with how we know it and who holds the rest."""
    code = 'list'

    def title(self):
        return self.env._("White Spots")

    def build(self):
        sheet = self.add_sheet()
        columns = [
            Column(self.env._("Account"), 'wrap', total='count', width=30),
            Column(self.env._("Legal Entity"), 'wrap', width=24),
            Column(self.env._("Category"), 'wrap', width=26),
            Column(self.env._("Their Spend"), 'money', total='sum', width=15),
            Column(self.env._("Ours"), 'money', total='sum', width=15),
            Column(self.env._("Share of Wallet"), 'percent', width=11),
            Column(self.env._("Not Ours"), 'money', total='sum', width=15),
            Column(self.env._("State"), 'wrap', width=18),
            Column(self.env._("Who Holds the Rest"), 'wrap', width=22),
            Column(self.env._("Source"), 'wrap', width=16),
            Column(self.env._("Confidence"), 'wrap', width=12),
            Column(self.env._("Estimated On"), 'date', width=13),
        ]
        sheet.table(columns, self._rows(), total_label=self.env._("Estimates"), empty=self.env._(
            "Nobody has estimated yet what these customers spend."))

    def _rows(self):
        labels = self.data.labels('kam.wallet.line', 'state', 'holder', 'source', 'confidence')
        lines = [(account, line) for account, own in self.data.lines.items() for line in own]
        lines.sort(key=lambda pair: (-pair[1].white_amount, pair[0].display_name or '', pair[1].id))
        return [[
            self.data.link(account.display_name, 'kam.wallet.line', line.id),
            # The name of the entity belongs to the line, whoever may read it (sudo).
            line.sudo().entity_id.name or self.env._("All legal entities"), line.categ_id.display_name,
            line.spend or None, line.our_sales,
            Formula('IF(N(D{row})=0,"",E{row}/D{row})', line.our_sales / line.spend if line.spend else ''),
            Formula('MAX(N(D{row})-E{row},0)', line.white_amount), labels['state'].get(line.state),
            line.competitor_id.name or labels['holder'].get(line.holder), labels['source'].get(line.source),
            labels['confidence'].get(line.confidence), line.date_estimated,
        ] for account, line in lines]
