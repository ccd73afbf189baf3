from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date


class KamPromiseResult(models.Model):
    """Whether a promise was kept at an account in a month. Nobody types it in, except what is confirmed by hand."""
    _name = 'kam.promise.result'
    _description = "Result of a Promise"
    _inherit = ['kam.account.mixin', 'mail.thread', 'mail.activity.mixin']
    _mail_post_access = 'read'
    _order = 'date desc, rate, id desc'

    promise_id = fields.Many2one('kam.promise', required=True, index=True, ondelete='cascade', readonly=True)
    tier_id = fields.Many2one('kam.tier', readonly=True, ondelete='set null', index='btree_not_null')
    role_id = fields.Many2one('kam.role', string="Department", readonly=True, ondelete='set null')
    keeper_id = fields.Many2one(
        'res.users', string="Kept By", readonly=True, index='btree_not_null', ondelete='set null')
    check = fields.Char(readonly=True)
    date = fields.Date(string="Month", required=True, readonly=True, index=True)
    month = fields.Char(string="Month in Words", compute='_compute_month')
    total = fields.Integer(string="Times Due", readonly=True)
    kept = fields.Integer(readonly=True)
    broken = fields.Integer(readonly=True)
    rate = fields.Float(string="Kept (%)", readonly=True, aggregator='avg')
    state = fields.Selection([
        ('open', "To Confirm"),
        ('kept', "Kept"),
        ('broken', "Broken"),
    ], readonly=True, required=True, default='open', index=True)
    date_told = fields.Date(
        string="Keeper Told On", readonly=True, help="From then on the result of the month stays as it is.")
    can_confirm = fields.Boolean(compute='_compute_can_confirm')

    _month_uniq = models.UniqueIndex(
        '(promise_id, account_id, date)', "There is a result of this promise for the month already.")

    @api.depends_context('uid')
    @api.depends('check', 'keeper_id', 'account_id')
    def _compute_can_confirm(self):
        Account = self.env['kam.account']
        # A keeper in operations may see results of accounts that are closed to them: asked is only whether (sudo).
        accounts = self.sudo().account_id.with_env(self.env)
        writable = accounts._filtered_access('write') if Account.has_access('write') else Account
        for result in self:
            result.can_confirm = result.check == 'manual' and not result.date_told and (
                self.env.su or result.keeper_id == self.env.user or result.sudo().account_id.id in writable.ids)

    @api.depends_context('lang')
    @api.depends('date')
    def _compute_month(self):
        for result in self:
            result.month = result.date and format_date(self.env, result.date, date_format='MMM y')

    @api.depends('promise_id', 'account_id', 'month')
    def _compute_display_name(self):
        for result in self:
            # The name of the promise is part of the result, for keepers of any department (sudo).
            result.display_name = f"{result.sudo().promise_id.name}, {result.month}"

    def action_kept(self):
        self._confirm(True)

    def action_broken(self):
        self._confirm(False)

    def _confirm(self, kept):
        self.check_access('read')
        for result in self:
            if result.check != 'manual' or result.date_told:
                raise UserError(self.env._(
                    "%s follows from records. Correct those instead.", result.display_name))
            if not result.can_confirm:
                raise AccessError(self.env._(
                    "Whether %s was kept is for its keeper or the account team to say.", result.display_name))
        # Results are closed to users; the checks above are the permission.
        self.sudo().write({
            'total': 1, 'kept': int(kept), 'broken': int(not kept), 'rate': 100.0 * kept,
            'state': 'kept' if kept else 'broken'})

    @api.model
    def _tell_keepers(self):
        """One activity for each promise that was broken in a month that is over."""
        month = fields.Date.context_today(self).replace(day=1)
        # Locked, so that two workers do not both tell.
        broken = self.search([
            ('state', '=', 'broken'), ('date', '<', month), ('date_told', '=', False)]).try_lock_for_update()
        common = {
            'res_model_id': self.env['ir.model']._get_id(self._name), 'automated': True,
            'activity_type_id': self.env.ref('kam_management.mail_activity_type_promise_broken').id,
            'date_deadline': fields.Date.context_today(self) + timedelta(days=7)}
        self.env['mail.activity'].create([
            {**common, 'res_id': result.id, 'user_id': result.keeper_id.id,
             'summary': result.with_context(lang=result.keeper_id.lang)._broken_words()}
            for result in broken if result._is_read_by(result.keeper_id)])
        broken.date_told = fields.Date.context_today(self)
        return len(broken)

    def _broken_words(self):
        return self.env._(
            "%(account)s: %(promise)s was kept to %(rate)s percent only", account=self.account_id.display_name,
            promise=self.promise_id.name, rate=round(self.rate))

    def _is_read_by(self, user):
        return user.active and self.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids).has_access('read')
