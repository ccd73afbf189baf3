"""Who of us thinks what of the demo customers. The influence was judged before the first month that is scored."""
from dateutil.relativedelta import relativedelta

from odoo import fields

from odoo.addons.kam_management.demo.records import record, rows


def load_judgements(env):
    """As account managers and sponsors judged in the last months; what is older than a year has expired."""
    today = fields.Date.today()
    env['kam.judgement'].with_context(tracking_disable=True).create([
        {
            'account_id': record(env, 'account', row['account']).id, 'kind': row['kind'], 'level': row['level'],
            'user_id': record(env, 'user', row['user']).id, 'reason': row['reason'],
            'date': today - relativedelta(months=int(row['months']))}
        for row in rows('judgements', 'kam_scoring')])
