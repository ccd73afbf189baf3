"""A year of nights over the demo programme: what the jobs plan and tell is exactly what the rules of year_rules demand.

The nights are real, and so is what people do between them: hold reviews in time, late or never, report issues, look at
risks, move accounts between tiers, leave. The same script is played to the rules, which know nothing of Odoo.
"""
from collections import Counter
from datetime import datetime, time, timedelta
from unittest.mock import patch

import pytest
import pytz
from conftest import environment
from freezegun import freeze_time
from year_rules import KINDS, Account, Plan, Promise, Result, Review, Risk, Rules

from odoo import fields
from odoo.fields import Command
from odoo.tests.common import get_db_name

from odoo.addons.kam_management.demo.records import record, rows

DAYS = 365
NIGHT, WORK = 2, 10
# Days after which a review is held, where it is not held on its day; None: never.
HABITS = {('business', 'colossus'): 3, ('business', 'shenda'): 12, ('business', 'lyon_hydraulique'): None,
          ('internal', 'ironbridge'): None}
# {day: [(what people do, arguments)]}; both People and Rules know how.
SCRIPT = {
    6: [('look', "Yılmaz loses patience with delivery dates")],
    8: [('tick_off', "Charges back handling and pays later each month")],
    20: [('report', "Nobody answers", 'rheinstahl', 'critical'), ('report', "Easy", 'shenda', 'normal')],
    21: [('answer', "Easy")],
    22: [('resolve', "Easy")],
    30: [('look', "Price war for pumps in the Yangtze delta")],
    34: [('report', "No sponsor", 'tanaka', 'high'), ('report', "Nobody at all", 'pacific_crane', 'normal')],
    40: [('report', "Late", 'mueller', 'normal')],
    41: [('work', 'aerodyn')],
    54: [('resolve', "Late")],
    55: [('approve', 'taiwan_precision', 'diamond', 60)],
    75: [('break_promise', "diamond: Capacity kept free", 'rheinstahl')],
    90: [('cancel', 'taiwan_precision', 'internal')],
    95: [('hand_over', 'manager2', 'manager3', 101)],
    102: [('leave', 'manager2')],
    110: [('report', "After the handover", 'tanaka', 'critical')],
    120: [('approve', 'ironbridge', 'general', 150)],
    145: [('tick_off', 'aerodyn')],
    160: [('tick_off', 'business lyon_hydraulique')],
    200: [('work', 'aerodyn')],
    210: [('report', "In summer", 'kunshan_hengli', 'low'), ('report', "No promise", 'don_valley', 'high')],
}


@pytest.fixture(scope="module")
def env():
    with environment(get_db_name()) as env:
        if not record(env, "company", "eu", raise_if_not_found=False):
            pytest.skip(f"The database {env.cr.dbname} has no demo data.")
        # Nobody is mailed about what happens in a year that does not happen.
        yield env(context=dict(
            env.context, mail_activity_quick_update=True, no_mail_to_attendees=True, dont_notify=True))


def day_of(moment):
    return fields.Date.to_date(moment) or None


def jobs_of(env):
    ours = env['ir.model.data'].search([('module', '=', 'kam_management'), ('model', '=', 'ir.cron')])
    return env['ir.cron'].search([('id', 'in', ours.mapped('res_id'))], order='priority, id')


