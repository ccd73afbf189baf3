"""What people hold against the figures for a while: the points of a criterion, or the recommended tier.

`kam.score.override` keeps who, why and until when; the engine reads those that are valid on the as-of date. Without
any, a run pays one small query.
"""
from odoo.tools import SQL

# Stands for the recommended tier where metrics have their codes.
TIER = ''


def held(scope, spec):
    """Codes of the metrics of the model that are held for some account, `TIER` for recommended tiers."""
    found = {code for code, in scope.env.execute_query(SQL(
        "SELECT DISTINCT metric FROM (%s) hold", select(scope)))}
    wanted = [criterion.metric for criterion in spec.criteria] + ([TIER] if spec.purpose == 'selection' else [])
    return [code for code in wanted if code in found]


def select(scope):
    """Select of (account_id, metric, points, tier_id): of several the newest."""
    return SQL(
        """SELECT DISTINCT ON (hold.account_id, COALESCE(hold.metric, ''))
                  hold.account_id, COALESCE(hold.metric, '') AS metric, hold.points::float8 AS points, hold.tier_id
             FROM kam_score_override hold JOIN kam_account account ON account.id = hold.account_id
            WHERE %(accounts)s AND hold.date_from <= %(date)s AND hold.date_end > %(date)s
         ORDER BY hold.account_id, COALESCE(hold.metric, ''), hold.date_from DESC, hold.id DESC""",
        accounts=scope.accounts, date=scope.date)


def alias(metric):
    return SQL.identifier(f'hold_{metric}')


def join(metric):
    return SQL(
        "LEFT JOIN kam_hold %(alias)s ON %(alias)s.account_id = account.id AND %(alias)s.metric = %(metric)s",
        alias=alias(metric), metric=metric)
