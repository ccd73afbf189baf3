"""Account plans: a good one, one that lies idle, drafts, one that waits for approval; some customers have none."""
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command

from .records import create, record, rows

TEXTS = ('customer_summary', 'strategy', 'strengths', 'weaknesses', 'opportunities', 'threats')
# Most important first.
FACTORS = {
    'rheinstahl': {'delivery': "Yılmaz: an hour of downtime costs 11,000 euros", 'relationship': "Seidel asks Bergmann",
                   'value': "Tender of last year weighed life cycle cost with 40 percent", 'price': None},
    'shenda': {'price': "王芳 compares three quotes each time", 'innovation': "New valve series needs our know-how",
               'delivery': None},
    'aerodyn': {'compliance': "Aviation certificates come first", 'quality': "Zero defects in two years",
                'price': None},
    'colossus': {'price': "Bonus of the buyers", 'delivery': None},
    'mueller': {'relationship': "Johannes Müller has known us for twenty years", 'value': None},
}


def load_plans(env):
    today = fields.Date.context_today(env['kam.account'])
    parts = {}
    for row in rows('plan_parts'):
        parts.setdefault((row['plan'], row['part']), []).append(row)
    values = {row['id']: _plan_values(env, today, row, parts) for row in rows('plans')}
    create(env['kam.plan'], 'plan', values)
    env['kam.buying.rank'].create([
        {'account_id': record(env, 'account', account).id, 'sequence': sequence, 'evidence': evidence,
         'factor_id': env.ref(f'kam_management.buying_factor_{factor}').id}
        for account, factors in FACTORS.items()
        for sequence, (factor, evidence) in enumerate(factors.items(), 1)])


def load_plan_steps(env):
    """When all is in the plans, they are submitted and approved; then work goes on."""
    today = fields.Date.context_today(env['kam.account'])
    for row in rows('plans'):
        _take_steps(env, record(env, 'plan', row['id']), row)
    rheinstahl = record(env, 'plan', 'rheinstahl')
    env['kam.plan.competitor'].create({
        'plan_id': rheinstahl.id, 'competitor_id': competitor(env, "Halden Sensorik").id, 'threat': '2',
        'position': "Trial of monitoring in plant 1", 'answer': "Show plant 2 first: Bergmann decides in spring"})
    rheinstahl.strategy += "\nNew in autumn: reconditioned gearboxes for the whole installed base."
    for row in rows('plans'):
        # Loading them was no work on the plan.
        record(env, 'plan', row['id']).date_worked = today - timedelta(days=int(row['worked']))
    # What the nightly job would have done.
    env['kam.plan']._cron_remind_stale()


def _plan_values(env, today, row, parts):
    start = (today - relativedelta(months=int(row['months']))).replace(day=1)
    return {
        'account_id': record(env, 'account', row['account']).id, 'date_from': start,
        'entity_id': row['entity'] and record(env, 'partner', row['entity']).id,
        'date_to': start + relativedelta(months=12, days=-1),
        'template_id': env.ref('kam_management.plan_template_key').id,
        **{name: row[name] for name in TEXTS},
        'goal_ids': [Command.create({
            'term': part['kind'], 'name': part['name'], 'contribution': part['detail'], 'told_by': part['source']})
            for part in parts.get((row['id'], 'goal'), [])],
        'commitment_ids': [Command.create({
            'kind': part['kind'], 'side': part['detail'], 'name': part['name'], 'is_kept': bool(part['source'])})
            for part in parts.get((row['id'], 'commitment'), [])],
        'competitor_ids': [Command.create({
            'competitor_id': competitor(env, part['name']).id, 'threat': part['kind'], 'position': part['detail'],
            'answer': part['source']}) for part in parts.get((row['id'], 'competitor'), [])],
    }


def competitor(env, name):
    Competitor = env['kam.competitor']
    known = next((row for row in rows('competitors') if row['name'] == name), {'name': name})
    return Competitor.search([('name', '=', name)]) or Competitor.create(known)


def _take_steps(env, plan, row):
    """To the state that it has today, by the people of the demonstration."""
    manager = plan.account_id.manager_id
    if row['state'] in ('review', 'active', 'closed'):
        plan.with_user(manager).sudo(False).with_context(mail_activity_quick_update=True).action_submit()
    if row['state'] in ('active', 'closed'):
        approver = plan.account_id.sponsor_id or record(env, 'user', 'champion')
        plan.with_user(approver).sudo(False).action_approve()
    if row['state'] == 'closed':
        plan._close()
    _date_steps(plan)


def _date_steps(plan):
    """As if each step had been taken in its time: approved when the period began, closed when it ended."""
    begin, end = (datetime.combine(day, time(9)) for day in (plan.date_from, plan.date_to))
    for version in plan.version_ids:
        version.date = begin if version.state == 'approved' else end
    plan.write({'date_approved': plan.date_approved and begin, 'date_closed': plan.date_closed and plan.date_to})
