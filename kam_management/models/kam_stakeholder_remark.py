from odoo import api, fields, models

from .kam_stakeholder_assessment import KEPT_MONTHS, last_day


class KamStakeholderRemark(models.Model):
    """A personal remark on somebody at the customer: for the account team alone, for a purpose, until a day (F83)."""
    _name = 'kam.stakeholder.remark'
    _description = "Personal Remark on a Stakeholder"
    _inherit = ['kam.stakeholder.detail.mixin']
    _order = 'create_date desc, id desc'

    body = fields.Text(string="Remark", required=True)
    purpose = fields.Char(string="Purpose of the Remark", required=True, help="What it is needed for.")
    date_erase = fields.Date(
        string="Erase On", required=True, index=True, default=lambda self: last_day(self.env, KEPT_MONTHS),
        help="On this day the remark is deleted for good.")
    user_id = fields.Many2one(
        'res.users', string="Author", readonly=True, default=lambda self: self.env.user, ondelete='set null')

    @api.constrains('date_erase')
    def _check_date_erase(self):
        self.env['kam.stakeholder.assessment']._check_kept(self)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [dict(vals, user_id=self.env.uid) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name != 'user_id'}
        return super().write(vals)
