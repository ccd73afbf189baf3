from odoo import models


class KamRebalance(models.Model):
    """The buttons of a rebalancing."""
    _inherit = 'kam.rebalance'

    def action_compute(self):
        """Compute the scenarios, at once or in the background."""

    def action_consult(self):
        """Let those concerned read it and comment."""

    def action_approve(self):
        """Approve all moves that wait, as a champion who is not concerned."""

    def action_carry_out(self):
        """Carry out what has been approved."""

    def action_roll_back(self):
        """Restore what was before."""

    def action_cancel(self):
        """Give it up."""

    def action_draft(self):
        """Ask again."""

    def action_add_holders(self):
        """Add whoever holds a seat by now."""

    def action_open_moves(self):
        """Where the accounts go in the chosen scenario."""
        self.ensure_one()
        return self.scenario_id.action_open_moves()

    def _can_be_approved_by(self, user):
        return False
