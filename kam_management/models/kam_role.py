from odoo import api, fields, models
from odoo.exceptions import UserError


class KamRole(models.Model):
    """What a seat is for. Beside account manager and sponsor stand roles beyond sales, each with a duty (S3)."""
    _name = 'kam.role'
    _description = "Key Account Role"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection([
        ('manager', "Account Manager"),
        ('sponsor', "Executive Sponsor"),
        ('team', "Team"),
    ], required=True, default='team',
        help="An account has one account manager and one executive sponsor at a time, and a team of any size.")
    duty = fields.Char(
        translate=True, help="What whoever takes the seat promises to do, unless the seat says otherwise.")
    seat_count = fields.Integer(compute='_compute_seat_count', string="Current Seats")

    _one_of_kind = models.UniqueIndex(
        "(kind) WHERE kind IN ('manager', 'sponsor')", "There is one role of account managers and one of sponsors.")

    def _compute_seat_count(self):
        counts = dict(self.env['kam.assignment']._read_group(
            [('role_id', 'in', self.ids), ('is_current', '=', True)], ['role_id'], ['__count']))
        for role in self:
            role.seat_count = counts.get(role, 0)

    @api.model
    def _of_kind(self, kind):
        """The one role of kind 'manager' or 'sponsor'."""
        return self.search([('kind', '=', kind)], limit=1)

    def write(self, vals):
        if any(role.kind != 'team' for role in self) and (
                'active' in vals and not vals['active'] or 'kind' in vals and any(
                    role.kind != vals['kind'] for role in self)):
            raise UserError(self.env._(
                "The roles of account manager and executive sponsor are what a programme rests on. Rename them if you "
                "like, but keep them."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Whoever may see the seats (sudo).
        Assignment = self.env['kam.assignment'].sudo()
        for role in self:
            if role.kind != 'team':
                raise UserError(self.env._("%s is a role that every programme needs.", role.name))
            count = Assignment.search_count([('role_id', '=', role.id)])
            if count:
                raise UserError(self.env._(
                    "%(role)s is the role of %(count)s seats and part of their history. Archive it instead.",
                    role=role.name, count=count))
