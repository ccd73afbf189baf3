"""What customers spend, with whom, and what account managers expect of the coming quarters."""
from datetime import timedelta

from odoo import fields

from .plans import competitor
from .records import record, rows

# Plan: growth on the year before that the forecast counts on, in percent, and whether the customer took part.
FORECASTS = {'rheinstahl': (8, True), 'shenda': (15, False), 'aerodyn': (0, False), 'rheinstahl_last': (20, False)}


def load_wallets(env):
    today = fields.Date.context_today(env['kam.account'])
    categories = {row['category']: record(env, 'product', row['id']).categ_id for row in rows('products')}
    env.ref('kam_management.program_default').wallet_category_ids = env['product.category'].union(*categories.values())
    env['kam.wallet.line'].create([
        {
            'account_id': record(env, 'account', row['account']).id, 'categ_id': categories[row['category']].id,
            'entity_id': row['entity'] and record(env, 'partner', row['entity']).id,
            'spend': float(row['spend']) * 1000, 'spends_nothing': not float(row['spend']),
            'spend_prior': float(row['prior']) * 1000, 'source': row['source'],
            'source_note': row['note'], 'confidence': row['confidence'], 'holder': row['holder'],
            'competitor_id': row['competitor'] and competitor(env, row['competitor']).id,
            'is_blocked': bool(row['blocked']), 'blocked_reason': row['blocked'],
            # One estimate is a year old, and should be made again.
            'date_estimated': today - timedelta(days=430 if row['account'] == 'great_lakes' else 60)}
        for row in rows('wallets')])


def load_forecasts(env):
    """As account managers fill them in: last year's quarters, plus what they count on."""
    for name, (growth, is_joint) in FORECASTS.items():
        plan = record(env, 'plan', name)
        plan._fill_forecast()
        for line in plan.forecast_ids:
            line.write({
                'revenue': round(line.revenue * (1 + growth / 100), -3), 'margin': round(line.margin, -3),
                'is_joint': is_joint, 'note': f"As a year before, plus {growth} percent"})
    # What the nightly job would have kept when each quarter began and ended.
    env['kam.forecast.line']._cron_close_quarters()
