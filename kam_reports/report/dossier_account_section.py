from .dossier_section import DossierSection
from .xlsx_text import wrapped_lines
from .xlsx_values import Column

MAX_EVENTS = 40


class DossierAccountSection(DossierSection):
    """Who the customer is, who looks after it, where it stands, and what happened."""
    code = 'account'

    def title(self):
        return self.env._("Account")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(30, 60, 22, 22)
        for label, value, kind in self._facts():
            sheet.put(sheet.row, 0, label, 'text', 'cover_label', font_size=10)
            sheet.put(sheet.row, 1, value, kind, 'cover_value', font_size=10)
            if kind == 'wrap':
                sheet.worksheet.set_row(sheet.row, 14 * wrapped_lines(value, 44) + 3)
            sheet.row += 1
        sheet.row += 1
        account = self.data.account
        attention = [item['text'] for item in account.attention or ()]
        if attention:
            self.heading(sheet, self.env._("Needs attention"))
            self.paragraph(sheet, "\n".join(f"• {text}" for text in attention), 3, 132)
        self._write_team(sheet)
        self._write_events(sheet)

    def _facts(self):
        """(label, value, kind)"""
        account, data = self.data.account, self.data
        labels = data.labels('kam.account', 'category', 'abc_class', 'rfm_segment', 'health_state')
        values = {line.metric: line.value for line in account.score_line_ids if line.has_data}
        facts = [
            (self.env._("Tier"), account.tier_id.name, 'text'),
            (self.env._("Category"), labels['category'].get(account.category), 'text'),
            (self.env._("Account Manager"), account.manager_id.name, 'text'),
            (self.env._("Executive Sponsor"), account.sponsor_id.name, 'text'),
            (self.env._("Country"), account.country_id.name, 'text'),
            # The names of entities belong to the account, whoever may read it (sudo).
            (self.env._("Legal Entities"), ", ".join(account.sudo().entity_ids.partner_id.mapped('name')), 'wrap'),
            (self.env._("Customer Since"), account.date_first_invoice, 'date'),
            (self.env._("Revenue, Last 12 Months"), values.get('revenue'), 'money'),
            (self.env._("Growth"), self._percent(values.get('growth')), 'percent'),
            (self.env._("Margin"), self._percent(values.get('margin')), 'percent'),
            (self.env._("ABC Class"), labels['abc_class'].get(account.abc_class), 'text'),
            (self.env._("Buying Pattern"), labels['rfm_segment'].get(account.rfm_segment), 'text'),
            (self.env._("Score"), account.score if account.score_coverage else None, 'points'),
            (self.env._("Health"), account.health if account.health_coverage else None, 'points'),
            (self.env._("State of Health"), labels['health_state'].get(account.health_state), 'text'),
            (self.env._("Customer Told On"), account.date_told, 'date'),
        ]
        return [fact for fact in facts if fact[1] not in (None, False, '')]

    @staticmethod
    def _percent(value):
        return None if value is None else value / 100

    def _write_team(self, sheet):
        seats = self.env['kam.assignment'].search(
            [('account_id', '=', self.data.account.id), ('is_current', '=', True)], order='date_from, id')
        self.heading(sheet, self.env._("Team"))
        columns = [
            Column(self.env._("Person"), 'wrap', width=30), Column(self.env._("Seat"), 'wrap', width=60),
            Column(self.env._("Since"), 'date', width=22)]
        sheet.block(columns, [[seat.user_id.name, seat.role_id.name, seat.date_from] for seat in seats],
                    empty=self.env._("Nobody holds a seat at this account."))

    def _write_events(self, sheet):
        events = self.env['kam.account.event'].search([('account_id', '=', self.data.account.id)], limit=MAX_EVENTS)
        self.heading(sheet, self.env._("Timeline"))
        columns = [Column(self.env._("Date"), 'date', width=30), Column(self.env._("What Happened"), 'wrap', width=60)]
        sheet.block(columns, [[event.date, event.description] for event in events],
                    empty=self.env._("Nothing has happened yet."))
