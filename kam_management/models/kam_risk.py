from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

LEVELS = [('1', "1"), ('2', "2"), ('3', "3"), ('4', "4"), ('5', "5")]
# Kinds that put a customer on the supervision list (S57).
SUPERVISED_KINDS = ('bad_debt', 'reputation')
# What the owner of a risk may write who does not belong to the account team; see `_check_owner_fields`.
OWNER_FIELDS = {
    'treatment', 'treatment_note', 'date_review', 'state', 'activity_ids', 'message_follower_ids', 'message_ids'}
# Severity times likelihood from which a risk is high, and from which it is medium.
HIGH_SCORE, MEDIUM_SCORE = 15, 8


class KamRisk(models.Model):
    """What could cost us the account, or cost us with it: how bad, how likely, how much, and what we do (F72).

    A risk of the kind contract knows when the contract ends and until when notice has to be given; its owner hears of
    that day in time to talk to the customer before (F74).

    The owner may come from another department, as a bad debt belongs to somebody in finance: whoever holds a seat in
    the team reads and treats their own risks, without any group of key accounts.
    """
    _name = 'kam.risk'
    _description = "Risk of a Key Account"
    _inherit = ['kam.account.mixin', 'mail.thread', 'mail.activity.mixin']
    _mail_post_access = 'read'
    _order = 'is_open desc, score desc, amount desc, id desc'

    name = fields.Char(string="Risk", required=True, tracking=True)
    tier_id = fields.Many2one(related='account_id.tier_id')
    kind = fields.Selection([
        ('bad_debt', "Bad Debt"),
        ('reputation', "Reputation"),
        ('competitor', "Competitor"),
        ('dependency', "Dependency"),
        ('contract', "Contract"),
        ('relationship', "Relationship"),
        ('other', "Other"),
    ], required=True, default='other', index=True, tracking=True,
        help="Customers with bad debt or a damaged reputation are under supervision.")
    cause = fields.Text(help="Where it comes from, and how we would notice that it comes true.")
    severity = fields.Selection(
        LEVELS, required=True, default='3', tracking=True, help="1: hardly felt. 5: the account would be lost.")
    likelihood = fields.Selection(
        LEVELS, required=True, default='3', tracking=True, help="1: hardly within years. 5: rather sooner than later.")
    score = fields.Integer(
        string="Weight", compute='_compute_score', store=True, aggregator='max', help="Severity times likelihood.")
    level = fields.Selection(
        [('low', "Low"), ('medium', "Medium"), ('high', "High")], compute='_compute_score', store=True)
    amount = fields.Monetary(string="At Stake", default=0.0, tracking=True, help="In the currency of the programme.")
    expected_loss = fields.Monetary(
        compute='_compute_expected_loss', store=True,
        help="What is at stake, times the likelihood: one fifth for each step.")
    owner_id = fields.Many2one(
        'res.users', string="Risk Owner", required=True, index=True, ondelete='restrict', tracking=True,
        compute='_compute_owner_id', store=True, precompute=True, readonly=False, domain=[('share', '=', False)])
    treatment = fields.Selection([
        ('avoid', "Avoid"),
        ('reduce', "Reduce"),
        ('transfer', "Transfer"),
        ('accept', "Accept"),
    ], default='reduce', required=True, tracking=True)
    treatment_note = fields.Text(string="What We Do")
    state = fields.Selection([
        ('open', "Open"),
        ('occurred', "Came True"),
        ('closed', "Closed"),
    ], required=True, default='open', index=True, tracking=True, copy=False, group_expand=True)
    is_open = fields.Boolean(compute='_compute_is_open', store=True)
    date_closed = fields.Date(string="Closed On", compute='_compute_is_open', store=True, copy=False)
    date_review = fields.Date(
        string="Next Look", tracking=True, default=lambda self: fields.Date.context_today(self) + timedelta(days=90),
        help="When somebody has to look at it again.")
    is_supervised = fields.Boolean(
        string="Under Supervision", compute='_compute_is_open', store=True,
        help="An open risk of bad debt or reputation: the customer is on the supervision list.")
    date_contract_end = fields.Date(string="Contract Ends", tracking=True)
    notice_days = fields.Integer(
        string="Notice Period", default=90, help="Days before the end until which notice has to be given.")
    lead_days = fields.Integer(
        string="Warn Ahead", default=60, help="Days before the last day of notice on which the owner is told.")
    date_notice = fields.Date(
        string="Last Day of Notice", compute='_compute_date_notice', store=True, index='btree_not_null',
        help="Afterwards the contract goes on, or ends, without us having a say.")
    date_warn = fields.Date(string="Owner Is Told On", compute='_compute_date_notice', store=True)
    date_warned = fields.Date(readonly=True, copy=False, help="The last day of notice that the owner was told of.")
    date_reminded = fields.Date(readonly=True, copy=False, help="The look that the owner was reminded of.")
    is_due = fields.Boolean(string="Look Due", compute='_compute_is_due', search='_search_is_due')
    color = fields.Integer(compute='_compute_color')
    can_edit = fields.Boolean(compute='_compute_can_edit')

    _amount = models.Constraint('CHECK (amount >= 0)', "The amount at stake must not be negative.")
    _days = models.Constraint(
        'CHECK (notice_days >= 0 AND lead_days >= 0)', "Days of notice and days of warning must not be negative.")

    @api.model
    def _is_derived(self, name):
        return name in ('date_warned', 'date_reminded') or super()._is_derived(name)

    @api.depends('severity', 'likelihood')
    def _compute_score(self):
        for risk in self:
            risk.score = int(risk.severity or 0) * int(risk.likelihood or 0)
            risk.level = 'high' if risk.score >= HIGH_SCORE else 'medium' if risk.score >= MEDIUM_SCORE else 'low'

    @api.depends('amount', 'likelihood')
    def _compute_expected_loss(self):
        for risk in self:
            risk.expected_loss = risk.amount * int(risk.likelihood or 0) / 5

    @api.depends('account_id')
    def _compute_owner_id(self):
        for risk in self:
            # The seat of the account, whoever writes the risk down (sudo).
            manager = risk.account_id.sudo().manager_id
            risk.owner_id = risk._debt_collector() or manager or risk._origin.owner_id or self.env.user

    def _debt_collector(self):
        """Whoever holds the seat of finance, where the risk is a bad debt."""
        finance = self.env.ref('kam_management.role_finance', raise_if_not_found=False)
        # The seats of the account, whoever writes the risk down (sudo).
        seats = self.account_id.sudo().assignment_ids if finance and self.kind == 'bad_debt' else (
            self.env['kam.assignment'])
        return seats.filtered(lambda seat: seat.is_current and seat.role_id == finance)[:1].user_id

    @api.onchange('kind')
    def _onchange_kind(self):
        self.owner_id = self._debt_collector() or self.owner_id

    @api.depends('state', 'kind')
    def _compute_is_open(self):
        for risk in self:
            risk.is_open = risk.state == 'open'
            risk.date_closed = not risk.is_open and (risk.date_closed or fields.Date.context_today(risk))
            risk.is_supervised = risk.is_open and risk.kind in SUPERVISED_KINDS

    @api.depends('kind', 'date_contract_end', 'notice_days', 'lead_days')
    def _compute_date_notice(self):
        for risk in self:
            end = risk.kind == 'contract' and risk.date_contract_end
            risk.date_notice = end and end - timedelta(days=risk.notice_days)
            risk.date_warn = end and risk.date_notice - timedelta(days=risk.lead_days)

    @api.depends('is_open', 'date_review')
    def _compute_is_due(self):
        today = fields.Date.context_today(self)
        for risk in self:
            risk.is_due = bool(risk.is_open and risk.date_review and risk.date_review <= today)

    def _search_is_due(self, operator, value):
        if operator != 'in':
            return NotImplemented
        due = Domain('is_open', '=', True) & Domain('date_review', '<=', fields.Date.context_today(self))
        return due if True in value else ~due

    @api.depends('level', 'is_open')
    def _compute_color(self):
        colors = {'high': 1, 'medium': 3, 'low': 10}
        for risk in self:
            risk.color = colors[risk.level] if risk.is_open else 0

    @api.depends_context('uid')
    def _compute_can_edit(self):
        """Belongs to the account team. The owner from another department treats the risk, and no more."""
        Account = self.env['kam.account']
        # The account may be closed to its owner: asked is only whether (sudo).
        accounts = self.sudo().account_id.with_env(self.env)
        writable = accounts._filtered_access('write') if Account.has_access('write') else Account
        for risk in self:
            risk.can_edit = self.env.su or not risk.id or risk.sudo().account_id.id in writable.ids

    @api.constrains('owner_id', 'account_id')
    def _check_owner(self):
        for risk in self - self._open_to_owner():
            if risk.owner_id:
                raise ValidationError(self.env._(
                    "%(person)s has no access to %(account)s and would not see what the risk \"%(risk)s\" is about. "
                    "Ask a programme champion for a seat in the team of the account, or choose somebody of the team.",
                    person=risk.owner_id.name, account=risk.account_id.display_name, risk=risk.name))

    def _open_to_owner(self):
        """Those whose owner sees the account or sits in its team, and works for a company of the programme."""
        today, open_ = fields.Date.context_today(self), self.browse()
        for user, risks in self.filtered(lambda risk: risk.owner_id.active and not risk.owner_id.share).grouped(
                'owner_id').items():
            theirs = risks.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            accounts = risks.account_id
            seen = accounts.with_env(theirs.env)._filtered_access('read').with_env(self.env)
            # Also whoever takes a seat later: a handover is planned ahead.
            seen |= accounts.assignment_ids.filtered(
                lambda seat, user=user: seat.user_id == user and (not seat.date_to or seat.date_to >= today)).account_id
            open_ |= theirs._filtered_access('read').with_env(self.env).filtered(
                lambda risk, seen=seen: risk.account_id in seen)
        return open_

    @api.constrains('kind', 'date_contract_end')
    def _check_contract(self):
        for risk in self:
            if risk.kind == 'contract' and not risk.date_contract_end:
                raise ValidationError(self.env._(
                    "%s: say when the contract ends, so that its owner is told in time.", risk.name))

    # Buttons

    def action_reviewed(self):
        """Somebody has looked at it; the next look is in three months."""
        self.check_access('write')
        self.date_review = fields.Date.context_today(self) + timedelta(days=90)
        return True

    def action_occurred(self):
        self.state = 'occurred'

    def action_close(self):
        self.state = 'closed'

    def action_reopen(self):
        self.state = 'open'

    def write(self, vals):
        self._check_owner_fields(vals)
        result = super().write(vals)
        if 'state' in vals:
            closed = self.filtered(lambda risk: not risk.is_open)
            closed._end_activities('mail_activity_type_risk_review', 'mail_activity_type_contract_notice')
        if 'date_review' in vals:
            self.filtered(lambda risk: not risk.is_due)._end_activities('mail_activity_type_risk_review')
        if vals.get('owner_id'):
            # Reminders are the owner's, whoever that is (sudo).
            self.sudo().activity_reschedule([
                'kam_management.mail_activity_type_risk_review', 'kam_management.mail_activity_type_contract_notice',
            ], new_user_id=vals['owner_id'])
        return result

    def _check_owner_fields(self, vals):
        if not vals.keys() - OWNER_FIELDS or all(self.mapped('can_edit')):
            return
        self.check_access('write')
        raise AccessError(self.env._(
            "This is a risk of an account whose team you do not belong to: you can say what you do about it and when "
            "you look again, and close it. Ask the account manager for other changes."))

    def _end_activities(self, *names):
        # About nothing any more, whosever they are (sudo).
        self.sudo().activity_unlink([f'kam_management.{name}' for name in names])

    # Reminders

    @api.model
    def _cron_remind(self):
        """Tell owners of contracts to talk about and of risks to look at, once each."""
        today = fields.Date.context_today(self)
        # Locked and written to, so that two workers do not both tell.
        contracts = self.search([('is_open', '=', True), ('date_warn', '<=', today)]).filtered(
            lambda risk: risk.date_warned != risk.date_notice).try_lock_for_update()
        due = self.search([('is_due', '=', True)]).filtered(lambda risk: risk.date_reminded != risk.date_review)
        due = (due - due._with_reminder()).try_lock_for_update()
        (contracts | due)._pass_on()
        contracts._remind('mail_activity_type_contract_notice', lambda risk: (
            max(risk.date_notice, today), risk.env._(
                "%(account)s: talk about the contract before the last day of notice",
                account=risk.account_id.display_name)))
        for risk in contracts:
            risk.date_warned = risk.date_notice
        due._remind('mail_activity_type_risk_review', lambda risk: (
            today + timedelta(days=7), risk.env._(
                "%(account)s: look at the risk again", account=risk.account_id.display_name)))
        for risk in due:
            risk.date_reminded = risk.date_review
        return len(contracts), len(due)

    def _with_reminder(self):
        """Those with an open reminder to look at them."""
        return self.browse(self.env['mail.activity'].search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids),
            ('activity_type_id', '=', self.env.ref('kam_management.mail_activity_type_risk_review').id),
        ]).mapped('res_id'))

    def _pass_on(self):
        """What belongs to somebody who has left the account is the account manager's, or else the sponsor's."""
        for risk in self - self._open_to_owner():
            risk.owner_id = risk.account_id.manager_id or risk.account_id.sponsor_id or risk.owner_id

    def _remind(self, type_name, what):
        """:param what: function of a risk, in the language of its owner, that returns (deadline, summary)"""
        common = {
            'res_model_id': self.env['ir.model']._get_id(self._name), 'automated': True,
            'activity_type_id': self.env.ref(f'kam_management.{type_name}').id}
        values = []
        for risk in self.filtered('owner_id.active'):
            deadline, summary = what(risk.with_context(lang=risk.owner_id.lang))
            values.append({
                **common, 'res_id': risk.id, 'user_id': risk.owner_id.id, 'date_deadline': deadline,
                'summary': summary})
        self.env['mail.activity'].create(values)
