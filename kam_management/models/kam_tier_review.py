from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

# So many days before a review its list is made, for the account managers to prepare.
LEAD_DAYS = 14


class KamTierReview(models.Model):
    """Whether an account still belongs in its tier, asked at a review of the programme and answered by a champion.

    The list of the next review holds each key account, and whatever somebody or something put on it. A failed review
    changes nothing by itself; several in a row open the way down (see the demotion guard of `kam.tier.change`).
    """
    _name = 'kam.tier.review'
    _description = "Key Account Tier Review"
    _inherit = ['kam.derived.mixin']
    _order = 'date desc, tier_sequence, id'

    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one(
        'kam.program', related='account_id.program_id', store=True, index=True, precompute=True)
    tier_id = fields.Many2one('kam.tier', required=True, ondelete='restrict', index=True, help="When it was asked.")
    tier_sequence = fields.Integer(related='tier_id.sequence', store=True)
    manager_id = fields.Many2one(related='account_id.manager_id')
    date_told = fields.Date(related='account_id.date_told')
    date = fields.Date(string="Review", required=True, help="The day of the programme's review.")
    kind = fields.Selection([
        ('regular', "Regular"),
        ('exception', "Exception Ended"),
        ('request', "On Request"),
    ], default='regular', required=True)
    reason = fields.Text(string="Why It Is Reviewed")
    verdict = fields.Selection([
        ('passed', "Passed"),
        ('failed', "Failed"),
    ], index=True, help="Empty: still to be decided.")
    note = fields.Text(string="What Was Said")
    reviewer_id = fields.Many2one('res.users', string="Decided by")
    date_done = fields.Date(string="Decided on")

    # Two workers may make the list at the same time.
    _one_open = models.UniqueIndex(
        '(account_id) WHERE verdict IS NULL', "The account is on the list of the next review already.")
    _done = models.Constraint(
        'CHECK ((verdict IS NULL) = (date_done IS NULL))', "Give the verdict with the buttons.")

    @api.depends('account_id', 'date')
    def _compute_display_name(self):
        for review in self:
            review.display_name = f"{review.account_id.display_name} {review.date or ''}".strip()

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {'note'}:
                raise UserError(self.env._("Give the verdict with the buttons. Only the note is free to edit."))
            if any(review.verdict for review in self):
                raise UserError(self.env._("A review that is decided is history."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(review.verdict for review in self):
            raise UserError(self.env._("A review that is decided is history and cannot be deleted."))

    # Verdicts

    def action_pass(self):
        self._decide('passed')
        # It has recovered; the chatter keeps the plan. (sudo: champions decide, also where they hold no seat.)
        self.account_id.sudo().filtered('probation_plan')._end_probation()
        return True

    def action_fail(self):
        self._decide('failed')
        for account in self.account_id.filtered(lambda account: account.date_told and not account.probation_plan):
            account.activity_schedule(
                'mail.mail_activity_data_todo', user_id=(account.manager_id or self.env.user).id,
                summary=self.env._("Agree on a probation plan"),
                note=self.env._("The account has failed a review. The customer knows that it is a key account."))
        return True

    def _decide(self, verdict):
        for review in self:
            if review.verdict:
                raise UserError(self.env._(
                    "%(review)s is decided already, by %(person)s.", review=review.display_name,
                    person=review.reviewer_id.name))
            if not review.program_id._is_decided_by(self.env.user):
                raise AccessError(self.env._("Only a champion of %s decides its reviews.", review.program_id.name))
        # The verdict is closed to edits; the checks above are the permission.
        self.sudo().write({
            'verdict': verdict, 'reviewer_id': self.env.user.id, 'date_done': fields.Date.context_today(self)})
        self.program_id._end_review()

    def action_propose_tier_change(self):
        return self.account_id.action_propose_tier_change()

    @api.model
    def _failed_counts(self, accounts):
        """Select of (account_id, failed): reviews failed in a row in the present tier, where there are any.

        Two verdicts at one review count once; a passed one starts the row anew. The caller flushes.

        :param accounts: SQL condition on `account` (kam_account)
        """
        return SQL(
            """SELECT review.account_id, COUNT(DISTINCT review.date) AS failed
                 FROM kam_tier_review review JOIN kam_account account ON account.id = review.account_id
                WHERE %s AND review.verdict = 'failed' AND review.tier_id = account.tier_id
                  AND NOT EXISTS (SELECT FROM kam_tier_review later
                                   WHERE later.account_id = review.account_id AND later.verdict = 'passed'
                                     AND (later.date_done, later.id) > (review.date_done, review.id))
             GROUP BY review.account_id""", accounts)

    # The list

    @api.model
    def _put_on_list(self, accounts, kind, reason):
        """Put accounts on the list of their programme's next review; who is on it already gets the reason as well."""
        self._insert(SQL("account.id = ANY(%s)", accounts.ids), kind, reason)

    @api.model
    def _insert(self, condition, kind, reason):
        """One statement, whatever the number of accounts, and no harm from a second worker.

        Callers have checked the permission; the list needs no chatter.
        """
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """INSERT INTO kam_tier_review (account_id, program_id, tier_id, tier_sequence, date, kind, reason,
                                            create_uid, create_date, write_uid, write_date)
               SELECT account.id, account.program_id, account.tier_id, account.tier_sequence,
                      GREATEST(COALESCE(program.date_next_review, %(today)s), %(today)s), %(kind)s, %(reason)s,
                      %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
                 FROM kam_account account JOIN kam_program program ON program.id = account.program_id
                WHERE account.active AND %(condition)s
                   ON CONFLICT (account_id) WHERE verdict IS NULL
                   DO UPDATE SET kind = CASE WHEN kam_tier_review.kind = 'regular' THEN EXCLUDED.kind
                                             ELSE kam_tier_review.kind END,
                                 reason = CONCAT_WS(E'\\n', kam_tier_review.reason, EXCLUDED.reason)
                          WHERE POSITION(EXCLUDED.reason IN COALESCE(kam_tier_review.reason, '')) = 0""",
            today=fields.Date.context_today(self), kind=kind, reason=reason or None, uid=self.env.uid,
            condition=condition))
        self.invalidate_model()
        self.env['kam.account'].invalidate_model(['tier_review_ids', 'is_on_review'])

    @api.model
    def _make_lists(self, programs):
        """Put every key account of these programmes on the list."""
        self._insert(SQL("account.is_key AND account.program_id = ANY(%s)", programs.ids), 'regular', None)

    @api.model
    def _cron_make_lists(self):
        """Two weeks before a review its list is made."""
        until = fields.Date.context_today(self) + timedelta(days=LEAD_DAYS)
        self._make_lists(self.env['kam.program'].search(Domain('date_next_review', '<=', until)))

