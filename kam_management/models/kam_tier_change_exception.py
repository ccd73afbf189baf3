from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# An exception that has expired is still in force until somebody decides.
IN_FORCE = ('open', 'expired')


class KamTierChange(models.Model):
    """Entry criteria, and exceptions from them (S13, S31, N4).

    Into a key tier leads one of two doors: the criteria are met, or an exception is granted with a reason, by somebody
    else than who asks for it, until a day. Exceptions in force are limited per programme. An expired one changes
    nothing by itself: it raises an activity and puts the account on the next review.
    """
    _inherit = 'kam.tier.change'

    needs_criteria = fields.Boolean(compute='_compute_needs_criteria')
    tier_criteria = fields.Text(related='to_tier_id.criteria', string="Entry Criteria of the Tier")
    criteria_state = fields.Selection([
        ('met', "Met"),
        ('not_met', "Not Met"),
    ], string="Entry Criteria", compute='_compute_criteria_state', store=True, readonly=False, copy=False,
        help="Whether the account meets the entry criteria of the new tier. Measured where the programme has a scoring "
             "model, else stated by who proposes the change.")
    is_criteria_measured = fields.Boolean(compute='_compute_is_criteria_measured')
    criteria_facts = fields.Char(compute='_compute_is_criteria_measured', string="Measured")
    is_exception = fields.Boolean(
        string="Exception", copy=False, tracking=True, help="A key account although it does not meet the criteria.")
    exception_reason = fields.Text(string="Reason for the Exception", copy=False)
    exception_until = fields.Date(
        copy=False, tracking=True,
        help="On this day the exception ends: the account then meets the criteria, leaves, or the exception is "
             "renewed.")
    exception_state = fields.Selection([
        ('open', "Open"),
        ('expired', "Expired"),
        ('closed', "Closed"),
    ], string="State of the Exception", copy=False, index='btree_not_null', tracking=True)

    _exception_complete = models.Constraint(
        "CHECK (exception_state IS NULL OR (exception_reason IS NOT NULL AND exception_until IS NOT NULL))",
        "An exception needs a reason and the day on which it ends.")

    @api.model
    def _workflow_fields(self):
        return super()._workflow_fields() | {'exception_state'}

    @api.model
    def _obstacle_triggers(self):
        return [*super()._obstacle_triggers(), 'criteria_state', 'is_exception', 'exception_reason', 'exception_until']

    @api.depends('kind', 'to_tier_id')
    def _compute_needs_criteria(self):
        for change in self:
            change.needs_criteria = (
                change.to_tier_id.is_key and change.kind in ('nomination', 'promotion', 'renewal'))

    @api.depends('account_id', 'to_tier_id')
    def _compute_criteria_state(self):
        for change in self:
            change.criteria_state = change._measured_criteria() or change.criteria_state

    @api.depends('account_id', 'to_tier_id')
    def _compute_is_criteria_measured(self):
        for change in self:
            change.is_criteria_measured = bool(change._measured_criteria())
            change.criteria_facts = change._criteria_facts()

    def _measured_criteria(self):
        """'met' or 'not_met' by the figures; False where nothing measures it and people have to say. For scoring."""
        return False

    def _criteria_facts(self):
        """The figures by which the criteria are measured, in words. For scoring."""
        return ""

    def _submission_obstacles(self):
        obstacles = super()._submission_obstacles()
        if not self.needs_criteria:
            return obstacles
        return obstacles + (self._exception_obstacles() if self.is_exception else self._criteria_obstacles())

    def _criteria_obstacles(self):
        state = self._measured_criteria() or self.criteria_state
        names = {'account': self.account_id.display_name, 'tier': self.to_tier_id.name}
        if not state:
            return [self.env._(
                "Say whether %(account)s meets the entry criteria of %(tier)s, or ask for an exception.", **names)]
        if state == 'not_met':
            return [self.env._(
                "%(account)s does not meet the entry criteria of %(tier)s. Ask for an exception, with a reason and the "
                "day on which it ends.", **names)]
        return []

    def _exception_obstacles(self):
        obstacles = []
        if not (self.exception_reason or "").strip():
            obstacles.append(self.env._("Give the reason for the exception."))
        if not self.exception_until or self.exception_until <= fields.Date.context_today(self):
            obstacles.append(self.env._("Give a day after today on which the exception ends."))
        if self.kind == 'renewal' and not self.account_id.exception_id:
            obstacles.append(self.env._(
                "%s is in its tier without an exception: there is nothing to renew.", self.account_id.display_name))
        return obstacles

    def _submission_values(self):
        # An exception is what the criteria ask for, not what somebody ticked.
        state = self._measured_criteria() or self.criteria_state
        is_exception = self.needs_criteria and self.is_exception
        values = {'criteria_state': state, 'is_exception': is_exception}
        return {**super()._submission_values(), **values}

    def _approval_obstacles(self):
        obstacles = super()._approval_obstacles()
        if not self.is_exception:
            return obstacles
        obstacles += self._exception_obstacles()
        program = self.program_id
        # Counted whoever may see them.
        count = len(self.sudo().search([
            ('program_id', '=', program.id), ('exception_state', 'in', IN_FORCE),
            ('account_id', '!=', self.account_id.id)]).account_id)
        if count >= program.exception_limit:
            obstacles.append(self.env._(
                "%(program)s has %(count)s open exceptions; its limit is %(limit)s. Close one before you grant "
                "another.",
                program=program.name, count=count, limit=program.exception_limit))
        return obstacles

    def _approval_values(self):
        values = super()._approval_values()
        return {**values, 'exception_state': 'open'} if self.is_exception else values

    def _refuse(self, reason):
        result = super()._refuse(reason)
        self.filtered('exception_state')._end_exception()
        return result

    def _apply(self):
        """A new tier, or a renewal, ends the exception by which the account was in its old one."""
        result = super()._apply()
        # Also changes that the approver cannot see.
        self.sudo().search([
            ('account_id', 'in', self.account_id.ids), ('exception_state', 'in', IN_FORCE), ('state', '=', 'applied'),
            ('id', 'not in', self.ids)])._end_exception()
        return result

    def _end_exception(self):
        # Workflow fields are closed to users; callers have checked the permission.
        self.sudo().exception_state = 'closed'

    # Buttons

    def action_close_exception(self):
        """The account meets the criteria by now: it stays, and is an exception no more."""
        for change in self:
            if change.exception_state not in IN_FORCE:
                raise UserError(self.env._("%s is no exception in force.", change.display_name))
            if not change.program_id._is_decided_by(self.env.user):
                raise AccessError(self.env._("Only a champion of %s closes exceptions.", change.program_id.name))
            if change._measured_criteria() == 'not_met':
                raise UserError(self.env._(
                    "%(account)s still does not meet the criteria of %(tier)s. Renew the exception, or propose another "
                    "tier.", account=change.account_id.display_name, tier=change.to_tier_id.name))
            change._end_exception()
            change.account_id.message_post(body=self.env._(
                "The exception ends: %(account)s meets the criteria of %(tier)s.",
                account=change.account_id.display_name, tier=change.to_tier_id.name))
        return True

    # Scheduled

    @api.model
    def _cron_expire_exceptions(self):
        """Tell who has to decide about exceptions that ended. As many as a programme allows: a handful."""
        expired = self.search([('exception_state', '=', 'open'), ('exception_until', '<', 'today')])
        expired.exception_state = 'expired'
        for change in expired:
            user = change.program_id.champion_ids[:1] or change.approver_id
            change.account_id.activity_schedule(
                'mail.mail_activity_data_todo', user_id=user.id, note=change.exception_reason,
                summary=change.with_context(lang=user.lang).env._(
                    "The exception has ended: close, renew or propose another tier"))
        self.env['kam.tier.review']._put_on_list(
            expired.account_id, 'exception', self.env._("The exception by which it is a key account has ended."))
