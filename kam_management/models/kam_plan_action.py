from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

OPEN_STATES = ('todo', 'progress')
# What the owner of an action may write who does not belong to the account team; see `_check_owner_fields`.
OWNER_FIELDS = {'state', 'progress_note', 'activity_ids', 'message_follower_ids', 'message_ids'}


class KamPlanAction(models.Model):
    """Who does what by when for a plan.

    Every open action stands in its owner's activities, where people look anyway: see kam_plan_action_activity. The
    owner may come from another department: whoever holds a seat in the team reads and closes their own actions,
    without any group of key accounts.
    """
    _name = 'kam.plan.action'
    _description = "Action of an Account Plan"
    _inherit = ['kam.plan.mixin', 'mail.thread', 'mail.activity.mixin']
    _mail_post_access = 'read'
    _order = 'priority desc, date_due, id'

    name = fields.Char(string="Action", required=True, tracking=True)
    plan_id = fields.Many2one(compute='_compute_plan_id', store=True, precompute=True, readonly=False)
    objective_id = fields.Many2one(
        'kam.plan.objective', index='btree_not_null', ondelete='set null', domain="[('plan_id', '=', plan_id)]",
        help="What the action is for. Empty: for the plan as a whole.")
    description = fields.Text(string="What Is to Be Done")
    progress_note = fields.Text(string="How It Goes")
    user_id = fields.Many2one(
        'res.users', string="Action Owner", required=True, index=True, ondelete='restrict', tracking=True,
        default=lambda self: self.env.user, domain=[('share', '=', False)])
    role_id = fields.Many2one(
        'kam.role', string="Department", compute='_compute_role_id', store=True, readonly=False, index='btree_not_null',
        ondelete='restrict', help="Which part of our company has to do it.")
    date_due = fields.Date(string="Due on", required=True, index=True, tracking=True)
    date_done = fields.Date(string="Done on", compute='_compute_date_done', store=True, copy=False)
    state = fields.Selection([
        ('todo', "To Do"),
        ('progress', "In Progress"),
        ('done', "Done"),
        ('cancelled', "Cancelled"),
    ], default='todo', required=True, index=True, tracking=True, copy=False, group_expand=True)
    priority = fields.Selection([('0', "Ordinary"), ('1', "Important")], default='0', required=True)
    is_open = fields.Boolean(compute='_compute_is_open', store=True)
    is_overdue = fields.Boolean(compute='_compute_is_overdue', search='_search_is_overdue', string="Overdue")
    can_edit = fields.Boolean(compute='_compute_can_edit')
    lead_id = fields.Many2one(
        'crm.lead', string="Opportunity", index='btree_not_null', ondelete='set null', readonly=True, copy=False)
    color = fields.Integer(compute='_compute_is_overdue', help="Red when overdue.")

    @api.depends('objective_id')
    def _compute_plan_id(self):
        for action in self:
            action.plan_id = action.plan_id or action.objective_id.plan_id

    @api.depends('user_id', 'plan_id')
    def _compute_role_id(self):
        """The seat that the owner holds at the account."""
        for action in self:
            seats = action.account_id.sudo().assignment_ids.filtered(
                lambda seat, user=action.user_id: seat.is_current and seat.user_id == user)
            action.role_id = seats[:1].role_id or action.role_id

    @api.depends('state')
    def _compute_is_open(self):
        for action in self:
            action.is_open = action.state in OPEN_STATES

    @api.depends('state')
    def _compute_date_done(self):
        for action in self:
            action.date_done = action.state == 'done' and (action.date_done or fields.Date.context_today(action))

    @api.depends('state', 'date_due')
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_overdue = bool(action.is_open and action.date_due and action.date_due < today)
            action.color = 1 if action.is_overdue else 0

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        overdue = Domain('is_open', '=', True) & Domain('date_due', '<', fields.Date.context_today(self))
        return overdue if True in value else ~overdue

    @api.depends_context('uid')
    def _compute_can_edit(self):
        """Belongs to the account team. The owner from another department says how it goes, and no more."""
        Plan = self.env['kam.plan']
        mine = self.sudo().plan_id.with_env(self.env)
        writable = mine._filtered_access('write') if Plan.has_access('write') else Plan
        for action in self:
            action.can_edit = self.env.su or not action.id or action.sudo().plan_id.id in writable.ids

    @api.constrains('objective_id', 'plan_id')
    def _check_objective(self):
        for action in self:
            if action.objective_id and action.objective_id.plan_id != action.plan_id:
                raise ValidationError(self.env._(
                    "%(action)s: the objective %(objective)s belongs to another plan. Choose one of this plan.",
                    action=action.name, objective=action.objective_id.name))

    @api.constrains('user_id', 'plan_id')
    def _check_owner(self):
        today = fields.Date.context_today(self)
        for action in self:
            account, user = action.account_id, action.user_id
            if not user.active or user.share:
                raise ValidationError(self.env._(
                    "%(person)s cannot take over \"%(action)s\": only active colleagues can. Choose somebody else.",
                    person=user.name, action=action.name))
            # Also whoever takes a seat later: a handover is planned ahead.
            team = account.assignment_ids.filtered(lambda seat: not seat.date_to or seat.date_to >= today).user_id
            if not action._is_open_to(user, team):
                raise ValidationError(self.env._(
                    "%(person)s has no access to %(account)s and would not see what \"%(action)s\" is about. Ask a "
                    "programme champion for a seat in the team of the account, or choose somebody of the team: "
                    "%(team)s.", person=user.name, account=account.display_name, action=action.name,
                    team=", ".join(team.mapped('name')) or self.env._("nobody yet")))

    def _is_open_to(self, user, team):
        """Sees the account, or sits in its team, and works for a company of the programme."""
        action = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        account = self.account_id.with_env(action.env)
        return (user in team or account.has_access('read')) and action.has_access('read')

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop('lead_id', None)
        return super().create(vals_list)

    def write(self, vals):
        self._check_owner_fields(vals)
        return super().write(vals)

    def _work_on_plan(self, vals=None):
        # The owner says how it goes without being able to write the plan, and closes the action (sudo).
        reports = vals is not None and not vals.keys() - OWNER_FIELDS
        (self.sudo() if reports else self).plan_id._work_on()

    def _check_owner_fields(self, vals):
        if not vals.keys() - OWNER_FIELDS:
            return
        if all(self.mapped('can_edit')):
            return
        self.check_access('write')
        raise AccessError(self.env._(
            "This is an action of an account whose team you do not belong to: you can say how it goes and close it. "
            "Ask the account manager for other changes."))

    # Buttons

    def action_start(self):
        self.state = 'progress'

    def action_done(self):
        self.state = 'done'

    def action_cancel(self):
        self.state = 'cancelled'

    def action_reopen(self):
        self.state = 'todo'

    def action_create_opportunity(self):
        """One opportunity for the action, which is opened when it exists already."""
        self.ensure_one()
        if not self.lead_id:
            self.plan_id.check_access('write')
            values = self.objective_id._opportunity_values() if self.objective_id else (
                self.account_id._new_opportunity(self.name, entity=self.plan_id.entity_id))
            self.lead_id = self.env['crm.lead'].create({**values, 'name': self.name})
        return self.account_id._open_opportunity(self.lead_id)
