from odoo import api, fields, models

# In the context of a write that follows from the other side. An object, which no client can send.
FOLLOWING = object()


class KamPlanAction(models.Model):
    """An open action is an activity of its owner.

    There is one, `activity_id`, whatever else people schedule on the action. Either side follows the other: owner,
    day and words, done and cancelled. An activity that is deleted comes back with the next change of the action.
    """
    _inherit = 'kam.plan.action'

    activity_id = fields.Many2one(
        'mail.activity', string="Activity of the Owner", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null', groups='base.group_user')

    @api.model
    def _is_derived(self, name):
        return name == 'activity_id' or super()._is_derived(name)

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._schedule_activities()
        return actions

    def write(self, vals):
        result = super().write(vals)
        if {'name', 'user_id', 'date_due', 'state'} & vals.keys() and (
                self.env.context.get('kam_following') is not FOLLOWING):
            self._follow_with_activities(vals)
        return result

    def unlink(self):
        self.check_access('unlink')
        # Also activities of others, and done ones: they would be about nothing (sudo).
        self.sudo().activity_id.with_context(kam_following=FOLLOWING).unlink()
        return super().unlink()

    def _following(self):
        """The activities of these actions, to be written to.

        In sudo: the activity is nothing but the other side of an action that the user may write, whoever scheduled it.
        """
        return self.sudo().activity_id.with_context(kam_following=FOLLOWING)

    def _follow_with_activities(self, vals):
        closed = self.filtered(lambda action: not action.is_open)
        done = closed.filtered(lambda action: action.state == 'done')
        done._following().filtered('active')._action_done()
        (closed - done)._following().filtered('active').unlink()
        opened = self - closed
        # Activities are their owners' (sudo).
        lively = opened.filtered(lambda action: action.sudo().activity_id.active)
        for action in lively:
            activity = action._following()
            values = {name: value for name, value in action._activity_values().items()
                      if name in ('user_id', 'date_deadline', 'summary') and
                      (activity[name].id if name == 'user_id' else activity[name]) != value}
            if values:
                activity.write(values)
        (opened - lively)._schedule_activities()

    def _schedule_activities(self):
        """One new activity for each of the open actions.

        Two transactions cannot both do it: each writes the row of the action, so the second starts again and finds the
        activity of the first.
        """
        actions = self.filtered('is_open')
        if not actions:
            return
        common = {
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'activity_type_id': self.env.ref('mail.mail_activity_data_todo').id, 'automated': True}
        # In the name of whoever changes the action, for people who may not be theirs to assign (sudo).
        activities = self.env['mail.activity'].sudo().create([
            {**common, **action._activity_values(), 'res_id': action.id} for action in actions])
        for action, activity in zip(actions.sudo(), activities, strict=True):
            action.with_context(kam_following=FOLLOWING).activity_id = activity

    def _activity_values(self):
        return {'summary': self.name, 'user_id': self.user_id.id, 'date_deadline': self.date_due}


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    def _kam_actions(self):
        """The actions behind these activities, which follow them. Whoever may write the activity may do so (sudo)."""
        if self.env.context.get('kam_following') is FOLLOWING:
            return self.env['kam.plan.action'].sudo()
        return self.env['kam.plan.action'].sudo().search([('activity_id', 'in', self.ids)]).with_context(
            kam_following=FOLLOWING)

    def write(self, vals):
        result = super().write(vals)
        names = {'user_id': 'user_id', 'date_deadline': 'date_due', 'summary': 'name'}
        if names.keys() & vals.keys():
            values = {names[name]: value for name, value in vals.items() if name in names and value}
            if values:
                self._kam_actions().write(values)
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        actions = self._kam_actions()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        actions.filtered('is_open').write({'state': 'done', **({'progress_note': feedback} if feedback else {})})
        return result
