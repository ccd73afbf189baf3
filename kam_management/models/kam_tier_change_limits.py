from odoo import api, fields, models


class KamTierChange(models.Model):
    """Limits of size (S12): they warn at submission, and stop an approval that gives no reason to exceed them."""
    _inherit = 'kam.tier.change'

    capacity_warning = fields.Text(compute='_compute_capacity_warning')
    override_reason = fields.Text(
        string="Reason to Exceed the Limit", copy=False,
        help="Why this account is let in although the tier or the programme is full.")

    @api.model
    def _decision_fields(self):
        return super()._decision_fields() | {'override_reason'}

    @api.depends('to_tier_id', 'from_tier_id', 'state')
    def _compute_capacity_warning(self):
        for change in self:
            change.capacity_warning = change.state in ('draft', 'submitted') and change._exceeded_limits()

    @api.model
    def _obstacle_triggers(self):
        return [*super()._obstacle_triggers(), 'override_reason']

    def _exceeded_limits(self):
        """In words, the limits that this change would exceed; empty where there is room."""
        self.ensure_one()
        tier, program = self.to_tier_id, self.program_id
        if tier == self.from_tier_id:
            return ""
        messages = []
        # The limits count every account of the programme, also those this user cannot see.
        Account = self.env['kam.account'].sudo()
        if tier.capacity:
            count = Account.search_count([('tier_id', '=', tier.id)])
            if count >= tier.capacity:
                messages.append(self.env._(
                    "%(tier)s holds %(count)s accounts; its capacity is %(capacity)s.",
                    tier=tier.name, count=count, capacity=tier.capacity))
        if tier.is_key and not self.from_tier_id.is_key:
            count = Account.search_count([('program_id', '=', program.id), ('is_key', '=', True)])
            if count >= program.size_max:
                messages.append(self.env._(
                    "%(program)s has %(count)s key accounts; its limit is %(limit)s.",
                    program=program.name, count=count, limit=program.size_max))
        return "\n".join(messages)

    def _approval_obstacles(self):
        obstacles = super()._approval_obstacles()
        limits = self._exceeded_limits()
        if limits and not (self.override_reason or "").strip():
            obstacles.append(self.env._(
                "%(limits)s\nMake room first, or give a reason to exceed the limit on the tier change of "
                "%(account)s.", limits=limits, account=self.account_id.display_name))
        return obstacles
