from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What a company sets for its first programme; the rest is on the programme itself."""
    _inherit = 'res.config.settings'

    kam_program_id = fields.Many2one(
        'kam.program', string="Key Account Programme",
        default=lambda self: self.env['kam.program'].search([('company_ids', 'in', self.env.company.ids)], limit=1))
    kam_size_min = fields.Integer(related='kam_program_id.size_min', readonly=False)
    kam_size_max = fields.Integer(related='kam_program_id.size_max', readonly=False)
    kam_exception_limit = fields.Integer(related='kam_program_id.exception_limit', readonly=False)
    kam_quiet_days = fields.Integer(related='kam_program_id.quiet_days', readonly=False)
    kam_sponsor_load_limit = fields.Integer(related='kam_program_id.sponsor_load_limit', readonly=False)
    kam_manager_load_limit = fields.Float(related='kam_program_id.manager_load_limit', readonly=False)
    kam_manager_account_limit = fields.Integer(related='kam_program_id.manager_account_limit', readonly=False)
    kam_review_months = fields.Integer(related='kam_program_id.review_months', readonly=False)
    kam_date_next_review = fields.Date(related='kam_program_id.date_next_review', readonly=False)
    kam_demotion_reviews = fields.Integer(related='kam_program_id.demotion_reviews', readonly=False)
    kam_demotion_band = fields.Float(related='kam_program_id.demotion_band', readonly=False)
    kam_lost_after_days = fields.Integer(related='kam_program_id.lost_after_days', readonly=False)

    def action_open_kam_program(self):
        return self.kam_program_id._get_records_action()
