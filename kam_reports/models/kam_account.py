from odoo import models
from odoo.exceptions import UserError

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
