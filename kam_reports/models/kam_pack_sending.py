import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
# As long as people ask whether they got something.
KEPT_DAYS = 400


class KamPackSending(models.Model):
    """One pack of a subscription to one person in one period: claimed before it is made, so that it is sent once.

    Whoever claims it inserts the row; the index keeps a second worker, or a second look, from doing so again. The row
    is locked while the pack is made, and the message is written in the same transaction as the state.
    """
    _name = 'kam.pack.sending'
    _description = "Sending of a Pack"
    _order = 'id desc'
    _rec_name = 'period'

    subscription_id = fields.Many2one(
        'kam.pack.subscription', required=True, readonly=True, index=True, ondelete='cascade')
    program_id = fields.Many2one(related='subscription_id.program_id')
    user_id = fields.Many2one(
        'res.users', string="Recipient", required=True, readonly=True, index=True, ondelete='cascade')
    period = fields.Char(required=True, readonly=True, help="The week, the month, or the review that it was for.")
    state = fields.Selection([
        ('waiting', "Waiting"),
        ('sent', "Sent"),
        ('failed', "Failed"),
    ], default='waiting', required=True, readonly=True, index=True)
    error = fields.Text(string="What Went Wrong", readonly=True)
    date_sent = fields.Datetime(string="Sent on", readonly=True)
    pack_id = fields.Many2one('kam.pack', readonly=True, index='btree_not_null', ondelete='set null')

    _once = models.UniqueIndex('(subscription_id, user_id, period)', "This pack is on its way already.")

    @api.model
    def _claim(self, claims):
        """Insert rows for [(subscription, user, period)] where there are none yet.

        Raw SQL: a second worker that claims the same at this moment must neither fail nor send.
        """
        if not claims:
            return
        self.flush_model()
        self.env.cr.execute(SQL(
            """INSERT INTO kam_pack_sending (subscription_id, user_id, period, state, create_uid, create_date,
                                             write_uid, write_date)
               SELECT claim.subscription_id, claim.user_id, claim.period, 'waiting', %(uid)s,
                      NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
                 FROM unnest(%(subscriptions)s::int[], %(users)s::int[], %(periods)s::varchar[])
                      AS claim (subscription_id, user_id, period)
                   ON CONFLICT (subscription_id, user_id, period) DO NOTHING""",
            uid=self.env.uid, subscriptions=[subscription.id for subscription, _user, _period in claims],
            users=[user.id for _subscription, user, _period in claims],
            periods=[period for _subscription, _user, period in claims]))
        self.invalidate_model()

    def _take(self):
        """Those that wait, locked for this transaction; what another worker is sending is left out."""
        return self.try_lock_for_update().filtered(lambda sending: sending.state == 'waiting')

    def _send(self):
        """Make the pack with the rights of the recipient, and send it. The caller has taken the row."""
        self.ensure_one()
        subscription, user = self.subscription_id, self.user_id
        if not user.active:
            raise UserError(self.env._("%s does not work here any more.", user.name))
        if user.notification_type == 'email' and not user.email:
            raise UserError(self.env._("%s has no e-mail address.", user.name))
        # The rights, the language and the companies of the reader, whoever runs the scheduled action.
        reader = self.env(user=user.id, su=False, context={
            **user.with_user(user).context_get(), 'allowed_company_ids': user.company_ids.ids})
        pack = reader['kam.pack']._make(subscription.pack_type, subscription._scope(user), subscription)
        subscription._notify(user, pack.sudo())  # the message is the system's, the pack the reader's
        self.write({'state': 'sent', 'pack_id': pack.id, 'date_sent': fields.Datetime.now(), 'error': False})

    def _fail(self, error):
        """Say what went wrong, to the owner of the subscription."""
        self.ensure_one()
        self.write({'state': 'failed', 'error': str(error).strip() or type(error).__name__})
        self.subscription_id._report_failure(self)

    def action_retry(self):
        """Send once more what could not be sent."""
        self.check_access('read')
        self.subscription_id.check_access('write')
        # Closed to edits; the right to write the subscription is the permission (sudo).
        self.filtered(lambda sending: sending.state == 'failed').sudo().write({'state': 'waiting', 'error': False})
        self.env.ref('kam_reports.ir_cron_send_packs')._trigger()
        return True

    def action_open_pack(self):
        self.ensure_one()
        return self.pack_id.action_download()

    @api.autovacuum
    def _gc_sendings(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.search([('create_date', '<', limit), ('state', '!=', 'waiting')]).unlink()
