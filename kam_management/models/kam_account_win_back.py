from odoo import api, fields, models
from odoo.exceptions import ValidationError

# The states of an account as long as it is lost.
LOST_STATES = ('analyse', 'approach', 'given_up')


class KamAccount(models.Model):
    """A lost customer: first understand why, then win it back (S23, F07)."""
    _inherit = 'kam.account'

    lost_reason_id = fields.Many2one(
        'crm.lost.reason', string="Lost Because", tracking=True, copy=False, index='btree_not_null')
    lost_note = fields.Text(
        string="What Happened", copy=False, help="In enough words that it does not happen to another customer.")
    date_lost = fields.Date(string="Lost Since", copy=False, readonly=True)
    win_back_state = fields.Selection([
        ('analyse', "Find Out Why"),
        ('approach', "Approach"),
        ('won', "Won Back"),
        ('given_up', "Given Up"),
    ], string="Win-Back", copy=False, tracking=True, index='btree_not_null', group_expand=True)

    @api.constrains('win_back_state', 'lost_reason_id')
    def _check_win_back(self):
        for account in self:
            if account.win_back_state and (account.win_back_state == 'won') == (account.category == 'lost'):
                raise ValidationError(self.env._(
                    "%s is won back when it buys again or gets another tier, and lost when neither is true: the track "
                    "follows by itself.", account.display_name))
            if account.win_back_state in ('approach', 'given_up') and not account.lost_reason_id:
                raise ValidationError(self.env._(
                    "Why was %s lost? Give the reason before you go on: whoever does not know it loses the next "
                    "customer by it.", account.display_name))

    def _follow_category(self):
        """Open the track of accounts that are lost now, close that of accounts that are back."""
        # Whatever moved the account is allowed to; the track follows it (sudo).
        accounts = self.sudo()
        lost = accounts.filtered(
            lambda account: account.category == 'lost' and account.win_back_state not in LOST_STATES)
        # The reason of an earlier loss explains no new one.
        known = lost.filtered(lambda account: account.lost_reason_id and not account.win_back_state)
        today = fields.Date.context_today(self)
        # Untracked: a night may lose thousands, and their category says it.
        silent = {'tracking_disable': True}
        (lost - known).with_context(**silent).write({
            'win_back_state': 'analyse', 'date_lost': today, 'lost_reason_id': False, 'lost_note': False})
        known.with_context(**silent).write({'win_back_state': 'approach', 'date_lost': today})
        lost._plan_win_back(today)
        back = accounts.filtered(
            lambda account: account.category != 'lost' and account.win_back_state in LOST_STATES)
        back.write({'win_back_state': 'won'})

    def _plan_win_back(self, today):
        """The steps of the plan "Win-Back", for accounts with somebody to take them."""
        plan = self.env.ref('kam_management.plan_win_back', raise_if_not_found=False)
        steps = plan.template_ids if plan else self.env['mail.activity.plan.template']
        model_id = self.env['ir.model']._get_id(self._name)
        # In one go, without a mail for each: a night may lose many.
        self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True).create([
            {
                'res_model_id': model_id, 'res_id': account.id, 'activity_type_id': step.activity_type_id.id,
                'summary': step.summary, 'note': step.note, 'date_deadline': step._get_date_deadline(today),
                'user_id': step._determine_responsible(self.env.user, account)['responsible'].id}
            for account in self.filtered('manager_id') for step in steps])
