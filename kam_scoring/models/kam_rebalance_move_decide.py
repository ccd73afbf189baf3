from odoo import models
from odoo.exceptions import UserError


class KamRebalanceMove(models.Model):
    """Deciding move by move."""
    _inherit = 'kam.rebalance.move'

    def action_approve(self):
        """Approve these moves, as a champion who is not concerned."""
        return self._decide_checked('approved')

    def action_refuse(self):
        """Refuse these moves: the accounts stay where they are."""
        return self._decide_checked('refused')

    def _decide_checked(self, decision):
        moves = self.filtered('is_move')
        if not moves:
            raise UserError(self.env._("These accounts stay where they are: there is nothing to decide."))
        for rebalance, own in moves.grouped('rebalance_id').items():
            rebalance._lock('proposed', 'consulted')
            rebalance._check_approver()
            if own.scenario_id != rebalance.scenario_id:
                raise UserError(self.env._(
                    "Only moves of the chosen scenario are decided: %s.", rebalance.scenario_id.name))
            own._decide(decision)
            rebalance._conclude()
        return True

    def _decide(self, decision):
        # Decisions are closed to users; callers have checked who decides.
        self.sudo().write({'decision': decision, 'decided_by_id': self.env.uid})
