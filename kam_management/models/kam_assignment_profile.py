from odoo import api, fields, models


class KamAssignment(models.Model):
    """Whoever takes the seat of an account manager gets a profile, so that the load shows."""
    _inherit = 'kam.assignment'

    @api.model_create_multi
    def create(self, vals_list):
        seats = super().create(vals_list)
        seats._ensure_profiles()
        return seats

    def write(self, vals):
        result = super().write(vals)
        if {'user_id', 'role_id'} & vals.keys():
            self._ensure_profiles()
        return result

    def _ensure_profiles(self):
        today = fields.Date.context_today(self)
        seats = self.filtered(lambda seat: seat.role == 'manager' and (not seat.date_to or seat.date_to >= today))
        self.env['kam.profile']._ensure_profiles(seats.user_id)
