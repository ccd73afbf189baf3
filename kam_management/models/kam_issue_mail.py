import re
from ast import literal_eval

from odoo import api, models
from odoo.tools import email_normalize, html2plaintext

# How much of a mail stands in the fields of an issue; all of it is in the message below.
SUBJECT_SIZE, WORDS_SIZE, BODY_SIZE = 200, 20_000, 1_000_000
FILE_NAME_SIZE = 120
# Control characters, and those that turn the direction of what follows: they make "photo_gpj.exe" read "photo_exe.jpg".
HIDDEN = re.compile('[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+')
# What no file system takes, or browsers and shells read as more than a name.
FORBIDDEN = re.compile(r'[<>:"|?*&;`$\\/]+')


def _one_line(text):
    """Text without hidden characters and line breaks."""
    return ' '.join(HIDDEN.sub(' ', text or '').split())


def _file_name(name):
    """A harmless name for an attachment: the last part of its path, no hidden characters, of bearable length."""
    name = re.split(r'[\\/]', HIDDEN.sub('', name or ''))[-1]
    name = FORBIDDEN.sub('_', name).strip(' ._') or 'attachment'
    stem, dot, extension = name.rpartition('.')
    if not dot or len(extension) > 10:
        return name[:FILE_NAME_SIZE]
    return f'{stem[:FILE_NAME_SIZE - len(extension) - 1]}.{extension}'


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
    # By which Odoo notices that somebody floods the address.
    _primary_email = 'email_from'

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """An issue of the account that the sender belongs to, in the sender's words.

        The programme is that of the address. A sender whom we know at no account, or at several, leaves the account
        open, and a champion is asked: nobody reads mails of a customer who is not theirs.
        """
        self._clean_attachments(msg_dict)
        values = dict(custom_values or {})
        values.setdefault('program_id', self.env['kam.program'].search([], limit=1).id)
        senders = self._senders(msg_dict)
        accounts = self._accounts_of(senders, values['program_id'])
        if len(accounts) > 1:
            senders = senders.browse()
        elif accounts:
            senders = senders.filtered(
                lambda sender: sender.commercial_partner_id in accounts.entity_ids.partner_id)
        issue = super().message_new(msg_dict, {
            **values, 'name': _one_line(msg_dict.get('subject'))[:SUBJECT_SIZE] or self.env._("E-mail without subject"),
            'account_id': accounts.id if len(accounts) == 1 else False, 'partner_id': senders[:1].id,
            'customer_words': self._words(msg_dict.get('body'))})
        if len(accounts) != 1:
            issue._ask_whose(accounts)
        return issue

    def message_update(self, msg_dict, update_vals=None):
        self._clean_attachments(msg_dict)
        return super().message_update(msg_dict, update_vals)

    @api.model
    def _clean_attachments(self, msg_dict):
        msg_dict['attachments'] = [
            (_file_name(name), *content) for name, *content in msg_dict.get('attachments') or []]

    @api.model
    def _words(self, body):
        words = html2plaintext((body or '')[:BODY_SIZE]).strip()
        if len(words) <= WORDS_SIZE:
            return words
        return words[:WORDS_SIZE] + "\n" + self.env._("(The rest is in the message below.)")

    @api.model
    def _senders(self, msg_dict):
        """The contacts with the address of the sender."""
        email = email_normalize(msg_dict.get('email_from') or '')
        return email and self.env['res.partner'].search([('email_normalized', '=', email)]) or (
            self.env['res.partner'].browse(msg_dict.get('author_id') or []))

    @api.model
    def _accounts_of(self, partners, program_id):
        return self.env['kam.account.entity'].search([
            ('partner_id', 'in', partners.commercial_partner_id.ids), ('program_id', '=', program_id),
            ('account_id.active', '=', True)]).account_id

    def _ask_whose(self, accounts):
        """:param accounts: those at which the sender is known: none, or several"""
        champion = self.program_id.champion_ids.filtered('active').filtered(self._is_open_to)[:1]
        if champion:
            env = self.with_context(lang=champion.lang).env
            self.activity_schedule(
                'mail.mail_activity_data_todo', user_id=champion.id,
                summary=env._("Which of these customers is this from: %s?", ", ".join(
                    accounts.mapped('display_name'))) if accounts else env._("Which customer is this from?"))
