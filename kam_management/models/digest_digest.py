from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..ledger.rates import CUSTOMER_DOCUMENTS

READERS = 'kam_management.group_kam_executive,kam_management.group_kam_champion'


class DigestDigest(models.Model):
    """Key accounts in the digest e-mail, for executives and champions who open nothing else.

    Figures are those of the digest's company: of key accounts in programmes that cover it. What happened is counted in
    the period; late issues and promises are told as they were at its end.
    """
    _inherit = 'digest.digest'

    kpi_kam_revenue = fields.Boolean("Revenue of Key Accounts")
    kpi_kam_revenue_value = fields.Monetary(compute='_compute_kpi_kam_revenue_value')
    kpi_kam_in_time = fields.Boolean("Key Accounts Without Late Issue (%)")
    kpi_kam_in_time_value = fields.Integer(compute='_compute_kpi_kam_in_time_value')
    kpi_kam_promise = fields.Boolean("Promises Kept (%)")
    kpi_kam_promise_value = fields.Integer(compute='_compute_kpi_kam_promise_value')
    kpi_kam_review = fields.Boolean("Reviews Held")
    kpi_kam_review_value = fields.Integer(compute='_compute_kpi_kam_review_value')
    kpi_kam_visit = fields.Boolean("Visits of Sponsors")
    kpi_kam_visit_value = fields.Integer(compute='_compute_kpi_kam_visit_value')

    def _compute_kpi_kam_revenue_value(self):
        self._compute_kam_kpi('revenue')

    def _compute_kpi_kam_in_time_value(self):
        self._compute_kam_kpi('in_time')

    def _compute_kpi_kam_promise_value(self):
        self._compute_kam_kpi('promise')

    def _compute_kpi_kam_review_value(self):
        self._compute_kam_kpi('review')

    def _compute_kpi_kam_visit_value(self):
        self._compute_kam_kpi('visit')

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref('kam_management.menu_kam_root').id
        return {
            **super()._compute_kpis_actions(company, user),
            **{f'kpi_kam_{name}': f'kam_management.{action}?menu_id={menu}' for name, action in (
                ('revenue', 'kam_account_action'), ('in_time', 'kam_issue_action'),
                ('promise', 'kam_promise_result_action'), ('review', 'kam_review_action'),
                ('visit', 'kam_review_action_visits'))}}

    def _compute_kam_kpi(self, name):
        """Value of a figure by its method `_kam_<name>(key accounts of the company, company, start, end)`.

        :raise AccessError: where the reader may not see it, which leaves the figure out of their e-mail
        """
        if not self.env.user.has_groups(READERS):
            raise AccessError(self.env._("Figures of key accounts are for executives and programme champions."))
        start, end, __ = self._get_kpi_compute_parameters()
        for company, digests in self.grouped(lambda digest: digest.company_id or digest.env.company).items():
            # Of this company alone, and refused where it is not one of the reader's.
            accounts = digests.with_context(allowed_company_ids=company.ids).env['kam.account'].search([
                ('is_key', '=', True), ('program_id.company_ids', 'in', company.ids)])
            digests[f'kpi_kam_{name}_value'] = getattr(self, f'_kam_{name}')(accounts, company, start, end)

    def _kam_revenue(self, accounts, company, start, end):
        """Net of tax, in the currency of the company; a customer of two programmes counts once."""
        # A sum of the accounts that the reader may see; its invoices can be restricted (sudo).
        [(total,)] = self.env['account.move'].sudo()._read_group([
            ('commercial_partner_id', 'in', accounts.entity_ids.partner_id.ids), ('company_id', '=', company.id),
            ('move_type', 'in', CUSTOMER_DOCUMENTS), ('state', '=', 'posted'),
            ('invoice_date', '>', start), ('invoice_date', '<=', end)], [], ['amount_untaxed_signed:sum'])
        return total or 0.0

    def _kam_in_time(self, accounts, company, start, end):
        """How many of a hundred had no issue open at that moment whose answer or resolution was overdue then.

        Not how many had one: the e-mail paints what grows green.
        """
        if not accounts:
            raise AccessError(self.env._("There is no key account yet."))
        [(late,)] = accounts.env['kam.issue']._read_group(
            Domain('account_id', 'in', accounts.ids) & Domain('date_reported', '<', end)
            & (Domain('date_resolved', '=', False) | Domain('date_resolved', '>=', end))
            & (Domain('date_resolution_due', '<', end) | Domain('date_response_due', '<', end) & (
                Domain('date_responded', '=', False) | Domain('date_responded', '>=', end))),
            [], ['account_id:count_distinct'])
        return round(100 * (1 - late / len(accounts)))

    def _kam_promise(self, accounts, company, start, end):
        """Of all times that a promise was due in the last month with results that was over by then.

        :raise AccessError: where there is no result at all: no figure is better than a wrong one
        """
        own = Domain('account_id', 'in', accounts.ids) & Domain('total', '>', 0)
        Result = accounts.env['kam.promise.result']
        month = fields.Datetime.to_datetime(end).date().replace(day=1)
        months = Result._read_group(
            own & Domain('date', '<', month), ['date:month'], ['kept:sum', 'total:sum'], order='date:month DESC',
            limit=1)
        if not months and not Result.search_count(own, limit=1):
            raise AccessError(self.env._("No promise has been checked yet."))
        return round(100 * months[0][1] / months[0][2]) if months else 0

    def _kam_review(self, accounts, company, start, end):
        return accounts.env['kam.review'].search_count([
            ('account_id', 'in', accounts.ids), ('date_held', '>', start), ('date_held', '<=', end)])

    def _kam_visit(self, accounts, company, start, end):
        """As the calendar tells them, see kam_account_visit.

        Raw SQL past the privacy of meetings: how many there were is told, never what they were about.
        """
        accounts._flush_visits()
        [(count,)] = self.env.execute_query(SQL(
            """SELECT COUNT(DISTINCT (visit.account_id, visit.event_id)) FROM (%s) visit
                WHERE visit.role = 'sponsor'""",
            accounts._visit_meetings_sql(SQL(
                "entity.account_id = ANY(%s) AND event.start >= %s AND event.start < %s", accounts.ids, start, end))))
        return count
