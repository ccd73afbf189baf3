from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..alerts import CAUSES
from ..alerts.refresh import OPEN_STATES

# Set by a person, or by scoring.
CLOSED_STATES = ('resolved', 'expired')


class KamAlert(models.Model):
    """A warning: one cause at one account, with its reason in numbers, somebody who sees to it, and how it ended.

    Scoring opens, follows and ends alerts (see `kam_scoring/alerts`); people acknowledge and resolve them. Per account
    and cause one is open at a time, so a cause that lasts warns once. The reason is put into words when it is read, in
    the language of its reader.
    """
    _name = 'kam.alert'
    _description = "Account Alert"
    _inherit = ['kam.account.mixin', 'mail.thread']
    # Whoever reads an alert may comment on it.
    _mail_post_access = 'read'
    _rec_names_search = ['account_id']
    _order = 'date desc, money desc, id desc'

    cause = fields.Selection(selection='_selection_cause', required=True, readonly=True)
    state = fields.Selection([
        ('open', "Open"),
        ('acknowledged', "Acknowledged"),
        ('resolved', "Resolved"),
        ('expired', "Expired"),
    ], default='open', required=True, readonly=True, tracking=True, index=True,
        help="Acknowledged: somebody is on it. Resolved: by a person, or by itself when the cause was gone. Expired: "
             "nobody watches for it any more, because the rule or the account was switched off.")
    date = fields.Date(string="Since", required=True, readonly=True, help="The scoring run that found it first.")
    reason = fields.Text(compute='_compute_reason', help="What the records say, as of the last scoring run.")
    value = fields.Float(string="Figure Now", readonly=True, aggregator=None)
    reference = fields.Float(
        string="Usual Figure", readonly=True, aggregator=None, help="What the figure is held against.")
    threshold = fields.Float(
        string="Alert Above", readonly=True, aggregator=None, help="Of the rule, when the alert opened.")
    money = fields.Monetary(
        string="At Stake", readonly=True, help="Sales of the last 12 months, net of tax, less credit notes.")
    user_id = fields.Many2one(
        'res.users', string="Owner", readonly=True, index='btree_not_null', tracking=True,
        help="Who sees to it, as the rule says. Follows the seats of the account with each scoring run.")
    manager_id = fields.Many2one(related='account_id.manager_id')
    tier_id = fields.Many2one(related='account_id.tier_id')
    resolution = fields.Text(readonly=True, tracking=True, help="What was done about it.")
    resolver_id = fields.Many2one(
        'res.users', string="Resolved by", readonly=True, help="Nobody where the cause went away by itself.")
    date_resolved = fields.Date(string="Ended On", readonly=True)
    playbook_activity_ids = fields.Many2many(
        'mail.activity', 'kam_alert_activity_rel', 'alert_id', 'activity_id', string="Playbook", readonly=True,
        copy=False, groups='base.group_user', help="The steps still to be done.")

    _open_uniq = models.UniqueIndex(
        "(account_id, cause) WHERE state IN ('open', 'acknowledged')", "The account has an open alert of this cause.")
    _resolution = models.Constraint(
        "CHECK (resolver_id IS NULL OR COALESCE(resolution, '') <> '')", "Say how the alert was resolved.")

    @api.model
    def _selection_cause(self):
        return self.env['kam.alert.rule']._selection_cause()

    @api.depends('account_id', 'cause')
    @api.depends_context('lang')
    def _compute_display_name(self):
        labels = dict(self._selection_cause())
        for alert in self:
            alert.display_name = f"{alert.account_id.display_name}: {labels.get(alert.cause, alert.cause)}"

    @api.depends('cause', 'value', 'reference')
    @api.depends_context('lang')
    def _compute_reason(self):
        for alert in self:
            cause = CAUSES.get(alert.cause)
            alert.reason = cause and cause.reason(alert)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._(
                "Alerts are written by scoring. Use the buttons to acknowledge or resolve one, and the chatter for "
                "notes."))
        return super().write(vals)

    # What people do

    def action_acknowledge(self):
        """Somebody is on it."""
        self.check_access('write')
        # Closed to edits; the check above is the permission (sudo).
        self.filtered(lambda alert: alert.state == 'open').sudo().state = 'acknowledged'
        return True

    def action_resolve(self):
        """Ask for the resolution."""
        self.check_access('write')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Resolve"),
            'res_model': 'kam.alert.resolve',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_alert_ids': self.filtered(lambda alert: alert.state in OPEN_STATES).ids},
        }

    def action_open_documents(self):
        """The records behind the reason."""
        self.ensure_one()
        self.account_id.check_access('read')
        return CAUSES[self.cause].documents(self)

    def action_open_account(self):
        self.ensure_one()
        return self.account_id._get_records_action()

    def _resolve(self, resolution):
        """A person says that it is done, and how."""
        self.check_access('write')
        if not (resolution or "").strip():
            raise UserError(self.env._("Say how the alert was resolved: the next one may be resolved the same way."))
        closed = self.filtered(lambda alert: alert.state in CLOSED_STATES)
        if closed:
            raise UserError(self.env._("%s has ended already.", closed[0].display_name))
        # Closed to edits; the check above is the permission (sudo).
        alerts = self.sudo()
        alerts.write({
            'state': 'resolved', 'resolution': resolution, 'resolver_id': self.env.uid,
            'date_resolved': fields.Date.context_today(self)})
        alerts._cancel_playbooks()

    # Playbooks

    @api.model
    def _launch_playbooks(self, alerts, plans):
        """Plan the steps of the playbooks at the accounts, all in one go; each alert gets them once, when it is new.

        :param dict plans: activity plan by cause
        """
        today = fields.Date.context_today(self)
        model_id = self.env['ir.model']._get_id('kam.account')
        steps = [(alert, step) for alert in alerts if alert.user_id for step in plans[alert.cause].template_ids]
        # Without a mail for each (quick update).
        activities = self.env['mail.activity'].with_context(mail_activity_quick_update=True).create([
            {
                'res_model_id': model_id, 'res_id': alert.account_id.id, 'activity_type_id': step.activity_type_id.id,
                'summary': step.summary, 'note': step.note, 'date_deadline': step._get_date_deadline(today),
                'automated': True, 'user_id': alert._who_takes(step).id}
            for alert, step in steps])
        # Raw SQL: the links of all alerts at once.
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "INSERT INTO kam_alert_activity_rel (alert_id, activity_id) SELECT * FROM unnest(%s::int[], %s::int[])",
            [alert.id for alert, _step in steps], activities.ids))
        alerts.invalidate_recordset(['playbook_activity_ids'])

    def _who_takes(self, step):
        """The owner, unless the step names somebody else who is there."""
        return step._determine_responsible(self.user_id, self.account_id)['responsible'] or self.user_id

    def _cancel_playbooks(self):
        """What is done stays in the history of the account; what is still open has become pointless."""
        self.playbook_activity_ids.unlink()
