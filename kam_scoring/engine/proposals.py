"""Draft tier changes of a run: what the scores suggest, for people to decide.

Only drafts of a run are touched here. As soon as somebody has submitted a proposal, it belongs to people. Raw SQL: a
first run on a large customer base drafts thousands at once; drafts need no chatter entry, and whatever follows goes
through the workflow of `kam.tier.change`.
"""
from odoo.tools import SQL

from . import evidence

# Whom the scores place in a key tier meets its criteria; `destination` (kam_tier) has to be in reach.
CRITERIA = SQL("CASE WHEN destination.is_key THEN 'met' END")
# Days of failing for each review that it would take: somebody who looks at the scores month by month sees it so often.
REVIEW_DAYS = 30


def propose(scope, run):
    """Bring the drafts of the programme in line with the scores of a run; return how many stand after it."""
    _ask_for_reviews(scope)
    _withdraw(scope, run)
    return _refresh(scope, run) + _draft(scope, run)


def _may_go_down(scope):
    """SQL condition on `account`: it has failed long enough to be proposed for a lower tier (demotion guard, N1).

    A customer that was told has failed as many reviews in a row as the programme says; another one has been below its
    tier, run after run, for a month for each review after the first.
    """
    reviews = scope.program.demotion_reviews
    return SQL(
        """CASE WHEN account.date_told IS NULL THEN account.date_failing_since <= %(date)s::date - %(days)s
                ELSE account.id IN (SELECT account_id FROM (%(failed)s) failed WHERE failed >= %(reviews)s) END""",
        date=scope.date, days=REVIEW_DAYS * (reviews - 1), reviews=reviews,
        failed=scope.env['kam.tier.review']._failed_counts(SQL("account.date_told IS NOT NULL")))


def _ask_for_reviews(scope):
    """Put the customers that know they are key accounts, and are below their tier, on the list of the next review."""
    scope.env['kam.tier.review']._insert(
        SQL("%s AND account.date_told IS NOT NULL AND account.date_failing_since IS NOT NULL", scope.accounts),
        'score', scope.reader_env._("Its score is below the threshold of its tier."))


def _wanted(scope, run):
    """Select of the changes that the scores suggest: account, both tiers, kind, score columns.

    None to a tier that was refused for the account less than `quiet_days` ago, and none down from a key tier before the
    account has failed long enough.
    """
    return SQL(
        """SELECT score.id AS score_id, score.account_id, account.tier_id AS from_tier_id,
                  score.recommended_tier_id AS to_tier_id, score.score, score.coverage, score.rank,
                  CASE WHEN destination.is_key AND NOT origin.is_key THEN 'nomination'
                       WHEN origin.is_key AND NOT destination.is_key THEN 'exit'
                       WHEN destination.sequence < origin.sequence THEN 'promotion'
                       ELSE 'demotion' END AS kind
             FROM kam_score score
             JOIN kam_account account ON account.id = score.account_id
             JOIN kam_tier origin ON origin.id = account.tier_id
             JOIN kam_tier destination ON destination.id = score.recommended_tier_id
            WHERE score.run_id = %(run)s AND score.recommended_tier_id <> account.tier_id
              AND NOT EXISTS (SELECT FROM kam_tier_change refused
                               WHERE refused.account_id = account.id AND refused.state = 'refused'
                                 AND refused.to_tier_id = score.recommended_tier_id
                                 AND refused.date_decided::date > %(quiet)s)
              AND (NOT origin.is_key OR destination.sequence < origin.sequence OR %(may_go_down)s)""",
        run=run.id, quiet=scope.quiet_since, may_go_down=_may_go_down(scope))


def _withdraw(scope, run):
    """Delete the drafts that are no longer suggested; keep those on which somebody has written, with a note why."""
    rows = scope.env.execute_query(SQL(
        """SELECT change.id, EXISTS (SELECT FROM mail_message message
                                      WHERE message.model = 'kam.tier.change' AND message.res_id = change.id
                                        AND message.message_type IN ('comment', 'email'))
                             OR EXISTS (SELECT FROM mail_activity activity
                                         WHERE activity.res_model = 'kam.tier.change'
                                           AND activity.res_id = change.id)
             FROM kam_tier_change change JOIN kam_account account ON account.id = change.account_id
            WHERE change.program_id = %s AND change.origin = 'run' AND change.state = 'draft'
              AND (NOT account.active OR %s) AND change.account_id NOT IN (SELECT account_id FROM (%s) wanted)""",
        scope.program.id, scope.accounts, _wanted(scope, run)))
    discussed = [change_id for change_id, is_discussed in rows if is_discussed]
    others = scope.env['kam.tier.change'].browse([change_id for change_id, is_discussed in rows if not is_discussed])
    if others:
        others.unlink()  # by the ORM, so that nothing of them stays in other tables
    if discussed:
        note = scope.reader_env._("Scoring does not suggest this change any more.")
        scope.env.cr.execute(SQL("UPDATE kam_tier_change SET evidence = %s WHERE id = ANY(%s)", note, discussed))


