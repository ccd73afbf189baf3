from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

OPEN_STATES = ('draft', 'submitted', 'approved')


class KamTierChange(models.Model):
    """The only way in, out, up or down: a proposal with its evidence, decided by somebody else, then history.

    draft -> submitted -> approved | refused -> applied. Evidence is frozen at submission; an applied change is a row
    of history that no one can edit.

    What has to hold first is said by `_submission_obstacles` and `_approval_obstacles`; rules have files of their own:
    limits of size, seats of a new key account, entry criteria and exceptions, the guard against demotions.
    """
    _name = 'kam.tier.change'
    _description = "Key Account Tier Change"
    _inherit = ['kam.derived.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'

    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one('kam.program', related='account_id.program_id', store=True, index=True)
    partner_id = fields.Many2one(related='account_id.partner_id')
    from_tier_id = fields.Many2one(
        'kam.tier', string="From", compute='_compute_from_tier_id', store=True, precompute=True, readonly=False,
        ondelete='restrict', index='btree_not_null')
    to_tier_id = fields.Many2one(
        'kam.tier', string="To", required=True, ondelete='restrict', index=True, tracking=True,
        domain="[('program_id', '=', program_id), ('id', '!=', not is_exception and from_tier_id)]")
    kind = fields.Selection([
        ('nomination', "Nomination"),
        ('promotion', "Promotion"),
        ('demotion', "Demotion"),
        ('exit', "Exit"),
        ('renewal', "Renewal"),
    ], compute='_compute_kind', store=True, help="Nomination: into the key accounts. Exit: out of them. Promotion and "
        "demotion: up and down, among the key accounts or among the others. Renewal: of an exception, in the "
        "same tier.")
    state = fields.Selection([
        ('draft', "Draft"),
        ('submitted', "Submitted"),
        ('approved', "Approved"),
        ('refused', "Refused"),
        ('applied', "Applied"),
    ], default='draft', required=True, index=True, tracking=True, copy=False)
    is_open = fields.Boolean(compute='_compute_is_open', search='_search_is_open')
    origin = fields.Selection([('person', "Person"), ('run', "Scoring")], default='person', required=True, copy=False)
    reason = fields.Text(help="Why the account belongs in the new tier.")
    evidence = fields.Text(copy=False, help="The facts behind the reason, frozen at submission.")
    requester_id = fields.Many2one(
        'res.users', string="Proposed by", required=True, default=lambda self: self.env.user, copy=False, index=True)
    date_submitted = fields.Datetime(string="Submitted on", copy=False)
    approver_id = fields.Many2one('res.users', string="Decided by", copy=False)
    date_decided = fields.Datetime(string="Decided on", copy=False)
    date_effective = fields.Date(
        string="Effective from", required=True, default=fields.Date.context_today, copy=False,
        help="An approved change is applied on this day.")
    date_applied = fields.Date(string="Applied on", copy=False)
    refusal_reason = fields.Text(copy=False, readonly=True)
    obstacles = fields.Text(compute='_compute_obstacles', help="What stands against the next step.")
    can_decide = fields.Boolean(compute='_compute_can_decide')

    # An exception is renewed in its tier; all other changes move.
    _tiers_differ = models.Constraint(
        'CHECK (from_tier_id IS DISTINCT FROM to_tier_id OR is_exception)',
        "The account is in this tier already. Choose another one.")
    # One open run proposal per account, also when two workers score at the same time.
    _one_open_run_proposal = models.UniqueIndex(
        "(account_id) WHERE origin = 'run' AND state IN ('draft', 'submitted', 'approved')",
        "Scoring has an open proposal for this account already.")

    @api.model
    def _workflow_fields(self):
        """What the workflow writes, and nobody else."""
        return {'state', 'origin', 'requester_id', 'date_submitted', 'approver_id', 'date_decided', 'date_applied',
                'refusal_reason', 'from_tier_id'}

    @api.model
    def _decision_fields(self):
        """What may still be completed after submission, for the decision."""
        return {'date_effective'}

    @api.depends('account_id')
    def _compute_from_tier_id(self):
        for change in self:
            change.from_tier_id = change.account_id.tier_id

    @api.depends('from_tier_id', 'to_tier_id')
    def _compute_kind(self):
        for change in self:
            change.kind = change.to_tier_id and change._kind(change.from_tier_id, change.to_tier_id)

    @api.model
    def _kind(self, from_tier, to_tier):
        if to_tier == from_tier:
            return 'renewal'
        if to_tier.is_key != from_tier.is_key:
            return 'nomination' if to_tier.is_key else 'exit'
        return 'promotion' if to_tier.sequence < from_tier.sequence else 'demotion'

    @api.depends('state')
    def _compute_is_open(self):
        for change in self:
            change.is_open = change.state in OPEN_STATES

    def _search_is_open(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('state', 'in' if True in value else 'not in', OPEN_STATES)]

    @api.depends('account_id', 'kind', 'to_tier_id')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for change in self:
            change.display_name = self.env._(
                "%(account)s: %(kind)s to %(tier)s", account=change.account_id.display_name or "",
                kind=kinds.get(change.kind, ""), tier=change.to_tier_id.name or "")

    @api.depends(lambda self: self._obstacle_triggers())
    def _compute_obstacles(self):
        for change in self:
            obstacles = []
            if change.to_tier_id and change.account_id and change.state in ('draft', 'submitted'):
                is_draft = change.state == 'draft'
                obstacles = change._submission_obstacles() if is_draft else change._approval_obstacles()
            change.obstacles = "\n".join(obstacles)

    def _obstacle_triggers(self):
        return ['to_tier_id', 'from_tier_id', 'account_id', 'state']

    @api.depends_context('uid')
    @api.depends('state', 'requester_id', 'program_id')
    def _compute_can_decide(self):
        for change in self:
            change.can_decide = (
                change.state == 'submitted' and change.requester_id != self.env.user
                and change.program_id._is_decided_by(self.env.user))

    @api.constrains('account_id', 'to_tier_id')
    def _check_tier(self):
        for change in self:
            if change.to_tier_id.program_id != change.account_id.program_id:
                raise ValidationError(self.env._(
                    "%(tier)s is not a tier of %(program)s.",
                    tier=change.to_tier_id.name, program=change.account_id.program_id.name))

    @api.model
    def default_get(self, fields):
        if self.env.su:
            return super().default_get(fields)
        closed = self._workflow_fields()
        start = {'state': 'draft', 'origin': 'person', 'requester_id': self.env.uid}
        return {**super().default_get([name for name in fields if name not in closed]),
                **{name: value for name, value in start.items() if name in fields}}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            closed = self._workflow_fields() - {'from_tier_id', 'state'}
            for vals in vals_list:
                if vals.get('state', 'draft') != 'draft' or closed & vals.keys():
                    raise UserError(self.env._("A tier change starts as a draft of the person who proposes it."))
                vals.pop('from_tier_id', None)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_edit(vals)
        return super().write(vals)

    def _refuse_edit(self, vals):
        business = vals.keys() - {'message_follower_ids', 'message_ids', 'activity_ids', 'message_main_attachment_id'}
        if business & self._workflow_fields():
            raise UserError(self.env._("Submit, approve or refuse the tier change with its buttons."))
        for change in self:
            allowed = {'draft': business, 'submitted': self._decision_fields()}.get(change.state, set())
            if business - allowed:
                raise UserError(self.env._(
                    "%s has been submitted or decided; it cannot be edited any more.", change.display_name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(change.state != 'draft' for change in self):
            raise UserError(self.env._("Only drafts can be deleted. A decided tier change is history."))

    # Submission

    def action_submit(self):
        """Ask for a decision. The evidence is frozen from here on."""
        for change in self:
            if change.state != 'draft':
                raise UserError(self.env._("%s is not a draft any more.", change.display_name))
            obstacles = change._submission_obstacles()
            if obstacles:
                raise UserError("\n".join(obstacles))
            change.check_access('write')
            # Workflow fields are closed to users; the checks above are the permission.
            change.sudo().write(change._submission_values())
        return True

    def _submission_obstacles(self):
        """In sentences, what has to be done before the change can be submitted; empty where nothing has."""
        self.ensure_one()
        obstacles = self._stale_obstacles()
        if not (self.reason or "").strip():
            obstacles.append(self.env._(
                "Say why %s belongs in the new tier before you submit.", self.account_id.display_name))
        return obstacles

    def _submission_values(self):
        self.ensure_one()
        values = {'state': 'submitted', 'date_submitted': fields.Datetime.now(), 'evidence': self._evidence()}
        if self.origin == 'run':
            # Whoever takes up a proposal of a run stands for it, and cannot approve it.
            values['requester_id'] = self.env.user.id
        return values

    def _evidence(self):
        """The facts that are frozen at submission, in plain words. Scoring adds its figures."""
        self.ensure_one()
        return self.evidence

    def _stale_obstacles(self):
        """The account may have moved since the change was drafted."""
        if self.account_id.tier_id == self.from_tier_id:
            return []
        return [self.env._(
            "%(account)s is in %(tier)s now, not in %(old)s any more. Refuse this change and propose a new one.",
            account=self.account_id.display_name, tier=self.account_id.tier_id.name, old=self.from_tier_id.name)]

    # Decision

    def _check_decision(self):
        states = dict(self._fields['state']._description_selection(self.env))
        for change in self:
            if change.state != 'submitted':
                raise UserError(self.env._(
                    "%(change)s waits for no decision: it is %(state)s%(by)s.", change=change.display_name,
                    state=states[change.state].lower(),
                    by=self.env._(" by %s", change.approver_id.name) if change.approver_id else ""))
            if not change.program_id._is_decided_by(self.env.user):
                raise AccessError(self.env._(
                    "Only a champion of %s decides tier changes.", change.program_id.name))
            if change.requester_id == self.env.user:
                raise AccessError(self.env._(
                    "You proposed %s yourself. Another champion has to decide.", change.display_name))

    def action_approve(self):
        """Approve as a champion; apply at once what is due."""
        self._check_decision()
        self.program_id._lock_limits()
        for change in self:
            obstacles = change._approval_obstacles()
            if obstacles:
                raise UserError("\n".join(obstacles))
            # Workflow fields are closed to users; the checks above are the permission.
            change.sudo().write(change._approval_values())
            if change.date_effective <= fields.Date.context_today(self):
                change._apply()
        return True

    def _approval_obstacles(self):
        """In sentences, what has to be done before the change can be approved; empty where nothing has."""
        return self._stale_obstacles()

    def _approval_values(self):
        return {'state': 'approved', 'approver_id': self.env.user.id, 'date_decided': fields.Datetime.now()}

    def action_refuse(self):
        """Ask for the reason."""
        self._check_decision()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Refuse Tier Change"),
            'res_model': 'kam.tier.change.refuse',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_change_ids': self.ids},
        }

    def _refuse(self, reason):
        # Workflow fields are closed to users; callers have checked the permission.
        self.sudo().write({
            'state': 'refused', 'approver_id': self.env.user.id, 'date_decided': fields.Datetime.now(),
            'refusal_reason': reason})

    def action_decide(self):
        """Decide a list in one sitting (F55)."""
        waiting = self.filtered('can_decide')
        if not waiting:
            raise UserError(self.env._("Nothing here waits for your decision. Choose submitted tier changes of a "
                                       "programme that you champion, proposed by somebody else."))
        lines = [fields.Command.create({'change_id': change.id}) for change in waiting]
        return self.env['kam.tier.change.decide'].create({'line_ids': lines})._reopen()

    def _apply(self):
        """Move the accounts into their new tiers; from here on the changes are history."""
        today = fields.Date.context_today(self)
        for change in self:
            # The approval is the permission to write the tier, which is closed to users.
            change.sudo().account_id.tier_id = change.to_tier_id
            change.sudo().write({'state': 'applied', 'date_applied': today})

    @api.model
    def _cron_apply_approved(self):
        """Apply what was approved for a later day. An account that has moved meanwhile is left and reported."""
        due = self.search([('state', '=', 'approved'), ('date_effective', '<=', 'today')])
        stale = due.filtered(lambda change: change.account_id.tier_id != change.from_tier_id)
        (due - stale)._apply()
        stale._refuse(self.env._("The account was moved to another tier before this change became effective."))
