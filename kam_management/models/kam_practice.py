from odoo import api, fields, models


class KamPractice(models.Model):
    """Something that works, inside or outside the company, and who has adopted it (S20, S21)."""
    _name = 'kam.practice'
    _description = "Best Practice"
    _inherit = ['mail.thread']
    _mail_post_access = 'read'
    _order = 'adopter_count desc, id desc'

    name = fields.Char(required=True)
    program_id = fields.Many2one(
        'kam.program', string="Programme", required=True, index=True, ondelete='cascade',
        default=lambda self: self.env['kam.program'].search([], limit=1))
    user_id = fields.Many2one(
        'res.users', string="Told By", required=True, default=lambda self: self.env.user, ondelete='restrict',
        readonly=True)
    source = fields.Selection(
        [('inside', "Our Company"), ('outside', "Another Company")], string="Seen In", default='inside', required=True)
    description = fields.Text(string="What They Do, and Why It Works")
    adopter_ids = fields.Many2many(
        'res.users', 'kam_practice_user_rel', 'practice_id', 'user_id', string="Adopted By", readonly=True, copy=False)
    adopter_count = fields.Integer(compute='_compute_adopter_count', store=True, string="Adopters")
    is_adopted = fields.Boolean(compute='_compute_is_adopted', string="I Do So")
    active = fields.Boolean(default=True)

    @api.depends('adopter_ids')
    def _compute_adopter_count(self):
        for practice in self:
            practice.adopter_count = len(practice.adopter_ids)

    @api.depends_context('uid')
    @api.depends('adopter_ids')
    def _compute_is_adopted(self):
        for practice in self:
            practice.is_adopted = self.env.user in practice.adopter_ids

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in ('adopter_ids', 'user_id')}
        return super().write(vals)

    def action_adopt(self):
        """I do so too, or not any more: each for themselves, also without being able to write the note."""
        self.check_access('read')
        for practice in self:
            adopted = practice.is_adopted
            command = fields.Command.unlink(self.env.uid) if adopted else fields.Command.link(self.env.uid)
            # Only one's own name (sudo).
            practice.sudo().adopter_ids = [command]
        return True
