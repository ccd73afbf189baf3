from datetime import timedelta

from odoo import fields, models
from odoo.tools.misc import format_date

from odoo.addons.kam_management.models.kam_assignment import ENDING_SEAT


class KamRebalanceMove(models.Model):
    """Undoing one move."""
    _inherit = 'kam.rebalance.move'

    def _roll_back(self):
        """Undo one move; return why it cannot be undone, in a sentence, or nothing."""
        reason = self._obstacle_to_roll_back()
        if reason:
            return reason
        if self.question == 'tiers':
            self._take_back_tier()
        elif self.rebalance_id.date > fields.Date.context_today(self):
            self._call_off()
        else:
            self._bring_back()
        self._take_back_tasks()
        # Results are closed to users; whoever rolls back has been checked.
        self.sudo().state = 'rolled_back'
        return None

    def _obstacle_to_roll_back(self):
        if self.question == 'tiers':
            return None
        account, seat, former = self.account_id.display_name, self.new_seat_id, self.seat_id
        if not seat or seat.date_to != (self.former_date_to or False):
            return self.env._("%(account)s: the seat of %(person)s has been changed or has ended since.",
                              account=account, person=self.to_user_id.name)
        if former and not former.user_id.active and not self.former_date_to:
            return self.env._("%(account)s: %(person)s has left and cannot come back.", account=account,
                              person=former.user_id.name)
        if former and former.date_to != self.rebalance_id.date - timedelta(days=1):
            return self.env._("%(account)s: the former seat of %(person)s has been changed since.", account=account,
                              person=former.user_id.name)
        return None

    def _call_off(self):
        """The new seats have not begun: they disappear, and the former ones are as they were."""
        former = self.seat_id
        self.new_seat_id.unlink()  # brings the former one back, without an end
        if former:
            former.flush_recordset(['date_to'])
            former.with_context(kam_ending_seat=ENDING_SEAT).date_to = self.former_date_to

    def _bring_back(self):
        """Today is the last day of the new seat; from tomorrow on the former holder is back, with the same seat."""
        former, today = self.seat_id, fields.Date.context_today(self)
        tomorrow = today + timedelta(days=1)
        self.new_seat_id._end(today)
        self.new_seat_id.flush_recordset(['date_to'])  # before the next one begins: two open seats clash
        if former and (not self.former_date_to or self.former_date_to >= tomorrow):
            self.env['kam.assignment'].create({
                'account_id': former.account_id.id, 'user_id': former.user_id.id, 'role_id': former.role_id.id,
                'date_from': tomorrow, 'date_to': self.former_date_to, 'workload_share': former.workload_share,
                'duty': former.duty})

    def _take_back_tasks(self):
        """The checklist goes, as far as it is still to be done; what was handed over comes back."""
        undo = self.sudo().undo or {}
        # Of other people, whoever rolls back (sudo).
        for kind, model, field in (
            ('actions', 'kam.plan.action', 'user_id'), ('issues', 'kam.issue', 'owner_id'),
            ('risks', 'kam.risk', 'owner_id'), ('activities', 'mail.activity', 'user_id'),
        ):
            Task = self.env[model].sudo().with_context(mail_activity_quick_update=True)
            for key, user_id in undo.get(kind, {}).items():
                task = Task.browse(int(key)).exists()
                if task and user_id and task[field] == self.to_user_id:
                    task[field] = user_id
                elif task and not user_id and kind == 'activities':
                    task.unlink()
        if self.question != 'tiers':
            self.account_id.message_post(body=self.env._(
                "The handover from %(former)s to %(next)s on %(date)s is rolled back.",
                former=self.from_user_id.name or self.env._("nobody"), next=self.to_user_id.name,
                date=format_date(self.env, self.rebalance_id.date)))

    def _take_back_tier(self):
        """A change that waits for its day is refused; one that was applied is proposed back, for a decision as any."""
        change = self.tier_change_id
        reason = self.env._("%s is rolled back.", self.rebalance_id.name)
        if change.state == 'approved':
            change._refuse(reason)
            return
        account = self.account_id
        if account.tier_id == self.to_tier_id and not account.tier_change_ids.filtered('is_open'):
            # As a draft: what the tier asks for may have to be added first.
            self.env['kam.tier.change'].create({
                'account_id': account.id, 'to_tier_id': self.from_tier_id.id, 'reason': reason})
