from odoo import api, fields, models


class KamAccountMixin(models.AbstractModel):
    """What belongs to an account: nobody adds to an account that they may not write, or moves something there.

    Asked before anything else, so that no other message tells what is there already.
    """
    _name = 'kam.account.mixin'
    _description = "Part of an Account"
    _inherit = ['kam.derived.mixin']

    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one('kam.program', related='account_id.program_id', store=True, index=True)
    currency_id = fields.Many2one(related='program_id.currency_id')

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_account(vals.get('account_id') or self.env.context.get('default_account_id'))
        return super().create(vals_list)

    def write(self, vals):
        self._check_account(vals.get('account_id'))
        return super().write(vals)

    @api.model
    def _check_account(self, account_id):
        """Not a constraint: those run as superuser."""
        if account_id and not self.env.su:
            self.env['kam.account'].browse(account_id).check_access('write')
