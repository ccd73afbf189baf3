from .rebalance_section import RebalanceSection
from .xlsx_style import NEGATIVE
from .xlsx_values import Column, Formula


class RebalanceMovesSection(RebalanceSection):
    """Who goes where: what it costs, why, what was decided, and what became of it."""
    code = 'moves'

    def title(self):
        return self.env._("Moves")

    def build_answer(self, sheet):
        moves = self.data.moves
        labels = self.data.labels('kam.rebalance.move', 'decision', 'state')
        # (column, its values): what nobody has filled takes no room.
        described = [
            *self._places(moves), *self._costs(moves),
            (Column(self.env._("Reason"), 'wrap', width=56), [move['reason'] for move in moves]),
            *self._outcome(moves, labels)]
        columns = [column for column, _values in described]
        rows = list(map(list, zip(*(values for _column, values in described), strict=True)))
        header = sheet.table(columns, rows, total_label=self.env._("Moves"), empty=self.env._(
            "No account moves in this scenario."))
        if moves:
            self._mark(sheet.worksheet, header, columns, labels)

    def _places(self, moves):
        data = self.data
        yield Column(self.env._("Account"), 'wrap', total='count', width=28), [data.account(move) for move in moves]
        if data.is_tiers:
            start, end = 'from_tier_id', 'to_tier_id'
        else:
            start, end = 'from_user_id', 'to_user_id'
            yield Column(self.env._("Tier"), 'wrap', width=13), [data.name(move['tier_id']) for move in moves]
        yield Column(self.env._("From"), 'wrap', width=18), [data.name(move[start]) for move in moves]
        yield Column(self.env._("To"), 'wrap', width=18), [data.name(move[end]) for move in moves]

    def _costs(self, moves):
        """Parts first, their sum as a formula. A change of tier has one part only."""
        if self.data.is_tiers:
            yield Column(self.env._("Cost"), 'points', total='sum', width=9), [move['cost'] for move in moves]
            return
        parts = ('cost_relationship', 'cost_tenure', 'cost_plan')
        yield Column(self.env._("Workload Points"), 'points', total='sum', width=9), [move['points'] for move in moves]
        yield (Column(self.env._("Cost: the Move"), 'points', total='sum', width=9),
               [move['cost'] - sum(move[part] for part in parts) for move in moves])
        labels = self.env['kam.rebalance.move'].fields_get(parts, ['string'])
        for part in parts:
            yield Column(labels[part]['string'], 'points', total='sum', width=14), [move[part] for move in moves]
        yield (Column(self.env._("Cost"), 'points', total='sum', width=9),
               [Formula('SUM(F{row}:I{row})', move['cost']) for move in moves])

    def _outcome(self, moves, labels):
        data = self.data
        broken = [move['broken'] for move in moves]
        if any(broken):
            yield Column(self.env._("Rules Broken"), 'wrap', width=32), broken
        yield (Column(self.env._("Decision"), 'wrap', width=13),
               [labels['decision'][move['decision']] for move in moves])
        deciders = [data.name(move['decided_by_id']) for move in moves]
        if any(deciders):
            yield Column(self.env._("Decided by"), 'wrap', width=16), deciders
        yield Column(self.env._("State"), 'wrap', width=13), [labels['state'][move['state']] for move in moves]
        stale = [move['stale_reason'] for move in moves]
        if any(stale):
            yield Column(self.env._("Not Applied Because"), 'wrap', width=32), stale

    def _mark(self, worksheet, header, columns, labels):
        """Red is what was refused, and what was overtaken by events."""
        red = self.writer.workbook.add_format({'font_color': NEGATIVE})
        last = header + len(self.data.moves)
        for label, text in ((self.env._("Decision"), labels['decision']['refused']),
                            (self.env._("State"), labels['state']['stale'])):
            col = [column.label for column in columns].index(label)
            worksheet.conditional_format(header + 1, col, last, col, {
                'type': 'cell', 'criteria': '==', 'value': '"{}"'.format(text.replace('"', '""')), 'format': red})
