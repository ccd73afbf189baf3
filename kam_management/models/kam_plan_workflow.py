from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .kam_plan import OPEN_STATES


class KamPlan(models.Model):
    """Draft, in review, approved, active, closed (F33): who may take which step, and what it takes."""
    _inherit = 'kam.plan'

    submitter_id = fields.Many2one('res.users', string="Submitted By", readonly=True, copy=False, ondelete='set null')
    date_submitted = fields.Datetime(string="Submitted On", readonly=True, copy=False)
    approver_id = fields.Many2one('res.users', string="Decided By", readonly=True, copy=False, ondelete='set null')
    date_approved = fields.Datetime(string="Approved On", readonly=True, copy=False)
    date_closed = fields.Date(string="Closed On", readonly=True, copy=False)
    send_back_reason = fields.Text(string="Sent Back Because", readonly=True, copy=False)
    can_approve = fields.Boolean(compute='_compute_can_approve', search='_search_can_approve')
    standing_message = fields.Text(compute='_compute_standing_message', help="What is wrong with the plan as a whole.")

    @api.model
    def _workflow_fields(self):
        return super()._workflow_fields() | {
            'submitter_id', 'date_submitted', 'approver_id', 'date_approved', 'date_closed', 'send_back_reason'}

    @api.depends_context('uid')
    @api.depends('state', 'submitter_id', 'program_id', 'sponsor_id')
    def _compute_can_approve(self):
        for plan in self:
            plan.can_approve = plan.state == 'review' and not plan._approval_refusal()

    def _search_can_approve(self, operator, value):
        """Few plans are in review at a time: they are gone through."""
        if operator != 'in':
            return NotImplemented
        ids = self.search([('state', '=', 'review')]).filtered('can_approve').ids
        return [('id', 'in' if True in value else 'not in', ids)]

    @api.depends_context('lang')
    @api.depends('state', 'account_id.is_key', 'account_id.active', 'date_to')
    def _compute_standing_message(self):
        today = fields.Date.context_today(self)
        for plan in self:
            account, message = plan.account_id, False
            if plan.state in OPEN_STATES and not account.active:
                message = self.env._("%s has left the programme. Close this plan.", account.display_name)
            elif plan.state in OPEN_STATES and not account.is_key:
                message = self.env._(
                    "%s is no key account. Go on with the plan as long as it serves the customer, or close it.",
                    account.display_name)
            elif plan.state in OPEN_STATES and plan.date_to and plan.date_to < today:
                message = self.env._("The period of this plan is over. Roll it forward, then it is closed.")
            plan.standing_message = message

    def _approval_refusal(self):
        """In a sentence, why this user cannot approve the plan; None where they can."""
        self.ensure_one()
        user = self.env.user
        if user == self.submitter_id:
            return self.env._("You submitted %s yourself. Somebody else has to approve it.", self.display_name)
        if user != self.sponsor_id and not self.program_id._is_decided_by(user):
            return self.env._(
                "Only a champion of %(program)s or the sponsor of the account approves %(plan)s.",
                program=self.program_id.name, plan=self.display_name)
        return None

    def action_submit(self):
        """Send to approval. What is missing is said, and does not stop anybody: the approver sees the score."""
        for plan in self:
            plan.check_access('write')
            if plan.state != 'draft':
                raise UserError(self.env._("%s is not a draft any more.", plan.display_name))
            # The steps are closed to users; the checks above are the permission.
            plan.sudo().write({
                'state': 'review', 'submitter_id': self.env.user.id, 'date_submitted': fields.Datetime.now(),
                'send_back_reason': False})
            plan._ask_approver()
        return True

    def _ask_approver(self):
        """One activity for whoever is to read the plan: the sponsor, or else the first champion."""
        approver = (self.sponsor_id | self.program_id.champion_ids).filtered(
            lambda user: user.active and user != self.env.user)[:1]
        if approver:
            # Whoever submits need not be allowed to plan something for the sponsor (sudo).
            self.sudo().activity_schedule(
                'kam_management.mail_activity_type_plan_approval', user_id=approver.id,
                summary=self.env._("Approve the plan of %s", self.account_id.display_name))

    def _check_decision(self):
        for plan in self:
            if plan.state != 'review':
                raise UserError(self.env._("%s waits for no approval.", plan.display_name))
            refusal = plan._approval_refusal()
            if refusal:
                raise AccessError(refusal)

    def action_approve(self):
        """Freeze a version; the plan becomes active with the first day of its period."""
        self._check_decision()
        for plan in self:
            # The steps are closed to users; the check above is the permission.
            plan.sudo().write({
                'state': 'approved', 'approver_id': self.env.user.id, 'date_approved': fields.Datetime.now()})
            plan._freeze_version('approved')
        self._end_approval_activities()
        self.filtered(lambda plan: plan.date_from <= fields.Date.context_today(self))._activate()
        return True

    def action_send_back(self):
        self._check_decision()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Send Back"),
            'res_model': 'kam.plan.send.back',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_plan_ids': self.ids},
        }

    def _send_back(self, reason):
        self._check_decision()
        for plan in self:
            # The steps are closed to users; the check above is the permission.
            plan.sudo().write({'state': 'draft', 'send_back_reason': reason})
            plan.message_post(body=self.env._("Sent back: %s", reason), partner_ids=plan.submitter_id.partner_id.ids)
        self._end_approval_activities()

    def _end_approval_activities(self):
        # They are other people's (sudo).
        self.sudo().activity_feedback(['kam_management.mail_activity_type_plan_approval'])

    def action_withdraw(self):
        """Back to draft, by the account team itself."""
        for plan in self:
            plan.check_access('write')
            if plan.state != 'review':
                raise UserError(self.env._("%s waits for no approval.", plan.display_name))
        # The steps are closed to users; the checks above are the permission.
        self.sudo().state = 'draft'
        self.sudo().activity_unlink(['kam_management.mail_activity_type_plan_approval'])
        return True

    def action_revise(self):
        """Open an approved plan for another approval; its version stays."""
        for plan in self:
            plan.check_access('write')
            if plan.state not in ('approved', 'active'):
                raise UserError(self.env._("Only an approved plan can be revised."))
        # The steps are closed to users; the checks above are the permission.
        self.sudo().state = 'draft'
        return True

    def action_close(self):
        for plan in self:
            plan.check_access('write')
            if plan.state == 'closed':
                raise UserError(self.env._("%s is closed already.", plan.display_name))
        self._close()
        return True

    def _activate(self):
        # Approval is the permission; the step is closed to users.
        self.sudo().state = 'active'

    def _close(self):
        """Keep how it ended, then nobody edits it any more. Callers have checked the permission."""
        self._freeze_version('closed')
        self.sudo().activity_unlink(self._plan_activity_types())
        self.sudo().write({'state': 'closed', 'date_closed': fields.Date.context_today(self)})

    @api.model
    def _plan_activity_types(self):
        """Activities that the plan itself schedules."""
        return ['kam_management.mail_activity_type_plan_approval', 'kam_management.mail_activity_type_plan_stale']

    @api.model
    def _cron_advance(self):
        """Approved plans begin; active ones whose successor has begun, or whose account has left, are closed."""
        self.search([('state', '=', 'approved'), ('date_from', '<=', 'today')])._activate()
        followed = self.search([
            ('state', 'in', ('approved', 'active')), ('date_to', '<', 'today'), ('next_ids', '!=', False)])
        left = self.with_context(active_test=False).search([
            ('state', 'in', OPEN_STATES), ('account_id.active', '=', False)])
        (followed | left)._close()
