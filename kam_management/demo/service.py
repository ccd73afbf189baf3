"""How the customers are served, and what could go wrong: issues, open and resolved, risks, promises."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields

from .records import record, rows


def load_issues(env):
    now = fields.Datetime.now().replace(minute=0, second=0)
    stages = {stage.kind: stage for stage in env['kam.issue.stage'].search([], order='sequence desc')}
    env['kam.issue'].create([_issue_values(env, now, row, stages) for row in rows('issues')])
    env.flush_all()
    env['kam.issue']._cron_escalate()


def load_risks(env):
    today = fields.Date.context_today(env['kam.risk'])
    env['kam.risk'].create([
        {
            'name': row['name'], 'account_id': record(env, 'account', row['account']).id, 'kind': row['kind'],
            'severity': row['severity'], 'likelihood': row['likelihood'], 'amount': float(row['amount']),
            'treatment': row['treatment'], 'cause': row['cause'], 'treatment_note': row['note'],
            'date_contract_end': row['end'] and today + timedelta(days=int(row['end'])),
            'notice_days': int(row['notice'] or 90), 'date_review': today + timedelta(days=int(row['review']))}
        for row in rows('risks')])
    env['kam.risk']._cron_remind()


def load_promises(env):
    env['kam.promise'].create([
        {
            'name': row['name'], 'tier_id': env.ref(f"kam_management.tier_{row['tier']}").id,
            'role_id': env.ref(f"kam_management.role_{row['role']}").id, 'check': row['check'],
            'target_percent': float(row['target']), 'description': row['description']}
        for row in rows('promises')])
    promises = env['kam.promise'].search([])
    this_month = fields.Date.context_today(promises).replace(day=1)
    for promise in promises:
        for months in range(5, -1, -1):
            promise._measure(this_month - relativedelta(months=months))
    # Months that were confirmed by hand: kept, but for one.
    by_hand = env['kam.promise.result'].search([('state', '=', 'open'), ('date', '<', this_month)], order='date, id')
    by_hand[1:]._confirm(True)
    by_hand[:1]._confirm(False)
    old = env['kam.promise.result'].search([('date', '<', this_month - relativedelta(months=1))])
    # Told long ago.
    old.date_told = this_month
    env['kam.promise.result']._tell_keepers()


def _issue_values(env, now, row, stages):
    reported = now - timedelta(days=int(row['days']))
    answered, waits, resolved = (
        row[name] and reported + timedelta(days=float(row[name])) for name in ('answered', 'waits', 'resolved'))
    kind = 'done' if resolved else 'waiting' if waits else 'progress' if answered else 'new'
    return {
        'name': row['name'], 'account_id': record(env, 'account', row['account']).id,
        'partner_id': record(env, 'contact', row['contact']).id, 'severity': row['severity'],
        'role_id': env.ref(f"kam_management.role_{row['role']}").id, 'stage_id': stages[kind].id,
        'cause_id': row['cause'] and env.ref(f"kam_management.issue_cause_{row['cause']}").id,
        'customer_words': row['words'], 'resolution': row['resolution'], 'date_reported': reported,
        'date_responded': answered, 'date_waiting': waits, 'date_resolved': resolved}
