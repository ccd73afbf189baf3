"""What the plans want, on and off track, and who does what for it."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields

from .records import record, rows


def load_objectives(env):
    today = fields.Date.context_today(env['kam.plan'])
    objectives = {}
    for row in rows('objectives'):
        plan = record(env, 'plan', row['plan'])
        objectives[row['plan'], row['name']] = env['kam.plan.objective'].create({
            'plan_id': plan.id, 'name': row['name'], 'type': row['type'], 'measure': row['measure'],
            'baseline': float(row['baseline']), 'target_value': float(row['target']), 'manual_unit': row['unit'],
            'actual_manual': float(row['actual'] or 0), 'description': row['description'],
            'date_measured': today - timedelta(days=12) if row['actual'] else False,
            'date_target': plan.date_from + relativedelta(months=int(row['months']), days=-1)})
    for row in rows('actions'):
        plan = record(env, 'plan', row['plan'])
        # Nobody is to be mailed about actions of a company that does not exist.
        env['kam.plan.action'].with_context(mail_activity_quick_update=True).create({
            'plan_id': plan.id, 'objective_id': objectives[row['plan'], row['objective']].id, 'name': row['name'],
            'user_id': record(env, 'user', row['owner']).id, 'state': row['state'],
            'role_id': env.ref(f"kam_management.role_{row['role']}").id,
            'date_due': today + timedelta(days=int(row['days']))})
