from odoo import api, fields, models

from .kam_tier import DEFAULT_TIERS

CADENCES = ('review_days', 'internal_review_days')


class KamProgram(models.Model):
    """Whether reviews are planned at all: programmes that are older than reviews have tiers without cadence."""
    _inherit = 'kam.program'

    has_review_cadence = fields.Boolean(
        compute='_compute_has_review_cadence', help="Some tier of key accounts asks for reviews.")

    @api.depends('tier_ids.is_key', 'tier_ids.review_days', 'tier_ids.internal_review_days')
    def _compute_has_review_cadence(self):
        for program in self:
            program.has_review_cadence = any(
                tier[cadence] for tier in program.tier_ids.filtered('is_key') for cadence in CADENCES)

    def action_use_usual_cadence(self):
        """The days of a new programme; who has chosen days keeps them."""
        self.check_access('write')
        usual = {values['value_class']: values for values in DEFAULT_TIERS}
        for program in self.filtered(lambda program: not program.has_review_cadence):
            for tier in program.tier_ids.filtered('is_key'):
                tier.write({cadence: usual[tier.value_class].get(cadence, 0) for cadence in CADENCES})
        return True

    def action_open_key_tiers(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_tier_action')
        return dict(action, domain=[('program_id', '=', self.id), ('is_key', '=', True)], context={})
