from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What the severity makes of the hours that the tier promises.
SEVERITY_FACTORS = {'low': 2, 'normal': 1, 'high': 0.5, 'critical': 0.25}
# The part of the time to resolve after which the sponsor hears of an issue that is still open.
ESCALATE_AFTER = 0.75


class KamIssue(models.Model):
    """The clocks of an issue: answered, resolved, and told to the sponsor before it is late (F57, F58).

    Deadlines are so many working hours after the issue was reported as the tier of that day promises; a change of tier
    does not move them. Working hours are those of the company's calendar, without its holidays; without a calendar, or
    without working hours in it, every hour counts.
    """
    _inherit = 'kam.issue'

    company_id = fields.Many2one(
        'res.company', string="Working Hours Of", compute='_compute_company_id', store=True, readonly=False,
        index='btree_not_null', help="The company whose working hours count.")
    date_reported = fields.Datetime(
        string="Reported On", required=True, default=fields.Datetime.now, index=True, copy=False)
    date_response_due = fields.Datetime(
        string="Answer By", compute='_compute_deadlines', store=True, copy=False)
    date_resolution_due = fields.Datetime(
        string="Resolve By", compute='_compute_deadlines', store=True, index=True, copy=False)
    date_escalate = fields.Datetime(
        string="Sponsor Is Told", compute='_compute_deadlines', store=True, copy=False,
        help="When the sponsor hears of it, if it is still open: before it is late.")
    date_responded = fields.Datetime(
        string="Answered On", compute='_compute_date_responded', store=True, readonly=False, copy=False, tracking=True)
    date_resolved = fields.Datetime(string="Resolved On", compute='_compute_date_resolved', store=True, copy=False)
    date_escalated = fields.Datetime(string="Escalated On", readonly=True, copy=False)
    resolve_hours = fields.Float(
        string="Hours to Resolve", compute='_compute_resolve_hours', store=True, aggregator='avg', copy=False,
        help="Working hours between the report and the resolution, without those that waited for the customer.")
    sla_state = fields.Selection([
        ('none', "No Promise"),
        ('running', "In Time"),
        ('waiting', "Clock Stands Still"),
        ('answer', "Answer Late"),
        ('late', "Late"),
        ('kept', "Kept"),
        ('broken', "Broken"),
    ], string="Promise", compute='_compute_sla_state')
    is_late = fields.Boolean(
        string="Late", compute='_compute_sla_state', search='_search_is_late',
        help="Open, and an answer or the resolution is overdue.")
    color = fields.Integer(compute='_compute_sla_state', help="Red when late, yellow when the sponsor knows.")

    _answered = models.Constraint(
        'CHECK (date_responded >= date_reported)', "An issue cannot be answered before it was reported.")
    _escalate_idx = models.Index('(date_escalate) WHERE is_open AND date_escalated IS NULL')

    @api.model
    def _is_derived(self, name):
        return name == 'date_escalated' or super()._is_derived(name)

    @api.depends('account_id')
    def _compute_company_id(self):
        for issue in self:
            # The programme's companies, whichever the user has selected (sudo).
            program = issue.program_id.sudo()
            own = issue.account_id.sudo().manager_id.company_id
            issue.company_id = own if own in program.company_ids else program.company_ids[:1]

    @api.depends('account_id', 'severity', 'date_reported', 'company_id')
    def _compute_deadlines(self):
        for issue in self:
            tier, factor = issue.account_id.tier_id, SEVERITY_FACTORS.get(issue.severity, 1)
            resolve = tier.issue_resolve_hours * factor
            # With what it has waited so far: later waits move the deadlines, see `_go_on`.
            waited = issue.waited_hours if resolve else 0
            issue.date_response_due = issue._working_time(tier.issue_response_hours * factor, issue.date_reported)
            issue.date_resolution_due = issue._working_time(resolve + waited, issue.date_reported)
            issue.date_escalate = issue._working_time(resolve * ESCALATE_AFTER + waited, issue.date_reported)

    def _working_time(self, hours, start):
        """So many working hours after the start, or False without hours (no promise) or start."""
        if not hours or not start:
            return False
        calendar = self.company_id.resource_calendar_id
        end = calendar.attendance_ids and calendar.plan_hours(
            hours, start, compute_leaves=True, domain=self._holiday_domain())
        return end or start + timedelta(hours=hours)

    def _work_hours(self, start, end):
        """Working hours between two moments; without a calendar every hour counts."""
        calendar = self.company_id.resource_calendar_id
        if not calendar.attendance_ids:
            return (end - start).total_seconds() / 3600
        return calendar.get_work_hours_count(start, end, compute_leaves=True, domain=self._holiday_domain())

    def _holiday_domain(self):
        return [('time_type', '=', 'leave'), ('company_id', 'in', (False, self.company_id.id))]

    @api.depends('stage_kind')
    def _compute_date_responded(self):
        """Whoever starts on it has told the customer so."""
        now = fields.Datetime.now()
        for issue in self:
            begun = issue.stage_kind and issue.stage_kind != 'new'
            issue.date_responded = issue.date_responded or begun and max(now, issue.date_reported or now)

    @api.depends('is_open')
    def _compute_date_resolved(self):
        for issue in self:
            issue.date_resolved = not issue.is_open and (issue.date_resolved or fields.Datetime.now())

    @api.depends('date_reported', 'date_resolved', 'waited_hours')
    def _compute_resolve_hours(self):
        for issue in self:
            issue.resolve_hours = issue.date_resolved and max(
                issue._work_hours(issue.date_reported, issue.date_resolved) - issue.waited_hours, 0)

    def _read_group_select(self, aggregate_spec, query):
        """Issues that are not resolved have no time to resolve, rather than none at all."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != 'resolve_hours:avg':
            return select
        return SQL("%s FILTER (WHERE NOT %s)", select, self._field_to_sql(self._table, 'is_open', query))

    @api.depends('is_open', 'date_waiting', 'date_responded', 'date_resolved', 'date_response_due',
                 'date_resolution_due')
    def _compute_sla_state(self):
        now = fields.Datetime.now()
        for issue in self:
            answer_late = bool(issue.date_response_due and issue.date_response_due < (issue.date_responded or now))
            end = issue.date_resolved or issue.date_waiting or now
            late = bool(issue.date_resolution_due and issue.date_resolution_due < end)
            if not issue.date_resolution_due and not issue.date_response_due:
                issue.sla_state = 'none'
            elif not issue.is_open:
                issue.sla_state = 'broken' if late or answer_late else 'kept'
            else:
                issue.sla_state = 'late' if late else 'waiting' if issue.date_waiting else (
                    'answer' if answer_late and not issue.date_responded else 'running')
            issue.is_late = issue.sla_state in ('late', 'answer')
            issue.color = 1 if issue.is_late else 3 if issue.is_open and issue.date_escalated else 0

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        now = fields.Datetime.now()
        late = Domain('is_open', '=', True) & (
            Domain('date_waiting', '=', False) & Domain('date_resolution_due', '<', now) | self._late_before_waiting()
            | Domain('date_response_due', '<', now) & Domain('date_responded', '=', False))
        return late if True in value else ~late

    def action_respond(self):
        """The customer has an answer."""
        new = self.filtered(lambda issue: issue.stage_kind == 'new')
        new.stage_id = self.env['kam.issue.stage']._of_kind('progress')
        return True

    def _message_post_after_hook(self, message, msg_vals):
        """An answer that leaves the company stops the clock of the first answer."""
        author = message.author_id.user_ids[:1]
        if message.subtype_id == self.env.ref('mail.mt_comment') and message.partner_ids.filtered('partner_share') and (
                author and not author.share):
            # Whoever may write to the customer has answered (sudo): an executive on the whole portfolio.
            self.sudo().filtered(lambda issue: not issue.date_responded).date_responded = fields.Datetime.now()
        return super()._message_post_after_hook(message, msg_vals)

    # Escalation

    @api.model
    def _cron_escalate(self):
        """Tell the sponsors of what is about to be late. Twice in a row, or on two workers, changes nothing."""
        due = self.search([
            ('is_open', '=', True), ('date_escalated', '=', False), ('date_waiting', '=', False),
            ('date_escalate', '<=', fields.Datetime.now())])
        locked = due.try_lock_for_update()
        locked._escalate()
        return len(locked)

    def action_escalate(self):
        self.check_access('write')
        self._escalate()
        return True

    def _escalate(self):
        """One activity for whoever can help: the sponsor, else the account manager, else a champion."""
        issues = self.filtered(lambda issue: issue.is_open and not issue.date_escalated)
        values = [issue._escalation_values(user) for issue in issues if (user := issue._escalation_user())]
        # In the name of the programme, for people who may not be the user's to assign (sudo).
        self.env['mail.activity'].sudo().create(values)
        # The step is closed to users; callers have checked the permission.
        issues.sudo().write({'date_escalated': fields.Datetime.now()})

    def _escalation_user(self):
        account = self.account_id.sudo()
        for user in (*account.sponsor_id, *account.manager_id, *self.program_id.sudo().champion_ids):
            if user.active and self._is_open_to(user):
                return user
        return self.env['res.users']

    def _escalation_values(self, user):
        due, env = self.date_resolution_due, self.with_context(lang=user.lang).env
        return {
            'res_model_id': self.env['ir.model']._get_id(self._name), 'res_id': self.id, 'user_id': user.id,
            'activity_type_id': self.env.ref('kam_management.mail_activity_type_issue_escalation').id,
            'date_deadline': due and fields.Datetime.context_timestamp(self.with_context(tz=user.tz), due).date()
            or fields.Date.context_today(self),
            'automated': True,
            'summary': env._("%(account)s: help with \"%(issue)s\" before it is late",
                             account=self.account_id.display_name, issue=self.name)}

    def write(self, vals):
        result = super().write(vals)
        if 'stage_id' in vals:
            # What is resolved needs nobody's help any more; the activity is the sponsor's (sudo).
            self.filtered(lambda issue: not issue.is_open).sudo().activity_unlink(
                ['kam_management.mail_activity_type_issue_escalation'])
        return result
