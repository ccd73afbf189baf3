from odoo import api, fields, models


class KamTierChange(models.Model):
    """A new key account starts with its account manager and its executive sponsor (S6, S28)."""
    _inherit = 'kam.tier.change'

    needs_seats = fields.Boolean(compute='_compute_needs_seats')
    manager_id = fields.Many2one(
        'res.users', string="Account Manager", compute='_compute_manager_id', store=True, precompute=True,
        readonly=False, copy=False, domain=[('share', '=', False)],
        help="Who manages the account from the day it becomes a key account.")
    sponsor_id = fields.Many2one(
        'res.users', string="Executive Sponsor", copy=False, domain=[('share', '=', False)],
        help="Our executive who helps this customer from the day it becomes a key account.")
    account_manager_id = fields.Many2one(related='account_id.manager_id', string="Present Account Manager")
    account_sponsor_id = fields.Many2one(related='account_id.sponsor_id', string="Present Sponsor")

    @api.model
    def _decision_fields(self):
        return super()._decision_fields() | {'manager_id', 'sponsor_id'}

    @api.model
    def _obstacle_triggers(self):
        return [*super()._obstacle_triggers(), 'manager_id', 'sponsor_id']

    @api.depends('to_tier_id', 'from_tier_id')
    def _compute_needs_seats(self):
        for change in self:
            change.needs_seats = change.to_tier_id.is_key and not change.from_tier_id.is_key

    @api.depends('account_id', 'to_tier_id')
    def _compute_manager_id(self):
        """An account manager who nominates a customer that nobody manages means to manage it."""
        for change in self:
            user = change.requester_id
            change.manager_id = change.manager_id or (
                change.to_tier_id.is_key and not change.account_id.manager_id
                and user.has_group('kam_management.group_kam_user')
                and not user.has_group('kam_management.group_kam_champion') and user)

    def _approval_obstacles(self):
        obstacles = super()._approval_obstacles()
        if not self.needs_seats:
            return obstacles
        account = self.account_id
        manager = account.manager_id or self.manager_id
        sponsor = account.sponsor_id or self.sponsor_id
        if not manager:
            obstacles.append(self.env._(
                "%s has no account manager. Name one on the tier change.", account.display_name))
        if not sponsor:
            obstacles.append(self.env._(
                "%s has no executive sponsor. Name one on the tier change.", account.display_name))
        if manager and manager == sponsor:
            obstacles.append(self.env._(
                "%(person)s cannot be account manager and executive sponsor of %(account)s at the same time.",
                person=manager.name, account=account.display_name))
        return obstacles

    def _apply(self):
        result = super()._apply()
        # The approval is the permission to fill the seats, which only champions write.
        Assignment = self.env['kam.assignment'].sudo()
        for change in self.filtered('needs_seats'):
            for role, user in (('manager', change.manager_id), ('sponsor', change.sponsor_id)):
                if user and not change.account_id.sudo()[f'{role}_id']:
                    Assignment.create({
                        'account_id': change.account_id.id, 'user_id': user.id,
                        'role_id': self.env['kam.role']._of_kind(role).id,
                        'date_from': change.date_applied})
        return result
