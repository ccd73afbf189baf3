from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmLead(models.Model):
    """How the customer decides about one opportunity, where that differs from how it usually does (S61)."""
    _inherit = 'crm.lead'

    kam_factor_ids = fields.One2many(
        'kam.buying.rank', 'lead_id', string="Buying Factors",
        groups='kam_management.group_kam_user,kam_management.group_kam_executive')

    def _kam_accounts(self):
        """The accounts of these opportunities in all programmes. Callers have their reason to look past rules."""
        return self.env['kam.account.entity'].search([
            ('partner_id', 'in', self.partner_id.commercial_partner_id.ids)]).account_id

    def action_open_kam_account(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'kam.account',
            'res_id': self.kam_account_id.id,
            'views': [(False, 'form')],
        }

    def action_open_kam_plan(self):
        self.ensure_one()
        # As the user: whoever may not open the account may not open its plan.
        return self.env['kam.account'].browse(self.kam_account_id.id).action_open_plan()

    def action_rank_factors(self):
        """Start from how the customer decides in general."""
        self.ensure_one()
        account = self.env['kam.account'].browse(self.kam_account_id.id)
        account.check_access('write')
        if not account.factor_ids:
            raise UserError(self.env._(
                "Rank the buying factors of %s first: open its plan.", account.display_name))
        if not self.kam_factor_ids:
            self.kam_factor_ids = [
                Command.create({'account_id': account.id, 'factor_id': rank.factor_id.id, 'sequence': rank.sequence})
                for rank in account.factor_ids]
        return True
