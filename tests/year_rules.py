"""What the rules demand of a year: the specification of the nightly jobs, day by day and in plain Python.

It knows nothing of Odoo. Accounts and people are names, and what it expects is written down as (what, about, day,
whom). `test_year` lets the real jobs and the real people live through the same year, and compares.
"""
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

# Days between two reviews or visits of a kind, as the tiers of a new programme have them.
CADENCE = {
    'diamond': {'business': 90, 'internal': 90, 'visit': 90, 'manager': 30},
    'gold': {'business': 180, 'internal': 90, 'visit': 180, 'manager': 45},
    'strategic': {'business': 180, 'internal': 180, 'visit': 180, 'manager': 60},
    'potential': {'manager': 90},
    'key_opportunity': {'manager': 60},
}
KEY = ('diamond', 'gold', 'strategic')
KINDS = ('business', 'internal', 'visit')
# Working hours until a problem is answered and solved, and what its severity makes of them.
SERVICE_HOURS = {
    'diamond': (4, 24), 'gold': (8, 40), 'strategic': (8, 40), 'potential': (16, 80), 'general': (24, 120),
    'key_opportunity': (8, 40), 'general_opportunity': (24, 120)}
SEVERITY = {'low': 2, 'normal': 1, 'high': 0.5, 'critical': 0.25}
WORKING_HOURS = ((8, 12), (13, 17))


@dataclass
class Account:
    name: str
    tier: str
    # [(role, user, first day, last day or None)]
    seats: list
    # [(day, users of ours who were there)]: meetings with the customer.
    meetings: list
    # Last day on which a review of a kind was held or cancelled, and the one that is planned.
    past: dict = field(default_factory=dict)
    planned: dict = field(default_factory=dict)
    # [day on which it came into another tier]
    moves: list = field(default_factory=list)

    def holders(self, role, day):
        """Who holds a seat of the role on that day, the present one first."""
        return [user for kind, user, first, last in self.seats
                if kind == role and first <= day and (not last or day <= last)]

    def holder(self, role, day):
        return next(iter(self.holders(role, day)), None)

    def owner(self, day):
        """Who prepares reviews."""
        return self.holder('manager', day) or self.holder('sponsor', day)

    def team(self, day):
        return {user for _role, user, first, last in self.seats if first <= day and (not last or day <= last)}

    def visit_due(self, role, today):
        """So many days after the last visit of whoever held the seat then, or after the present holder took it."""
        cadence = CADENCE.get(self.tier, {}).get('visit' if role == 'sponsor' else role)
        taken = [first for kind, _user, first, last in self.seats
                 if kind == role and first <= today and (not last or today <= last)]
        if not cadence or not taken:
            return None
        visits = [day for day, people in self.meetings if day <= today and set(self.holders(role, day)) & people]
        return max(visits + taken) + timedelta(days=cadence)


@dataclass
class Review:
    day: date
    # A meeting is in the calendar: nobody calls it off but people.
    is_invited: bool = False
    reminded: date = None
    is_with_champion: bool = False


@dataclass
class Issue:
    name: str
    account: str
    answer_by: datetime
    resolve_by: datetime
    escalate_at: datetime
    answered: datetime = None
    resolved: datetime = None
    is_escalated: bool = False


@dataclass
class Risk:
    name: str
    account: str
    owner: str
    look: date = None
    warn: date = None
    is_reminded: bool = False
    is_warned: bool = False


@dataclass
class Plan:
    name: str
    account: str
    worked: date
    # Of a plan of one legal entity; else it is the account manager's.
    local_owner: str = None
    # Who has something to do in it.
    busy: set = field(default_factory=set)
    is_reminded: bool = False


@dataclass
class Promise:
    name: str
    tier: str
    role: str
    check: str
    target: float


@dataclass
class Result:
    state: str
    total: int = 0
    kept: int = 0
    is_told: bool = False


def after_hours(start, hours, zone):
    """So many working hours after a moment (UTC), from Monday to Friday where the clocks show that zone.

    Of no hours nothing was promised.
    """
    if not hours:
        return None
    moment = pytz.utc.localize(start).astimezone(zone).replace(tzinfo=None)
    left, day = timedelta(hours=hours), moment.date()
    while True:
        for begin, end in WORKING_HOURS if day.weekday() < 5 else ():
            begin, end = (datetime.combine(day, time(hour)) for hour in (begin, end))
            begin = max(begin, moment)
            if end - begin >= left:
                return zone.localize(begin + left).astimezone(pytz.utc).replace(tzinfo=None)
            left -= max(end - begin, timedelta())
        day += timedelta(days=1)


