"""Whether an objective is on track: plain arithmetic, the same for every measure."""
from dataclasses import dataclass

# Short of what was expected by so much, in parts of it.
AT_RISK, OFF = 0.05, 0.20
# In percent points of the whole way: nobody is off track for what the first days do not bring.
SLACK = 3


@dataclass(frozen=True)
class Verdict:
    """
    :param track: 'on', 'risk', 'off' or 'done'
    :param expected: the value that was to be there by now
    :param progress, expected_progress: in percent of the whole way
    :param short: part of the expected progress that is missing, 0 when nothing is
    """
    track: str
    expected: float
    progress: float
    expected_progress: float
    short: float = 0


def judge(actual, baseline, target, elapsed, *, is_up=True, accumulates=False, is_over=False):
    """Hold an actual value against the way to its target.

    What accumulates starts from 0 and is expected in proportion to the time that has passed. A level is expected to
    move from the baseline to the target in a straight line; where both are the same, it is to be held at any time.

    :param elapsed: part of the time that has passed, 0 to 1
    :param is_over: the deadline has passed: reached or missed
    :return Verdict:

    >>> judge(420, 0, 1200, 0.5, accumulates=True)
    Verdict(track='off', expected=600.0, progress=35.0, expected_progress=50.0, short=0.3)
    >>> judge(540, 0, 1200, 0.5, accumulates=True).track, judge(590, 0, 1200, 0.5, accumulates=True).track
    ('risk', 'on')
    >>> judge(0, 0, 1200, 0.02, accumulates=True).track, judge(1200, 0, 1200, 0.5, accumulates=True).track
    ('on', 'done')
    >>> judge(40, 50, 30, 0.5, is_up=False)
    Verdict(track='on', expected=40.0, progress=50.0, expected_progress=50.0, short=0)
    >>> judge(55, 50, 30, 0.0, is_up=False).track, judge(29, 50, 30, 0.5, is_up=False).track
    ('off', 'on')
    >>> judge(29, 50, 30, 1, is_up=False, is_over=True).track, judge(31, 50, 30, 1, is_up=False, is_over=True).track
    ('done', 'off')
    >>> judge(27, 30, 30, 0.1).track, judge(31, 30, 30, 0.1).track
    ('risk', 'on')
    """
    start = 0 if accumulates else baseline
    way = target - start
    if way:
        progress, expected_progress = 100 * (actual - start) / way, 100 * elapsed
        expected = start + way * elapsed
    else:
        more, less = (actual, target) if is_up else (target, actual)
        progress, expected_progress, expected = 100 * more / less if less else 100.0, 100, target
    is_reached = actual >= target if is_up else actual <= target
    if is_reached:
        track = 'done' if is_over or accumulates and is_up else 'on'
        return Verdict(track, expected, progress, expected_progress)
    gap = expected_progress - progress
    if gap <= 0 and not is_over:
        return Verdict('on', expected, progress, expected_progress)
    short = round(gap / expected_progress, 6) if expected_progress else 1
    if is_over or gap > SLACK and short > OFF:
        track = 'off'
    else:
        track = 'risk' if gap > SLACK and short > AT_RISK else 'on'
    return Verdict(track, expected, progress, expected_progress, short)