class People:
    """The demo company, night by night: what the jobs do is in `seen`, as (what, about, day, whom)."""

    def __init__(self, env):
        self.env, self.program = env, env.ref('kam_management.program_default')
        self.accounts = {row['id']: record(env, 'account', row['id']) for row in rows('accounts')}
        self.names = {account.id: name for name, account in self.accounts.items()}
        # In the order in which Odoo runs what is due at the same time.
        self.jobs = [(job.model_name, job.code.removeprefix('model.').removesuffix('()')) for job in jobs_of(env)]
        self.is_hourly = False
        self.seen = Counter()
        self.activities = {}
        self.last = {model: self.newest(model) for model in (
            'mail.activity', 'kam.review', 'kam.tier.review', 'kam.audit')}
        self.cancelled = set(env['kam.review'].search([('state', '=', 'cancelled')]).ids)

    def newest(self, model):
        return self.env[model].with_context(active_test=False).search([], order='id desc', limit=1).id

    def user(self, login):
        return record(self.env, 'user', login)

    def as_user(self, records, user):
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids, tz='UTC').sudo(False)

    # ---------------------------------------------------------------- the nights

    def night(self, times):
        for model, method in self.jobs:
            for _time in range(times):
                getattr(self.env[model], method)()
                self.env.flush_all()
        self.look_around()

    def hour(self):
        """The only job that does not wait for the night; not asked where nothing can be told before the next one."""
        if self.is_hourly and self.env['kam.issue']._cron_escalate():
            self.look_around()

    def look_ahead(self):
        self.is_hourly = bool(self.env['kam.issue'].search_count([
            ('is_open', '=', True), ('date_escalated', '=', False), ('date_escalate', '!=', False),
            ('date_escalate', '<', fields.Datetime.now() + timedelta(days=1))], limit=1))

    def look_around(self):
        """Write down what is new."""
        today = fields.Date.today()
        for activity in self.new('mail.activity'):
            self.take_activity(activity, today)
        for review in self.new('kam.review'):
            self.see('planned', self.about(review), review.date_due, review.owner_id)
        for review in self.env['kam.review'].search([
                ('state', '=', 'cancelled'), ('id', 'not in', list(self.cancelled))]):
            self.cancelled.add(review.id)
            self.see('cancelled', self.about(review), today)
        for place in self.new('kam.tier.review'):
            self.see('listed', self.names[place.account_id.id], place.date)
        for audit in self.new('kam.audit'):
            self.see('audit', "of the programme", audit.date_from)

    def new(self, model):
        records = self.env[model].with_context(active_test=False).search([('id', '>', self.last[model])], order='id')
        self.last[model] = records[-1:].id or self.last[model]
        return records

    def see(self, what, about, day, user=None):
        self.seen[what, about, day, user and user.login] += 1

    def take_activity(self, activity, today):
        what = {
            'mail_activity_type_review_overdue': 'overdue', 'mail_activity_type_issue_escalation': 'escalated',
            'mail_activity_type_risk_review': 'risk', 'mail_activity_type_contract_notice': 'notice',
            'mail_activity_type_promise_broken': 'broken', 'mail_activity_type_plan_stale': 'idle',
        }.get((activity.activity_type_id.get_external_id()[activity.activity_type_id.id] or '').split('.')[-1])
        if (activity.summary or '').startswith("The exception has ended"):
            what = 'exception'
        # Steps of handovers and of win-backs are no reminders.
        if what:
            about = self.about(self.env[activity.res_model].browse(activity.res_id))
            self.activities[about] = activity
            self.see(what, about, fields.Datetime.now() if what == 'escalated' else today, activity.user_id)

    def about(self, of):
        account = self.names[(of if of._name == 'kam.account' else of.account_id).id]
        return {
            'kam.review': lambda: f"{of.kind} {account}", 'kam.plan': lambda: plan_name(self.env, of),
            'kam.promise.result': lambda: f"{promise_name(of.promise_id)} {account}",
            'kam.account': lambda: account}.get(of._name, lambda: of.name)()

    # ---------------------------------------------------------------- what people do

    def review(self, name, kind):
        return self.env['kam.review'].search([
            ('account_id', '=', self.accounts[name].id), ('kind', '=', kind), ('state', 'in', ('planned', 'invited'))])

    def hold(self, name, kind, now):
        account = self.accounts[name]
        review = self.as_user(self.review(name, kind), account.manager_id or account.sponsor_id)
        if kind == 'visit' and review.state == 'planned':
            self.env['calendar.event'].with_context(kam_review_id=review.id).create({
                'name': review.display_name, 'start': now, 'stop': now + timedelta(hours=1), 'partner_ids': [
                    Command.set((account.manager_id | account.sponsor_id).partner_id.ids + account.partner_id.ids)]})
        review.action_hold()

    def cancel(self, name, kind, now):
        review = self.review(name, kind)
        self.as_user(review, review.owner_id).action_cancel()
        self.cancelled.add(review.id)

    def report(self, name, account, severity, now):
        self.env['kam.issue'].create({
            'name': name, 'account_id': self.accounts[account].id, 'severity': severity, 'date_reported': now})

    def issue(self, name):
        return self.env['kam.issue'].search([('name', '=', name)])

    def answer(self, name, now):
        issue = self.issue(name)
        self.as_user(issue, issue.owner_id).action_respond()

    def resolve(self, name, now):
        issue = self.issue(name)
        self.as_user(self.env['kam.issue.resolve'], issue.owner_id).create({
            'issue_ids': [Command.set(issue.ids)], 'resolution': "Done"}).action_apply()

    def look(self, name, now):
        risk = self.env['kam.risk'].search([('name', '=', name)])
        self.as_user(risk, risk.owner_id).action_reviewed()

    def tick_off(self, name, now):
        self.activities[name].action_feedback()

    def work(self, name, now):
        plan = record(self.env, 'plan', name)
        self.as_user(plan, plan.owner_id).strategy = "Work goes on."

    def break_promise(self, promise, account, now):
        month = now.date().replace(day=1)
        [result] = self.env['kam.promise.result'].search([
            ('account_id', '=', self.accounts[account].id), ('promise_id.name', '=', promise.split(': ')[1]),
            ('date', '<', month), ('date', '>=', month - timedelta(days=31))], order='date desc', limit=1)
        self.as_user(result, result.keeper_id).action_broken()

    def approve(self, account, tier, day, now):
        account = self.accounts[account]
        self.env['kam.tier.change'].create({
            'account_id': account.id, 'to_tier_id': self.env.ref(f'kam_management.tier_{tier}').id,
            'from_tier_id': account.tier_id.id, 'reason': "Figures", 'state': 'approved', 'date_effective': day})

    def sit(self, now):
        reviews = self.env['kam.tier.review'].search([
            ('program_id', '=', self.program.id), ('verdict', '=', False)])
        self.as_user(reviews, self.user('champion')).action_pass()

    def hand_over(self, former, user, day, now):
        seats = self.env['kam.assignment'].search([('user_id', '=', self.user(former).id), ('is_current', '=', True)])
        self.as_user(self.env['kam.handover'], self.user('champion')).create({
            'seat_ids': [Command.set(seats.ids)], 'user_id': self.user(user).id, 'date': day}).action_hand_over()

    def leave(self, user, now):
        self.user(user).active = False


