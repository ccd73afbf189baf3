from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class KamPlan(models.Model):
    """Completeness and freshness of a plan as a score with the next things to do (F34).

    100 points: those of `_checks` that hold, against all. Nothing is stored: the score is that of the records.
    """
    _inherit = 'kam.plan'

    score = fields.Integer(
        compute='_compute_score', string="Plan Score",
        help="0 to 100: how complete the plan is, and whether somebody works with it.")
    next_steps = fields.Text(compute='_compute_score', string="Next Three Things", help="What brings the most points.")
    date_worked = fields.Date(
        string="Last Worked On", readonly=True, copy=False, default=fields.Date.context_today, index=True,
        help="When somebody last changed the plan, or anything in it.")
    date_reminded = fields.Date(
        readonly=True, copy=False, help="Idle since this day when its owner was reminded.")
    is_stale = fields.Boolean(
        compute='_compute_is_stale', search='_search_is_stale',
        help="Nobody has worked on it for longer than the programme allows.")

    @api.model
    def _workflow_fields(self):
        return super()._workflow_fields() | {'date_worked', 'date_reminded'}

    def write(self, vals):
        # Not what Odoo writes by itself, nor the steps of the workflow.
        if not self.env.su and vals.keys() & self._content_fields():
            self._touch()
        return super().write(vals)

    @api.model
    def _content_fields(self):
        return {'customer_summary', 'strategy', 'strengths', 'weaknesses', 'opportunities', 'threats', 'date_from',
                'date_to', 'local_owner_id'}

    def _touch(self):
        """Somebody works on the plan today. Once a day is enough."""
        today = fields.Date.context_today(self)
        # The day is closed to users; whoever changes a part of the plan has been checked for it.
        idle = self.sudo().filtered(lambda plan: plan.date_worked != today)
        idle.date_worked = today
        # What reminded its owner is about nothing any more.
        idle.activity_unlink(['kam_management.mail_activity_type_plan_stale'])

    @api.depends_context('lang', 'uid')
    @api.depends(lambda self: self._score_triggers())
    def _compute_score(self):
        checks = self._checks()
        for plan in self:
            total = sum(weight for weight, _holds, _step in checks[plan])
            held = sum(weight for weight, holds, _step in checks[plan] if holds)
            missing = sorted((check for check in checks[plan] if not check[1]), key=lambda check: -check[0])
            plan.score = round(100 * held / total) if total else 0
            plan.next_steps = "\n".join(step for _weight, _holds, step in missing[:3])

    @api.model
    def _score_triggers(self):
        """Fields of the plan; figures of other records are read anew with each request."""
        return ['customer_summary', 'strategy', 'strengths', 'weaknesses', 'opportunities', 'threats', 'goal_ids.term',
                'factor_ids', 'competitor_ids', 'commitment_ids.side', 'version_ids', 'is_stale']

    def _checks(self):
        """{plan: [(points, whether it holds, what to do where it does not)]}; others add to it by super()."""
        return {plan: [*plan._content_checks(), *plan._life_checks()] for plan in self}

    def _content_checks(self):
        terms = set(self.goal_ids.mapped('term'))
        return [
            (10, bool(self.customer_summary), self.env._("Say in a few sentences who the customer is")),
            (10, 'short' in terms, self.env._("Write down a short-term goal of the customer")),
            (10, 'long' in terms, self.env._("Write down a long-term goal of the customer")),
            (5, bool(self.strategy), self.env._("Say where we want to be, and how we get there")),
            (5, len(self.factor_ids) > 1, self.env._("Rank what decides when the customer buys")),
            (5, all(text for _name, _label, text in self._swot()),
             self.env._("Complete strengths, weaknesses, chances and threats")),
            (5, bool(self.competitor_ids), self.env._("Name the competitors at the customer, and our answer")),
            (5, {'customer', 'us'} <= set(self.commitment_ids.mapped('side')),
             self.env._("Write down what both sides have committed to in compliance and sustainability")),
        ]

    def _life_checks(self):
        step = self.env._("Work on the plan: nobody has for %s days", self._idle_days())
        return [
            (10, bool(self.version_ids), self.env._("Have the plan approved")),
            (15, not self.is_stale, step),
        ]

    def _idle_days(self):
        return (fields.Date.context_today(self) - self.date_worked).days if self.date_worked else 0

    @api.depends('date_worked', 'state', 'program_id.plan_stale_days')
    def _compute_is_stale(self):
        for plan in self:
            limit = plan.program_id.plan_stale_days
            plan.is_stale = bool(limit and plan.state != 'closed' and plan._idle_days() > limit)

    def _search_is_stale(self, operator, value):
        if operator != 'in':
            return NotImplemented
        self.env['kam.program'].flush_model(['plan_stale_days'])
        self.flush_model(['program_id', 'date_worked', 'state'])
        stale = Domain('id', 'in', SQL(
            """(SELECT plan.id FROM kam_plan plan JOIN kam_program program ON program.id = plan.program_id
                 WHERE plan.state != 'closed' AND program.plan_stale_days > 0
                   AND plan.date_worked < %s::date - program.plan_stale_days)""", fields.Date.context_today(self)))
        return stale if True in value else ~stale

    @api.model
    def _cron_remind_stale(self):
        """One activity for the owner of a plan that lies idle, not a stream: none until somebody has worked on it."""
        activity_type = self.env.ref('kam_management.mail_activity_type_plan_stale')
        idle = self.search([
            ('is_stale', '=', True), ('state', 'in', ('approved', 'active')), ('owner_id', '!=', False),
        ]).filtered(lambda plan: plan.date_reminded != plan.date_worked)
        reminded = self.env['mail.activity'].search([
            ('res_model', '=', 'kam.plan'), ('res_id', 'in', idle.ids), ('activity_type_id', '=', activity_type.id)])
        # Locked and written to, so that two workers do not both remind.
        idle = (idle - self.browse(reminded.mapped('res_id'))).try_lock_for_update()
        model_id = self.env['ir.model']._get_id('kam.plan')
        self.env['mail.activity'].create([
            {
                'res_model_id': model_id, 'res_id': plan.id, 'activity_type_id': activity_type.id, 'automated': True,
                'user_id': plan.owner_id.id, 'date_deadline': fields.Date.context_today(self) + timedelta(days=7),
                'summary': plan.with_context(lang=plan.owner_id.lang).env._(
                    "Nobody has worked on this plan for %s days", plan._idle_days())}
            for plan in idle])
        for plan in idle:
            plan.date_reminded = plan.date_worked
        return len(idle)
