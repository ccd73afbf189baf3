from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.misc import format_date

# As much as fits on one page; what is left out is counted.
MOST_LINES = 6
MOST_WORDS = 120
# Months whose promises are told: those that are over.
PROMISE_MONTHS = 3


class KamAccount(models.Model):
    """What stands between a customer and us, for whoever is about to meet them (S90), as far as they may read it."""
    _inherit = 'kam.account'

    def _briefing_sections(self):
        """[(title, [sentence])]; those without sentence are not shown. Others add to it by super()."""
        self.ensure_one()
        return [
            (self.env._("Open issues"), self._some(self._briefing_issues())),
            (self.env._("What we promised and have not done yet"), self._some(self._briefing_owed())),
            (self.env._("How we kept our promises"), self._some(self._briefing_promises())),
            (self.env._("Risks and contracts"), self._some(self._briefing_risks())),
        ]

    def _some(self, sentences):
        sentences = list(sentences)
        rest = len(sentences) - MOST_LINES
        return sentences[:MOST_LINES] + ([self.env._("… and %s more.", rest)] if rest > 0 else [])

    # Issues

    def _briefing_issues(self):
        """Late ones first, and what the customer knows of each."""
        issues = self.issue_ids.filtered('is_open').sorted(
            lambda issue: (not issue.is_late, -issue.severity_rank, issue.date_reported))
        severities = dict(issues._fields['severity']._description_selection(self.env))
        told = self._last_words_to_customer(issues)
        for issue in issues:
            yield " · ".join((
                self.env._("%(issue)s (%(severity)s, reported on %(day)s)", issue=issue.name,
                           severity=severities[issue.severity], day=self._briefing_day(issue.date_reported)),
                *self._issue_deadline(issue), self._issue_told(issue, told.get(issue.id))))

    def _issue_deadline(self, issue):
        due = issue.date_resolution_due
        if issue.is_late:
            yield self.env._("LATE, promised for %s", self._briefing_day(
                issue.date_response_due if issue.sla_state == 'answer' else due))
        elif due:
            yield self.env._("promised for %s", self._briefing_day(due))

    def _issue_told(self, issue, message):
        if message:
            words = " ".join(html2plaintext(message.body).split())
            return self.env._(
                "the customer was told on %(day)s: “%(words)s”", day=self._briefing_day(message.date),
                words=words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS].rstrip()}…")
        if issue.date_responded:
            return self.env._("answered on %s", self._briefing_day(issue.date_responded))
        return self.env._("the customer has no answer yet")

    def _last_words_to_customer(self, issues):
        """{issue id: the last message about it that went to somebody outside}"""
        messages = self.env['mail.message'].search([
            ('model', '=', issues._name), ('res_id', 'in', issues.ids),
            ('subtype_id', '=', self.env.ref('mail.mt_comment').id), ('author_id.partner_share', '=', False),
            ('partner_ids.partner_share', '=', True)], order='date, id')
        return {message.res_id: message for message in messages}

    # Promises

    def _briefing_owed(self):
        """Decisions of reviews with the customer that are neither done nor dropped, and our commitments."""
        decisions = self.env['kam.review.decision'].search(
            Domain('account_id', '=', self.id) & Domain('review_id.state', 'in', ('held', 'closed'))
            & Domain('review_id.kind', '!=', 'internal')
            & (Domain('state', '=', 'open') | Domain('action_id.is_open', '=', True)))
        today = fields.Date.context_today(self)
        owed = [(decision.action_id.date_due or decision.date_due, decision.name,
                 (decision.action_id.user_id or decision.user_id).name) for decision in decisions]
        owed += [(commitment.date_due, commitment.name, self.current_plan_id.owner_id.name)
                 for commitment in self.current_plan_id.commitment_ids
                 if commitment.side == 'us' and not commitment.is_kept]
        # What has no day comes last.
        for day, name, person in sorted(owed, key=lambda row: (not row[0], row[0] or today, row[1])):
            words = [name, *([person] if person else [])]
            if day:
                words.append(self.env._("LATE, due on %s", format_date(self.env, day)) if day < today
                             else self.env._("due on %s", format_date(self.env, day)))
            yield " · ".join(words)

    def _briefing_promises(self):
        """What the tier promises, month by month: those that were broken first."""
        month = fields.Date.context_today(self).replace(day=1)
        results = self.env['kam.promise.result'].search([
            ('account_id', '=', self.id), ('date', '>=', month - relativedelta(months=PROMISE_MONTHS)),
            ('date', '<', month), ('state', 'in', ('kept', 'broken'))], order='date, id')
        for promise, own in sorted(
                results.grouped('promise_id').items(), key=lambda item: 'broken' not in item[1].mapped('state')):
            broken = own.filtered(lambda result: result.state == 'broken')
            yield self.env._(
                "%(promise)s: broken in %(months)s", promise=promise.name, months=", ".join(
                    self.env._("%(month)s (kept to %(rate)s %%)", rate=round(result.rate),
                               month=format_date(self.env, result.date, date_format='MMM y')) for result in broken),
            ) if broken else self.env._(
                "%(promise)s: kept (months: %(count)s)", promise=promise.name, count=len(own))

    # Risks

    def _briefing_risks(self):
        for risk in self.risk_ids.filtered('is_open').sorted(lambda risk: (-risk.score, risk.id)):
            words = [self.env._("%(risk)s (%(level)s)", risk=risk.name, level=dict(
                risk._fields['level']._description_selection(self.env))[risk.level])]
            if risk.amount:
                words.append(self.env._("at stake: %s", self._money_text(risk.amount)))
            if risk.kind == 'contract':
                words.append(self.env._(
                    "contract until %(end)s, notice by %(notice)s",
                    end=format_date(self.env, risk.date_contract_end), notice=format_date(self.env, risk.date_notice)))
            if risk.treatment_note:
                words.append(risk.treatment_note.split("\n")[0])
            yield " · ".join(words)

    def _briefing_day(self, moment):
        return format_date(self.env, fields.Datetime.context_timestamp(self, moment).date())
