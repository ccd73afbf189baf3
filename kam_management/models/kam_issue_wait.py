from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class KamIssue(models.Model):
    """The clock of the resolution stands still while the customer owes us something (F57).

    Deadlines stay where they are while an issue waits; when it goes on, they move by the working hours that it waited.
    So they never follow from the tier of a later day. An issue that was late before it waited stays late.
    """
    _inherit = 'kam.issue'

    date_waiting = fields.Datetime(
        string="Waits Since", readonly=True, copy=False,
        help="Since then the customer owes us something: the clock of the resolution stands still.")
    waited_hours = fields.Float(
        string="Waited for the Customer", readonly=True, copy=False, aggregator='avg',
        help="Working hours for which the clock of the resolution stood still. Averages are of issues that waited.")

    @api.model
    def _is_derived(self, name):
        return name in ('date_waiting', 'waited_hours') or super()._is_derived(name)

    @api.model_create_multi
    def create(self, vals_list):
        issues = super().create(vals_list)
        issues._stop_or_go()
        return issues

    def write(self, vals):
        result = super().write(vals)
        if 'stage_id' in vals:
            self._stop_or_go()
        return result

    def _stop_or_go(self):
        """Begin or end the wait, as the stage says."""
        now = fields.Datetime.now()
        # The clocks are closed to users; callers have moved the issue (sudo).
        for issue in self.sudo():
            waits = issue.stage_kind == 'waiting'
            if waits and not issue.date_waiting:
                issue.date_waiting = max(now, issue.date_reported)
            elif issue.date_waiting and not waits:
                issue._go_on(now)

    def _go_on(self, now):
        hours = self._work_hours(self.date_waiting, now)
        self.write({
            'date_waiting': False, 'waited_hours': self.waited_hours + hours,
            **{name: self._working_time(hours, self[name]) or self[name] for name in (
                'date_resolution_due', 'date_escalate')}})

    def message_update(self, msg_dict, update_vals=None):
        """The customer answers by e-mail: the wait is over. An automatic reply is no answer."""
        automatic = msg_dict.pop('kam_is_automatic', False)
        author = self.env['res.partner'].browse(msg_dict.get('author_id') or [])
        if not automatic and not author.user_ids.filtered(lambda user: not user.share):
            self.filtered('date_waiting').stage_id = self.env['kam.issue.stage']._of_kind('progress')
        return super().message_update(msg_dict, update_vals)

    @api.model
    def _late_before_waiting(self):
        """Domain of what was late already when it began to wait."""
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s < %s, FALSE)", model._field_to_sql(alias, 'date_resolution_due', query),
                model._field_to_sql(alias, 'date_waiting', query)),
            predicate=lambda issue: bool(
                issue.date_waiting and issue.date_resolution_due and issue.date_resolution_due < issue.date_waiting))
