from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

# What the owner of an issue may write who does not belong to the account team; see `_check_owner_fields`.
OWNER_FIELDS = {
    'stage_id', 'date_responded', 'cause_id', 'resolution', 'activity_ids', 'message_follower_ids', 'message_ids'}
# Months within which the same cause at the same customer counts as coming back.
RETURN_MONTHS = 12


class KamIssue(models.Model):
    """A problem of a customer: whose it is, until when it has to be answered and resolved, and why it came up (F56).

    The owner may come from another department: whoever holds a seat in the team reads and resolves their own issues,
    without any group of key accounts. An e-mail of an unknown sender has no account until a champion names one.
    """
    _name = 'kam.issue'
    _description = "Issue of a Key Account"
    _inherit = ['kam.account.mixin', 'mail.thread', 'mail.activity.mixin']
    _mail_post_access = 'read'
    _order = 'is_open desc, severity_rank desc, date_resolution_due, id desc'

    name = fields.Char(string="Issue", required=True, tracking=True)
    account_id = fields.Many2one(required=False, tracking=True)
    # From the account; only for an e-mail of an unknown sender from the address that it was sent to.
    program_id = fields.Many2one(
        string="Programme", related=None, compute='_compute_program_id', store=True, precompute=True, readonly=False,
        required=True)
    tier_id = fields.Many2one(related='account_id.tier_id')
    partner_id = fields.Many2one(
        'res.partner', string="Reported By", index='btree_not_null', ondelete='set null',
        help="The person at the customer who is to be told.")
    email_from = fields.Char(string="E-Mail Address", readonly=True)
    severity = fields.Selection([
        ('low', "Low"),
        ('normal', "Medium"),
        ('high', "High"),
        ('critical', "Critical"),
    ], required=True, default='normal', tracking=True, index=True,
        help="What it does to the customer. Critical: their production stands still.")
    # Selections sort by their code.
    severity_rank = fields.Integer(compute='_compute_severity_rank', store=True)
    stage_id = fields.Many2one(
        'kam.issue.stage', required=True, index=True, ondelete='restrict', tracking=True, copy=False,
        default=lambda self: self.env['kam.issue.stage']._of_kind('new'),
        group_expand='_read_group_expand_full')
    stage_kind = fields.Selection(related='stage_id.kind', store=True, string="Kind of Stage")
    is_open = fields.Boolean(compute='_compute_is_open', store=True, index=True)
    role_id = fields.Many2one(
        'kam.role', string="Department", index='btree_not_null', ondelete='restrict', tracking=True,
        default=lambda self: self.env.ref('kam_management.role_service', raise_if_not_found=False),
        help="Which part of our company has to solve it.")
    owner_id = fields.Many2one(
        'res.users', string="Issue Owner", compute='_compute_owner_id', store=True, readonly=False, tracking=True,
        index='btree_not_null', ondelete='restrict', domain=[('share', '=', False)],
        help="Whoever holds the seat of the department at the account; without one the account manager.")
    customer_words = fields.Text(
        string="The Customer's Words", copy=False, help="As they were said or written. They stay as they are.")
    cause_id = fields.Many2one('kam.issue.cause', index='btree_not_null', ondelete='restrict', tracking=True)
    resolution = fields.Text(copy=False, help="What was done, in words that the customer could read.")
    recurrence_count = fields.Integer(
        string="Came Back", compute='_compute_recurrence',
        help="How many other issues of the customer in the twelve months before had the same cause.")
    is_recurring = fields.Boolean(
        string="Cause Returns", compute='_compute_recurrence', search='_search_is_recurring')
    can_edit = fields.Boolean(compute='_compute_can_edit')

    @api.model
    def _is_derived(self, name):
        return name == 'program_id' or super()._is_derived(name)

    @api.depends('account_id.program_id')
    def _compute_program_id(self):
        for issue in self:
            issue.program_id = issue.account_id.program_id or issue.program_id

    @api.depends('severity')
    def _compute_severity_rank(self):
        ranks = list(self._fields['severity'].get_values(self.env))
        for issue in self:
            issue.severity_rank = ranks.index(issue.severity) if issue.severity else 0

    @api.depends('stage_kind')
    def _compute_is_open(self):
        for issue in self:
            issue.is_open = issue.stage_kind != 'done'

    @api.depends('account_id', 'role_id')
    def _compute_owner_id(self):
        for issue in self:
            # Seats of the account, whoever reports the issue (sudo).
            seats = issue.account_id.sudo().assignment_ids.filtered('is_current')
            holder = seats.filtered(lambda seat, role=issue.role_id: role and seat.role_id == role)[:1].user_id
            issue.owner_id = holder or issue.account_id.sudo().manager_id or issue.owner_id

    @api.depends('account_id', 'cause_id', 'date_reported')
    def _compute_recurrence(self):
        counts = {}
        if self.ids:
            self._flush_recurrence()
            counts = dict(self.env.execute_query(SQL(
                "SELECT id, earlier FROM (%s) counted WHERE id = ANY(%s)", self._recurrence_sql(), self.ids)))
        for issue in self:
            issue.recurrence_count = counts.get(issue._origin.id, 0)
            issue.is_recurring = bool(issue.recurrence_count)

    @api.model
    def _flush_recurrence(self):
        self.env['kam.issue'].flush_model(['account_id', 'cause_id', 'date_reported'])

    @api.model
    def _recurrence_sql(self):
        """Select of (id, earlier issues of the same account and cause), only where there are any."""
        return SQL(
            """SELECT issue.id, COUNT(*) AS earlier
                 FROM kam_issue issue
                 JOIN kam_issue other ON other.account_id = issue.account_id AND other.cause_id = issue.cause_id
                                     AND other.id != issue.id AND other.date_reported <= issue.date_reported
                                     AND other.date_reported >= issue.date_reported - %s * INTERVAL '1 month'
             GROUP BY issue.id""", RETURN_MONTHS)

    def _search_is_recurring(self, operator, value):
        if operator != 'in':
            return NotImplemented
        self._flush_recurrence()
        ids = [issue_id for issue_id, _earlier in self.env.execute_query(self._recurrence_sql())]
        return Domain('id', 'in' if True in value else 'not in', ids)

    @api.depends_context('uid')
    def _compute_can_edit(self):
        """Belongs to the account team. The owner from another department resolves the issue, and no more."""
        Account = self.env['kam.account']
        accounts = self.sudo().account_id.with_env(self.env)
        writable = accounts._filtered_access('write') if Account.has_access('write') else Account
        champion = self.env.user.has_group('kam_management.group_kam_champion')
        for issue in self:
            issue.can_edit = (
                self.env.su or champion or not issue.id or issue.sudo().account_id.id in writable.ids)

    @api.constrains('owner_id', 'account_id')
    def _check_owner(self):
        for issue in self:
            user = issue.owner_id
            if user and (not user.active or user.share or not issue._is_open_to(user)):
                raise ValidationError(self.env._(
                    "%(person)s has no access to %(account)s and would not see what \"%(issue)s\" is about. Ask a "
                    "programme champion for a seat in the team of the account, or choose somebody of the team.",
                    person=user.name, account=issue.account_id.display_name, issue=issue.name))

    def _is_open_to(self, user):
        """Sees the account, or sits in its team, and works for a company of the programme."""
        issue = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        today = fields.Date.context_today(self)
        # Also whoever takes a seat later: a handover is planned ahead.
        team = self.account_id.assignment_ids.filtered(lambda seat: not seat.date_to or seat.date_to >= today).user_id
        account = self.account_id.with_env(issue.env)
        return (user in team or account.has_access('read')) and issue.has_access('read')

    @api.constrains('stage_id', 'resolution')
    def _check_resolution(self):
        for issue in self:
            if not issue.is_open and not (issue.resolution or '').strip():
                raise ValidationError(self.env._(
                    "Nobody closes \"%s\" without saying what was done for the customer. Use the button Resolve and "
                    "write the resolution.", issue.name))

    @api.model_create_multi
    def create(self, vals_list):
        issues = super().create(vals_list)
        for issue, vals in zip(issues, vals_list, strict=True):
            if issue.owner_id and not vals.get('owner_id'):
                # Odoo tells only people who are named in the values.
                issue._message_auto_subscribe({'owner_id': issue.owner_id.id})
        return issues

    def write(self, vals):
        self._check_owner_fields(vals)
        self._keep_words(vals)
        return super().write(vals)

    def _keep_words(self, vals):
        if 'customer_words' not in vals or self.env.su:
            return
        if any(issue.customer_words and issue.customer_words != vals['customer_words'] for issue in self):
            raise UserError(self.env._(
                "The customer's words stay as they are. Write a note to the issue instead."))

    def _check_owner_fields(self, vals):
        if not vals.keys() - OWNER_FIELDS or all(self.mapped('can_edit')):
            return
        self.check_access('write')
        raise AccessError(self.env._(
            "This is an issue of an account whose team you do not belong to: you can answer and resolve it. Ask the "
            "account manager for other changes."))

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        """A new owner is told, as Odoo does for fields of the name user_id."""
        followers = super()._message_auto_subscribe_followers(updated_values, default_subtype_ids)
        owner = self.env['res.users'].browse(updated_values.get('owner_id') or [])
        if owner.active:
            template = owner != self.env.user and 'kam_management.kam_issue_assigned'
            followers.append((owner.partner_id.id, default_subtype_ids, template))
        return followers

    # Buttons

    def action_resolve(self):
        """Ask for what was done and why it was necessary."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Resolve"),
            'res_model': 'kam.issue.resolve',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_issue_ids': self.ids},
        }

    def action_reopen(self):
        self.stage_id = self.env['kam.issue.stage']._of_kind('progress')

    def action_open_recurring(self):
        """All issues of the same cause at this customer."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_issue_action')
        return dict(action, name=self.cause_id.name, views=[(False, 'list'), (False, 'form')], context={}, domain=[
            ('account_id', '=', self.account_id.id), ('cause_id', '=', self.cause_id.id)])
