from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

KINDS = [
    ('business', "Business Review"),
    ('internal', "Internal Review"),
    ('visit', "Executive Visit"),
]
# Still to be held.
OPEN_STATES = ('planned', 'invited')
# What may still be written when a review is closed or cancelled.
FREE_FIELDS = {'message_follower_ids', 'message_ids', 'activity_ids', 'message_main_attachment_id'}
HOURS = 2


class KamReview(models.Model):
    """A dated review of an account (F52–F54): with the customer, among ourselves, or the visit of an executive.

    planned -> invited -> held -> closed, or cancelled. Whether the account still belongs in its tier is another
    question, see `kam.tier.review`. The meeting is one in the calendar; when a visit was made follows from there alone
    (kam_account_visit). Planning by cadence is in kam_review_plan, the snapshot in kam_review_snapshot.
    """
    _name = 'kam.review'
    _description = "Account Review"
    _inherit = ['kam.account.mixin', 'mail.thread', 'mail.activity.mixin']
    _mail_post_access = 'read'
    _order = 'date desc, id desc'
    _rec_names_search = ['account_id']

    account_id = fields.Many2one(tracking=True)
    kind = fields.Selection(
        KINDS, required=True, default='business', index=True,
        help="Business review: with the customer, on both sides' figures and goals. Internal review: the account team "
             "among itself. Executive visit: our sponsor at the customer.")
    state = fields.Selection([
        ('planned', "Planned"),
        ('invited', "Invited"),
        ('held', "Took Place"),
        ('closed', "Closed"),
        ('cancelled', "Cancelled"),
    ], default='planned', required=True, readonly=True, copy=False, tracking=True, index=True, group_expand=True,
        help="Planned: has a day. Invited: a meeting is in the calendar. Took place: minutes and decisions are "
             "being written. Closed: everything is decided, read-only.")
    tier_id = fields.Many2one(
        'kam.tier', string="Tier When Planned", readonly=True, copy=False, ondelete='set null', index='btree_not_null')
    owner_id = fields.Many2one(
        'res.users', string="Prepared By", compute='_compute_owner_id', store=True, readonly=False, tracking=True,
        index='btree_not_null', domain=[('share', '=', False)],
        help="Invites, leads the review and writes the minutes.")
    sponsor_id = fields.Many2one(related='account_id.sponsor_id')
    date_due = fields.Date(
        string="Planned For", required=True, tracking=True, default=lambda self: self._first_day(),
        help="The working day that the cadence of the tier asks for, or that somebody chose.")
    period = fields.Date(
        readonly=True, copy=False,
        help="The day on which the cadence of the tier asked for it. Empty where a person planned the review.")
    event_id = fields.Many2one(
        'calendar.event', string="Meeting", copy=False, ondelete='set null', index='btree_not_null', readonly=True)
    date = fields.Date(
        compute='_compute_date', store=True, index=True,
        help="The day of the meeting; where there is none yet, the day it is planned for.")
    date_held = fields.Date(string="Held On", readonly=True, copy=False)
    template_id = fields.Many2one(
        'kam.review.template', ondelete='set null', index='btree_not_null', domain="[('kind', '=', kind)]",
        compute='_compute_template_id', store=True, readonly=False)
    partner_ids = fields.Many2many(
        'res.partner', 'kam_review_partner_rel', 'review_id', 'partner_id', string="People of the Customer",
        compute='_compute_partner_ids', store=True, readonly=False,
        domain="[('commercial_partner_id.kam_entity_ids.account_id', '=', account_id)]")
    reason = fields.Text(string="Why Now", help="What the meeting is to achieve, and why it is worth the time now.")
    minutes = fields.Text(string="Summary", help="What was said, in a few sentences that everybody would sign.")
    line_ids = fields.One2many('kam.review.line', 'review_id', string="Agenda", copy=True)
    # Not rating_ids: the app Ratings gives every thread a field of that name.
    scorecard_ids = fields.One2many('kam.review.rating', 'review_id')
    decision_ids = fields.One2many('kam.review.decision', 'review_id', string="Decisions")
    open_decision_count = fields.Integer(compute='_compute_open_decision_count', string="Undecided")
    is_overdue = fields.Boolean(compute='_compute_is_overdue', search='_search_is_overdue', string="Overdue")
    notice = fields.Text(compute='_compute_notice', help="What has to be seen before the meeting.")
    color = fields.Integer(related='account_id.color')

    # One of each kind by cadence, also when two workers plan at the same time.
    _period_uniq = models.UniqueIndex(
        '(account_id, kind, period) WHERE period IS NOT NULL', "A review of this kind is planned for that day already.")
    _one_planned = models.UniqueIndex(
        "(account_id, kind) WHERE period IS NOT NULL AND state IN ('planned', 'invited')",
        "The next review of this kind is planned already.")

    @api.model
    def _first_day(self):
        return fields.Date.context_today(self) + timedelta(days=14)

    @api.depends('account_id.manager_id', 'account_id.sponsor_id')
    def _compute_owner_id(self):
        """The account manager, also a new one, as long as the review is to be held; who held it stays."""
        for review in self:
            if review.state in OPEN_STATES or not review.owner_id:
                review.owner_id = review.account_id.manager_id or review.account_id.sponsor_id

    @api.depends('date_due', 'event_id.start', 'date_held')
    def _compute_date(self):
        for review in self:
            # Only the day of a meeting is told, whoever may see what it is about (sudo).
            start = review.sudo().event_id.start
            review.date = review.date_held or (start and review._local_day(start)) or review.date_due

    def _local_day(self, moment):
        """The day of a moment where whoever prepares the review is."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.owner_id.tz or self.env.user.tz or 'UTC'), moment).date()

    @api.depends('kind', 'account_id')
    def _compute_template_id(self):
        for review in self:
            fits = review.template_id.kind == review.kind
            review.template_id = review.template_id if fits else review.template_id._for_review(review)

    @api.depends('account_id', 'kind')
    def _compute_partner_ids(self):
        """Whoever is on the map and decides or speaks for us; among ourselves nobody."""
        for review in self:
            theirs = review.partner_ids.filtered(
                lambda partner, account=review.account_id:
                partner.commercial_partner_id in account.sudo().entity_ids.partner_id)
            if review.kind == 'internal':
                review.partner_ids = False
            else:
                review.partner_ids = theirs or review._people_to_meet().partner_id

    def _people_to_meet(self):
        return self.account_id.stakeholder_ids.filtered(
            lambda person: not person.date_left and person.buying_role in ('decider', 'champion'))

    @api.depends('decision_ids.state')
    def _compute_open_decision_count(self):
        for review in self:
            review.open_decision_count = len(review.decision_ids.filtered(lambda decision: decision.state == 'open'))

    @api.depends('state', 'date')
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for review in self:
            review.is_overdue = bool(review.state in OPEN_STATES and review.date and review.date < today)

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        overdue = Domain('state', 'in', OPEN_STATES) & Domain('date', '<', fields.Date.context_today(self))
        return overdue if True in value else ~overdue

    @api.depends_context('lang')
    @api.depends('state', 'tier_id', 'account_id.tier_id', 'partner_ids.email', 'kind')
    def _compute_notice(self):
        for review in self:
            review.notice = "\n".join(review._notices()) if review.state in OPEN_STATES else False

    def _notices(self):
        tier = self.account_id.tier_id
        if self.tier_id and self.tier_id != tier:
            yield self.env._(
                "%(account)s was %(old)s when this was planned and is %(new)s now. Look at day and agenda.",
                account=self.account_id.display_name, old=self.tier_id.name, new=tier.name)
        silent = self.partner_ids.filtered(lambda partner: not partner.email)
        if silent:
            yield self.env._("Without e-mail address, and so without invitation: %s. Add the address, or call.",
                             ", ".join(silent.mapped('name')))
        if self.kind != 'internal' and not self.partner_ids:
            yield self.env._("Nobody of the customer is on the list. Choose whom to meet.")

    @api.depends_context('lang')
    @api.depends('kind', 'account_id', 'date')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for review in self:
            review.display_name = self.env._(
                "%(kind)s: %(account)s, %(date)s", kind=kinds.get(review.kind, ""),
                account=review.account_id.display_name or "", date=format_date(self.env, review.date) or "")

    @api.constrains('owner_id', 'account_id')
    def _check_owner(self):
        # Whoever held a review may have left its account since.
        for review in self.filtered(lambda review: review.state in OPEN_STATES):
            account = review.account_id.with_user(review.owner_id).with_context(
                allowed_company_ids=review.owner_id.company_ids.ids)
            if review.owner_id and not account.has_access('read'):
                raise ValidationError(self.env._(
                    "%(person)s has no access to %(account)s. Ask a programme champion for a seat in its team, or "
                    "choose somebody of the team.",
                    person=review.owner_id.name, account=review.account_id.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        closed = self._workflow_fields() - {'state'}
        if not self.env.su and any(vals.get('state', 'planned') != 'planned' or closed & vals.keys()
                                   for vals in vals_list):
            raise UserError(self.env._("A review starts as planned. Use its buttons to go on."))
        reviews = super().create(vals_list)
        for review in reviews:
            # Closed to users, so that nobody dates a review back into another tier.
            review.sudo().tier_id = review.account_id.tier_id
            if not review.line_ids:
                review.template_id._fill(review)
        return reviews

    def write(self, vals):
        if not self.env.su:
            business = vals.keys() - FREE_FIELDS
            if business & self._workflow_fields():
                raise UserError(self.env._("Invite, hold or close the review with its buttons."))
            if business:
                self._refuse_closed()
            if 'account_id' in vals and any(review.account_id.id != vals['account_id'] for review in self):
                raise UserError(self.env._("A review stays with its account. Plan one for the other account."))
        return super().write(vals)

    @api.model
    def _workflow_fields(self):
        """Closed to users: they follow from the buttons and from the calendar."""
        return {'state', 'tier_id', 'period', 'event_id', 'date_held', 'snapshot', 'date_reminded', 'date_escalated'}

    @api.model
    def default_get(self, fields):
        if self.env.su:
            return super().default_get(fields)
        values = super().default_get([name for name in fields if name not in self._workflow_fields()])
        return {**values, **({'state': 'planned'} if 'state' in fields else {})}

    def _refuse_closed(self):
        for review in self:
            if review.state in ('closed', 'cancelled'):
                raise UserError(self.env._(
                    "%s is closed or cancelled and stays as it was. Plan the next one.", review.display_name))

    def _work_on(self):
        """Somebody changes what the review consists of: they may write it, and it is not closed."""
        if not self.env.su:
            self.check_access('write')
            self._refuse_closed()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        for review in self:
            if review.state in ('held', 'closed') or review.period:
                raise UserError(self.env._(
                    "%s was held, or the tier asks for it. It cannot be deleted; cancel what is not held.",
                    review.display_name))

    # The meeting

    def action_invite(self):
        """A meeting with everybody whom it takes, at nine on the day planned; open it where there is one."""
        self.ensure_one()
        if self.event_id:
            return {'type': 'ir.actions.act_window', 'res_model': 'calendar.event', 'res_id': self.event_id.id,
                    'name': self.display_name, 'views': [(False, 'form')]}
        self._work_on()
        start = self.env.tz.localize(datetime.combine(
            max(self.date_due, fields.Date.context_today(self)), time(9))).astimezone(timezone.utc).replace(tzinfo=None)
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Invite"),
            'res_model': 'calendar.event',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                # Not as the document of the meeting: that would add an activity to the meeting.
                'kam_review_id': self.id, 'default_name': self.display_name,
                'default_partner_ids': (self._our_people().partner_id | self.partner_ids).ids,
                'default_start': fields.Datetime.to_string(start),
                'default_stop': fields.Datetime.to_string(start + timedelta(hours=HOURS))},
        }

    def _our_people(self):
        """Among ourselves the whole team; otherwise who prepares, the account manager, and the sponsor to a visit."""
        account = self.account_id
        people = self.owner_id | account.manager_id | self.env.user
        if self.kind == 'internal':
            # Who sits in the team is no secret to whoever invites it (sudo).
            people |= account.sudo().assignment_ids.filtered('is_current').user_id
        elif self.kind == 'visit':
            people |= account.sponsor_id
        return people.filtered('active')

    def _take_meeting(self, event):
        """The review takes place at this meeting. Callers have checked the permission; the fields are closed (sudo)."""
        for review in self.sudo():
            review.write({'event_id': event.id, 'state': 'invited', 'date_reminded': False, 'date_escalated': False})
        self._end_reminder()

    # Workflow

    def action_hold(self):
        """It took place: freeze what plan and figures say on that day; minutes and decisions follow."""
        for review in self:
            review._work_on()
            if review.state not in OPEN_STATES:
                raise UserError(self.env._("%s was held already.", review.display_name))
            review._check_meeting()
            # The steps are closed to users; the checks above are the permission.
            review.sudo().write({
                'state': 'held', 'date_held': min(review.date, fields.Date.context_today(self))
                if review.event_id else fields.Date.context_today(self),
                'snapshot': review._snapshot()})
            review._prepare_scorecard()
        self._end_reminder()
        return True

    def _check_meeting(self):
        """A visit is made when the calendar says so: there is no other truth about it."""
        today = fields.Date.context_today(self)
        event = self.sudo().event_id
        if event and self._local_day(event.start) > today:
            raise UserError(self.env._(
                "The meeting is on %s, which is still to come. Move it in the calendar, or come back then.",
                format_date(self.env, self._local_day(event.start))))
        if self.kind != 'visit':
            return
        if not event:
            raise UserError(self.env._(
                "An executive visit is a meeting in the calendar. Invite to it first, also when it has taken place."))
        present = event.attendee_ids.filtered(lambda attendee: attendee.state != 'declined').partner_id
        # Who belongs to the customer does not depend on what the holder may see of its entities (sudo).
        theirs = present & present.filtered(
            lambda partner: partner.commercial_partner_id in self.account_id.sudo().entity_ids.partner_id)
        if self.sponsor_id.partner_id not in present or not theirs:
            raise UserError(self.env._(
                "A visit takes the sponsor and somebody of the customer. Add them to the meeting in the calendar, or "
                "make this a business review."))

    def action_close(self):
        for review in self:
            review._work_on()
            if review.state != 'held':
                raise UserError(self.env._("%s has not been held yet.", review.display_name))
            missing = review._missing_for_closing()
            if missing:
                raise UserError("\n".join(missing))
        # The step is closed to users; the checks above are the permission.
        self.sudo().state = 'closed'
        return True

    def _missing_for_closing(self):
        """In sentences, what is undecided; others add to it by super()."""
        missing = []
        undecided = self.decision_ids.filtered(lambda decision: decision.state == 'open')
        if undecided:
            missing.append(self.env._(
                "Decide first what follows from: %s. Make an action or a tier change of it, note it, or drop it.",
                "; ".join(undecided.mapped('name'))))
        if not (self.minutes or "").strip():
            missing.append(self.env._("Write a summary of what was said, even one sentence."))
        return missing

    def action_cancel(self):
        for review in self:
            review._work_on()
            if review.state not in OPEN_STATES:
                raise UserError(self.env._("%s was held: it cannot be cancelled any more.", review.display_name))
        self._cancel()
        return True

    def _cancel(self):
        """Callers have checked the permission; the step is closed to users (sudo). The next one follows by cadence."""
        self.sudo().state = 'cancelled'
        self._end_reminder()

    def action_open(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id,
                'name': self.display_name, 'views': [(False, 'form')]}
