import base64
import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.kam_management.models.kam_review import OPEN_STATES

from ..report.pack_scope import PackScope

_logger = logging.getLogger(__name__)


class KamPackSubscription(models.Model):
    """A pack that comes by itself: weekly, monthly or before each review, of the programme or of the one account.

    Each recipient gets a pack of their own, with their rights and in their language. What could not be sent becomes an
    activity of the owner. See `kam.pack.sending` for how nothing is sent twice.
    """
    _name = 'kam.pack.subscription'
    _description = "Subscription to a Pack"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'program_id, name, id'

    name = fields.Char(compute='_compute_name', store=True, readonly=False, required=True, precompute=True)
    active = fields.Boolean(default=True)
    program_id = fields.Many2one(
        'kam.program', string="Programme", required=True, index=True, ondelete='cascade',
        default=lambda self: self.env['kam.program'].search([], limit=1))
    pack_type = fields.Selection(
        selection='_selection_pack_type', string="Pack", required=True, default='portfolio',
        help="A sponsor pack has the accounts of its recipient.")
    account_id = fields.Many2one(
        'kam.account', index='btree_not_null', ondelete='cascade', domain="[('program_id', '=', program_id)]")
    frequency = fields.Selection([
        ('weekly', "Weekly"),
        ('monthly', "Monthly"),
        ('review', "Before Each Review"),
    ], string="How Often", default='monthly', required=True,
        help="Before each review: of the account, where the pack is about one; else of the programme.")
    weekday = fields.Selection('_selection_weekday', default='0', required=True)
    month_day = fields.Integer(string="Day of the Month", default=1, help="1 to 28.")
    days_before = fields.Integer(string="Days Before the Review", default=3)
    date_start = fields.Date(string="Starts on", required=True, default=fields.Date.context_today)
    date_next = fields.Date(string="Next Sending", compute='_compute_date_next')
    user_ids = fields.Many2many(
        'res.users', 'kam_pack_subscription_user_rel', 'subscription_id', 'user_id', string="People",
        domain=[('share', '=', False)])
    group_ids = fields.Many2many(
        'res.groups', 'kam_pack_subscription_group_rel', 'subscription_id', 'group_id', string="Groups",
        domain=lambda self: [('privilege_id', '=', self.env.ref('kam_management.privilege_kam').id)],
        help="Everybody in these groups who works for a company of the programme. Sponsor packs go to those who "
             "sponsor an account.")
    owner_id = fields.Many2one(
        'res.users', required=True, index=True, ondelete='restrict', default=lambda self: self.env.user,
        help="Gets an activity when a pack could not be sent.")
    delivery = fields.Selection([
        ('attach', "Attached"),
        ('link', "As a Link"),
    ], default='attach', required=True,
        help="Attached: the file comes with the message. As a link: it stays in Odoo, where its recipient logs in.")
    sending_ids = fields.One2many('kam.pack.sending', 'subscription_id', string="Sendings", readonly=True)
    failed_count = fields.Integer(compute='_compute_failed_count', string="Failed Sendings")

    _days = models.Constraint(
        'CHECK (month_day BETWEEN 1 AND 28 AND days_before BETWEEN 0 AND 60)',
        "Choose a day of the month from 1 to 28, and at most 60 days before the review.")

    @api.model
    def _selection_pack_type(self):
        report = self.env['kam.pack.report']
        return [(code, title) for code, title in report._pack_types() if report._of_type(code)._comes_by_itself]

    @api.model
    def _selection_weekday(self):
        return [
            ('0', self.env._("Monday")), ('1', self.env._("Tuesday")), ('2', self.env._("Wednesday")),
            ('3', self.env._("Thursday")), ('4', self.env._("Friday")), ('5', self.env._("Saturday")),
            ('6', self.env._("Sunday"))]

    @api.depends('program_id', 'pack_type', 'account_id')
    def _compute_name(self):
        titles = dict(self._selection_pack_type())
        for subscription in self:
            about = subscription.account_id.display_name if subscription._needs('account') else False
            subscription.name = f"{titles.get(subscription.pack_type, '')}: " \
                                f"{about or subscription.program_id.name or ''}"

    @api.depends('frequency', 'weekday', 'month_day', 'days_before', 'date_start', 'program_id.date_next_review',
                 'account_id.review_ids.date', 'account_id.review_ids.state', 'sending_ids', 'active')
    def _compute_date_next(self):
        today = fields.Date.context_today(self)
        for subscription in self:
            subscription.date_next = subscription.active and subscription._next_day(today)

    def _compute_failed_count(self):
        counts = dict(self.env['kam.pack.sending']._read_group(
            [('subscription_id', 'in', self.ids), ('state', '=', 'failed')], ['subscription_id'], ['__count']))
        for subscription in self:
            subscription.failed_count = counts.get(subscription, 0)

    @api.constrains('user_ids', 'group_ids')
    def _check_recipients(self):
        for subscription in self:
            if not subscription.user_ids and not subscription.group_ids:
                raise ValidationError(self.env._("Say who gets the pack: people, groups, or both."))

    @api.constrains('pack_type', 'account_id', 'program_id')
    def _check_account(self):
        for subscription in self:
            if subscription._needs('account') and not subscription.account_id:
                raise ValidationError(self.env._("Choose the account that the pack is about."))
            if subscription.account_id and subscription.account_id.program_id != subscription.program_id:
                raise ValidationError(self.env._(
                    "%(account)s is no account of %(program)s.", account=subscription.account_id.display_name,
                    program=subscription.program_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        subscriptions = super().create(vals_list)
        subscriptions._check_may_send()
        return subscriptions

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {'program_id', 'account_id', 'user_ids', 'group_ids', 'owner_id'}:
            self._check_may_send()
        return result

    def _check_may_send(self):
        """Whoever decides in a programme sends to others; everybody else to themselves.

        Not a constraint: those run as superuser.
        """
        if self.env.su:
            return
        user = self.env.user
        self.program_id.check_access('read')
        self.account_id.check_access('read')
        for subscription in self:
            is_own = not subscription.group_ids and subscription.owner_id == user and subscription.user_ids == user
            if not is_own and not subscription.program_id._is_decided_by(user):
                raise AccessError(self.env._(
                    "You can subscribe to packs for yourself. Ask a champion of %s to send packs to other people.",
                    subscription.program_id.name))

    def _needs(self, name):
        report = self.env['kam.pack.report']
        return self.pack_type in report._packs() and name in report._of_type(self.pack_type)._needs

    # When

    def _due_day(self, today):
        """(day, period) of the sending that is due on a day or was before it in the running period; the day may be
        later than today. (None, '') where none is in sight."""
        if self.frequency == 'weekly':
            day = today - timedelta(days=today.weekday()) + timedelta(days=int(self.weekday))
            year, week, _weekday = day.isocalendar()
            return day, f'{year}-W{week:02}'
        if self.frequency == 'monthly':
            return today.replace(day=self.month_day), f'{today:%Y-%m}'
        review = self._next_review(today)
        if not review:
            return None, ''
        return max(review - timedelta(days=self.days_before), min(self.date_start, review)), f'review {review}'

    def _next_review(self, today):
        """The day of the next review from today on: of the account that the pack is about, else of the programme."""
        if not self._needs('account'):
            review = self.program_id.date_next_review
            return review and review >= today and review
        return self.env['kam.review'].search([
            ('account_id', '=', self.account_id._origin.id), ('state', 'in', OPEN_STATES), ('date', '>=', today),
        ], order='date', limit=1).date

    def _is_due(self, today):
        day, _period = self._due_day(today)
        return bool(day and self.date_start <= day <= today)

    def _next_day(self, today):
        """The next day on which packs go out, today included where they have not gone yet."""
        day, period = self._due_day(today)
        if not day:
            return False
        is_gone = any(sending.period == period for sending in self.sending_ids)
        if day >= self.date_start and not is_gone:
            return max(day, today)
        if self.frequency == 'review':
            return False
        step = relativedelta(weeks=1) if self.frequency == 'weekly' else relativedelta(months=1)
        while day < self.date_start or day < today or is_gone:
            day, is_gone = day + step, False
        return day

    # Who

    def _recipients(self):
        """Everybody who gets the pack, once."""
        self.ensure_one()
        program = self.program_id
        users = self.group_ids.all_user_ids.filtered(
            lambda user: user.active and not user.share and user.company_ids & program.company_ids)
        if self._needs('executive'):
            sponsors = self.env['kam.account']._read_group(
                [('program_id', '=', program.id), ('sponsor_id', 'in', users.ids)], ['sponsor_id'])
            users = users.browse([sponsor.id for sponsor, in sponsors])
        return users | self.user_ids

    def _scope(self, user):
        """What the pack of one recipient is about; compared is with the day of the last one."""
        today = fields.Date.context_today(self)
        back = {'weekly': relativedelta(weeks=1), 'monthly': relativedelta(months=1),
                'review': relativedelta(months=self.program_id.review_months)}[self.frequency]
        report = self.env['kam.pack.report']._of_type(self.pack_type)
        known = {
            'account': self.account_id, 'executive': user, 'date_from': today - back, 'date_to': today}
        return PackScope(self.program_id, **{
            name: value for name, value in known.items() if name in (*report._needs, *report._takes)})

    # Sending

    @api.model
    def _cron_send(self):
        """Claim what is due, then make and send it one by one; one that fails stops no other."""
        commit = self.env['ir.cron']._commit_progress
        Sending = self.env['kam.pack.sending']
        self._claim_due(fields.Date.context_today(self))
        waiting = Sending.search([('state', '=', 'waiting')], order='id')
        commit(remaining=len(waiting))
        for sending in waiting:
            try:
                taken = sending._take()
                if taken:
                    taken._send()
            except Exception as error:  # whatever it is, the other recipients get theirs
                self.env.cr.rollback()
                level = logging.INFO if isinstance(error, UserError) else logging.ERROR
                _logger.log(level, "pack sending %s failed: %s", sending.id, error)
                taken = sending.exists()._take()
                if taken:
                    taken._fail(error)
            if not commit(1):
                break

    @api.model
    def _claim_due(self, today):
        due = self.search([('program_id.active', '=', True)]).filtered(lambda one: one._is_due(today))
        self.env['kam.pack.sending']._claim([
            (subscription, user, subscription._due_day(today)[1])
            for subscription in due for user in subscription._recipients()])

    def action_send_now(self):
        """Send to everybody today, besides what is due; once a day at most."""
        self.ensure_one()
        self.check_access('write')
        today = fields.Date.context_today(self)
        # Recipients are whoever is in the groups, and sendings are closed to edits (sudo).
        self.env['kam.pack.sending'].sudo()._claim([
            (self, user, f'{today}') for user in self.sudo()._recipients()])
        self.env.ref('kam_reports.ir_cron_send_packs').sudo()._trigger()  # the check above is the permission
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'success', 'message': self.env._("The packs are being made and sent."),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}}}

    def _notify(self, user, pack):
        """The message to one recipient, in that person's language, with the file or a link to it."""
        subscription = self.with_context(lang=user.lang)
        # The page, not the file: it asks whoever is not logged in to do so.
        url = f'{self.get_base_url()}/odoo/kam-packs/{pack.id}'
        text = subscription.env._("Here is the pack \"%(name)s\" that you are subscribed to, as of today.",
                                  name=pack.name)
        label = subscription.env._("Open the pack in Odoo")
        body = Markup('<p>%s</p><p><a href="%s">%s</a></p>') % (text, url, label)
        subscription.env['mail.thread'].message_notify(
            model='kam.pack', res_id=pack.id, partner_ids=user.partner_id.ids, author_id=self.owner_id.partner_id.id,
            subject=pack.name, body=body, email_layout_xmlid='mail.mail_notification_light',
            attachments=[(pack.file_name, base64.b64decode(pack.file))] if self.delivery == 'attach' else None,
            # Through the mail queue: with the transaction that marks the pack as sent, and only with it.
            force_send=False)

    def _report_failure(self, sending):
        """An activity for the owner; while one is open, it gets one line more."""
        owner = self.owner_id if self.owner_id.active else (
            self.program_id.champion_ids.filtered('active')[:1] or self.env.user)
        line = Markup('<p>%s</p>') % self.env._(
            "%(person)s (%(period)s): %(error)s", person=sending.user_id.name, period=sending.period,
            error=sending.error)
        activity_type = self.env.ref('mail.mail_activity_data_todo')
        activity = self.activity_ids.filtered(
            lambda one: one.automated and one.activity_type_id == activity_type and one.user_id == owner)[:1]
        if activity:
            activity.note = (activity.note or '') + line
            return
        self.activity_schedule(
            'mail.mail_activity_data_todo', user_id=owner.id, automated=True, note=line,
            summary=self.env._("Packs could not be sent"))
