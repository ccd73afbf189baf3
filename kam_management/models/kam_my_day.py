from datetime import timedelta

from odoo import api, fields, models

# What a day of delay adds, up to so many days.
LATE_DAYS = 21
# Types of activities that remind of what has an entry of its own.
REMINDERS = [f'kam_management.mail_activity_type_{name}' for name in (
    'issue_escalation', 'risk_review', 'contract_notice', 'promise_broken', 'review_overdue')]


class KamMyDay(models.AbstractModel):
    """What waits for one person, over everything that accounts consist of, with what costs most on top.

    Nothing is stored. An entry costs points: how much it weighs by its kind, times the workload points of the tier
    (how much the customer matters), and more with each day that it is late, up to four times as much after three
    weeks. Other addons add entries by `_entries`.
    """
    _name = 'kam.my.day'
    _description = "My Day"

    @api.model
    def load_day(self):
        """What the screen shows: {late: [entry], week: [entry]}, each the most expensive first.

        An entry is {key, kind, icon, model, id, account, account_id, title, text, date, days, is_late, cost}.
        """
        entries = sorted(self._unique(self._entries()), key=lambda entry: (-entry['cost'], entry['date'] or ''))
        return {
            'late': [entry for entry in entries if entry['is_late']],
            'week': [entry for entry in entries if not entry['is_late']],
            'name': self.env.user.name,
        }

    @api.model
    def _unique(self, entries):
        """Without reminders of what has an entry of its own, and each record once by kind."""
        told, unique = set(), {}
        for entry in entries:
            record = entry['model'], entry['id']
            if entry.pop('is_reminder', False) and record in told:
                continue
            told.add(record)
            unique.setdefault(entry['key'], entry)
        return unique.values()

    @api.model
    def _entries(self):
        """All entries of the user, in a fixed number of queries; for others to add to by super()."""
        return [
            *self._issue_entries(), *self._action_entries(), *self._risk_entries(), *self._promise_entries(),
            *self._visit_entries(), *self._people_entries(), *self._activity_entries()]

    @api.model
    def _horizon(self):
        return fields.Date.context_today(self) + timedelta(days=7)

    @api.model
    def _entry(self, record, kind, icon, account, title, text, weight, date=None):
        """:param date: when it is due; None: now, without a day"""
        day = fields.Datetime.context_timestamp(self, date).date() if hasattr(date, 'hour') else date
        days = (day - fields.Date.context_today(self)).days if day else 0
        # The value of the tier is part of the order for whoever has an entry, of any department (sudo).
        account = account.sudo()
        points = account.tier_id.workload_points or 1
        return {
            'key': f"{record._name}-{record.id}", 'kind': kind, 'icon': icon, 'model': record._name, 'id': record.id,
            'account': account.display_name or '', 'account_id': account.id, 'title': title, 'text': text,
            'date': fields.Date.to_string(day) or False, 'days': days, 'is_late': days < 0,
            'cost': round(weight * points * (1 + 3 * min(max(-days, 0), LATE_DAYS) / LATE_DAYS), 1)}

    @api.model
    def _mine(self, field):
        """Domain of the user's own records and those of accounts that the user manages."""
        own = (field, '=', self.env.uid)
        if not self.env['kam.account'].has_access('read'):
            return [own]
        return ['|', own, ('account_id.manager_id', '=', self.env.uid)]

    @api.model
    def _issue_entries(self):
        weights = {'low': 2, 'normal': 5, 'high': 10, 'critical': 20}
        issues = self.env['kam.issue'].search([
            # Who waits for the customer has nothing to do.
            ('is_open', '=', True), ('date_waiting', '=', False), *self._mine('owner_id'),
            '|', '|', ('severity', '=', 'critical'), ('is_late', '=', True),
            ('date_resolution_due', '<=', fields.Datetime.now() + timedelta(days=7))])
        labels = dict(issues._fields['severity']._description_selection(self.env))
        for issue in issues:
            due = issue.date_response_due if issue.sla_state == 'answer' else issue.date_resolution_due
            text = self.env._("The customer waits for an answer") if issue.stage_kind == 'new' else labels[
                issue.severity]
            yield {**self._entry(issue, self.env._("Issue"), 'fa-wrench', issue.account_id, issue.name, text,
                                 weights[issue.severity], due), 'is_late': issue.is_late}

    @api.model
    def _action_entries(self):
        actions = self.env['kam.plan.action'].search([
            ('is_open', '=', True), ('user_id', '=', self.env.uid), ('date_due', '<=', self._horizon())])
        for action in actions:
            # Whoever has an action of another department need not read the plan, but knows what it is for (sudo).
            yield self._entry(
                action, self.env._("Action"), 'fa-check-square-o', action.account_id, action.name,
                action.sudo().objective_id.name or '', 6 if action.priority == '1' else 3, action.date_due)

    @api.model
    def _risk_entries(self):
        Risk = self.env['kam.risk']
        if not Risk.has_access('read'):
            return
        own = [('is_open', '=', True), ('owner_id', '=', self.env.uid)]
        today = fields.Date.context_today(self)
        for risk in Risk.search([*own, ('date_warn', '<=', today), ('date_notice', '!=', False)]):
            yield self._entry(
                risk, self.env._("Contract"), 'fa-file-text-o', risk.account_id, risk.name,
                self.env._("Notice has to be given until this day"), 10, risk.date_notice)
        for risk in Risk.search([*own, ('date_review', '<=', self._horizon())]):
            yield self._entry(
                risk, self.env._("Risk"), 'fa-exclamation-triangle', risk.account_id, risk.name,
                self.env._("Look at it again"), risk.score / 3, risk.date_review)

    @api.model
    def _promise_entries(self):
        today = fields.Date.context_today(self)
        month = today.replace(day=1)
        results = self.env['kam.promise.result'].search([
            *self._mine('keeper_id'),
            ('date', '>=', (month - timedelta(days=1)).replace(day=1)),
            '|', ('state', '=', 'broken'), '&', ('state', '=', 'open'), ('date', '<', month)])
        for result in results:
            text = self.env._("To confirm: was it kept?") if result.state == 'open' else self.env._(
                "Kept to %s percent only", round(result.rate))
            yield self._entry(
                result, self.env._("Promise"), 'fa-chain-broken', result.account_id, result.display_name, text,
                2 if result.state == 'open' else 6)

    @api.model
    def _visit_entries(self):
        Account = self.env['kam.account']
        if not Account.has_access('read'):
            return
        accounts = Account.search(['|', ('manager_id', '=', self.env.uid), ('sponsor_id', '=', self.env.uid)])
        for account in accounts:
            for holder, due, planned in (
                (account.manager_id, account.date_manager_visit_due, account.date_next_manager_visit),
                (account.sponsor_id, account.date_sponsor_visit_due, account.date_next_sponsor_visit),
            ):
                if holder == self.env.user and due and due <= self._horizon() and not planned:
                    entry = self._entry(
                        account, self.env._("Visit"), 'fa-calendar', account, account.display_name,
                        self.env._("Your visit is due and not planned yet"), 5, due)
                    yield {**entry, 'key': self._visit_key(account)} if holder == account.sponsor_id else entry

    @api.model
    def _visit_key(self, account):
        """One visit of the sponsor waits at an account, whatever asks for it."""
        return f"visit-{account.id}"

    @api.model
    def _people_entries(self):
        Stakeholder = self.env['kam.stakeholder']
        if not Stakeholder.has_access('read'):
            return
        people = Stakeholder.search([('main_user_id', '=', self.env.uid), ('date_left', '=', False)])
        for person in people.filtered(lambda person: not person.is_live):
            text = self.env._("No contact since %s", person.date_last_contact) if person.date_last_contact else (
                self.env._("No contact yet"))
            yield self._entry(
                person, self.env._("Person"), 'fa-user', person.account_id, person.display_name, text,
                int(person.influence or 1))

    @api.model
    def _activity_entries(self):
        """What else is planned for accounts and what belongs to them."""
        models_ = [
            name for name in ('kam.account', *self.env['kam.account']._models_of_account())
            if name != 'kam.plan.action' and self.env[name].has_access('read')]
        activities = self.env['mail.activity'].search([
            ('user_id', '=', self.env.uid), ('res_model', 'in', models_), ('date_deadline', '<=', self._horizon())])
        reminders = self.env['mail.activity.type'].union(
            *(self.env.ref(name, raise_if_not_found=False) or self.env['mail.activity.type'] for name in REMINDERS))
        for name, own in activities.grouped('res_model').items():
            readable = self.env[name].browse(own.mapped('res_id')).exists()._filtered_access('read')
            for activity in own.filtered(lambda activity, ids=set(readable.ids): activity.res_id in ids):
                record = self.env[name].browse(activity.res_id)
                account = record if name == 'kam.account' else record.account_id
                yield {
                    **self._entry(
                        record, activity.activity_type_id.name or self.env._("Activity"), 'fa-clock-o', account,
                        activity.summary or activity.activity_type_id.name or '',
                        '' if record == account else record.display_name, 3,
                        activity.date_deadline),
                    'key': f"activity-{activity.id}", 'is_reminder': activity.activity_type_id in reminders}
