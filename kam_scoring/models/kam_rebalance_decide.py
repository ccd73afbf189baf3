from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..rebalancing import words
from .kam_rebalance import OPEN_STATES

DECIDED_FROM = ('proposed', 'consulted')


class KamRebalance(models.Model):
    """Deciding: those concerned are heard, and a champion who is not concerned decides."""
    _inherit = 'kam.rebalance'

    def _concerned_users(self):
        """Whose accounts, or whose load, the chosen scenario changes."""
        # Also where the user cannot see the accounts (sudo). By a search: what it reads is not kept for others.
        moves = self.env['kam.rebalance.move'].sudo().search(
            [('scenario_id', 'in', self.scenario_id.ids), ('is_move', '=', True)])
        users = moves.account_id.manager_id if self.question == 'tiers' else moves.from_user_id | moves.to_user_id
        return users.with_env(self.env)

    def _can_be_approved_by(self, user):
        self.ensure_one()
        return (self.state in DECIDED_FROM and bool(self.move_count) and user != self.requester_id
                and self.program_id._is_decided_by(user) and user not in self._concerned_users())

    def _check_approver(self):
        """Raise unless the user may decide; say who may."""
        user = self.env.user
        if self.state not in DECIDED_FROM:
            raise UserError(self.env._("%s waits for no decision.", self.name))
        if not self.move_count:
            raise UserError(self.env._("No account moves in the chosen scenario. Choose another one, or give it up."))
        if self.is_outdated:
            raise UserError(self.env._(
                "People or settings of %s have changed since it was computed. Compute it again.", self.name))
        if not self.program_id._is_decided_by(user):
            raise AccessError(self.env._("Only a champion of %s decides.", self.program_id.name))
        if user == self.requester_id:
            raise AccessError(self.env._(
                "You have asked for %s yourself. Another champion has to decide.", self.name))
        if user in self._concerned_users():
            raise AccessError(self.env._(
                "%s changes your own accounts. A champion who is not concerned has to decide.", self.name))

    def _check_open(self):
        self._check_manager()
        if self.state not in OPEN_STATES:
            raise UserError(self.env._("%s is being computed, or has been decided.", self.name))

    def _lock(self, *states):
        """Let one transaction at a time decide about it or carry it out.

        A second one waits here, is started again by Odoo because the row has changed under it, and then sees what the
        first has done. Raw SQL: the record itself does not change.
        """
        self.flush_recordset()
        self.env.cr.execute(SQL(
            "UPDATE kam_rebalance SET write_date = NOW() AT TIME ZONE 'UTC' WHERE id = ANY(%s)", self.ids))
        self.invalidate_recordset(['state'])
        labels = dict(self._fields['state']._description_selection(self.env))
        for rebalance in self:
            if rebalance.state not in states:
                raise UserError(self.env._("%(name)s: this is not possible any more, it is in the state \"%(state)s\".",
                                           name=rebalance.name, state=labels[rebalance.state]))

    # Those concerned

    def action_consult(self):
        """Let those concerned read it and comment; each gets an activity."""
        self.ensure_one()
        self._check_manager()
        self._lock('proposed')
        if not self.move_count:
            raise UserError(self.env._("No account moves in the chosen scenario: nobody has to be asked."))
        # Workflow fields are closed to users; the checks above are the permission.
        self.sudo().write({'state': 'consulted', 'date_consulted': fields.Datetime.now()})
        self.flush_recordset()
        deaf = self.env['res.users']
        for user in self._concerned_users() - self.env.user:
            if not user.active or not self._as(user).has_access('read'):
                deaf |= user
                continue
            self.activity_schedule(
                'mail.mail_activity_data_todo', user_id=user.id,
                summary=self.env._("See what would change for you, and comment"),
                date_deadline=min(self.date, fields.Date.add(fields.Date.context_today(self), days=7)))
        self.message_post(body=self.env._("Those concerned are asked for their comments."))
        if deaf:
            # Written by computing only; who may consult has been checked.
            self.sudo().message = self.env._(
                "Not asked, because they cannot open it: %s. Talk to them.", ", ".join(deaf.mapped('name')))
        return True

    def _as(self, user):
        """This record as that user sees it, with all companies of that user."""
        return self.with_user(user).with_context(allowed_company_ids=user.sudo().company_ids.ids)

    def _unconsult(self):
        """Another scenario is another question: those concerned are asked again."""
        # Workflow fields are closed to users; callers have checked the permission.
        self.sudo().write({'state': 'proposed', 'date_consulted': False})
        self._withdraw_activities()

    def _withdraw_activities(self):
        # Of other people, by whoever runs the programme.
        self.sudo().activity_ids.unlink()

    # Decision

    def action_approve(self):
        """Approve whatever waits, as a champion who is not concerned."""
        for rebalance in self:
            rebalance._lock(*DECIDED_FROM)
            rebalance._check_approver()
            rebalance._moves('waiting')._decide('approved')
            rebalance._conclude()
        return True

    def _moves(self, *decisions):
        """Moves of the chosen scenario with one of these decisions."""
        return self.scenario_id.move_ids.filtered(lambda move: move.is_move and move.decision in decisions)

    def _conclude(self):
        """Once nothing waits any more, it is approved, or given up where nothing was."""
        if self._moves('waiting'):
            return
        approved = self._moves('approved')
        values = {'state': 'approved' if approved else 'cancelled', 'approver_id': self.env.user.id,
                  'date_approved': fields.Datetime.now()}
        if approved and self._moves('refused'):
            values['message'] = self._partial_message(approved)
        # Workflow fields are closed to users; the approver has been checked.
        self.sudo().write(values)
        self._withdraw_activities()

    def _partial_message(self, approved):
        """What the approved moves break without the others."""
        question = self._open()._question()
        places = {**question.today(), **{move.account_id.id: move._place() for move in approved.sudo()}}
        known = set(question.evaluate(question.today()).broken)
        rules = [rule for rule in question.evaluate(places).broken if rule not in known]
        if not rules:
            return False
        return "\n".join([self.env._("Without the moves that were refused, the others break:"),
                          *(f"- {words.sentence(question, rule)}" for rule in rules)])

    def action_cancel(self):
        """Give it up."""
        self._check_manager()
        self._lock('draft', 'computing', 'proposed', 'consulted', 'approved')
        # Workflow fields are closed to users; the checks above are the permission.
        self.sudo().write({'state': 'cancelled', 'progress': 0})
        self._withdraw_activities()
        return True

    def action_draft(self):
        """Ask again: decisions are forgotten."""
        self._check_manager()
        self._lock('proposed', 'consulted', 'approved', 'cancelled')
        # Workflow fields are closed to users; the checks above are the permission.
        self.sudo().write({
            'state': 'draft', 'date_consulted': False, 'approver_id': False, 'date_approved': False, 'message': False})
        self.sudo().scenario_ids.move_ids.filtered(lambda move: move.decision != 'waiting').write(
            {'decision': 'waiting', 'decided_by_id': False, 'state': 'proposed', 'stale_reason': False})
        self._withdraw_activities()
        return True

    # People

    def action_add_holders(self):
        """Add whoever holds a seat by now and is not on the list."""
        self._check_open()
        self._add_holders()
        return True

    def _add_holders(self):
        """Everybody who holds such a seat on the first day; whoever has left the company leaves."""
        for rebalance in self.filtered(lambda rebalance: rebalance.question != 'tiers'):
            role = 'sponsor' if rebalance.question == 'sponsors' else 'manager'
            held = (Domain('date_from', '<=', rebalance.date)
                    & (Domain('date_to', '=', False) | Domain('date_to', '>=', rebalance.date)))
            users = self.env['kam.assignment'].search(
                held & Domain('program_id', '=', rebalance.program_id.id) & Domain('role', '=', role)
                & Domain('account_id.active', '=', True)).user_id
            self.env['kam.rebalance.person'].create([
                {'rebalance_id': rebalance.id, 'user_id': user.id, 'role': 'stays' if user.active else 'leaves'}
                for user in (users - rebalance.with_context(active_test=False).person_ids.user_id).sorted('name')])
