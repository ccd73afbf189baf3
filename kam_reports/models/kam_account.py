from odoo import models
from odoo.exceptions import UserError

from ..report.pack_scope import PackScope
from ..tools import compact_ids

# What web servers in front of Odoo take as a request line by default (8 kB), with room to spare.
MAX_QUERY = 6000


class KamAccount(models.Model):
    _inherit = 'kam.account'

    def action_print_review_pack(self):
        """Download the review pack with these accounts. They must be of one programme."""
        report = self.env['kam.portfolio.report']
        report._check_may_export()
        if not self:
            raise UserError(self.env._("Select the accounts for the review pack."))
        program = self[:1].program_id
        report._check_program(program, self)
        query = compact_ids(self.ids)
        if len(query) > MAX_QUERY:
            raise UserError(self.env._(
                "%s accounts are too many to choose one by one. Select fewer, or print the review pack of the "
                "programme, which has all its key accounts.", len(self)))
        return program._review_pack_action(f'?ids={query}')

    def action_print_dossier(self):
        """Make the dossier of one account, and download it."""
        if len(self) != 1:
            raise UserError(self.env._("A dossier is about one account. Choose one."))
        self.env['kam.pack.report']._check_may_export()
        scope = PackScope(self.program_id, account=self)
        return self.env['kam.pack']._make('dossier', scope).action_download()

    def action_make_pack(self):
        """The dialog, for these accounts."""
        self.env['kam.pack.report']._check_may_export()
        program = self[:1].program_id
        self.env['kam.pack.report']._check_program(program, self)
        action = self.env['ir.actions.act_window']._for_xml_id('kam_reports.kam_pack_make_action')
        single = self if len(self) == 1 else self.browse()
        return dict(action, context={
            'default_program_id': program.id, 'default_account_ids': self.ids, 'default_account_id': single.id,
            **({'default_pack_type': 'dossier'} if single else {})})
