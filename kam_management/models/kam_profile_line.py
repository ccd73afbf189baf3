from odoo import api, fields, models
from odoo.exceptions import UserError


class KamProfileLine(models.Model):
    """How good somebody is at something, and how good they should become. Seen by the person, executives, champions."""
    _name = 'kam.profile.line'
    _description = "Competency in a Profile"
    _order = 'sequence, id'
    _rec_name = 'competency_id'

    profile_id = fields.Many2one('kam.profile', required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one(related='profile_id.user_id', store=True, index=True)
    competency_id = fields.Many2one('kam.competency', required=True, index=True, ondelete='restrict')
    sequence = fields.Integer(related='competency_id.sequence', store=True)
    level = fields.Integer(help="0 (not known) to 5 (teaches others)", aggregator='avg')
    target = fields.Integer(string="Target Level", help="Level to reach, 0 to 5", aggregator='avg')
    gap = fields.Integer(compute='_compute_gap', store=True, help="Levels that are missing.", aggregator='avg')

    _competency_uniq = models.Constraint(
        'UNIQUE (profile_id, competency_id)', "The profile has this competency already.")
    _levels = models.Constraint('CHECK (level BETWEEN 0 AND 5 AND target BETWEEN 0 AND 5)', "Levels go from 0 to 5.")

    @api.depends('level', 'target')
    def _compute_gap(self):
        for line in self:
            line.gap = max(line.target - line.level, 0)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered('level')._refuse_own()
        return lines

    def write(self, vals):
        if 'level' in vals:
            self.check_access('write')
            self._refuse_own()
        return super().write(vals)

    def _refuse_own(self):
        if not self.env.su and self.env.user in self.user_id:
            raise UserError(self.env._("Nobody judges themselves: ask another champion to enter your level."))

    def action_plan_training(self):
        """A training is an activity of the person, where they look anyway."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Plan Training"),
            'res_model': 'mail.activity',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_res_model': 'kam.profile', 'default_res_id': self.profile_id.id,
                'default_res_model_id': self.env['ir.model']._get_id('kam.profile'),
                'default_activity_type_id': self.env.ref('mail.mail_activity_data_todo').id,
                'default_summary': self.env._("Training: %s", self.competency_id.name),
                'default_user_id': self.user_id.id},
        }
