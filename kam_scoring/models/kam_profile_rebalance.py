from odoo import models


class KamProfile(models.Model):
    """From a load to its remedy."""
    _inherit = 'kam.profile'

    def action_rebalance(self):
        """Share out the accounts of this person's programme anew: a new rebalancing, filled in."""
        self.ensure_one()
        seat = self.env['kam.assignment'].search([
            ('user_id', '=', self.user_id.id), ('role', '=', 'manager'), ('is_current', '=', True)], limit=1)
        program = seat.program_id or self.env['kam.program'].search([], limit=1)
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Rebalancing"),
            'res_model': 'kam.rebalance',
            'views': [(False, 'form')],
            'context': {'default_program_id': program.id, 'default_question': 'managers'},
        }
