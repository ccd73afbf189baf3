from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

# So many seats are named in the message; the button opens all of them.
NAMED = 20


class ResUsers(models.Model):
    _inherit = 'res.users'

    def write(self, vals):
        if 'active' in vals and not vals['active']:
            self._refuse_leaving_seats()
        return super().write(vals)

    def _refuse_leaving_seats(self):
        """Whoever leaves hands over first: a key account must not find out by itself that nobody looks after it."""
        # All seats count, whoever archives the user.
        seats = self.env['kam.assignment'].sudo().search(
            Domain('user_id', 'in', self.ids) & Domain('account_id.active', '=', True)
            & (Domain('date_to', '=', False) | Domain('date_to', '>', 'today')),
            order='user_id, role_id, account_id')
        if not seats:
            return
        lines = [f"- {seat.account_id.display_name}: {seat.role_id.name}" for seat in seats[:NAMED]]
        if len(seats) > NAMED:
            lines.append(self.env._("- and %s more", len(seats) - NAMED))
        message = self.env._(
            "%(people)s cannot be archived yet, and holds seats at key accounts:\n%(seats)s\nHand them over first.",
            people=", ".join(seats.user_id.mapped('name')), seats="\n".join(lines))
        if not self.env.user.has_group('kam_management.group_kam_champion'):
            raise UserError(message + "\n" + self.env._("A programme champion can do that."))
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_assignment_action')
        raise RedirectWarning(
            message, dict(action, domain=[('id', 'in', seats.ids)], context={}), self.env._("Hand Over"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_seats(self):
        # Seats are history, also those that the one who deletes cannot see (sudo).
        seat = self.env['kam.assignment'].sudo().search([('user_id', 'in', self.ids)], limit=1)
        if seat:
            raise UserError(self.env._(
                "%(person)s is part of the history of %(account)s and cannot be deleted. Archive the user instead.",
                person=seat.user_id.name, account=seat.account_id.display_name))
