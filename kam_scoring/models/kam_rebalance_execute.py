from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# What tells people that something does not go, and why.
REFUSALS = (AccessError, UserError, ValidationError)


class KamRebalance(models.Model):
    """Carrying out what was approved, by the ways that there are: handovers and tier changes."""
    _inherit = 'kam.rebalance'

    def action_carry_out(self):
        """Apply the approved moves. Those that do not fit what is there by now are listed, not applied."""
        self.ensure_one()
        self._check_manager()
        self._lock('approved')
        if self.date < fields.Date.context_today(self):
            raise UserError(self.env._("The first day of %s has passed. Choose a later one.", self.name))
        moves = self._moves('approved').filtered(lambda move: move.state in ('proposed', 'stale'))
        # Nobody else fills these seats, or takes the places in these tiers, at the same moment. Whose seats they are
        # has been approved, whoever carries it out (sudo).
        moves.sudo().account_id._lock_seats()
        if self.question == 'tiers':
            self.program_id._lock_limits()
        reasons = moves._stale_reasons()
        for move, reason in reasons.items():
            move._set_stale(reason)
        fresh = moves - self.env['kam.rebalance.move'].union(*reasons)
        if self.question == 'tiers':
            self._change_tiers(fresh)
        else:
            self._hand_over(fresh)
        self._finish(moves)
        return True

    def _finish(self, moves):
        applied = moves.filtered(lambda move: move.state == 'applied')
        stale = moves - applied
        message = stale and "\n".join([
            self.env._("Not applied, because something has changed or stands against it:"),
            *(f"- {move.stale_reason}" for move in stale)])
        # Workflow fields are closed to users; the checks above are the permission.
        self.sudo().write({'message': message or False, **(
            {'state': 'done', 'date_done': fields.Datetime.now()} if applied else {})})
        self.message_post(body=self.env._(
            "Carried out: %(applied)s moves are applied, %(stale)s are not.", applied=len(applied), stale=len(stale)))
        self._mail_concerned(applied)

    # Seats

    def _hand_over(self, moves):
        """One handover per person who takes over; where it is refused, one per account, to find the one that is."""
        for taker, own in moves.grouped('to_user_id').items():
            seated = own.filtered('seat_id')
            try:
                with self.env.cr.savepoint():
                    self._hand_over_to(taker, seated)
            except REFUSALS:
                self.env.invalidate_all(flush=False)
                for move in seated:
                    self._try(move, lambda move, taker=taker: self._hand_over_to(taker, move))
            for move in own - seated:
                self._try(move, self._take_free_seat)

    def _try(self, move, action):
        """Do it, or note why it cannot be done."""
        try:
            with self.env.cr.savepoint():
                action(move)
        except REFUSALS as error:
            self.env.invalidate_all(flush=False)
            move._set_stale(str(error))

    def _hand_over_to(self, taker, moves):
        if not moves:
            return
        ends = {move: move.seat_id.date_to for move in moves}
        self.env['kam.handover'].create({
            'seat_ids': moves.seat_id.ids, 'user_id': taker.id, 'date': self.date, 'rebalance_move_ids': moves.ids,
        }).action_hand_over()
        seats = self.env['kam.assignment'].search([
            ('account_id', 'in', moves.account_id.ids), ('user_id', '=', taker.id), ('date_from', '=', self.date),
            ('role_id', 'in', moves.seat_id.role_id.ids)]).grouped('account_id')
        for move in moves:
            # Results are closed to users; the handover has checked what may be done.
            move.sudo().write({
                'state': 'applied', 'stale_reason': False, 'former_date_to': ends[move],
                'new_seat_id': seats[move.account_id].id})

    def _take_free_seat(self, move):
        role = self.env['kam.role']._of_kind('sponsor' if self.question == 'sponsors' else 'manager')
        seat = self.env['kam.assignment'].create({
            'account_id': move.account_id.id, 'user_id': move.to_user_id.id, 'role_id': role.id,
            'date_from': self.date})
        # Results are closed to users.
        move.sudo().write({'state': 'applied', 'stale_reason': False, 'new_seat_id': seat.id})

    # Those concerned

    def _mail_concerned(self, moves):
        """One mail to each person whom these moves concern, with all of them."""
        template = self.env.ref('kam_scoring.mail_template_rebalance', raise_if_not_found=False)
        users = moves.account_id.manager_id if self.question == 'tiers' else moves.from_user_id | moves.to_user_id
        # Who gets mail does not depend on what whoever carries it out may write.
        people = self.sudo().with_context(active_test=False).person_ids
        missing = users - people.user_id
        if missing:
            people |= people.create([{'rebalance_id': self.id, 'user_id': user.id} for user in missing])
        for person in people.filtered(lambda person: person.user_id in users and person.user_id.active):
            if template:
                template.sudo().send_mail(person.id, email_layout_xmlid='mail.mail_notification_light')
