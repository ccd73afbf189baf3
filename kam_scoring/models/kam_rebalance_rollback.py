from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class KamRebalance(models.Model):
    """Rolling back: before the first day nothing has happened yet, and the seats are as they were; later the former
    holders come back, as new history."""
    _inherit = 'kam.rebalance'

    def action_roll_back(self):
        """Restore what was before; what cannot be restored is listed with the reason."""
        self.ensure_one()
        self._check_manager()
        if self.env.user in self._concerned_users():
            raise AccessError(self.env._(
                "%s changes your own accounts. A champion who is not concerned has to roll it back.", self.name))
        self._lock('done')
        moves = self.scenario_id.move_ids.filtered(lambda move: move.state == 'applied')
        # Nobody else changes these seats at the same moment, whoever may write the accounts (sudo).
        moves.sudo().account_id._lock_seats()
        left = [reason for move in moves if (reason := move._roll_back())]
        message = left and "\n".join([self.env._("Not rolled back:"), *(f"- {reason}" for reason in left)])
        if left and len(left) == len(moves):
            raise UserError(message)
        # Workflow fields are closed to users; the checks above are the permission.
        self.sudo().write({
            'state': 'rolled_back', 'date_rolled_back': fields.Datetime.now(), 'message': message or False})
        self.message_post(body=self.env._("Rolled back: %(count)s moves, %(left)s are left as they are.",
                                          count=len(moves) - len(left), left=len(left)))
        self._mail_concerned(moves.filtered(lambda move: move.state == 'rolled_back'))
        return True
