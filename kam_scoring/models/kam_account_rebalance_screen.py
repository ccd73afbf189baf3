from odoo import api, fields, models


class KamAccount(models.Model):
    _inherit = 'kam.account'

    is_program_champion = fields.Boolean(
        compute='_compute_is_program_champion', help="This user decides in the programme of the account.")

    @api.depends('program_id.champion_ids')
    @api.depends_context('uid')
    def _compute_is_program_champion(self):
        for program, accounts in self.grouped('program_id').items():
            accounts.is_program_champion = bool(program) and program._is_decided_by(self.env.user)
