from collections import Counter
from typing import NamedTuple

from odoo.addons.kam_management.models.kam_risk import HIGH_SCORE, LEVELS, MEDIUM_SCORE

from .service_section import ServiceSection
from .xlsx_charts import add_series, horizontal_bars, new_chart, place_chart
from .xlsx_style import BAND, NEGATIVE
from .xlsx_values import Column, Formula, Styled

WIDTHS = (28, 46, 11, 11, 11, 11, 14, 15, 15, 18, 12, 40, 12)
# How bad a place on the map is: as the level of a risk there.
HIGH, MEDIUM, LOW = '#F3C9C4', '#FBE6BF', '#DCEEE2'
STEPS = [int(code) for code, _label in LEVELS]
FIELDS = (
    'id', 'account_id', 'name', 'kind', 'severity', 'likelihood', 'score', 'level', 'amount', 'expected_loss',
    'owner_id', 'treatment', 'treatment_note', 'date_review', 'is_supervised', 'date_contract_end', 'date_notice',
    'notice_days')


class Risk(NamedTuple):
    """FIELDS as the database has them."""
    id: int
    account: int
    name: str
    kind: str
    severity: str
    likelihood: str
    score: int
    level: str
    amount: float
    expected_loss: float
    owner: int
    treatment: str
    note: str
    review: object
    is_supervised: bool
    contract_end: object
    notice: object
    notice_days: int


def map_color(score):
    """Colour of a place on the map of severity and likelihood."""
    return HIGH if score >= HIGH_SCORE else MEDIUM if score >= MEDIUM_SCORE else LOW


