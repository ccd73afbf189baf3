from collections import defaultdict

from odoo import api, fields, models


class KamAccount(models.Model):
    """Sums of the wallet of an account, and what they warn of."""
    _inherit = 'kam.account'

    wallet_line_ids = fields.One2many('kam.wallet.line', 'account_id', string="Wallet")
    wallet_spend = fields.Monetary(string="Their Estimated Spend", compute='_compute_wallet')
    wallet_ours = fields.Monetary(string="Ours of It", compute='_compute_wallet')
    wallet_share = fields.Float(string="Our Share (%)", compute='_compute_wallet', digits=(16, 1))
    white_amount = fields.Monetary(string="To Be Won", compute='_compute_wallet')
    white_count = fields.Integer(string="White Spots", compute='_compute_wallet')

    @api.depends('wallet_line_ids.spend', 'wallet_line_ids.is_blocked')
    def _compute_wallet(self):
        """Of a category that is estimated as a whole and by entity, the whole counts."""
        by_account = self._wallet_lines()
        for account in self:
            lines = by_account[account]
            account.wallet_spend = sum(lines.mapped('spend'))
            account.wallet_ours = sum(line.our_sales for line in lines if line.spend)
            account.wallet_share = 100 * account.wallet_ours / account.wallet_spend if account.wallet_spend else 0
            account.white_amount = sum(line.white_amount for line in lines if line.state != 'blocked')
            account.white_count = len(lines.filtered(lambda line: line.state == 'white'))

    def _wallet_lines(self):
        """{account: its lines, without those of entities where there is one of the whole account}"""
        by_account = defaultdict(self.env['kam.wallet.line'].browse)
        found = self.env['kam.wallet.line'].search([('account_id', 'in', self.ids)])
        for account, lines in found.grouped('account_id').items():
            whole = lines.filtered(lambda line: not line.entity_id)
            counted = whole | (lines - whole).filtered(
                lambda line, whole=whole: line.categ_id not in whole.categ_id)
            # A union forgets the others, and our sales would be computed account by account.
            by_account[account] = counted.with_prefetch(found.ids)
        return by_account

    def _attention(self):
        attention = super()._attention()
        for account, lines in self._wallet_lines().items():
            for flag, text in (
                ('is_share_down', self.env._("Sales up, share down")),
                ('is_slower', self.env._("Growing slower than the customer")),
            ):
                found = lines.filtered(flag)
                if found:
                    attention[account].append({
                        'level': 'warning', 'text': f"{text}: {', '.join(found.categ_id.mapped('name'))}"})
            conflicts = lines.filtered(lambda line: line.state == 'conflict')
            if conflicts:
                attention[account].append({'level': 'info', 'text': self.env._(
                    "Wallet smaller than our sales: %s", ', '.join(conflicts.categ_id.mapped('name')))})
        return attention

    @api.model
    def _merge_partners(self, sources, destination):
        result = super()._merge_partners(sources, destination)
        # Lines of accounts that whoever merges partners need not see (sudo).
        lines = self.env['kam.wallet.line'].sudo().search([('entity_id', 'in', (sources | destination).ids)])
        for same in lines.grouped(lambda line: (line.account_id, line.categ_id)).values():
            same._merge_lines(destination)
        return result

    def _merge_into(self, kept):
        """Estimates that the account which goes on does not have yet go along; the others stay as history."""
        result = super()._merge_into(kept)
        known = {(line.entity_id, line.categ_id) for line in kept.wallet_line_ids}
        self.wallet_line_ids.filtered(
            lambda line: (line.entity_id, line.categ_id) not in known).sudo().account_id = kept  # rules are per account
        return result

    def _plan_facts(self, entity=None):
        facts = super()._plan_facts(entity)
        for account in self:
            if account.wallet_spend and not entity:
                facts[account].append(self.env._(
                    "Share of wallet: %(share)d %% of %(spend)s; %(white)s to be won.", share=round(
                        account.wallet_share), spend=account._money_text(account.wallet_spend),
                    white=account._money_text(account.white_amount)))
        return facts

    def action_open_whitespace(self):
        self.ensure_one()
        action = self.env['ir.actions.client']._for_xml_id('kam_management.kam_whitespace_action')
        return dict(
            action, name=self.env._("Wallet of %s", self.display_name),
            params={'model': 'kam.wallet.line', 'scope': {'account_id': self.id, 'show': 'spend'}})
