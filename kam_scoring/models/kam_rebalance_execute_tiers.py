from odoo import models


class KamRebalance(models.Model):
    """Carrying out moves between tiers: each is a tier change that goes through its own rules."""
    _inherit = 'kam.rebalance'

    def _change_tiers(self, moves):
        """Whoever goes down makes room first; what a tier change asks for and does not get is listed."""
        done = self.env['kam.rebalance.move']
        for move in moves.sorted(lambda move: (move.to_tier_id.sequence < move.from_tier_id.sequence, -move.id)):
            self._try(move, lambda move, done=done: self._change_tier(move, done))
            done |= move.filtered(lambda move: move.state == 'applied')

    def _change_tier(self, move, done):
        """Proposed by who asked for the rebalancing, approved by who approved it; the rules of tier changes are
        those of these two."""
        change = self._as(self.requester_id).env['kam.tier.change'].create({
            'account_id': move.account_id.id, 'to_tier_id': move.to_tier_id.id, 'date_effective': self.date,
            'reason': self.env._("%(name)s: %(reason)s", name=self.name, reason=move.reason),
            'customer_message': move.note})
        change.action_submit()
        change = change.with_env(self._as(self.approver_id).env)
        if change._exceeded_limits() and self._has_room(move, done):
            change.override_reason = self.env._("%s makes room on the same day.", self.name)
        change.action_approve()
        # Results are closed to users.
        move.sudo().write({'state': 'applied', 'stale_reason': False, 'tier_change_id': change.id})

    def _has_room(self, move, done):
        """Whether the limits hold once the moves that were decided today have all been applied."""
        pending = done.filtered(lambda other: other.tier_change_id.state == 'approved') | move
        # The limits count every account of the programme, also those this user cannot see.
        Account = self.env['kam.account'].sudo()
        tier, program = move.to_tier_id, self.program_id
        held = Account.search_count([('tier_id', '=', tier.id)]) + len(
            pending.filtered(lambda other: other.to_tier_id == tier)) - len(
            pending.filtered(lambda other: other.from_tier_id == tier))
        key = Account.search_count([('program_id', '=', program.id), ('is_key', '=', True)]) + sum(
            other.to_tier_id.is_key - other.from_tier_id.is_key for other in pending)
        return (not tier.capacity or held <= tier.capacity) and (not tier.is_key or key <= program.size_max)
