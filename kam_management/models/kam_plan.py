from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

# A plan that is being worked on or worked from.
OPEN_STATES = ('draft', 'review', 'approved', 'active')
CLOSED_FIELDS = ('message_follower_ids', 'message_ids', 'activity_ids', 'message_main_attachment_id')


class KamPlan(models.Model):
    """The account plan of one period (S28): what the account manager works from every week.

    A plan is for the whole account, or for one legal entity below the plan of the account (F85).
    """
    _name = 'kam.plan'
    _description = "Account Plan"
    _inherit = ['kam.account.mixin', 'mail.thread', 'mail.activity.mixin']
    # Whoever reads a plan may comment on it: an executive on all of them.
    _mail_post_access = 'read'
    _order = 'date_from desc, id desc'
    _rec_names_search = ['account_id']

    account_id = fields.Many2one(tracking=True)
    tier_id = fields.Many2one(related='account_id.tier_id')
    sponsor_id = fields.Many2one(related='account_id.sponsor_id')
    entity_id = fields.Many2one(
        'res.partner', string="Legal Entity", index='btree_not_null', ondelete='restrict', tracking=True,
        domain="[('kam_entity_ids.account_id', '=', account_id)]",
        help="Empty: the plan of the whole account. Otherwise the local plan of one of its legal entities.")
    local_owner_id = fields.Many2one(
        'res.users', ondelete='set null', index='btree_not_null',
        help="Who in the account team works from this local plan. Empty: the account manager.")
    owner_id = fields.Many2one(
        'res.users', compute='_compute_owner_id', store=True, index='btree_not_null',
        help="The account manager owns the plan; a local plan may have an owner of its own in the account team.")
    parent_id = fields.Many2one(
        'kam.plan', string="Global Plan", compute='_compute_parent_id', store=True, index='btree_not_null',
        ondelete='set null', help="The plan of the whole account that this local plan belongs to.")
    child_ids = fields.One2many('kam.plan', 'parent_id', string="Local Plans")
    previous_id = fields.Many2one(
        'kam.plan', string="Last Plan", readonly=True, copy=False, ondelete='set null', index='btree_not_null',
        help="The plan of the period before, from which this one was rolled forward.")
    template_id = fields.Many2one('kam.plan.template', ondelete='set null', index='btree_not_null')
    date_from = fields.Date(string="From", required=True, tracking=True,
                            default=lambda self: fields.Date.context_today(self).replace(day=1))
    date_to = fields.Date(
        string="Until", required=True, tracking=True,
        default=lambda self: self._usual_end(fields.Date.context_today(self).replace(day=1)))
    state = fields.Selection([
        ('draft', "Draft"),
        ('review', "In Review"),
        ('approved', "Approved"),
        ('active', "Active"),
        ('closed', "Closed"),
    ], default='draft', required=True, readonly=True, copy=False, tracking=True, index=True,
        group_expand=True,
        help="Draft: being written. In review: waits for a champion or the sponsor. Approved: begins with its period. "
             "Active: the account team works from it. Closed: read-only.")
    is_current = fields.Boolean(
        compute='_compute_is_current', search='_search_is_current', help="Not closed, and its period is running.")
    color = fields.Integer(related='tier_id.color')

    _period = models.Constraint('CHECK (date_to > date_from)', "A plan ends after it begins. Check the two dates.")

    @api.model
    def _usual_end(self, date_from):
        """Twelve months, as long as nobody says otherwise."""
        return date_from + relativedelta(months=12, days=-1)

    @api.depends('account_id.manager_id', 'local_owner_id', 'entity_id')
    def _compute_owner_id(self):
        for plan in self:
            plan.owner_id = plan.entity_id and plan.local_owner_id or plan.account_id.manager_id

    @api.depends('account_id', 'entity_id', 'date_from')
    def _compute_parent_id(self):
        local = self.filtered('entity_id')
        (self - local).parent_id = False
        # Whether there is a plan of the account is no secret to whoever may write a local one (sudo).
        plans = self.sudo().search([('account_id', 'in', local.account_id.ids), ('entity_id', '=', False)])
        for plan in local:
            plan.parent_id = plans.filtered(
                lambda other, plan=plan: plan.date_from and other.account_id == plan.account_id
                and other.date_from <= plan.date_from <= other.date_to)[:1]

    @api.depends('state', 'date_from', 'date_to')
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for plan in self:
            plan.is_current = bool(
                plan.state != 'closed' and plan.date_from and plan.date_to and plan.date_from <= today <= plan.date_to)

    def _search_is_current(self, operator, value):
        if operator != 'in':
            return NotImplemented
        current = (Domain('state', '!=', 'closed') & Domain('date_from', '<=', 'today')
                   & Domain('date_to', '>=', 'today'))
        return current if True in value else ~current

    @api.depends('account_id', 'entity_id', 'date_from', 'date_to')
    def _compute_display_name(self):
        for plan in self:
            # The name of the entity is part of the plan, whoever may read the plan (contacts can be restricted).
            who = plan.sudo().entity_id.name or plan.account_id.display_name or ''
            years = sorted({day.year for day in (plan.date_from, plan.date_to) if day})
            plan.display_name = f"{who} {'–'.join(map(str, years))}".strip()

    @api.onchange('date_from')
    def _onchange_date_from(self):
        if self.date_from and not self._origin:
            self.date_to = self._usual_end(self.date_from)

    @api.constrains('account_id', 'entity_id', 'date_from', 'date_to')
    def _check_period(self):
        """One plan at a time of an account, and of each legal entity."""
        self.account_id._lock_seats()
        others = self.search([('account_id', 'in', self.account_id.ids)]).grouped('account_id')
        for plan in self:
            for other in others[plan.account_id] - plan:
                if other.entity_id == plan.entity_id and plan._overlaps(other):
                    raise ValidationError(self.env._(
                        "%(customer)s has a plan from %(start)s to %(end)s. One plan at a time: choose another period, "
                        "or shorten that one.", customer=plan.sudo().entity_id.name or plan.account_id.display_name,
                        start=format_date(self.env, other.date_from), end=format_date(self.env, other.date_to)))

    def _overlaps(self, other):
        return self.date_from <= other.date_to and other.date_from <= self.date_to

    @api.constrains('account_id', 'entity_id')
    def _check_entity(self):
        for plan in self:
            if plan.entity_id and plan.entity_id not in plan.account_id.entity_ids.partner_id:
                raise ValidationError(self.env._(
                    "%(entity)s is no legal entity of %(account)s. Add it to the account first.",
                    entity=plan.entity_id.name, account=plan.account_id.display_name))

    @api.constrains('local_owner_id', 'account_id')
    def _check_local_owner(self):
        for plan in self:
            team = plan.account_id.assignment_ids.filtered('is_current').user_id
            if plan.local_owner_id - team:
                raise ValidationError(self.env._(
                    "%(person)s holds no seat at %(account)s and could not open the plan. Ask a programme champion for "
                    "a seat, or choose somebody of the account team.",
                    person=plan.local_owner_id.name, account=plan.account_id.display_name))

    @api.model
    def default_get(self, fields):
        if self.env.su:
            return super().default_get(fields)
        values = super().default_get([name for name in fields if name not in self._workflow_fields()])
        return {**values, **({'state': 'draft'} if 'state' in fields else {})}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
                vals.get('state', 'draft') != 'draft' or (self._workflow_fields() - {'state'}) & vals.keys()
                for vals in vals_list):
            raise UserError(self.env._("A plan starts as a draft."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            business = vals.keys() - set(CLOSED_FIELDS)
            if business & self._workflow_fields():
                raise UserError(self.env._("Submit, approve or close the plan with its buttons."))
            if business:
                self._refuse_closed()
            if 'account_id' in vals and any(plan.account_id.id != vals['account_id'] for plan in self):
                raise UserError(self.env._("A plan stays with its account. Create one for the other account."))
        return super().write(vals)

    def _refuse_closed(self):
        """Closed plans are how it was: neither they nor what they consist of can be edited."""
        for plan in self:
            if plan.state == 'closed':
                raise UserError(self.env._(
                    "%s is closed and stays as it was. Roll it forward to go on with it in the next period.",
                    plan.display_name))

    def _work_on(self):
        """Somebody changes the plan or what it consists of: they may write it, and it is not closed."""
        if not self.env.su:
            self.check_access('write')
            self._refuse_closed()
        self._touch()

    @api.model
    def _workflow_fields(self):
        """Closed to users: they follow from the buttons."""
        return {'state', 'previous_id'}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        for plan in self:
            if plan.state not in ('draft', 'review'):
                raise UserError(self.env._(
                    "%s has been approved and is history. Close it instead.", plan.display_name))
