from dataclasses import dataclass
from typing import Any

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

# As many as fit on a page that is read in the car.
MOST_PEOPLE = 8
MOST_LEADS = 6
MOST_STEPS = 6


@dataclass(frozen=True)
class Briefing:
    """What an executive wants to know of one account before a visit, as far as that reader may see it."""
    account: Any
    reasons: list
    visits: list
    changes: list
    figures: list
    leads: Any
    leads_total: str
    overdue: str
    people: Any
    objectives: Any
    alerts: Any
    sections: list
    steps: list


class ReportExecutiveBriefing(models.AbstractModel):
    _name = 'report.kam_reports.executive_briefing'
    _description = "Executive Briefing"

    def _get_report_values(self, docids, data=None):
        accounts = self.env['kam.account'].browse(docids)
        accounts.check_access('read')
        Stakeholder, Objective = self.env['kam.stakeholder'], self.env['kam.plan.objective']
        return {
            'doc_ids': docids, 'doc_model': 'kam.account',
            'briefings': self._briefings(accounts),
            'roles': dict(Stakeholder._fields['buying_role']._description_selection(self.env)),
            'strengths': dict(Stakeholder._fields['strength']._description_selection(self.env)),
            'tracks': dict(Objective._fields['track']._description_selection(self.env)),
            'day': lambda day: format_date(self.env, day),
            'printed': self.env._(
                "Printed by %(person)s on %(day)s", person=self.env.user.name,
                day=format_date(self.env, fields.Date.context_today(self))),
        }

    def _briefings(self, accounts):
        reasons, facts = accounts._visit_reasons(), accounts._plan_facts()
        overdue = accounts._overdue_invoices()
        leads = accounts._leads(Domain('won_status', '=', 'pending'))
        for account in accounts:
            own = leads.get(account, self.env['crm.lead'])
            yield Briefing(
                account=account, reasons=reasons[account], visits=list(self._visits(account)),
                changes=[*(account.changes_since_visit or "").splitlines(), *self._score_changes(account)],
                figures=[*facts[account], *self._standing(account)],
                leads=own.sorted(lambda lead: -lead.expected_revenue)[:MOST_LEADS],
                leads_total=account._lead_money(own) if own else "",
                overdue=account._money(overdue[account]) if overdue.get(account) else "",
                people=self._people(account), objectives=account.current_plan_id.objective_ids,
                alerts=account.alert_ids.filtered(lambda alert: alert.state in ('open', 'acknowledged')),
                sections=account._briefing_sections(),
                steps=account.current_plan_id._next_days()[:MOST_STEPS] if account.current_plan_id else [])

    def _visits(self, account):
        """When people of ours were there, and when they will be."""
        def day(date):
            return format_date(self.env, date)

        if account.date_last_sponsor_visit:
            yield self.env._("The sponsor was there last on %s.", day(account.date_last_sponsor_visit))
        else:
            yield self.env._("No sponsor has been there yet.")
        if account.date_last_manager_visit:
            yield self.env._("The account manager was there last on %s.", day(account.date_last_manager_visit))
        if account.date_next_sponsor_visit:
            yield self.env._("The next visit of the sponsor is on %s.", day(account.date_next_sponsor_visit))
        elif account.date_sponsor_visit_due:
            yield self.env._(
                "The next visit of the sponsor is due on %s; none is planned.", day(account.date_sponsor_visit_due))

    def _score_changes(self, account):
        """What moved the score since the last visit, in words."""
        score = account.score_id
        return [text for text in score._moved_texts(account.date_last_sponsor_visit or None).values() if text]

    def _standing(self, account):
        if account.score_coverage:
            yield self.env._("Score: %(score).1f of 100.", score=account.score)
        if account.health_state:
            states = dict(account._fields['health_state']._description_selection(self.env))
            yield self.env._(
                "Health: %(health).1f of 100 (%(state)s).", health=account.health, state=states[account.health_state])

    def _people(self, account):
        """The ones to meet: whose word weighs most comes first."""
        people = account.stakeholder_ids.filtered(lambda person: not person.date_left)
        return people.sorted(lambda person: (-int(person.influence), person.display_name))[:MOST_PEOPLE]
