from odoo import api, fields, models
from odoo.tools.misc import format_date


class KamAccount(models.Model):
    """The risks of an account, and whether it is under supervision."""
    _inherit = 'kam.account'

    risk_ids = fields.One2many('kam.risk', 'account_id', string="Risks")
    risk_count = fields.Integer(string="Open Risks", compute='_compute_risks')
    risk_high_count = fields.Integer(string="High Risks", compute='_compute_risks')
    is_supervised = fields.Boolean(
        string="Under Supervision", compute='_compute_risks', search='_search_is_supervised',
        help="An open risk of bad debt or reputation.")
    date_contract_notice = fields.Date(
        string="Contract Notice By", compute='_compute_risks', help="The next last day of notice of a contract.")

    @api.depends('risk_ids.is_open', 'risk_ids.level', 'risk_ids.kind', 'risk_ids.date_notice')
    def _compute_risks(self):
        """What this user may see of them."""
        groups = self.env['kam.risk']._read_group(
            [('account_id', 'in', self.ids), ('is_open', '=', True)], ['account_id', 'level', 'is_supervised'],
            ['__count', 'date_notice:min'])
        for account in self:
            own = [group[1:] for group in groups if group[0] == account]
            account.risk_count = sum(count for _level, _supervised, count, _notice in own)
            account.risk_high_count = sum(count for level, _supervised, count, _notice in own if level == 'high')
            account.is_supervised = any(supervised for _level, supervised, _count, _notice in own)
            account.date_contract_notice = min((notice for *_others, notice in own if notice), default=False)

    def _search_is_supervised(self, operator, value):
        if operator != 'in':
            return NotImplemented
        accounts = self.env['kam.risk'].search([('is_supervised', '=', True)]).account_id
        return [('id', 'in' if True in value else 'not in', accounts.ids)]

    def _attention(self):
        attention = super()._attention()
        for account in self:
            attention[account] += [{'level': level, 'text': text} for level, text in account._risk_attention()]
        return attention

    def _risk_attention(self):
        if self.is_supervised:
            yield 'danger', self.env._("Under supervision")
        if self.risk_high_count:
            yield 'warning', self.env._("%s high risks", self.risk_high_count)
        notice = self.date_contract_notice
        if notice and (notice - fields.Date.context_today(self)).days <= 60:
            yield 'warning', self.env._("Contract notice until %s", format_date(self.env, notice))

    def action_open_risks(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_risk_action')
        return dict(action, name=self.env._("Risks of %s", self.display_name), domain=[('account_id', '=', self.id)],
                    context={'default_account_id': self.id})

    def _hand_over_parts(self, kept):
        self.risk_ids.account_id = kept
        return super()._hand_over_parts(kept)