def _refresh(scope, run):
    """Give the drafts that still stand the figures, and where it changed the tier, of this run; return how many.

    A reason that somebody has written stays as long as the tier does.
    """
    scope.env.cr.execute(SQL(
        """WITH wanted AS MATERIALIZED (%(wanted)s), text AS (%(texts)s)
           UPDATE kam_tier_change change
              SET from_tier_id = wanted.from_tier_id, to_tier_id = wanted.to_tier_id, kind = wanted.kind,
                  reason = CASE WHEN change.to_tier_id = wanted.to_tier_id THEN change.reason ELSE %(reason)s END,
                  criteria_state = %(criteria)s, evidence = text.evidence, score = wanted.score,
                  score_coverage = wanted.coverage,
                  score_run_id = %(run)s, date_effective = GREATEST(change.date_effective, %(today)s)
             FROM wanted JOIN text ON text.score_id = wanted.score_id
             JOIN kam_tier destination ON destination.id = wanted.to_tier_id
            WHERE change.account_id = wanted.account_id AND change.origin = 'run' AND change.state = 'draft'""",
        wanted=_wanted(scope, run), run=run.id, today=scope.date, reason=_reason(scope, run), criteria=CRITERIA,
        texts=_texts(scope, SQL("score.id IN (SELECT score_id FROM wanted)"))))
    return scope.env.cr.rowcount


def _draft(scope, run):
    """Draft what is suggested where no tier change is open; return how many.

    The unique index lets a second worker do no harm. The best score comes last, because the newest tier change is
    listed first.
    """
    scope.env.cr.execute(SQL(
        """WITH wanted AS MATERIALIZED (
               SELECT * FROM (%(wanted)s) wanted
                WHERE NOT EXISTS (SELECT FROM kam_tier_change open
                                   WHERE open.account_id = wanted.account_id
                                     AND open.state IN ('draft', 'submitted', 'approved'))
           ), text AS (%(texts)s)
           INSERT INTO kam_tier_change (account_id, program_id, from_tier_id, to_tier_id, kind, state, origin, reason,
                                        criteria_state, evidence, requester_id, date_effective, score,
                                        score_coverage, score_run_id,
                                        create_uid, create_date, write_uid, write_date)
           SELECT wanted.account_id, %(program)s, wanted.from_tier_id, wanted.to_tier_id, wanted.kind, 'draft', 'run',
                  %(reason)s, %(criteria)s, text.evidence, %(uid)s, %(today)s, wanted.score, wanted.coverage, %(run)s,
                  %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
             FROM wanted JOIN text ON text.score_id = wanted.score_id
             JOIN kam_tier destination ON destination.id = wanted.to_tier_id
         ORDER BY wanted.score, wanted.account_id DESC
           ON CONFLICT DO NOTHING""",
        wanted=_wanted(scope, run), program=scope.program.id, run=run.id, uid=scope.env.uid, today=scope.date,
        criteria=CRITERIA, reason=_reason(scope, run),
        texts=_texts(scope, SQL("score.id IN (SELECT score_id FROM wanted)"))))
    return scope.env.cr.rowcount


def _reason(scope, run):
    """SQL of the reason; `destination` (kam_tier) and `wanted` have to be in reach."""
    env = scope.reader_env
    template = env._(
        "Score %(score)s, rank %(rank)s: the model \"%(model)s\" places this customer in %(tier)s.",
        score="{score}", rank="{rank}", tier="{tier}", model=run.model_id.with_env(env).name)
    return evidence.filled(template, {
        'tier': evidence.translated(env, SQL("destination.name")),
        'score': evidence.number(env, SQL("wanted.score"), 0),
        'rank': SQL("COALESCE(wanted.rank::text, '-')")})


def _texts(scope, scores):
    return evidence.texts(scope.reader_env, scores)