def working_day(day):
    """This day, or the Monday after."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


class Rules:
    """The year as it should be. `expected` counts (what, about, day, whom)."""

    def __init__(self, accounts, champions, zones, stale_days):
        """:param zones: {user: time zone of the company that the user works for}, None for where nobody manages"""
        self.accounts = {account.name: account for account in accounts}
        self.champions, self.zones, self.stale_days = champions, zones, stale_days
        self.issues, self.risks, self.plans, self.promises = [], [], [], []
        self.results = {}
        self.exceptions = {}
        self.tier_changes = []
        self.listed, self.next_review = set(), None
        self.expected = Counter()

    def expect(self, what, about, day, whom=None):
        self.expected[what, about, day, whom] += 1

    # ---------------------------------------------------------------- the nights

    def night(self, now):
        today = now.date()
        self.change_tiers(today)
        for account in self.accounts.values():
            for kind in KINDS:
                self.drop_review(account, kind, today)
                self.plan_review(account, kind, today)
                self.remind_of_review(account, kind, today)
        if today.month in (1, 4, 7, 10) and today.day == 1:
            self.expect('audit', "of the programme", today)
        self.hour(now)
        for risk in self.risks:
            self.remind_of_risk(risk, today)
        self.measure_promises(now)
        self.end_exceptions(today)
        self.make_list(today)
        for plan in self.plans:
            self.remind_of_plan(plan, today)

    def change_tiers(self, today):
        for name, tier, day in self.tier_changes:
            if day == today:
                self.accounts[name].tier = tier
                self.accounts[name].moves.append(day)

    def drop_review(self, account, kind, today):
        """Nobody prepares what the tier does not ask for any more, unless people have met for it."""
        review = account.planned.get(kind)
        if review and not review.is_invited and kind not in CADENCE.get(account.tier, {}):
            self.expect('cancelled', f"{kind} {account.name}", today)
            self.end_review(account, kind, review.day)

    def plan_review(self, account, kind, today):
        """A month before it is due; what is due already, or was never held, leaves two weeks for inviting."""
        cadence = CADENCE.get(account.tier, {}).get(kind)
        if not cadence or kind in account.planned or not account.owner(today):
            return
        if kind == 'visit' and not account.holder('sponsor', today):
            return
        asked = [account.past[kind] + timedelta(days=cadence)] if kind in account.past else []
        if kind == 'visit':
            asked.append(account.visit_due('sponsor', today))
        if asked and max(asked) > today + timedelta(days=30):
            return
        day = working_day(max([*asked, today + timedelta(days=min(14, cadence))]))
        account.planned[kind] = Review(day)
        self.expect('planned', f"{kind} {account.name}", day, account.owner(today))

    def remind_of_review(self, account, kind, today):
        """Its owner on the day after; a week later a champion."""
        review = account.planned.get(kind)
        if not review or review.day >= today:
            return
        if not review.reminded:
            if account.owner(today):
                review.reminded = today
                self.expect('overdue', f"{kind} {account.name}", today, account.owner(today))
        elif not review.is_with_champion and today >= review.reminded + timedelta(days=7):
            review.is_with_champion = True
            self.expect('overdue', f"{kind} {account.name}", today, self.champions[0])

    def hour(self, now):
        """The sponsor hears of an issue when three quarters of the time have passed; without one the manager."""
        for issue in self.issues:
            if not issue.resolved and not issue.is_escalated and issue.escalate_at and issue.escalate_at <= now:
                account = self.accounts[issue.account]
                issue.is_escalated = True
                self.expect('escalated', issue.name, now, account.holder('sponsor', now.date()) or account.holder(
                    'manager', now.date()) or self.champions[0])

    def remind_of_risk(self, risk, today):
        """Once for each look, and once for each last day of notice; to the account manager where the owner has left."""
        account = self.accounts[risk.account]
        is_look = risk.look and risk.look <= today and not risk.is_reminded
        is_notice = risk.warn and risk.warn <= today and not risk.is_warned
        if not is_look and not is_notice:
            return
        if risk.owner not in account.team(today):
            risk.owner = account.owner(today)
        if is_look:
            risk.is_reminded = True
            self.expect('risk', risk.name, today, risk.owner)
        if is_notice:
            risk.is_warned = True
            self.expect('notice', risk.name, today, risk.owner)

    def measure_promises(self, now):
        """This month as it stands, and the last one; when a month is over, keepers hear of what was broken in it."""
        today = now.date()
        this_month = today.replace(day=1)
        last_month = this_month - relativedelta(months=1)
        for promise in self.promises:
            for account in self.accounts.values():
                for month in (last_month, this_month):
                    # What came to the tier later was promised something else then.
                    if account.tier == promise.tier and not any(
                            day >= month + relativedelta(months=1) for day in account.moves):
                        self.measure(promise, account, month, now)
        for (promise, name, month), result in self.results.items():
            if month < this_month and result.state == 'broken' and not result.is_told:
                result.is_told = True
                keeper = self.keeper(promise, self.accounts[name], today)
                if keeper:
                    self.expect('broken', f"{promise} {name}", today, keeper)

    def keeper(self, name, account, today):
        [role] = {promise.role for promise in self.promises if promise.name == name}
        return account.holder(role, today) or account.holder('manager', today)

    def measure(self, promise, account, month, now):
        key = promise.name, account.name, month
        if promise.check == 'manual':
            self.results.setdefault(key, Result('open'))
            return
        counts = self.visits_in_time(account, month, now) if promise.check == 'visit' else (
            self.issues_in_time(promise, account, month, now))
        if not counts or key in self.results and self.results[key].is_told:
            return
        total, kept = counts
        self.results[key] = Result('kept' if 100 * kept >= promise.target * total else 'broken', total, kept)

    def visits_in_time(self, account, month, now):
        """Nobody's visit is overdue on the last night of the month."""
        today = now.date()
        due = [day for day in (account.visit_due(role, today) for role in ('manager', 'sponsor')) if day]
        return (1, int(min(due) >= today)) if due and month == today.replace(day=1) else None

    def issues_in_time(self, promise, account, month, now):
        """Of the issues due in the month, those that were answered or solved in time; what is not due yet waits."""
        total = kept = 0
        for issue in self.issues:
            due, done = (issue.answer_by, issue.answered) if promise.check == 'issue_response' else (
                issue.resolve_by, issue.resolved)
            if issue.account == account.name and due and due.date().replace(day=1) == month and (done or due < now):
                total, kept = total + 1, kept + bool(done and done <= due)
        return (total, kept) if total else None

    def end_exceptions(self, today):
        for name, until in list(self.exceptions.items()):
            if until < today:
                del self.exceptions[name]
                self.expect('exception', name, today, self.champions[0])
                self.put_on_list(name, today)

    def make_list(self, today):
        """Two weeks before the sitting of the programme each key account is on its list."""
        if self.next_review <= today + timedelta(days=14):
            for account in self.accounts.values():
                if account.tier in KEY:
                    self.put_on_list(account.name, today)

    def put_on_list(self, name, today):
        if name not in self.listed:
            self.listed.add(name)
            self.expect('listed', name, max(self.next_review, today))

    def remind_of_plan(self, plan, today):
        """Once for each time that it lies idle."""
        account = self.accounts[plan.account]
        owner = plan.local_owner or account.holder('manager', today)
        if not plan.is_reminded and plan.worked < today - timedelta(days=self.stale_days) and owner:
            plan.is_reminded = True
            self.expect('idle', plan.name, today, owner)

    # ---------------------------------------------------------------- what people do

    def end_review(self, account, kind, day):
        del account.planned[kind]
        account.past[kind] = max(day, account.past.get(kind, day))

    def hold(self, name, kind, now):
        """A visit is a meeting in the calendar: of the manager and the sponsor with the customer."""
        account, today = self.accounts[name], now.date()
        review = account.planned[kind]
        if kind == 'visit' and not review.is_invited:
            account.meetings.append((today, {account.holder('manager', today), account.holder('sponsor', today)}))
        self.end_review(account, kind, review.day if review.is_invited else today)

    def cancel(self, name, kind, now):
        account = self.accounts[name]
        self.end_review(account, kind, account.planned[kind].day)

    def report(self, name, account, severity, now):
        account = self.accounts[account]
        answer, resolve = SERVICE_HOURS.get(account.tier, (0, 0))
        zone, factor = self.zones[account.holder('manager', now.date())], SEVERITY[severity]
        self.issues.append(Issue(name, account.name, *(
            after_hours(now, hours * factor, zone) for hours in (answer, resolve, 0.75 * resolve))))

    def issue(self, name):
        return next(issue for issue in self.issues if issue.name == name)

    def answer(self, name, now):
        self.issue(name).answered = now

    def resolve(self, name, now):
        issue = self.issue(name)
        issue.answered, issue.resolved = issue.answered or now, now

    def look(self, name, now):
        """Somebody looks at the risk; the next look is in three months."""
        risk = next(risk for risk in self.risks if risk.name == name)
        risk.look, risk.is_reminded = now.date() + timedelta(days=90), False

    def tick_off(self, name, now):
        """A reminder that is done, without anything else: nobody is told again."""

    def work(self, name, now):
        plan = next(plan for plan in self.plans if plan.name == name)
        plan.worked, plan.is_reminded = now.date(), False

    def break_promise(self, promise, account, now):
        """Somebody of the team says that last month it was not kept."""
        month = now.date().replace(day=1) - relativedelta(months=1)
        self.results[promise, account, month] = Result('broken', 1, 0)

    def approve(self, account, tier, day, now):
        """A change of tier from a later day on."""
        self.tier_changes.append((account, tier, day))

    def sit(self, now):
        """The champion goes through the list; the next sitting is in three months."""
        self.listed.clear()
        self.next_review = now.date() + relativedelta(months=3)

    def hand_over(self, former, user, day, now):
        """All seats of a manager who leaves, with what is left to do: giving that to somebody is work on the plan."""
        for account in self.accounts.values():
            for seat in list(account.seats):
                role, holder, first, last = seat
                if holder == former and (not last or last >= day):
                    account.seats.remove(seat)
                    account.seats += [(role, holder, first, day - timedelta(days=1)), (role, user, day, last)]
                    for plan in self.plans:
                        if plan.account == account.name and former in plan.busy:
                            plan.worked, plan.is_reminded = now.date(), False

    def leave(self, user, now):
        """Archived: nothing more is expected of them."""
