from collections import Counter, defaultdict

from .rebalance_section import RebalanceSection
from .rebalance_settings import settings_in_words
from .xlsx_charts import add_series, new_chart, place_chart
from .xlsx_style import BAND, BAR, PALE
from .xlsx_text import wrapped_lines
from .xlsx_values import Column, Formula, Styled

COLUMNS, WIDTH = 8, 18
# Of the scenarios: how unfair the load is, which tiers are not about.
LOAD_COLUMNS = (2, 3)


class RebalanceSummarySection(RebalanceSection):
    """The first page: what was asked and how, the answers side by side, and who decided."""
    code = 'summary'

    def title(self):
        return self.env._("Summary")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(*[WIDTH] * COLUMNS)
        sheet.worksheet.fit_to_pages(1, 1)
        if self.data.chosen:
            sheet.tiles(self._tiles(), COLUMNS)
        else:
            sheet.put(sheet.row, 0, self.data.no_answer(), 'text', 'note')
            sheet.row += 2
        self._write_facts(sheet, self.env._("Question and decision"), self._facts())
        if self.data.scenarios:
            self._write_scenarios(sheet)
        self._write_facts(sheet, self.env._("Settings"), settings_in_words(self.data))

    # Key figures

    def _tiles(self):
        """(label, value, kind, note)"""
        chosen = self.data.chosen
        today = next((scenario for scenario in self.data.scenarios if scenario['kind'] == 'today'), None)
        imbalance = (
            self.env._("Imbalance"), chosen['imbalance'], 'points',
            self.env._("today %s points", f"{today['imbalance']:.1f}") if today else self.env._("points"))
        return [
            (self.env._("Moves"), len(self.data.moves), 'integer',
             self.env._("of %s accounts", self.data.row_count) if self.data.sees_all
             else self.env._("that concern you")),
            *([imbalance] if self._is_about_load() else []),
            (self.env._("Cost"), chosen['cost'], 'points', self.env._("points, of all moves")),
            (self.env._("Proven gap"), self._gap(chosen), 'percent', self._gap_note(chosen)),
        ]

    def _is_about_load(self):
        return self.data.rebalance.question != 'tiers'

    @staticmethod
    def _gap(scenario):
        """How much better another answer could be at most; None where nothing is proven."""
        return scenario['gap'] / 100 if scenario['state'] in ('optimal', 'best') else None

    def _gap_note(self, scenario):
        if scenario['state'] == 'optimal':
            return self.env._("no other answer is better")
        if scenario['state'] == 'best':
            return self.env._("another answer is better by so much at most")
        return self.env._("not computed: nothing is proven")

    # Question and decision

    def _facts(self):
        """(label, text)"""
        data, rebalance = self.data, self.data.rebalance
        labels = data.labels('kam.rebalance', 'state')['state']
        # Names of colleagues, also of those in other companies (sudo).
        requester, approver = rebalance.sudo().requester_id.name, rebalance.sudo().approver_id.name
        facts = [
            (self.env._("Question"), data.question()),
            (self.env._("State"), labels[rebalance.state]),
            (self.env._("First day"), data.format_date(rebalance.date)),
            (self.env._("Chosen scenario"), data.chosen and data.chosen['name']),
            (self.env._("Asked by"), requester),
            (self.env._("Computed on"), data.format_datetime(rebalance.date_computed)),
            (self.env._("Consulted on"), data.format_datetime(rebalance.date_consulted)),
            (self.env._("Approved by"), approver and self.env._(
                "%(user)s on %(date)s", user=approver, date=data.format_datetime(rebalance.date_approved))),
            (self.env._("Decisions"), self._decisions()),
            (self.env._("Carried out on"), data.format_datetime(rebalance.date_done)),
            (self.env._("Rolled back on"), data.format_datetime(rebalance.date_rolled_back)),
            (self.env._("Please note"), rebalance.is_outdated and self.env._(
                "People or settings have changed since it was computed.")),
            (self.env._("Message"), rebalance.message),
        ]
        return [fact for fact in facts if fact[1]]

    def _decisions(self):
        """Counted as far as the user sees the moves."""
        labels = self.data.labels('kam.rebalance.move', 'decision')['decision']
        counts = Counter(move['decision'] for move in self.data.moves)
        return ", ".join(f"{label}: {counts[code]}" for code, label in labels.items() if counts[code])

    def _write_facts(self, sheet, heading, facts):
        self.heading(sheet, heading)
        for label, text in facts:
            sheet.put(sheet.row, 0, label, 'wrap', 'cover_label', font_size=10)
            sheet.merge(sheet.row, 1, COLUMNS - 1, text, 'wrap', 'cell')
            lines = max(wrapped_lines(text, 1.1 * (COLUMNS - 1) * WIDTH), wrapped_lines(label, WIDTH))
            sheet.worksheet.set_row(sheet.row, 14 * lines + 3)
            sheet.row += 1
        sheet.row += 1

    # Scenarios

    def _write_scenarios(self, sheet):
        self.heading(sheet, self.env._("Scenarios side by side"))
        scenarios = self.data.scenarios
        columns = [
            Column(self.env._("Scenario"), 'wrap', width=WIDTH),
            Column(self.env._("Result"), 'wrap', width=WIDTH),
            Column(self.env._("Imbalance"), 'points', width=WIDTH),
            Column(self.env._("Less Than Today"), 'points', width=WIDTH),
            Column(self.env._("Moves"), 'integer', width=WIDTH),
            Column(self.env._("Cost"), 'points', width=WIDTH),
            Column(self.env._("Proven Gap"), 'percent', width=WIDTH),
            Column(self.env._("Rules Broken"), 'integer', width=WIDTH),
        ]
        rows = [self._scenario_row(scenario) for scenario in scenarios]
        if not self._is_about_load():
            columns, *rows = (
                [cell for col, cell in enumerate(row) if col not in LOAD_COLUMNS] for row in (columns, *rows))
        header = sheet.block(columns, rows)
        for text in self._conflicts():
            sheet.merge(sheet.row, 0, COLUMNS - 1, text, 'wrap', 'note', valign='top')
            sheet.worksheet.set_row(sheet.row, 14 * wrapped_lines(text, 1.1 * COLUMNS * WIDTH) + 3)
            sheet.row += 2
        if self._is_about_load() and sum(
                bool(scenario['imbalance'] or scenario['cost']) for scenario in scenarios) > 1:
            self._insert_chart(sheet, header, len(scenarios))

    def _conflicts(self):
        """What keeps scenarios from being solved; once, where it is the same, and not what the message says."""
        names = defaultdict(list)
        for scenario in self.data.scenarios:
            if scenario['conflict'] and scenario['conflict'] != self.data.rebalance.message:
                names[scenario['conflict']].append(scenario['name'])
        return [self.env._("%(scenarios)s: %(conflict)s", scenarios=", ".join(own), conflict=conflict)
                for conflict, own in names.items()]

    def _scenario_row(self, scenario):
        """The chosen one on a colour of its own; nothing but the result where there is no answer."""
        labels = self.data.labels('kam.rebalance.scenario', 'state')['state']
        first = self.data.scenarios[0]
        is_solved, row = bool(scenario['load_ids']), [scenario['name'], labels.get(scenario['state'])]
        if is_solved:
            row += [
                scenario['imbalance'],
                Formula('C{first}-C{row}', first['imbalance'] - scenario['imbalance'])
                if first['kind'] == 'today' and scenario != first else None,
                scenario['move_count'], scenario['cost'], self._gap(scenario), scenario['broken_count']]
        row += [None] * (COLUMNS - len(row))
        return [Styled(value, PALE) for value in row] if scenario == self.data.chosen else row

    def _insert_chart(self, sheet, header, count):
        title = self.env._("What is unfair, and what changing it costs (points)")
        chart = new_chart(self.writer, 'column', title)
        first, last = header + 1, header + count
        for col, color in ((2, BAND), (5, BAR)):
            add_series(chart, sheet, [sheet.name, header, col], (first, 0, last, 0), (first, col, last, col), color)
        place_chart(sheet, chart, sheet.row, 0, 1040, 180, title)
        sheet.row += 11
