"""What moved a score since an earlier date, criterion by criterion.

The score is the sum of the contributions of its criteria, so the differences of the contributions sum up to the
difference of the score: whatever moved it is in one of them. One statement for any number of scores.
"""
from dataclasses import dataclass, replace
from datetime import date

from odoo.tools import SQL

from ..metrics import METRICS

# Points that are shown as none.
NOTHING = 0.05


@dataclass(frozen=True)
class Side:
    """One criterion in one score. Without data there is no value, without points no contribution."""
    value: float | None
    points: float | None
    weight: float | None
    contribution: float | None
    is_failed: bool
    is_held: bool

    def differs(self, other, name):
        mine, others = getattr(self, name), getattr(other, name)
        if mine is None or others is None:
            return mine is not others
        return abs(mine - others) > 1e-9


@dataclass(frozen=True)
class Move:
    """One criterion then and now; `then` is None where the model of that time did not have it, `now` where the
    present one has it no more."""
    metric: str
    then: Side | None
    now: Side | None
    is_place: bool  # its points are a place among the customers
    # Its weight as a part of all weights with points, then and now, and whether it is other 'weights', other 'data' or
    # 'both' that changed the parts.
    share_then: float = 0.0
    share_now: float = 0.0
    shared_by: str = ''

    @property
    def is_new(self):
        return self.then is None

    @property
    def is_gone(self):
        return self.now is None

    @property
    def delta(self):
        """Points of the score that came or went with it."""
        then, now = ((side and side.contribution) or 0.0 for side in (self.then, self.now))
        return now - then

    @property
    def kind(self):
        """Why it moved, by what comes first: 'new' or 'gone' from the model; 'failed' or 'repaired', of a metric that
        could not be computed; 'held' or 'released' by people; 'known' or 'unknown', of data; another 'value'; another
        'place' with a value that says nothing else; another 'scale' of the model for the same value; another 'weight';
        a larger or smaller 'share', as others weigh less or more, or have no data or some; 'none'.

        Where both the points and the share moved, the one that made more of the difference counts."""
        then, now = self.then, self.now
        if then is None or now is None:
            return 'new' if then is None else 'gone'
        if now.is_failed != then.is_failed:
            return 'failed' if now.is_failed else 'repaired'
        if now.is_held and now.differs(then, 'points') or now.is_held != then.is_held:
            return 'held' if now.is_held else 'released'
        if (now.value is None) != (then.value is None):
            return 'unknown' if now.value is None else 'known'
        if now.differs(then, 'points') and self._is_by_points():
            return self._kind_of_points()
        if now.differs(then, 'weight'):
            return 'weight'
        return 'share' if abs(self.delta) >= NOTHING else 'none'

    def _is_by_points(self):
        """A contribution is points * share. Each part of the difference at the mean of the other one: they sum up."""
        then, now = self.then.points or 0.0, self.now.points or 0.0
        by_points = (now - then) * (self.share_then + self.share_now)
        by_share = (self.share_now - self.share_then) * (then + now)
        return abs(by_points) >= abs(by_share)

    def _kind_of_points(self):
        then, now = self.then, self.now
        if not now.differs(then, 'value'):
            return 'place' if self.is_place else 'scale'
        metric = METRICS.get(self.metric)
        # Better figures with a worse place: others improved more. The figure alone would mislead.
        if self.is_place and metric and None not in (now.points, then.points):
            is_better = (now.value > then.value) == metric.higher_is_better
            return 'value' if is_better == (now.points > then.points) else 'place'
        return 'value'


@dataclass(frozen=True)
class Movement:
    """A score against an earlier one of the same account. The deltas of `moves` sum up to `delta`."""
    score_id: int
    account_id: int
    date_then: date
    date_now: date
    score_then: float
    score_now: float
    model_then: int | None
    model_now: int | None
    moves: tuple = ()

    @property
    def delta(self):
        return self.score_now - self.score_then

    @property
    def is_seam(self):
        """Whether another version of the model made the earlier score: weights and bounds may differ."""
        return self.model_then != self.model_now

    def largest(self, count=3):
        """The moves that explain the difference, the largest first: not what is next to nothing beside the largest."""
        moves = sorted(self.moves, key=lambda move: -abs(move.delta))
        least = max(0.5, abs(moves[0].delta) / 5) if moves else 0
        return [move for move in moves[:count] if abs(move.delta) >= least]