def promise_name(promise):
    return f"{promise.tier_id.value_class}: {promise.name}"


def role_name(role):
    return role.get_external_id()[role.id].removeprefix('kam_management.role_')


def plan_name(env, plan):
    return next(row['id'] for row in rows('plans') if record(env, 'plan', row['id']) == plan)


# ---------------------------------------------------------------- how the year begins

def know_issues(rules, people):
    """Those that were reported before."""
    for issue in people.env['kam.issue'].search([('account_id', 'in', list(people.names))]):
        rules.report(issue.name, people.names[issue.account_id.id], issue.severity, issue.date_reported)
        known = rules.issue(issue.name)
        known.answered, known.resolved = issue.date_responded or None, issue.date_resolved or None
        known.is_escalated = bool(issue.date_escalated)
        if issue.date_waiting:
            # The customer owes us something, the whole year: nothing is due, and nobody needs help.
            known.resolve_by = known.escalate_at = None


def rules_of(people):
    """The rules, with what stands in the records on the evening before."""
    env, program = people.env, people.program
    users = env['res.users'].with_context(active_test=False).search([])
    zones = {
        user.login: pytz.timezone(user.company_id.resource_calendar_id.tz) for user in users
        if user.company_id in program.company_ids}
    zones[None] = pytz.timezone(program.company_ids[:1].resource_calendar_id.tz)
    rules = Rules(
        [account_of(people, name) for name in people.accounts], program.champion_ids.mapped('login'), zones,
        program.plan_stale_days)
    know_issues(rules, people)
    for risk in env['kam.risk'].search([('is_open', '=', True)]):
        types = risk.activity_ids.activity_type_id
        rules.risks.append(Risk(
            risk.name, people.names[risk.account_id.id], risk.owner_id.login, risk.date_review or None,
            risk.date_contract_end and risk.date_contract_end - timedelta(days=risk.notice_days + risk.lead_days),
            env.ref('kam_management.mail_activity_type_risk_review') in types,
            env.ref('kam_management.mail_activity_type_contract_notice') in types))
        if types:
            people.activities[risk.name] = risk.activity_ids[:1]
    for row in rows('plans'):
        plan = record(env, 'plan', row['id'])
        if plan.state in ('approved', 'active'):
            rules.plans.append(Plan(
                row['id'], row['account'], plan.date_worked, plan.entity_id and plan.local_owner_id.login or None,
                set(plan.action_ids.filtered('is_open').user_id.mapped('login')), bool(plan.activity_ids)))
    for promise in env['kam.promise'].search([('program_id', '=', program.id)]):
        rules.promises.append(Promise(
            promise_name(promise), promise.tier_id.value_class, role_name(promise.role_id), promise.check,
            promise.target_percent))
    rules.results = results_of(people)
    for change in env['kam.tier.change'].search([('program_id', '=', program.id)]):
        if change.exception_state == 'open':
            rules.exceptions[people.names[change.account_id.id]] = change.exception_until
        if change.state == 'applied':
            rules.accounts[people.names[change.account_id.id]].moves.append(change.date_applied)
    rules.next_review = program.date_next_review
    rules.listed = {people.names[place.account_id.id] for place in env['kam.tier.review'].search([
        ('program_id', '=', program.id), ('verdict', '=', False)])}
    return rules


