from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date


class KamAccount(models.Model):
    """Customers that meet the criteria of a key account and are none: each has to be explained (S31, N4)."""
    _inherit = 'kam.account'

    is_qualified = fields.Boolean(
        string="Meets the Criteria, Not Key", compute='_compute_qualified', search='_search_is_qualified')
    is_unexplained = fields.Boolean(
        string="Not Key Without Explanation", compute='_compute_qualified', search='_search_is_unexplained')
    not_key_reason = fields.Char(
        string="Why It Is Not Key", compute='_compute_qualified',
        help="An open tier change, or the reason of a refusal for as long as it counts.")

    @api.depends('is_key', 'recommended_tier_id', 'tier_change_ids.state')
    def _compute_qualified(self):
        qualified = self.filtered(lambda account: account.recommended_tier_id.is_key and not account.is_key)
        # The last word counts, whoever may see the change.
        changes = self.env['kam.tier.change'].sudo().search(
            Domain('account_id', 'in', qualified.ids) & Domain('to_tier_id.is_key', '=', True)
            & (Domain('is_open', '=', True) | Domain('state', '=', 'refused')), order='id')
        last = {change.account_id.id: change for change in changes}
        for account in self:
            account.is_qualified = account in qualified
            account.not_key_reason = account.is_qualified and account._explanation(last.get(account.id))
            account.is_unexplained = account.is_qualified and not account.not_key_reason

    def _explanation(self, change):
        if not change:
            return ""
        if change.is_open:
            return self.env._("A tier change to %s is open.", change.to_tier_id.name)
        if change.date_quiet_until <= fields.Date.context_today(self):
            return ""
        return self.env._(
            "Refused until %(date)s: %(reason)s", date=format_date(self.env, change.date_quiet_until),
            reason=change.refusal_reason or "")

    @api.model
    def _qualified_domain(self):
        return Domain('recommended_tier_id.is_key', '=', True) & Domain('is_key', '=', False)

    @api.model
    def _search_is_qualified(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return self._qualified_domain() if True in value else ~self._qualified_domain()

    @api.model
    def _search_is_unexplained(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # Only those who qualify are looked at one by one: a handful beside all customers.
        ids = self.search(self._qualified_domain()).filtered('is_unexplained').ids
        return Domain('id', 'in' if True in value else 'not in', ids)
