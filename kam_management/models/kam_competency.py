from odoo import api, fields, models
from odoo.exceptions import UserError


class KamCompetency(models.Model):
    """What an account manager has to be good at (S15)."""
    _name = 'kam.competency'
    _description = "Competency of Account Managers"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="What it looks like when somebody is good at it.")
    default_target = fields.Integer(
        string="Usual Target", default=4, help="Level that an account manager should reach, 1 to 5.")

    _target = models.Constraint('CHECK (default_target BETWEEN 1 AND 5)', "A target is a level from 1 to 5.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Whoever may see the profiles (sudo).
        Line = self.env['kam.profile.line'].sudo()
        for competency in self:
            count = Line.search_count([('competency_id', '=', competency.id)])
            if count:
                raise UserError(self.env._(
                    "%(competency)s is part of %(count)s profiles. Archive it instead.",
                    competency=competency.name, count=count))
