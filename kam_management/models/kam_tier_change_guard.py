from odoo import api, fields, models
from odoo.tools.misc import format_date


class KamTierChange(models.Model):
    """Demotion guard (S11, N1): a customer that was told does not go down by a whim of the figures.

    It takes as many failed reviews in a row as the programme says, a probation plan that has run its time, and words
    for the customer; then a champion decides as always. A customer that is lost has left by itself: no guard.
    """
    _inherit = 'kam.tier.change'

    is_guarded = fields.Boolean(compute='_compute_is_guarded')
    date_told = fields.Date(string="Customer Told On", copy=False, readonly=True, help="Frozen at submission.")
    failed_review_count = fields.Integer(
        string="Failed Reviews", copy=False, readonly=True, help="In a row, frozen at submission.")
    customer_message = fields.Text(
        string="Words for the Customer", copy=False,
        help="How the customer, who knows that it is a key account, is told about the change.")

    @api.model
    def _workflow_fields(self):
        return super()._workflow_fields() | {'date_told', 'failed_review_count'}

    @api.model
    def _obstacle_triggers(self):
        return [*super()._obstacle_triggers(), 'customer_message']

    @api.depends('kind', 'to_tier_id', 'account_id.date_told')
    def _compute_is_guarded(self):
        for change in self:
            change.is_guarded = bool(
                change.account_id.date_told and change.from_tier_id.is_key and change.kind in ('demotion', 'exit')
                and change.to_tier_id.category != 'lost')

    def _guard_obstacles(self):
        account, program = self.account_id, self.program_id
        obstacles = []
        failed = account.failed_review_count
        if failed < program.demotion_reviews:
            obstacles.append(self.env._(
                "%(account)s was told on %(date)s that it is a key account. It goes down only after %(needed)s failed "
                "reviews in a row; so far it has failed %(failed)s.", account=account.display_name,
                date=format_date(self.env, account.date_told), needed=program.demotion_reviews, failed=failed))
        if not (account.probation_plan or "").strip() or not account.date_probation_end:
            obstacles.append(self.env._(
                "%s has no probation plan. Agree on one with its account manager first.", account.display_name))
        elif account.date_probation_end > fields.Date.context_today(self):
            obstacles.append(self.env._(
                "The probation plan of %(account)s runs until %(date)s. Decide after that day.",
                account=account.display_name, date=format_date(self.env, account.date_probation_end)))
        return obstacles

    def _submission_obstacles(self):
        obstacles = super()._submission_obstacles()
        if self.is_guarded:
            obstacles += self._guard_obstacles()
            if not (self.customer_message or "").strip():
                obstacles.append(self.env._("Write the words by which the customer is told."))
        return obstacles

    def _submission_values(self):
        account = self.account_id
        return {
            **super()._submission_values(),
            'date_told': account.date_told, 'failed_review_count': account.failed_review_count}

    def _approval_obstacles(self):
        obstacles = super()._approval_obstacles()
        return obstacles + self._guard_obstacles() if self.is_guarded else obstacles

    def _apply(self):
        """In another tier the account starts afresh; outside of the key tiers nobody has been told anything."""
        result = super()._apply()
        for change in self - self.filtered(lambda change: change.kind == 'renewal'):
            # The approval is the permission; some of these fields are closed to users.
            account = change.sudo().account_id
            account._end_probation()
            if not account.is_key:
                account.date_told = False
        return result
