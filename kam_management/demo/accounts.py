"""The programme as it stands: accounts, seats, the history of their tiers, nominations and next steps."""
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import fields
from odoo.fields import Command

from .records import create, record, rows


def load_accounts(env):
    program = env.ref('kam_management.program_default')
    program.write({
        'company_ids': [Command.set((record(env, 'company', 'eu') | record(env, 'company', 'ap')).ids)],
        'currency_id': env.ref('base.EUR').id,
        'champion_ids': [Command.set((record(env, 'user', 'champion') | env.ref('base.user_admin')).ids)],
    })
    accounts = create(env['kam.account'], 'account', {
        row['id']: {
            'program_id': program.id, 'partner_id': record(env, 'partner', row['id']).id,
            'tier_id': _tier(env, row['tier']).id}
        for row in rows('accounts')})
    for row in rows('accounts'):
        accounts[row['id']].entity_ids = [
            Command.create({'partner_id': record(env, 'partner', entity).id})
            for entity in (row['entities'] or '').split()]
    _load_seats(env, accounts)
    _load_history(env, accounts)
    _load_nominations(env, accounts)
    _load_activities(env, accounts)


def _tier(env, value_class):
    return env.ref(f'kam_management.tier_{value_class}')


def _today(env):
    return fields.Date.context_today(env['kam.account'])


def _load_seats(env, accounts):
    today = _today(env)
    env['kam.assignment'].create([
        {
            'account_id': accounts[row['account']].id,
            'role_id': env.ref(f"kam_management.role_{row['role']}").id,
            'user_id': record(env, 'user', row['user']).id, 'duty': row['duty'],
            'date_from': today - relativedelta(months=int(row['from'])),
            'date_to': row['to'] and today - relativedelta(months=int(row['to']), days=1)}
        for row in rows('seats')])


def _load_history(env, accounts):
    """Decided changes, oldest first, with a note on the account on the day."""
    history = sorted(rows('tier_changes'), key=lambda row: -int(row['months']))
    today = _today(env)
    values = {}
    for row in history:
        day = today - relativedelta(months=int(row['months']))
        values[row['id']] = {
            'account_id': accounts[row['account']].id, 'from_tier_id': _tier(env, row['from']).id,
            'to_tier_id': _tier(env, row['to']).id, 'state': row['state'], 'reason': row['reason'],
            'evidence': row['evidence'], 'requester_id': record(env, 'user', row['requester']).id,
            'approver_id': record(env, 'user', row['approver']).id,
            'date_submitted': datetime.combine(day - timedelta(days=9), time(9, 30)),
            'date_decided': datetime.combine(day - timedelta(days=2), time(14)),
            'date_effective': day, 'date_applied': day if row['state'] == 'applied' else False,
            'refusal_reason': REFUSAL if row['state'] == 'refused' else False}
    changes = create(env['kam.tier.change'], 'tier_change', values)
    for change in changes.values():
        if change.state == 'applied':
            change.account_id.message_post(
                author_id=change.approver_id.partner_id.id, subtype_xmlid='mail.mt_note',
                date=datetime.combine(change.date_applied, time(9)),
                body=Markup("%s → %s<br/>%s") % (change.from_tier_id.name, change.to_tier_id.name, change.reason))


# Entry criteria are kept, also against a long history and good relations (S13).
REFUSAL = ("Revenue and growth are far from the criteria of a key account. Long acquaintance is not one of them; the "
           "account stays well served as a general customer.")


def _load_nominations(env, accounts):
    """Made as the people would make them, through the workflow."""
    for row in rows('nominations'):
        change = env['kam.tier.change'].with_user(record(env, 'user', row['requester'])).sudo(False).create({
            'account_id': accounts[row['account']].id, 'to_tier_id': _tier(env, row['to']).id,
            'reason': row['reason'], 'criteria_state': 'met' if row['sponsor'] else False,
            'sponsor_id': row['sponsor'] and record(env, 'user', row['sponsor']).id})
        if row['submitted']:
            change.action_submit()
            change.sudo().date_submitted = fields.Datetime.now() - timedelta(days=int(row['submitted']))


def _load_activities(env, accounts):
    today = _today(env)
    kinds = {kind: env.ref(f'mail.mail_activity_data_{kind}').id for kind in ('todo', 'call', 'meeting')}
    model_id = env['ir.model']._get_id('kam.account')
    env['mail.activity'].with_context(mail_activity_quick_update=True).create([
        {
            'res_model_id': model_id, 'res_id': accounts[row['account']].id, 'summary': row['summary'],
            'activity_type_id': kinds[row['type']], 'user_id': record(env, 'user', row['user']).id,
            'date_deadline': today + timedelta(days=int(row['days']))}
        for row in rows('activities')])
