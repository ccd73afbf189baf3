from .dossier_section import DossierSection
from .risks_section import map_color
from .xlsx_style import NEGATIVE
from .xlsx_values import Column, Formula, Styled


class DossierRisksSection(DossierSection):
    """What could cost us this customer, what we do about it, and when its contracts end (F72, F74)."""
    code = 'risks'

    def title(self):
        return self.env._("Risks and Contracts")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(36, 14, 11, 11, 11, 11, 15, 15, 20, 13, 44, 13)
        risks = self.env['kam.risk'].search([('account_id', '=', self.data.account.id)])
        self.labels = self.data.labels('kam.risk', 'kind', 'level', 'treatment', 'state')
        opened = risks.filtered('is_open')
        if opened.filtered('is_supervised'):
            sheet.put(sheet.row, 0, self.env._("This customer is under supervision."), 'text', bold=True,
                      font_color=NEGATIVE)
            sheet.row += 2
        self._write_open(sheet, opened)
        self._write_contracts(sheet, opened.filtered('date_notice').sorted('date_notice'))
        self._write_closed(sheet, (risks - opened).sorted('date_closed', reverse=True))

    def _link(self, risk):
        return self.data.link(risk.name, 'kam.risk', risk.id)

    def _write_open(self, sheet, risks):
        self.heading(sheet, self.env._("Open risks, the heaviest first"))
        columns = [
            Column(self.env._("Risk"), 'wrap', total='count', width=36),
            Column(self.env._("Kind"), 'wrap', width=14),
            Column(self.env._("Severity"), 'integer', width=11),
            Column(self.env._("Likelihood"), 'integer', width=11),
            Column(self.env._("Weight"), 'integer', width=11),
            Column(self.env._("Level"), 'wrap', width=11),
            Column(self.env._("At Stake"), 'money', total='sum', width=15),
            Column(self.env._("Expected Loss"), 'money', total='sum', width=15),
            Column(self.env._("Risk Owner"), 'wrap', width=20),
            Column(self.env._("Treatment"), 'wrap', width=13),
            Column(self.env._("What We Do"), 'wrap', width=44),
            Column(self.env._("Next Look"), 'date', width=13),
        ]
        sheet.block(columns, [[
            self._link(risk), self.labels['kind'][risk.kind], int(risk.severity), int(risk.likelihood),
            Styled(Formula('C{row}*D{row}', risk.score), map_color(risk.score)), self.labels['level'][risk.level],
            risk.amount, Formula('G{row}*D{row}/5', risk.expected_loss), risk.owner_id.name,
            self.labels['treatment'][risk.treatment], risk.treatment_note, risk.date_review] for risk in risks],
            total_label=self.env._("Risks"), empty=self.env._(
                "No open risk that you may see. The account team adds risks on the account."))

    def _write_contracts(self, sheet, risks):
        self.heading(sheet, self.env._("Contracts, by the last day of notice"))
        columns = [
            Column(self.env._("Contract"), 'wrap', width=36),
            Column(self.env._("Contract Ends"), 'date', width=14),
            Column(self.env._("Notice (Days)"), 'integer', width=11),
            Column(self.env._("Last Day of Notice"), 'date', width=11),
            Column(self.env._("Days Left"), 'integer', width=11),
        ]
        header = sheet.block(columns, [[
            self._link(risk), risk.date_contract_end, risk.notice_days, risk.date_notice,
            Formula(f'D{{row}}-DATE({self.data.today:%Y,%m,%d})', (risk.date_notice - self.data.today).days)]
            for risk in risks], empty=self.env._(
                "No contract is watched. Write one down as a risk of the kind Contract, with the day on which it "
                "ends."))
        if risks:
            sheet.worksheet.conditional_format(header + 1, 4, header + len(risks), 4, {
                'type': 'cell', 'criteria': '<=', 'value': 60,
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE, 'bold': True})})

    def _write_closed(self, sheet, risks):
        if not risks:
            return
        self.heading(sheet, self.env._("What became of other risks"))
        columns = [
            Column(self.env._("Risk"), 'wrap', width=36),
            Column(self.env._("Kind"), 'wrap', width=14),
            Column(self.env._("State"), 'wrap', width=11),
            Column(self.env._("Closed On"), 'date', width=11),
            Column(self.env._("Weight"), 'integer', width=11),
            Column(self.env._("Level"), 'wrap', width=11),
            Column(self.env._("At Stake"), 'money', width=15),
        ]
        sheet.block(columns, [[
            self._link(risk), self.labels['kind'][risk.kind], self.labels['state'][risk.state], risk.date_closed,
            risk.score, self.labels['level'][risk.level], risk.amount] for risk in risks])
