from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .kam_plan_document import NEXT_DAYS

TRACK_COLORS = {'on': 'success', 'done': 'success', 'risk': 'warning', 'off': 'danger'}


class KamPlan(models.Model):
    """Objectives and actions as parts of the plan: in its score, its versions, its page and the next period."""
    _inherit = 'kam.plan'

    @api.model
    def _score_triggers(self):
        return [*super()._score_triggers(), 'objective_ids.horizon', 'action_ids.state', 'action_ids.date_due']

    def _content_checks(self):
        objectives, actions = self.objective_ids, self.action_ids.filtered('is_open')
        late = actions.filtered('is_overdue')
        return [
            *super()._content_checks(),
            (10, len(objectives) > 1, self.env._("Set at least two objectives")),
            (5, bool(objectives) and not self.balance_message,
             self.balance_message or self.env._("Balance short-term and long-term objectives")),
            (10, bool(actions), self.env._("Say who does what next: add an action")),
            (10, bool(self.action_ids) and not late, self.env._("Finish what is late, or move it: %s", len(late))
             if late else self.env._("Give each action an owner and a day")),
        ]

    def _snapshot(self):
        snapshot = super()._snapshot()
        snapshot['objectives'] = [
            [objective.name, [
                ['choice', 'kam.plan.objective', 'measure', objective.measure], objective._target_part(),
                ['date', fields.Date.to_string(objective.date_target)]]]
            for objective in self.objective_ids]
        snapshot['actions'] = [
            [action.name, [action.user_id.name, ['date', fields.Date.to_string(action.date_due)]]]
            for action in self.action_ids if action.state != 'cancelled']
        return snapshot

    @api.model
    def _snapshot_labels(self):
        return {**super()._snapshot_labels(), 'objectives': self.env._("Objectives"), 'actions': self.env._("Actions")}

    def _document_values(self):
        tracks = self.env['kam.plan.objective']._fields['track']._description_selection(self.env)
        return {**super()._document_values(), 'tracks': dict(tracks), 'colors': TRACK_COLORS}

    def _next_days(self):
        until = fields.Date.context_today(self) + timedelta(days=NEXT_DAYS)
        return sorted([
            *super()._next_days(),
            *((action.date_due, action.name, action.user_id.name) for action in self.action_ids
              if action.is_open and action.date_due <= until),
        ], key=lambda row: (row[0], row[1] or ""))

    def _roll_parts(self, following):
        result = super()._roll_parts(following)
        copies = {}
        for objective in self.objective_ids.filtered(lambda objective: not objective._is_reached()):
            deadline = objective.date_target
            if deadline < following.date_from:
                deadline += relativedelta(months=12)
            copies[objective] = objective.copy({'plan_id': following.id, 'date_target': deadline})
        later = self.action_ids.filtered(lambda action: action.is_open and action.date_due > self.date_to)
        self._move_actions(later, following, copies)
        return result

    def _move_actions(self, actions, following, copies):
        for action in actions:
            copy = copies.get(action.objective_id) or following.objective_ids.filtered(
                lambda objective, name=action.objective_id.name: objective.name == name)[:1]
            action.write({'plan_id': following.id, 'objective_id': copy.id})

    def _close(self):
        """What is still to do goes on in the next plan."""
        open_actions = {plan: plan.action_ids.filtered('is_open') for plan in self if plan.next_ids}
        # The version that is frozen shows them where they were.
        result = super()._close()
        for plan, actions in open_actions.items():
            plan.sudo()._move_actions(actions.sudo(), plan.next_ids[:1], {})
        return result
