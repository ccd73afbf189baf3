from odoo import models
from odoo.fields import Domain


class KamRebalanceMove(models.Model):
    """What has changed since a move was proposed: such a move is listed with the reason, and not applied."""
    _inherit = 'kam.rebalance.move'

    def _stale_reasons(self):
        """{move: sentence} of those that do not fit what is there now. Whoever may see it (sudo)."""
        moves = self.sudo()
        moves.account_id.invalidate_recordset()
        seats = self._seats_by_account() if self[:1].question != 'tiers' else {}
        changes = self.env['kam.tier.change'].sudo().search(
            [('account_id', 'in', moves.account_id.ids), ('is_open', '=', True)]).account_id
        reasons = {}
        for move, own in zip(moves, self, strict=True):
            reason = move._account_reason() or (
                move._tier_reason(changes) if move.question == 'tiers' else
                move._seat_reason(*seats.get(move.account_id, (seats.get(None), seats.get(None)))))
            if reason:
                reasons[own] = reason
        return reasons

    def _seats_by_account(self):
        """{account: (its seat on the first day, the other single seats from then on)}; None: without any."""
        rebalance, Seat = self.rebalance_id, self.env['kam.assignment'].sudo()
        role = 'sponsor' if rebalance.question == 'sponsors' else 'manager'
        day = rebalance.date
        found = Seat.search(
            Domain('account_id', 'in', self.account_id.ids) & Domain('role', 'in', ('manager', 'sponsor'))
            & (Domain('date_to', '=', False) | Domain('date_to', '>=', day)))
        return {None: Seat, **{
            account: (own.filtered(lambda seat: seat.role == role and seat.date_from <= day),
                      own.filtered(lambda seat: seat.role != role))
            for account, own in found.grouped('account_id').items()}}

    def _account_reason(self):
        account = self.account_id
        name = account.display_name
        if not account.active:
            return self.env._("%s has been archived.", name)
        expected = self.from_tier_id or self.tier_id
        if account.tier_id != expected:
            return self.env._("%(account)s is in %(tier)s now, not in %(old)s any more.", account=name,
                              tier=account.tier_id.name, old=expected.name)
        if account.no_move_reason and (not account.date_no_move or account.date_no_move >= self.rebalance_id.date):
            return self.env._("%(account)s is not to move: %(reason)s", account=name, reason=account.no_move_reason)
        return ""

    def _tier_reason(self, changes):
        if self.account_id in changes:
            return self.env._("%s has an open tier change by now. Decide it first.", self.account_id.display_name)
        return ""

    def _seat_reason(self, seat, others):
        account, former, taker = self.account_id.display_name, self.from_user_id.name, self.to_user_id
        if not taker.active:
            return self.env._("%s has left and cannot take over.", taker.name)
        if taker in others.user_id:
            return self.env._("%(person)s holds the other seat of %(account)s by now.", person=taker.name,
                              account=account)
        if not self.from_user_id:
            return self.env._("%(account)s is held by %(person)s by now.", account=account,
                              person=seat.user_id.name) if seat else ""
        if not seat:
            return self.env._("The seat of %(person)s at %(account)s has ended, or ends before the first day.",
                              person=former, account=account)
        if seat.user_id != self.from_user_id:
            return self.env._("%(account)s is held by %(other)s now, not by %(person)s any more.", account=account,
                              other=seat.user_id.name, person=former)
        if seat != self.seat_id or seat.date_from >= self.rebalance_id.date:
            return self.env._("The seat of %(person)s at %(account)s has been changed.", person=former,
                              account=account)
        return ""

    def _set_stale(self, reason):
        # Results are closed to users; whoever carries out has been checked.
        self.sudo().write({'state': 'stale', 'stale_reason': reason})
