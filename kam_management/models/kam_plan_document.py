from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

NEXT_DAYS = 90


class KamPlan(models.Model):
    """The plan on one page, to be read like a document, on a phone as well."""
    _inherit = 'kam.plan'

    facts = fields.Text(compute='_compute_facts', string="Where We Stand")
    document = fields.Html(compute='_compute_document', sanitize=False)

    @api.depends_context('lang', 'uid')
    @api.depends('account_id', 'entity_id')
    def _compute_facts(self):
        """Of the records, today."""
        whole = self.filtered(lambda plan: not plan.entity_id)
        by_account = whole.account_id._plan_facts()
        for plan in whole:
            plan.facts = "\n".join(by_account[plan.account_id])
        for entity, plans in (self - whole).grouped('entity_id').items():
            by_account = plans.account_id._plan_facts(entity)
            for plan in plans:
                plan.facts = "\n".join(by_account[plan.account_id])

    @api.depends_context('lang', 'uid')
    def _compute_document(self):
        for plan in self:
            plan.document = self.env['ir.qweb']._render(
                'kam_management.kam_plan_document', plan._document_values())

    def _document_values(self):
        """What the page shows; others add to it by super()."""
        self.ensure_one()
        return {
            'plan': self, 'account': self.account_id, 'facts': (self.facts or "").split("\n"),
            'period': f"{format_date(self.env, self.date_from)} – {format_date(self.env, self.date_to)}",
            'short_goals': self.goal_ids.filtered(lambda goal: goal.term == 'short'),
            'long_goals': self.goal_ids.filtered(lambda goal: goal.term == 'long'),
            'swot': self._swot(), 'next_days': self._next_days(), 'next_day_count': NEXT_DAYS,
            'format_date': lambda day: format_date(self.env, day),
        }

    def _next_days(self):
        """[(date, what, who)] of the coming 90 days, and what is overdue, as far as the reader may see it."""
        today = fields.Date.context_today(self)
        until = today + timedelta(days=NEXT_DAYS)
        account = self.account_id
        rows = [(activity.date_deadline, activity.summary or activity.activity_type_id.name, activity.user_id.name)
                for activity in account.activity_ids | self.activity_ids if activity.date_deadline <= until]
        meetings = self.env['calendar.event'].search(
            Domain(account._meeting_domain()) & Domain('start', '>=', today) & Domain('start', '<=', until), limit=10)
        rows += [(meeting.start.date(), meeting.name, meeting.user_id.name) for meeting in meetings]
        leads = self.env['crm.lead'].search(
            Domain(account._opportunity_domain()) & Domain('won_status', '=', 'pending')
            & Domain('date_deadline', '>=', today) & Domain('date_deadline', '<=', until), limit=10)
        rows += [(lead.date_deadline, self.env._("Decision on %s", lead.name), lead.user_id.name) for lead in leads]
        return sorted(rows, key=lambda row: (row[0], row[1] or ""))

    def action_open_document(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.display_name,
            'res_model': 'kam.plan',
            'res_id': self.id,
            'views': [(self.env.ref('kam_management.kam_plan_view_form_document').id, 'form')],
        }