def account_of(people, name):
    account = people.accounts[name]
    events = people.env['calendar.event'].with_context(active_test=False).search([
        ('active', '=', True), ('partner_ids.commercial_partner_id', 'in', account.entity_ids.partner_id.ids)])
    known = Account(
        name, account.tier_id.value_class,
        [(role_name(seat.role_id), seat.user_id.login, seat.date_from, day_of(seat.date_to))
         for seat in account.assignment_ids.sorted('id')],
        [(event.start.date(), set(event.attendee_ids.filtered(
            lambda attendee: attendee.state != 'declined').partner_id.user_ids.mapped('login'))) for event in events])
    reviews = people.env['kam.review'].search([('account_id', '=', account.id)], order='date')
    for review in reviews:
        if review.state in ('planned', 'invited'):
            known.planned[review.kind] = Review(
                review.date, review.state == 'invited', day_of(review.date_reminded), bool(review.date_escalated))
        else:
            known.past[review.kind] = review.date
    return known


def results_of(people):
    """{(promise, account, month): what came of it}, of the programme's promises."""
    return {
        (promise_name(result.promise_id), people.names[result.account_id.id], result.date):
        Result(result.state, result.total, result.kept, bool(result.date_told))
        for result in people.env['kam.promise.result'].search([('program_id', '=', people.program.id)])}


# ---------------------------------------------------------------- the year

def test_a_year_of_nights(env):
    first = fields.Datetime.context_timestamp(
        record(env, 'company', 'eu'), record(env, 'company', 'eu').create_date).date() + timedelta(days=1)
    # What a review freezes of its account, page by page, has tests of its own.
    with freeze_time(first) as clock, patch.object(type(env['kam.review']), '_snapshot', lambda review: {}):
        people = People(env)
        rules = rules_of(people)
        people.look_ahead()
        for number in range(DAYS):
            live_through(people, rules, clock, first, number)
    assert difference(rules.expected, people.seen) == []
    assert difference(lines_of(rules.results), lines_of(results_of(people))) == []
    # The year was worth the while: all kinds of things happened in it.
    assert {what for what, *_rest in people.seen} == {
        'planned', 'cancelled', 'overdue', 'escalated', 'risk', 'notice', 'broken', 'exception', 'listed', 'audit',
        'idle'}


def lines_of(results):
    return Counter((*key, result.state, result.total, result.kept) for key, result in results.items())


def difference(expected, seen):
    """In lines: what the rules demand and did not happen, what happened and they do not demand."""
    return [f"{title}: {number} x {' | '.join(map(str, entry)) if isinstance(entry, tuple) else entry}"
            for title, entries in (("missing", expected - seen), ("surplus", seen - expected))
            for entry, number in sorted(entries.items(), key=str)]


def live_through(people, rules, clock, first, number):
    """A day of 24 hours, with a night in which each job runs, on Mondays twice, and with what people do at work."""
    today = first + timedelta(days=number)
    for hour in range(24):
        now = datetime.combine(today, time(hour))
        clock.move_to(now)
        if hour == NIGHT:
            people.night(times=2 if today.weekday() == 0 else 1)
            rules.night(now)
            continue
        if hour == WORK:
            for what, *arguments in steps(rules, first, number):
                getattr(people, what)(*arguments, now=now)
                getattr(rules, what)(*arguments, now=now)
            people.env.flush_all()
            people.env.invalidate_all()
            people.look_ahead()
        people.hour()
        rules.hour(now)


def steps(rules, first, number):
    """What people do on that day; days in the script are days of the year."""
    today = first + timedelta(days=number)
    if today == rules.next_review:
        yield ('sit',)
    for account in rules.accounts.values():
        for kind in KINDS:
            review, habit = account.planned.get(kind), HABITS.get((kind, account.name), 0)
            if review and habit is not None and today == review.day + timedelta(days=habit):
                yield 'hold', account.name, kind
    for step in SCRIPT.get(number, ()):
        yield [first + timedelta(days=part) if isinstance(part, int) else part for part in step]
