from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang
from odoo.tools.misc import format_date

# Opportunities that close so soon are worth a visit of an executive.
CLOSING_DAYS = 60
# Without a visit so far, what happened in these days is news.
NEWS_DAYS = 90


class KamAccount(models.Model):
    """What a sponsor wants to know before a visit: why it matters now, and what changed since the last one (S90).

    Documents count as far as the reader may see them; amounts are in the currency of the programme at today's rate.
    """
    _inherit = 'kam.account'

    visit_reason = fields.Text(string="Why Visit Now", compute='_compute_visit_reason')
    changes_since_visit = fields.Text(string="Since the Last Visit", compute='_compute_changes_since_visit')

    @api.depends_context('uid', 'lang')
    def _compute_visit_reason(self):
        reasons = self._visit_reasons()
        for account in self:
            account.visit_reason = "\n".join(reasons[account])

    def _visit_reasons(self):
        """{account: [sentence]}; others add to it by super()."""
        reasons = defaultdict(list)
        today = fields.Date.context_today(self)
        for account in self:
            due = account.date_sponsor_visit_due
            if account.is_sponsor_visit_overdue:
                reasons[account].append(self.env._("The visit is overdue by %s days.", (today - due).days))
            if account.sponsor_id and not account.date_last_sponsor_visit:
                reasons[account].append(self.env._("No sponsor has visited this customer yet."))
            if account.date_probation_end:
                reasons[account].append(self.env._(
                    "It is on probation until %s.", format_date(self.env, account.date_probation_end)))
            if account.open_change_count:
                reasons[account].append(self.env._("A tier change is open."))
        for account, leads in self._leads(
                Domain('won_status', '=', 'pending') & Domain('date_deadline', '>=', 'today')
                & Domain('date_deadline', '<=', today + timedelta(days=CLOSING_DAYS))).items():
            reasons[account].append(self.env._(
                "Opportunities of %(amount)s close within %(days)s days.",
                amount=account._lead_money(leads), days=CLOSING_DAYS))
        for account, amounts in self._overdue_invoices().items():
            reasons[account].append(self.env._("Invoices of %s are overdue.", account._money(amounts)))
        return reasons

    @api.depends_context('uid', 'lang')
    def _compute_changes_since_visit(self):
        today = fields.Date.context_today(self)
        since = {account: account.date_last_sponsor_visit or today - timedelta(days=NEWS_DAYS) for account in self}
        first = min(since.values(), default=today)
        changes = self.env['kam.tier.change'].search(
            [('account_id', 'in', self.ids), ('date_applied', '>', first)]).grouped('account_id')
        seats = self.env['kam.assignment'].search(
            Domain('account_id', 'in', self.ids)
            & (Domain('date_from', '>', first) & Domain('date_from', '<=', today)
               | Domain('date_to', '>', first) & Domain('date_to', '<', today))).grouped('account_id')
        invoices = self._invoices_since(first)
        leads = self._leads(Domain('date_closed', '>', first) | Domain('create_date', '>', first), active_test=False)
        for account in self:
            day = since[account]
            lines = [change.summary for change in changes.get(account, self.env['kam.tier.change'])
                     if change.date_applied > day]
            lines += self._seat_changes(seats.get(account, self.env['kam.assignment']), day, today)
            lines += account._lead_changes(leads.get(account, self.env['crm.lead']), day)
            lines += account._invoice_changes(invoices.get(account, []), day)
            account.changes_since_visit = "\n".join(lines)

    def _seat_changes(self, seats, day, today):
        for seat in seats:
            names = {'person': seat.user_id.name, 'role': seat.role_id.name}
            if day < seat.date_from <= today:
                yield self.env._("%(person)s took the seat %(role)s.", **names)
            if seat.date_to and day < seat.date_to < today:
                yield self.env._("%(person)s left the seat %(role)s.", **names)

    def _lead_changes(self, leads, day):
        texts = {
            'won': lambda **values: self.env._("Opportunities won: %(count)s (%(amount)s)", **values),
            'lost': lambda **values: self.env._("Opportunities lost: %(count)s (%(amount)s)", **values),
            'pending': lambda **values: self.env._("Opportunities opened: %(count)s (%(amount)s)", **values)}
        for status, text in texts.items():
            found = leads.filtered(lambda lead, status=status: lead.won_status == status and (
                lead.create_date if status == 'pending' else lead.date_closed or lead.create_date).date() > day)
            if found:
                yield text(count=len(found), amount=self._lead_money(found))

    def _invoice_changes(self, invoices, day):
        newer = [(company, amount, count) for company, date, amount, count in invoices if date > day]
        if newer:
            yield self.env._(
                "Invoices posted: %(count)s (%(amount)s)", count=sum(count for _company, _amount, count in newer),
                amount=self._money((company, amount) for company, amount, _count in newer))

    def _leads(self, domain, active_test=True):
        leads = self.env['crm.lead'].with_context(active_test=active_test).search(
            domain & Domain('type', '=', 'opportunity')
            & Domain('partner_id.commercial_partner_id', 'in', self.entity_ids.partner_id.ids))
        accounts, grouped = self._accounts_by_entity(), defaultdict(leads.browse)
        for lead in leads:
            for account in accounts[lead.partner_id.commercial_partner_id.id]:
                grouped[account] |= lead
        return grouped

    def _invoices_since(self, first):
        """{account: [(company, day, untaxed amount in the company's currency, number)]} after the day `first`."""
        return self._read_invoices(
            Domain(self._invoice_domain()) & Domain('invoice_date', '>', first),
            ['company_id', 'invoice_date:day'], ['amount_untaxed_signed:sum', '__count'])

    def _overdue_invoices(self):
        """{account: [(company, amount due in the company's currency)]}"""
        return self._read_invoices(
            Domain(self._invoice_domain()) & Domain('move_type', '=', 'out_invoice')
            & Domain('payment_state', 'in', ('not_paid', 'partial')) & Domain('invoice_date_due', '<', 'today'),
            ['company_id'], ['amount_residual_signed:sum'])

    def _read_invoices(self, domain, groupby, aggregates):
        """{account: rows}, summed up by the database: a customer may have any number of invoices."""
        Move = self.env['account.move']
        grouped = defaultdict(list)
        if not Move.has_access('read'):
            return grouped
        accounts = self._accounts_by_entity()
        for partner, company, *figures in Move._read_group(domain, ['commercial_partner_id', *groupby], aggregates):
            for account in accounts[partner.id]:
                if company in account.company_ids:
                    grouped[account].append((company, *figures))
        return grouped

    def _lead_money(self, leads):
        return self._money((lead.company_id, lead.expected_revenue) for lead in leads)

    def _money(self, amounts):
        """The sum of (company, amount in its currency) as text, in the currency of the programme, without decimals."""
        currency, today = self.currency_id, fields.Date.context_today(self)
        total = 0.0
        for company, amount in amounts:
            company = company or self.env.company
            total += company.currency_id._convert(amount, currency, company, today)
        return f"{formatLang(self.env, total, digits=0)} {currency.name}"