def movements(env, scores, since=None):
    """{score id: Movement} of the scores that have an earlier one to compare with.

    Compared is the newest score with data on or before the day, of the same account, programme and purpose.

    :param scores: SQL condition on `now` (kam_score); it decides what the caller may see
    :param since: a day, or None for the last day of the month before each score
    """
    found = {}
    for row in env.execute_query(_select(scores, since)):
        head, metric, is_place, then, now = row[:8], row[8], row[9], row[10:17], row[17:24]
        found.setdefault(head[0], (head, []))[1].append(Move(metric, _side(then), _side(now), bool(is_place)))
    return {
        score_id: Movement(score_id, account_id, date_then, date_now, score_then, score_now, model_then, model_now,
                           _shared(moves))
        for score_id, ((_id, account_id, date_then, date_now, score_then, score_now, model_then, model_now), moves)
        in found.items()}


def _shared(moves):
    """The moves with their shares in the weights that count."""
    both = [(move.then, move.now) for move in moves]
    known_then = sum(then.weight for then, _now in both if then and then.points is not None)
    known_now = sum(now.weight for _then, now in both if now and now.points is not None)
    is_weighed = any(not then or not now or now.differs(then, 'weight') for then, now in both)
    is_known = any(then and now and (then.points is None) != (now.points is None) for then, now in both)
    shared_by = 'both' if is_weighed and is_known else 'weights' if is_weighed else 'data' if is_known else ''
    return tuple(
        replace(move, share_then=_share(move.then, known_then), share_now=_share(move.now, known_now),
                shared_by=shared_by)
        for move in moves)


def _share(side, known):
    return side.weight / known if side and side.points is not None and known else 0.0


def _side(figures):
    is_there, *numbers, is_failed, is_held = figures
    return Side(*numbers, bool(is_failed), bool(is_held)) if is_there else None


def _select(scores, since):
    day = SQL("%s::date", since) if since else SQL("date_trunc('month', now.date)::date - 1")
    return SQL(
        """SELECT now.id, now.account_id, before.date, now.date, before.score, now.score,
                  before_run.model_id, now_run.model_id, part.metric, criterion.normalization = 'percentile',
                  %(figures)s
             FROM kam_score now
             JOIN kam_score_run now_run ON now_run.id = now.run_id
            CROSS JOIN LATERAL (
                  SELECT old.*
                    FROM kam_score old
                   WHERE old.account_id = now.account_id AND old.program_id = now.program_id
                     AND old.purpose = now.purpose AND old.coverage > 0 AND old.date <= %(day)s AND old.date < now.date
                ORDER BY old.date DESC, old.run_id DESC
                   LIMIT 1) before
             JOIN kam_score_run before_run ON before_run.id = before.run_id
            CROSS JOIN LATERAL (
                  SELECT COALESCE(now_item ->> 'metric', then_item ->> 'metric') AS metric, now_position, then_position,
                         now_item, then_item
                    FROM jsonb_array_elements(before.breakdown) WITH ORDINALITY then_element (then_item, then_position)
                    FULL JOIN jsonb_array_elements(now.breakdown) WITH ORDINALITY now_element (now_item, now_position)
                      ON now_item ->> 'metric' = then_item ->> 'metric') part
             LEFT JOIN kam_scoring_criterion criterion
               ON criterion.id = COALESCE(part.now_item ->> 'criterion_id', part.then_item ->> 'criterion_id')::int
            WHERE %(scores)s
         ORDER BY now.id, part.now_position NULLS LAST, part.then_position""",
        figures=SQL(", ").join(_figures(SQL.identifier('part', item)) for item in ('then_item', 'now_item')),
        day=day, scores=scores)


def _figures(item):
    numbers = SQL(", ").join(
        SQL("(%s ->> %s)::float8", item, name) for name in ('value', 'points', 'weight', 'contribution'))
    return SQL(
        "%(item)s IS NOT NULL, %(numbers)s, (%(item)s ->> 'failed')::boolean, (%(item)s ->> 'held')::boolean",
        item=item, numbers=numbers)
