from odoo import api, fields, models
from odoo.exceptions import AccessError


class KamAccount(models.Model):
    """Accounts that no rebalancing moves."""
    _inherit = 'kam.account'

    no_move_reason = fields.Text(
        string="Does Not Change Hands Because", tracking=True, copy=False,
        help="Why no rebalancing moves this account.")
    date_no_move = fields.Date(
        string="Does Not Change Hands Until", tracking=True, copy=False, help="Empty: until further notice.")

    @api.model
    def _no_move_fields(self):
        return {'no_move_reason', 'date_no_move'}

    def write(self, vals):
        if self._no_move_fields() & vals.keys() and not self.env.su:
            for program in self.program_id:
                if not program._is_decided_by(self.env.user):
                    raise AccessError(self.env._(
                        "Only a champion of %s says which accounts do not change hands.", program.name))
        return super().write(vals)
