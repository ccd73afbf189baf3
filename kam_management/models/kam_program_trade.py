from odoo import models
from odoo.tools import SQL


class KamProgram(models.Model):
    """What counts as trade is said by the programme: its companies, and the days after which a customer is lost."""
    _inherit = 'kam.program'

    def write(self, vals):
        result = super().write(vals)
        if {'company_ids', 'lost_after_days'} & vals.keys():
            # The accounts follow, also those in companies that are not selected (sudo).
            self.env['kam.account'].sudo()._refresh_trade(SQL("account.program_id = ANY(%s)", self.ids))
        return result
