from .dossier_section import DossierSection
from .xlsx_values import Column


class DossierPeopleSection(DossierSection):
    """The relationship map as a table.

    Without anybody's stance: that is for the account team alone and is erased on a day (F83), which a file that is
    handed on is not.
    """
    code = 'people'

    def title(self):
        return self.env._("People")

    def build(self):
        sheet = self.add_sheet()
        people = self.env['kam.stakeholder'].search([('account_id', '=', self.data.account.id)])
        columns = [
            Column(self.env._("Person"), 'wrap', total='count', width=26),
            Column(self.env._("Job Position"), 'wrap', width=28),
            Column(self.env._("Legal Entity"), 'wrap', width=24),
            Column(self.env._("Reports To"), 'wrap', width=22),
            Column(self.env._("Buying Role"), 'wrap', width=20),
            Column(self.env._("Influence"), 'wrap', width=12),
            Column(self.env._("Relationship"), 'wrap', width=14),
            Column(self.env._("Our Main Contact"), 'wrap', width=22),
            Column(self.env._("Last Two-Way Contact"), 'date', width=14),
            Column(self.env._("Left On"), 'date', width=12),
        ]
        sheet.table(columns, self._rows(people), total_label=self.env._("People"), empty=self.env._(
            "Nobody is on the relationship map of this customer yet."))

    def _rows(self, people):
        labels = self.data.labels('kam.stakeholder', 'buying_role', 'influence', 'strength')
        covers = self.env['kam.coverage'].search([('stakeholder_id', 'in', people.ids), ('is_main', '=', True)])
        main = {cover.stakeholder_id: cover.user_id.name for cover in covers}
        # Whoever may read the map reads the contacts on it (sudo): they may be restricted.
        contacts = {person: person.sudo().partner_id for person in people}
        return [[
            self.data.link(person.display_name, 'kam.stakeholder', person.id),
            contacts[person].function, contacts[person].commercial_partner_id.name, person.parent_id.display_name,
            labels['buying_role'].get(person.buying_role), labels['influence'].get(person.influence),
            labels['strength'].get(person.strength), main.get(person), person.date_last_contact, person.date_left,
        ] for person in people]
