from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from .kam_tier_change_exception import IN_FORCE


class KamProgramReview(models.Model):
    """A sitting of the programme (F55): proposals, exceptions and movements of a period, decided in the usual wizards.

    What was decided is kept with the minutes when the sitting is closed; decisions themselves are those of the tier
    changes and of the tier reviews.
    """
    _name = 'kam.program.review'
    _description = "Programme Review"
    _inherit = ['mail.thread']
    _order = 'date desc, id desc'

    program_id = fields.Many2one(
        'kam.program', string="Programme", required=True, index=True, ondelete='cascade',
        default=lambda self: self.env['kam.program'].search([], limit=1))
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_from = fields.Date(
        string="Since", compute='_compute_date_from', store=True, readonly=False,
        help="The day of the last sitting: movements after it are looked at.")
    state = fields.Selection(
        [('open', "Open"), ('closed', "Closed")], default='open', required=True, readonly=True, copy=False,
        tracking=True)
    chair_id = fields.Many2one('res.users', default=lambda self: self.env.user, ondelete='restrict', required=True)
    attendee_ids = fields.Many2many(
        'res.users', 'kam_program_review_user_rel', 'review_id', 'user_id', string="Present",
        domain=[('share', '=', False)])
    change_ids = fields.Many2many(
        'kam.tier.change', 'kam_program_review_change_rel', 'review_id', 'change_id', string="Proposals", copy=False,
        domain="[('program_id', '=', program_id), ('state', 'in', ('draft', 'submitted'))]")
    waiting_count = fields.Integer(compute='_compute_waiting_count', string="Still to Decide")
    exception_ids = fields.Many2many('kam.tier.change', compute='_compute_movements', string="Exceptions in Force")
    movement_ids = fields.Many2many('kam.tier.change', compute='_compute_movements', string="Movements")
    minutes = fields.Text(
        string="Minutes of the Sitting", help="Who said what, and what follows besides the decisions.")
    record = fields.Text(string="What Was Decided", readonly=True, copy=False)

    @api.depends('program_id', 'date')
    def _compute_date_from(self):
        for review in self:
            last = self.search([
                ('program_id', '=', review.program_id.id), ('date', '<', review.date), ('id', '!=', review._origin.id)],
                limit=1)
            review.date_from = last.date or review.date and review.date - relativedelta(
                months=review.program_id.review_months or 3)

    @api.depends('change_ids.state')
    def _compute_waiting_count(self):
        for review in self:
            review.waiting_count = len(review.change_ids.filtered(lambda change: change.state == 'submitted'))

    @api.depends('program_id', 'date', 'date_from', 'change_ids.state')
    def _compute_movements(self):
        Change = self.env['kam.tier.change']
        for review in self:
            of_program = [('program_id', '=', review.program_id.id)]
            review.exception_ids = Change.search([*of_program, ('exception_state', 'in', IN_FORCE)])
            review.movement_ids = Change.search([
                *of_program, ('date_applied', '>', review.date_from), ('date_applied', '<=', review.date)])

    @api.depends('program_id', 'date')
    def _compute_display_name(self):
        for review in self:
            review.display_name = f"{review.program_id.name or ''} {format_date(self.env, review.date) or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
                vals.get('state', 'open') != 'open' or vals.get('record') for vals in vals_list):
            raise UserError(self.env._("A sitting starts open. Close it with its button."))
        reviews = super().create(vals_list)
        for review in reviews:
            if not review.change_ids:
                review._collect()
        return reviews

    def write(self, vals):
        if not self.env.su:
            business = vals.keys() - {'message_follower_ids', 'message_ids', 'message_main_attachment_id'}
            if business & {'state', 'record'}:
                raise UserError(self.env._("Close the sitting with its button."))
            if business:
                self._refuse_closed()
        return super().write(vals)

    def _refuse_closed(self):
        if any(review.state == 'closed' for review in self):
            raise UserError(self.env._("A closed sitting is history. Begin the next one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._refuse_closed()

    def action_collect(self):
        """Whatever waits for a decision today; what was decided meanwhile stays on the list."""
        self.check_access('write')
        self._refuse_closed()
        self._collect()
        return True

    def _collect(self):
        for review in self:
            review.change_ids |= self.env['kam.tier.change'].search([
                ('program_id', '=', review.program_id.id), ('state', '=', 'submitted')])

    def action_decide(self):
        """All proposals that this user may decide, in the wizard that decides lists."""
        self.ensure_one()
        self._refuse_closed()
        return self.change_ids.action_decide()

    def action_open_tier_reviews(self):
        self.ensure_one()
        return self.program_id.action_open_reviews()

    def action_close(self):
        for review in self:
            review.check_access('write')
            review._refuse_closed()
            if not review.program_id._is_decided_by(self.env.user):
                raise AccessError(self.env._(
                    "Only a champion of %s closes its sittings.", review.program_id.name))
            if review.waiting_count:
                raise UserError(self.env._(
                    "%s proposals are still to be decided. Decide them, or take them off the list until the next "
                    "sitting.", review.waiting_count))
            if not (review.minutes or "").strip():
                raise UserError(self.env._("Write the minutes first, even one sentence."))
            # The step is closed to users; the checks above are the permission.
            review.sudo().write({'state': 'closed', 'record': review._record()})
        return True

    def _record(self):
        """What was decided, in words that stay when records change."""
        states = dict(self.env['kam.tier.change']._fields['state']._description_selection(self.env))
        lines = [f"{change.display_name} – {states[change.state]}" for change in self.change_ids]
        return "\n".join(lines) or self.env._("No proposal was on the list.")