class RisksSection(ServiceSection):
    """What could cost us accounts, how much is at stake, who does what about it; contracts and supervision (F72, F74).

    Open risks of today: the period of the pack does not count.
    """
    code = 'risks'

    def title(self):
        return self.env._("Risks")

    def since_text(self):
        return self.env._("open risks of %s", self.data.format_date(self.data.today))

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(*WIDTHS)
        risks = [Risk(*row) for row in self.data.select(
            'kam.risk', [self.data.among_accounts(), ('is_open', '=', True)], FIELDS,
            order='score desc, amount desc, id')]
        self.owners = self.data.names('res.users', [risk.owner for risk in risks])
        self.labels = self.data.labels('kam.risk', 'kind', 'level', 'treatment')
        sheet.tiles(self._tiles(risks), 8)
        if risks:
            top = sheet.row
            self._write_map(sheet, risks)
            self._write_kinds(sheet, risks, top)
        self._write_risks(sheet, risks)
        self._write_contracts(sheet, [risk for risk in risks if risk.contract_end and risk.kind == 'contract'])
        self._write_supervised(sheet, [risk for risk in risks if risk.is_supervised])

    def _tiles(self, risks):
        """(label, value, kind, note)"""
        accounts = len({risk.account for risk in risks})
        supervised = len({risk.account for risk in risks if risk.is_supervised})
        return [
            (self.env._("At stake"), sum(risk.amount or 0 for risk in risks), 'money',
             self.env._("%(risks)s open risks at %(accounts)s accounts", risks=len(risks), accounts=accounts)),
            (self.env._("High risks"), sum(risk.level == 'high' for risk in risks), 'integer',
             self.env._("of weight %s or more", HIGH_SCORE)),
            (self.env._("Under supervision"), supervised, 'integer', self.env._("accounts")),
            (self.env._("Expected loss"), sum(risk.expected_loss or 0 for risk in risks), 'money',
             self.env._("at stake, times the likelihood")),
        ]

    # Severity by likelihood

    def _write_map(self, sheet, risks):
        counts = Counter((int(risk.severity), int(risk.likelihood)) for risk in risks)
        amounts = Counter()
        for risk in risks:
            amounts[int(risk.severity)] += risk.amount or 0
        self.heading(sheet, self.env._("How many risks, by severity and likelihood"))
        columns = [
            Column(self.env._("Severity"), 'wrap', total='label', width=28),
            Column(self.env._("At Stake"), 'money', total='sum', width=46),
            *(Column(self.env._("Likelihood %s", step), 'integer', total='sum', width=11) for step in STEPS),
        ]
        sheet.block(columns, [[
            self.env._("Severity %s", severity), amounts[severity],
            *(Styled(counts[severity, step] or None, map_color(severity * step)) for step in STEPS)]
            for severity in reversed(STEPS)], total_label=self.env._("Together"))

    def _write_kinds(self, sheet, risks, top):
        """By kind, with a chart of the money at the right of this and of the map, which begins in the row `top`."""
        amounts, counts, high = Counter(), Counter(), Counter()
        for risk in risks:
            amounts[risk.kind] += risk.amount or 0
            counts[risk.kind] += 1
            high[risk.kind] += risk.level == 'high'
        kinds = sorted(counts, key=lambda kind: (-amounts[kind], self.labels['kind'][kind]))
        columns = [
            Column(self.env._("Kind"), 'wrap', total='label', width=28),
            Column(self.env._("At Stake"), 'money', total='sum', width=46),
            Column(self.env._("Risks"), 'integer', total='sum', width=11),
            Column(self.env._("High"), 'integer', total='sum', width=11),
        ]
        header = sheet.block(
            columns, [[self.labels['kind'][kind], amounts[kind], counts[kind], high[kind]] for kind in kinds],
            total_label=self.env._("Together"))
        title, first, last = self.env._("Money at stake by kind of risk"), header + 1, header + len(kinds)
        chart = new_chart(self.writer, 'bar', title)
        add_series(chart, sheet, title, (first, 0, last, 0), (first, 1, last, 1), BAND,
                   data_labels={'value': True, 'num_format': '#,##0', 'font': {'size': 9}})
        horizontal_bars(chart)
        chart.set_x_axis({'visible': False, 'major_gridlines': {'visible': False}, 'min': 0})
        place_chart(sheet, chart, top, 7, 620, 20 * (sheet.row - top) - 20, title)

    # Lists

    def _weight_columns(self):
        """How heavy a risk is, and of what kind."""
        return [
            Column(self.env._("Severity"), 'integer', width=11),
            Column(self.env._("Likelihood"), 'integer', width=11),
            Column(self.env._("Weight"), 'integer', width=11),
            Column(self.env._("Level"), 'wrap', width=11),
            Column(self.env._("Kind"), 'wrap', width=14),
        ]

    def _write_risks(self, sheet, risks):
        self.heading(sheet, self.env._("Open risks, the heaviest first"))
        columns = [
            Column(self.env._("Account"), 'wrap', total='count', width=28),
            Column(self.env._("Risk"), 'wrap', width=46),
            *self._weight_columns(),
            Column(self.env._("At Stake"), 'money', total='sum', width=15),
            Column(self.env._("Expected Loss"), 'money', total='sum', width=15),
            Column(self.env._("Risk Owner"), 'wrap', width=18),
            Column(self.env._("Treatment"), 'wrap', width=12),
            Column(self.env._("What We Do"), 'wrap', width=40),
            Column(self.env._("Next Look"), 'date', width=12),
        ]
        rows = [self._row(risk) for risk in risks]
        header = sheet.block(columns, rows, total_label=self.env._("Risks"), empty=self.env._(
            "No open risk is written down. The account team adds risks on the account, also those that it accepts."))
        self.filter(sheet, header, columns, rows)
        if rows:
            # An empty day is no day that has passed.
            sheet.worksheet.conditional_format(header + 1, 12, header + len(rows), 12, {
                'type': 'formula', 'criteria': f'=AND(M{header + 2}<>"",M{header + 2}<={self._today()})',
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE, 'bold': True})})

    def _today(self):
        return f'DATE({self.data.today:%Y,%m,%d})'

    def _row(self, risk):
        severity, likelihood = int(risk.severity), int(risk.likelihood)
        return [
            self.account(risk.account), self.data.link(risk.name, 'kam.risk', risk.id), severity, likelihood,
            Styled(Formula('C{row}*D{row}', risk.score), map_color(risk.score)), self.labels['level'][risk.level],
            self.labels['kind'][risk.kind], risk.amount or 0,
            Formula('H{row}*D{row}/5', risk.expected_loss or 0), self.owners.get(risk.owner),
            self.labels['treatment'][risk.treatment], risk.note, risk.review]

    def _write_contracts(self, sheet, risks):
        self.heading(sheet, self.env._("Contracts, by the last day of notice"))
        columns = [
            Column(self.env._("Account"), 'wrap', width=28),
            Column(self.env._("Contract"), 'wrap', width=46),
            Column(self.env._("Contract Ends"), 'date', width=11),
            Column(self.env._("Notice (Days)"), 'integer', width=11),
            Column(self.env._("Last Day of Notice"), 'date', width=11),
            Column(self.env._("Days Left"), 'integer', width=11),
            Column(self.env._("Level"), 'wrap', width=14),
            Column(self.env._("At Stake"), 'money', width=15),
            Column(self.env._("Risk Owner"), 'wrap', width=15),
        ]
        rows = [[
            self.account(risk.account), self.data.link(risk.name, 'kam.risk', risk.id), risk.contract_end,
            risk.notice_days, risk.notice,
            Formula(f'E{{row}}-{self._today()}', (risk.notice - self.data.today).days),
            self.labels['level'][risk.level], risk.amount or 0, self.owners.get(risk.owner)]
            for risk in sorted(risks, key=lambda risk: (risk.notice, risk.id))]
        header = sheet.block(columns, rows, empty=self.env._(
            "No contract is watched. Write one down as a risk of the kind Contract, with the day on which it ends."))
        if rows:
            sheet.worksheet.conditional_format(header + 1, 5, header + len(rows), 5, {
                'type': 'cell', 'criteria': '<=', 'value': 60,
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE, 'bold': True})})

    def _write_supervised(self, sheet, risks):
        self.heading(sheet, self.env._("Customers under supervision"))
        columns = [
            Column(self.env._("Account"), 'wrap', width=28),
            Column(self.env._("Risk"), 'wrap', width=46),
            *self._weight_columns(),
            Column(self.env._("At Stake"), 'money', width=15),
            Column(self.env._("Account Manager"), 'wrap', width=15),
        ]
        sheet.block(columns, [[
            *self._row(risk)[:8], self.data.by_id[risk.account].manager] for risk in risks], empty=self.env._(
            "Nobody is under supervision: no open risk of bad debt or reputation."))
