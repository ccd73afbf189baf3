"""Scores over time: each change of the points, one snapshot per account and month, the latest result, how it moved.

A result that repeats the points of the current one replaces it within a month; a result that differs stands beside it.
The last result of a month stays as its snapshot. So history grows by one row per account and month and one per change;
how long changes and snapshots are kept is a setting of the programme. A run of a past date adds its rows and leaves
newer ones and the current score alone.

Raw SQL throughout: each step is one statement over all accounts of the programme.
"""
from odoo.tools import SQL

# Where the current figures of a purpose stand on the account: score, coverage, trend.
ACCOUNT_COLUMNS = {
    'selection': ('score', 'score_coverage', 'score_trend'),
    'health': ('health', 'health_coverage', 'health_trend'),
}


def make_room(scope, spec, is_current):
    """Before the staged rows are written: drop what they repeat, and let go of the current ones.

    Accounts that are archived are not scored again; they keep their last row.
    """
    month = scope.date.replace(day=1)
    repeated = SQL("old.is_current AND old.date >= %s AND old.fingerprint = new.fingerprint", month)
    scope.env.cr.execute(SQL(
        """DELETE FROM kam_score old USING kam_staged new
            WHERE old.account_id = new.account_id AND old.purpose = %s AND (old.date = %s OR %s)""",
        spec.purpose, scope.date, repeated if is_current else SQL("FALSE")))
    if is_current:
        scope.env.cr.execute(SQL(
            """UPDATE kam_score old SET is_current = FALSE, is_snapshot = old.date < %s FROM kam_staged new
                WHERE old.account_id = new.account_id AND old.purpose = %s AND old.is_current""",
            month, spec.purpose))


def update_accounts(scope, spec):
    """Write the current figures on the accounts where they differ.

    trend: points against the newest snapshot of the month before the run's, NULL without one or without data. The
    accounts' write dates stay: a run is not an edit. An account that is not scored for its health has none.
    """
    score, coverage, trend = map(SQL.identifier, ACCOUNT_COLUMNS[spec.purpose])
    month = SQL("date_trunc('month', %s::date)", scope.date)
    placed = SQL(
        """staged.recommended_tier_id, CASE WHEN tier.is_key AND recommended.sequence > tier.sequence
                  THEN COALESCE(account.date_failing_since, %s) END AS failing_since""", scope.date)
    is_selection = spec.purpose == 'selection'
    scope.env.cr.execute(SQL(
        """WITH before AS (
               SELECT DISTINCT ON (account_id) account_id, score
                 FROM kam_score
                WHERE program_id = %(program)s AND purpose = %(purpose)s AND coverage > 0 AND is_snapshot
                  AND date >= %(month)s - INTERVAL '1 month' AND date < %(month)s AND %(only)s
             ORDER BY account_id, date DESC, run_id DESC
           ), now AS (
               SELECT account.id AS account_id, COALESCE(staged.score, 0) AS score,
                      COALESCE(staged.coverage, 0) AS coverage, %(placed)s,
                      CASE WHEN staged.coverage > 0 THEN staged.score - before.score END AS trend
                 FROM kam_account account
                 %(outer)s JOIN kam_staged staged ON staged.account_id = account.id
                 JOIN kam_tier tier ON tier.id = account.tier_id
                 LEFT JOIN kam_tier recommended ON recommended.id = staged.recommended_tier_id
                 LEFT JOIN before ON before.account_id = account.id
                WHERE %(accounts)s
           )
           UPDATE kam_account account
              SET %(score)s = now.score, %(coverage)s = now.coverage, %(trend)s = now.trend %(set_placed)s
             FROM now
            WHERE now.account_id = account.id
              AND (account.%(score)s, account.%(coverage)s, account.%(trend)s %(old_placed)s)
                  IS DISTINCT FROM (now.score, now.coverage, now.trend %(new_placed)s)""",
        program=scope.program.id, purpose=spec.purpose, month=month, accounts=scope.accounts,
        only=scope.only(SQL("account_id")),
        score=score, coverage=coverage, trend=trend, outer=SQL("" if is_selection else "LEFT"),
        placed=placed if is_selection else SQL("NULL AS placed"),
        set_placed=SQL(
            ", recommended_tier_id = now.recommended_tier_id, date_failing_since = now.failing_since"
            if is_selection else ""),
        old_placed=SQL(", account.recommended_tier_id, account.date_failing_since" if is_selection else ""),
        new_placed=SQL(", now.recommended_tier_id, now.failing_since" if is_selection else "")))


def clean(env):
    """Delete changes and snapshots that are older than their programme keeps them; return how many."""
    env.cr.execute(SQL(
        """DELETE FROM kam_score score USING kam_program program
            WHERE program.id = score.program_id AND NOT score.is_current
              AND (score.date < CURRENT_DATE - make_interval(months => program.history_months)
                   OR NOT score.is_snapshot AND score.date < CURRENT_DATE - program.history_days)"""))
    return env.cr.rowcount
