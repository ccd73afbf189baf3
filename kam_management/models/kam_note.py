from odoo import api, fields, models
from odoo.exceptions import AccessError


class KamNote(models.Model):
    """What somebody notes about a customer for themselves. Nobody else reads it, whatever their role."""
    _name = 'kam.note'
    _description = "Private Note on a Key Account"
    _inherit = ['kam.derived.mixin']
    _order = 'date desc, id desc'

    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one('kam.program', related='account_id.program_id', store=True, index=True)
    user_id = fields.Many2one(
        'res.users', string="Author", required=True, readonly=True, index=True, ondelete='cascade',
        default=lambda self: self.env.user)
    date = fields.Date(default=fields.Date.context_today, required=True)
    body = fields.Text(string="Note", required=True)

    @api.depends('account_id', 'date')
    def _compute_display_name(self):
        for note in self:
            note.display_name = f"{note.account_id.display_name} {note.date or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(vals_list)
        notes._check_author()
        return notes

    def write(self, vals):
        result = super().write(vals)
        if {'account_id', 'user_id'} & vals.keys():
            self._check_author()
        return result

    def _check_author(self):
        """Not a constraint: those run as superuser."""
        self.account_id.check_access('read')
        if not self.env.su and self.user_id - self.env.user:
            raise AccessError(self.env._("Write notes in your own name."))
