from collections import Counter

from .pack_section import PackSection
from .xlsx_charts import FONT, SIGNALS, add_series, new_chart, place_chart
from .xlsx_style import NEGATIVE
from .xlsx_values import Column

STATES = ('green', 'amber', 'red', False)
# Words are made for so many accounts, the least healthy ones.
MAX_ACCOUNTS = 60


class HealthSection(PackSection):
    """How well the relationships are: accounts by health, and why the least healthy ones are where they are."""
    code = 'health'

    def title(self):
        return self.env._("Health")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(34, 14, 14, 14, 14, 14, 70)
        model = self.data.program.health_model_id
        if not model:
            sheet.put(sheet.row, 0, self.env._("The programme has no published health model."), 'text', 'note')
            return
        sheet.put(sheet.row, 0, self.env._(
            "Healthy from %(green)s points on, to watch from %(amber)s, at risk below. %(model)s.",
            green=f'{model.green_from:g}', amber=f'{model.amber_from:g}', model=model.display_name), 'text', 'subtitle')
        sheet.row += 2
        states = {line.id: self._state(line, model) for line in self.data.lines}
        self._write_distribution(sheet, states)
        self._write_accounts(sheet, states)

    @staticmethod
    def _state(line, model):
        if line.health is None:
            return False
        if line.health >= model.green_from:
            return 'green'
        return 'amber' if line.health >= model.amber_from else 'red'

    def _names(self):
        labels = self.data.labels('kam.account', 'health_state')['health_state']
        return {**labels, False: self.env._("Not Scored")}

    def _write_distribution(self, sheet, states):
        names = self._names()
        counts = Counter((line.tier_id, states[line.id]) for line in self.data.lines)
        tiers = [tier for tier in self.data.program.tier_ids.sorted('sequence')
                 if any(tier_id == tier.id for tier_id, _state in counts)]
        columns = [
            Column(self.env._("Tier"), 'wrap', total='label', width=34),
            *(Column(names[state], 'integer', total='sum', width=14) for state in STATES),
        ]
        header = sheet.block(
            columns, [[tier.name, *(counts[tier.id, state] for state in STATES)] for tier in tiers],
            total_label=self.env._("Together"), empty=self.env._("There are no accounts."))
        if tiers:
            self._insert_charts(sheet, header, len(tiers))

    def _insert_charts(self, sheet, header, count):
        first, last = header + 1, header + count
        title = self.env._("Accounts by health")
        chart = new_chart(self.writer, 'doughnut', title)
        chart.add_series({
            'name': title, 'categories': [sheet.name, header, 1, header, 4],
            'values': [sheet.name, last + 1, 1, last + 1, 4],
            'points': [{'fill': {'color': color}} for color in SIGNALS],
            'data_labels': {'value': True, 'font': {**FONT, 'color': '#FFFFFF', 'bold': True}}})
        chart.set_hole_size(55)
        place_chart(sheet, chart, sheet.row, 0, 400, 240, title)
        title = self.env._("Health by tier")
        chart = new_chart(self.writer, 'column', title, 'stacked')
        for col, color in enumerate(SIGNALS, start=1):
            add_series(chart, sheet, [sheet.name, header, col], (first, 0, last, 0), (first, col, last, col), color)
        place_chart(sheet, chart, sheet.row, 3, 480, 240, title)
        sheet.row += 13

    def _write_accounts(self, sheet, states):
        lines = sorted(
            (line for line in self.data.lines if states[line.id] in ('red', 'amber')),
            key=lambda line: (line.health, line.name))
        names, shown = self._names(), lines[:MAX_ACCOUNTS]
        accounts = self.env['kam.account'].browse([line.id for line in shown])
        texts = accounts._score_moved_texts(self.data.scope.date_from, purpose='health')
        self.heading(sheet, self.env._("To watch and at risk, the least healthy first"))
        columns = [
            Column(self.env._("Account"), 'wrap', width=34),
            Column(self.env._("Tier"), 'wrap', width=14),
            Column(self.env._("Health"), 'points', width=14),
            Column(self.env._("Trend"), 'trend', width=14),
            Column(self.env._("State"), 'wrap', width=14),
            Column(self.env._("Account Manager"), 'wrap', width=14),
            Column(self.env._("What Moved It"), 'wrap', width=70),
        ]
        header = sheet.block(columns, [
            [self.data.link(line.name, 'kam.account', line.id), line.tier, line.health, line.health_trend,
             names[states[line.id]], line.manager, texts.get(account)]
            for line, account in zip(shown, accounts, strict=True)],
            empty=self.env._("No account is at risk or to be watched."))
        if shown:
            sheet.worksheet.conditional_format(header + 1, 3, header + len(shown), 3, {
                'type': 'cell', 'criteria': '<', 'value': 0,
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE})})
