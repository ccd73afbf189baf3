from ast import literal_eval

from odoo import api, models
from odoo.tools import email_normalize, html2plaintext


class KamProgram(models.Model):
    """Customers report issues by e-mail to the address of the programme."""
    _name = 'kam.program'
    _inherit = ['kam.program', 'mail.alias.mixin.optional']

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values['alias_model_id'] = self.env['ir.model']._get_id('kam.issue')
        if self.id:
            values['alias_defaults'] = {**literal_eval(self.alias_defaults or '{}'), 'program_id': self.id}
        return values


class KamIssue(models.Model):
    _inherit = 'kam.issue'

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """An issue of the account that the sender belongs to, in the sender's words.

        The programme is that of the address; an unknown sender leaves the account open, and a champion is asked.
        """
        values = dict(custom_values or {})
        values.setdefault('program_id', self.env['kam.program'].search([], limit=1).id)
        sender = self._sender(msg_dict, values['program_id'])
        account = self._account_of(sender, values['program_id'])
        issue = super().message_new(msg_dict, {
            **values, 'name': (msg_dict.get('subject') or '').strip() or self.env._("E-mail without subject"),
            'account_id': account.id, 'partner_id': sender.id, 'email_from': msg_dict.get('email_from'),
            'customer_words': html2plaintext(msg_dict.get('body') or '').strip()})
        if not account:
            issue._ask_whose()
        return issue

    @api.model
    def _sender(self, msg_dict, program_id):
        """The contact with the address of the sender; of several the one at an account of the programme."""
        email = email_normalize(msg_dict.get('email_from') or '')
        senders = email and self.env['res.partner'].search([('email_normalized', '=', email)]) or (
            self.env['res.partner'].browse(msg_dict.get('author_id') or []))
        return next((sender for sender in senders if self._account_of(sender, program_id)), senders[:1])

    @api.model
    def _account_of(self, partner, program_id):
        return self.env['kam.account.entity'].search([
            ('partner_id', '=', partner.commercial_partner_id.id), ('program_id', '=', program_id),
            ('account_id.active', '=', True)], limit=1).account_id if partner else self.env['kam.account']

    def _ask_whose(self):
        champion = self.program_id.champion_ids.filtered('active').filtered(self._is_open_to)[:1]
        if champion:
            self.activity_schedule(
                'mail.mail_activity_data_todo', user_id=champion.id,
                summary=self.env._("Which customer is this from?"))
