"""Scores over time: one snapshot per account and month, the latest result, and how it moved.

Per account the newest row of each calendar month stays; older rows of the month go when a newer run of the programme
replaces them. So history grows by one row per account and month, however often runs take place. A run of a past date
adds its rows and leaves newer ones and the current score alone.

Raw SQL throughout: each step is one statement over all accounts of the programme.
"""
from odoo.tools import SQL


def make_room(scope, run, is_current):
    """Before the new rows are written: drop the older rows of this month, and let go of the current ones.

    Accounts that are archived are not scored again; they keep their last row.
    """
    month = scope.date.replace(day=1)
    scope.env.cr.execute(SQL(
        """DELETE FROM kam_score score USING kam_account account
            WHERE account.id = score.account_id AND account.active AND score.program_id = %s
              AND score.date >= %s AND score.date <= %s AND score.run_id <> %s""",
        scope.program.id, month, scope.date, run.id))
    if is_current:
        scope.env.cr.execute(SQL(
            """UPDATE kam_score score SET is_current = FALSE FROM kam_account account
                WHERE account.id = score.account_id AND account.active AND score.program_id = %s
                  AND score.is_current""", scope.program.id))


def update_accounts(scope, run):
    """Write the current figures on the accounts where they differ.

    score_trend: points against the newest snapshot of the month before the run's, NULL without one or without data.
    date_failing_since: the first run of those in a row that place a key account below its tier. The accounts' write
    dates stay: a run is not an edit.
    """
    month = SQL("date_trunc('month', %s::date)", scope.date)
    scope.env.cr.execute(SQL(
        """WITH before AS (
               SELECT DISTINCT ON (account_id) account_id, score
                 FROM kam_score
                WHERE program_id = %(program)s AND coverage > 0
                  AND date >= %(month)s - INTERVAL '1 month' AND date < %(month)s
             ORDER BY account_id, date DESC, run_id DESC
           ), now AS (
               SELECT score.account_id, score.score, score.coverage, score.recommended_tier_id,
                      CASE WHEN score.coverage > 0 THEN score.score - before.score END AS trend,
                      CASE WHEN tier.is_key AND recommended.sequence > tier.sequence
                           THEN COALESCE(account.date_failing_since, score.date) END AS failing_since
                 FROM kam_score score
                 JOIN kam_account account ON account.id = score.account_id
                 JOIN kam_tier tier ON tier.id = account.tier_id
                 LEFT JOIN kam_tier recommended ON recommended.id = score.recommended_tier_id
                 LEFT JOIN before ON before.account_id = score.account_id
                WHERE score.run_id = %(run)s
           )
           UPDATE kam_account account
              SET score = now.score, score_coverage = now.coverage, score_trend = now.trend,
                  recommended_tier_id = now.recommended_tier_id, date_failing_since = now.failing_since
             FROM now
            WHERE now.account_id = account.id
              AND (account.score, account.score_coverage, account.score_trend, account.recommended_tier_id,
                   account.date_failing_since)
                  IS DISTINCT FROM (now.score, now.coverage, now.trend, now.recommended_tier_id, now.failing_since)""",
        program=scope.program.id, run=run.id, month=month))
