from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .kam_wallet_line import STATES


class KamWalletLine(models.Model):
    """Our part of a wallet, from invoices, and how it moves against the customer's own growth (S62, N6)."""
    _inherit = 'kam.wallet.line'

    our_sales = fields.Monetary(
        string="Ours", compute='_compute_share', help="Posted invoices of the last 12 months, net of tax.")
    our_sales_prior = fields.Monetary(string="Ours Before", compute='_compute_share', help="Of the 12 months before.")
    our_growth = fields.Float(string="Our Growth (%)", compute='_compute_share', digits=(16, 1))
    customer_growth = fields.Float(string="Their Growth (%)", compute='_compute_share', digits=(16, 1))
    share = fields.Float(string="Share of Wallet (%)", compute='_compute_share', digits=(16, 1))
    share_prior = fields.Float(string="Share Before (%)", compute='_compute_share', digits=(16, 1))
    white_amount = fields.Monetary(
        string="Not Ours", compute='_compute_share', help="Their spend less what we invoice.")
    state = fields.Selection(STATES, compute='_compute_share', search='_search_state')
    is_share_down = fields.Boolean(
        string="Sales Up, Share Down", compute='_compute_share', search='_search_is_share_down',
        help="We sell more than a year ago, and yet competitors have won more of what the customer buys.")
    is_slower = fields.Boolean(
        string="Growing Slower Than the Customer", compute='_compute_share', search='_search_is_slower')
    conflict_message = fields.Char(compute='_compute_share')
    lead_count = fields.Integer(compute='_compute_lead_count', string="Open Opportunities")

    @api.depends('lead_ids.won_status', 'lead_ids.active')
    def _compute_lead_count(self):
        """Whether there is one is no secret to the account team; what is in it depends on their rights (sudo)."""
        counts = dict(self.env['crm.lead'].sudo()._read_group(
            [('kam_wallet_line_id', 'in', self.ids), ('won_status', '=', 'pending')],
            ['kam_wallet_line_id'], ['__count']))
        for line in self:
            line.lead_count = counts.get(line._origin, 0)

    @api.depends_context('lang')
    @api.depends(
        'account_id', 'entity_id', 'categ_id', 'spend', 'spends_nothing', 'spend_prior', 'is_blocked', 'lead_count')
    def _compute_share(self):
        sales = self.account_id._origin._category_sales()
        for line in self:
            line.update(line._standing(*line._own_sales(sales)))

    def _own_sales(self, sales):
        """(last 12 months, 12 months before) of the line, from those of its account by entity and category."""
        # Looked up, not searched for: there may be thousands of lines. Which entities there are is no secret (sudo).
        entities = self.entity_id or self.account_id.sudo().entity_ids.partner_id
        found = [sales.get((self.account_id._origin.id, entity_id, self.categ_id._origin.id), (0.0, 0.0))
                 for entity_id in entities._origin.ids]
        return sum(now for now, _before in found), sum(before for _now, before in found)

    def _standing(self, now, before):
        share = 100 * now / self.spend if self.spend else 0
        share_prior = 100 * before / self.spend_prior if self.spend_prior else 0
        our_growth = 100 * (now - before) / before if before > 0 else 0
        customer_growth = 100 * (self.spend - self.spend_prior) / self.spend_prior if self.spend_prior else 0
        is_known = bool(self.spend and self.spend_prior and before > 0)
        state = self._state(now)
        return {
            'our_sales': now, 'our_sales_prior': before, 'our_growth': our_growth, 'customer_growth': customer_growth,
            'share': share, 'share_prior': share_prior, 'white_amount': max(self.spend - now, 0), 'state': state,
            'is_share_down': is_known and now > before and share < share_prior,
            'is_slower': is_known and our_growth < customer_growth,
            'conflict_message': state == 'conflict' and self.env._(
                "We invoiced %(ours)s, more than the estimated %(spend)s. Correct the estimate.",
                ours=self.account_id._money_text(now), spend=self.account_id._money_text(self.spend))}

    def _state(self, now):
        if self.is_blocked:
            return 'blocked'
        if now > self.spend and (self.spend or self.spends_nothing):
            return 'conflict'
        if self.lead_count:
            return 'open'
        if now > 0:
            return 'sold'
        return 'white' if self.spend else 'nothing' if self.spends_nothing else 'unknown'

    # Wallets exist where somebody has estimated: those that the user may see are gone through.

    def _search_computed(self, name, operator, value):
        if operator != 'in':
            return NotImplemented
        lines = self.search([])  # pylint: disable=no-search-all
        return Domain('id', 'in', lines.filtered(lambda line: line[name] in value).ids)

    def _search_state(self, operator, value):
        return self._search_computed('state', operator, value)

    def _search_is_share_down(self, operator, value):
        return self._search_computed('is_share_down', operator, value)

    def _search_is_slower(self, operator, value):
        return self._search_computed('is_slower', operator, value)

    def action_create_opportunity(self):
        """From a white spot to an opportunity, which is opened; where one is open already, that one."""
        self.ensure_one()
        # Also one of a colleague that this user may not open (sudo): two people would go after the same spot.
        lead = self.sudo().lead_ids.filtered(lambda lead: lead.won_status == 'pending')[:1].sudo(False)
        if lead and not lead.has_access('read'):
            raise UserError(self.env._(
                "%(line)s: %(person)s works on an opportunity already.", line=self.display_name,
                person=lead.sudo().user_id.name or self.env._("Somebody else")))
        if not lead:
            if self.is_blocked:
                raise UserError(self.env._("%(line)s is blocked: %(reason)s", line=self.display_name,
                                           reason=self.blocked_reason))
            lead = self.env['crm.lead'].create(self._opportunity_values())
        return self.account_id._open_opportunity(lead)

    def _opportunity_values(self):
        # The name of the entity belongs to the line, whoever may read it (sudo).
        customer = self.entity_id or self.account_id.sudo().partner_id
        name = self.env._(
            "%(category)s for %(customer)s", category=self.categ_id.name, customer=customer.sudo().name)
        return {**self.account_id._new_opportunity(name, self.white_amount, self.entity_id),
                'kam_wallet_line_id': self.id}
