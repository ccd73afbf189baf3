from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..models.kam_account_people import THREADS_MIN


class KamWhoLeaves(models.TransientModel):
    """What if they leave (N7)? Which accounts would be left with too few contacts, or without decider or champion.

    A contact at the customer leaves: the person counts no more. One of us leaves: contacts go silent with whom nobody
    else of us was in touch lately. Nothing is changed by asking.
    """
    _name = 'kam.who.leaves'
    _description = "Who Leaves?"

    stakeholder_ids = fields.Many2many('kam.stakeholder', string="Contacts at Customers")
    user_ids = fields.Many2many('res.users', string="Our People", domain=[('share', '=', False)])
    line_ids = fields.One2many(
        'kam.who.leaves.line', 'wizard_id', string="Accounts Affected", compute='_compute_line_ids', compute_sudo=False,
        store=True)
    message = fields.Char(compute='_compute_message')

    @api.depends('stakeholder_ids', 'user_ids')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [Command.create(values) for values in wizard._affected()]

    @api.depends('line_ids', 'stakeholder_ids', 'user_ids')
    def _compute_message(self):
        for wizard in self:
            hit = wizard.line_ids.filtered('is_severe')
            wizard.message = (
                False if not (wizard.stakeholder_ids or wizard.user_ids)
                else self.env._("No account would lose a live contact.") if not wizard.line_ids
                else self.env._(
                    "%(count)s accounts would lose live contacts, %(severe)s of them too many or the last decider or "
                    "champion.", count=len(wizard.line_ids), severe=len(hit)))

    def _affected(self):
        """One dictionary per account that would lose live contacts, the worst first.

        Only people whom the user may see count; their contacts with whomever are looked up in one statement.
        """
        Stakeholder = self.env['kam.stakeholder']
        if not self.stakeholder_ids and not self.user_ids:
            return []
        people = Stakeholder.search(self._scope())
        before, after = self._live(people, None), self._live(people, self.user_ids.ids)
        after -= set(self.stakeholder_ids._origin.ids)
        by_account = defaultdict(Stakeholder.browse)
        for person in people:
            by_account[person.account_id] |= person
        rows = [self._row(account, persons, before, after) for account, persons in by_account.items()]
        rows = [row for row in rows if row['live_after'] < row['live_before']]
        return sorted(rows, key=lambda row: (not row['is_severe'], row['live_after'] - row['live_min']))

    def _scope(self):
        """People of all accounts that could be touched: those of the contacts, and any where one of ours is in
        touch with somebody."""
        touched = set(self.stakeholder_ids.account_id._origin.ids)
        if self.user_ids:
            Stakeholder = self.env['kam.stakeholder']
            Stakeholder._flush_contacts()
            touched.update(account for account, in self.env.execute_query(SQL(
                """SELECT DISTINCT person.account_id FROM (%s) contact
                     JOIN kam_stakeholder person ON person.id = contact.stakeholder_id
                    WHERE contact.user_id = ANY(%s)""",
                Stakeholder._contacts_sql(SQL("stakeholder.active")), self.user_ids._origin.ids)))
        return Domain('account_id', 'in', list(touched)) & Domain('account_id.active', '=', True)

    @api.model
    def _live(self, people, besides):
        if not people:
            return set()
        people._flush_contacts()
        return {person_id for person_id, in self.env.execute_query(
            people._live_sql(SQL("stakeholder.id = ANY(%s)", people.ids), besides))}

    def _row(self, account, people, before, after):
        lost = people.filtered(lambda person: person.id in before and person.id not in after)
        rest = people.filtered(lambda person: person.id in after)
        least = max(account.tier_id.stakeholder_min, THREADS_MIN)
        missing = {
            role: role in lost.mapped('buying_role') and role not in rest.mapped('buying_role')
            for role in ('decider', 'champion')}
        return {
            'account_id': account.id, 'live_before': len(rest | lost), 'live_after': len(rest), 'live_min': least,
            'lost_ids': [Command.set(lost.ids)], 'is_decider_lost': missing['decider'],
            'is_champion_lost': missing['champion'],
            'is_severe': len(rest) < least or any(missing.values())}
