from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.misc import format_date


class KamAccount(models.Model):
    """What an account needs today, in a few words: on the card, on the form, and in the list."""
    _inherit = 'kam.account'

    attention = fields.Json(
        compute='_compute_attention', help="A list of {level: danger, warning or info; text}, the most urgent first.")
    next_step = fields.Char(compute='_compute_next_step', help="The next planned activity of anybody.")

    @api.depends_context('lang')
    @api.depends('tier_id', 'manager_id', 'sponsor_id', 'date_told', 'win_back_state', 'lost_reason_id')
    def _compute_attention(self):
        levels = ['danger', 'warning', 'info']
        by_account = self._attention()
        for account in self:
            account.attention = sorted(by_account[account], key=lambda entry: levels.index(entry['level']))

    @api.depends('activity_summary', 'activity_type_id')
    def _compute_next_step(self):
        for account in self:
            account.next_step = account.activity_summary or account.activity_type_id.name

    def _attention(self):
        """{account: [{level, text}]} in a fixed number of queries; others add to it by super()."""
        attention = defaultdict(list)
        contacts = self._contact_counts()
        left = (self.manager_id | self.sponsor_id).filtered(lambda user: not user.active)
        for account in self:
            for level, text in (
                *account._people_attention(left), *account._customer_attention(contacts[account.id]),
                *account._standing_attention(),
            ):
                attention[account].append({'level': level, 'text': text})
        return attention

    def _people_attention(self, left):
        if self.is_key and not self.manager_id:
            yield 'danger', self.env._("No account manager")
        if self.is_key and not self.sponsor_id:
            yield 'warning', self.env._("No sponsor")
        for user in (self.manager_id | self.sponsor_id) & left:
            yield 'danger', self.env._("%s has left", user.name)
        if self.is_visit_overdue:
            yield 'warning', self._overdue_text()

    def _customer_attention(self, contact_count):
        least = self.tier_id.stakeholder_min
        if contact_count < least:
            yield 'info', self.env._("%(count)s of %(least)s contacts", count=contact_count, least=least)
        if self.win_back_state == 'analyse' and not self.lost_reason_id:
            yield 'warning', self.env._("Why was it lost?")

    def _standing_attention(self):
        if self.date_probation_end:
            yield 'warning', self.env._("On probation until %s", format_date(self.env, self.date_probation_end))
        if self.exception_state == 'expired':
            yield 'danger', self.env._("Exception has ended")
        elif self.exception_state == 'open':
            yield 'info', self.env._("Exception until %s", format_date(self.env, self.exception_until))
        if self.open_change_count:
            yield 'info', self.env._("Tier change open")

    def _overdue_text(self):
        today = fields.Date.context_today(self)
        if self.is_sponsor_visit_overdue:
            return self.env._("Sponsor visit overdue by %s days", (today - self.date_sponsor_visit_due).days)
        return self.env._("Visit overdue by %s days", (today - self.date_manager_visit_due).days)

    def _contact_counts(self):
        """{account id: people at its legal entities}"""
        # How many, not who: contacts can be restricted (sudo).
        accounts = self._accounts_by_entity()
        counts = defaultdict(int)
        for company, count in self.env['res.partner'].sudo()._read_group(
                [('commercial_partner_id', 'in', list(accounts)), ('is_company', '=', False), ('type', '=', 'contact')],
                ['commercial_partner_id'], ['__count']):
            for account in accounts[company.id]:
                counts[account.id] += count
        return counts

    def _accounts_by_entity(self):
        """{id of a legal entity: the accounts it belongs to, one in each programme}"""
        accounts = defaultdict(self.browse)
        for entity in self.entity_ids:
            accounts[entity.partner_id.id] |= entity.account_id
        return accounts
