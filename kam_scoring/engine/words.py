"""What moved a score, in words, in the reader's language: "-12 since March 31, 2026: pays 19 days later; …".

Python and not SQL as `evidence.py`: these sentences are written for the accounts of a page or of a report, and each
language puts its figures in its own order.
"""
from odoo.tools.misc import format_date, formatLang

from ..metrics import METRICS
from .moves import NOTHING


def _localized(env, number, **options):
    """A number in the language of `env`, halves rounded up as in the texts that PostgreSQL writes."""
    return formatLang(env, number, rounding_method='HALF-UP', **options)


def value_text(env, value, unit, currency, digits=None):
    """A figure with its unit, as people write it in the language of `env`."""
    if unit == 'currency':
        return _localized(env, value, currency_obj=currency, rounding_unit='decimals' if digits is None else 'units')
    if unit == 'level':
        return env._("%s of 5", _localized(env, value, digits=0))
    number = _localized(env, value, digits=1 if digits is None else digits)
    if unit == 'percent':
        return f"{number} %"
    if unit == 'days':
        return env._("%s days", number)
    if unit == 'years':
        return env._("%s years", number)
    return number


def label(env, code):
    metric = METRICS.get(code)
    return env._(metric.label) if metric else code


def points_text(env, points):
    """Points of a difference with their sign: whole ones from one point on. Minus as typeset, not as typed."""
    rounded = _localized(env, abs(points), digits=0 if round(abs(points), 1) >= 1 else 1)
    return f"{'−' if points < 0 else '+'}{rounded}"


def movement_text(env, movement, currency, seam=None):
    """One or two lines for people with little time.

    :param seam: the scoring model (kam.scoring.model) of now where it is another one than then
    """
    day = format_date(env, movement.date_then, date_format='long')
    largest = movement.largest()
    against = [move for move in largest if move.delta * movement.delta < 0]
    reasons = [_seam_text(env, seam)] if movement.is_seam and seam else []
    if abs(movement.delta) < NOTHING:
        # Ups and downs that make up for each other are news as well.
        reasons += _texts(env, largest, currency)
        return env._("As high as on %(date)s, although: %(reasons)s.", date=day, reasons="; ".join(reasons)) \
            if reasons else env._("Unchanged since %s.", day)
    points = points_text(env, movement.delta)
    reasons += _texts(env, [move for move in largest if move not in against], currency)
    if reasons:
        text = env._("%(points)s since %(date)s: %(reasons)s.", points=points, date=day, reasons="; ".join(reasons))
    else:
        text = env._("%(points)s since %(date)s, in small steps.", points=points, date=day)
    if against:
        text = env._("%(text)s Against it: %(reasons)s.", text=text,
                     reasons="; ".join(_texts(env, against, currency)))
    return text


def _texts(env, moves, currency):
    return [move_text(env, move, currency) for move in moves]


def _seam_text(env, model):
    if not model.date_published:
        return env._("the model is another one (version %s)", model.version)
    return env._("the model changed on %(date)s (version %(version)s)",
                 date=format_date(env, model.date_published, date_format='long'), version=model.version)


def move_text(env, move, currency):
    """Why one criterion moved, as part of a sentence."""
    then, now, name, kind = move.then, move.now, label(env, move.metric), move.kind
    if kind == 'value':
        return _value_moved(env, move, currency, name)
    if kind == 'known':
        return env._("%(criterion)s is known now: %(value)s", criterion=name, value=_single(env, move, currency))
    if kind in ('place', 'scale', 'held') and now.points is not None and (kind == 'held' or now.value is not None):
        return _points_moved(env, _points_name(env, kind, name), then.points, now.points)
    if kind == 'weight':
        return env._("%(criterion)s weighs %(new)s instead of %(old)s", criterion=name,
                     new=_plain(env, now.weight), old=_plain(env, then.weight))
    if kind == 'share':
        return _share_text(env, move, name)
    return _without_figures(env, kind, name)


def _share_text(env, move, name):
    is_more = move.delta > 0
    if move.shared_by == 'weights':
        return env._("%s counts for more, as others weigh less", name) if is_more else env._(
            "%s counts for less, as others weigh more", name)
    if move.shared_by == 'data':
        return env._("%s counts for more, as other figures are missing", name) if is_more else env._(
            "%s counts for less, as more figures are known", name)
    return env._("%s counts for more beside the others", name) if is_more else env._(
        "%s counts for less beside the others", name)


def _points_name(env, kind, name):
    if kind == 'place':
        return env._("%s, by its place among the customers", name)
    return env._("%s, held by people", name) if kind == 'held' else env._("%s, for the same figure", name)


def _without_figures(env, kind, name):
    texts = {
        'new': env._("%s is new in the model", name),
        'gone': env._("%s does not count any more", name),
        'failed': env._("%s could not be computed", name),
        'repaired': env._("%s can be computed again", name),
        'released': env._("%s is not held any more", name),
        'unknown': env._("%s is not known any more", name),
        'none': env._("%s is as it was", name),
    }
    return texts.get(kind) or env._("%s counts otherwise without data", name)


def _points_moved(env, text, then, now):
    if then is None:
        return env._("%(what)s: now %(points)s points", what=text, points=_plain(env, now))
    return env._("%(what)s: %(new)s instead of %(old)s points", what=text,
                 new=_plain(env, now), old=_plain(env, then))


def _value_moved(env, move, currency, name):
    unit, then, now = _unit(move), move.then.value, move.now.value
    digits = _digits(unit, then, now)
    if move.metric == 'collection_timeliness':
        if round(abs(now - then), digits) == 1:
            return env._("pays a day later") if now > then else env._("pays a day earlier")
        difference = value_text(env, abs(now - then), 'days', currency, digits)
        return env._("pays %s later", difference) if now > then else env._("pays %s earlier", difference)
    old, new = (value_text(env, value, unit, currency, digits) for value in (then, now))
    if now > then:
        return env._("%(criterion)s rose from %(old)s to %(new)s", criterion=name, old=old, new=new)
    return env._("%(criterion)s fell from %(old)s to %(new)s", criterion=name, old=old, new=new)


def _unit(move):
    return METRICS[move.metric].unit if move.metric in METRICS else 'count'


def _single(env, move, currency):
    unit, value = _unit(move), move.now.value
    return value_text(env, value, unit, currency, _digits(unit, value, value))


def _digits(unit, then, now):
    """As few decimals as tell the two figures apart, so that they are quick to read."""
    if unit in ('level', 'currency'):
        return 0
    whole = all(abs(value) >= 10 or value == round(value) for value in (then, now))
    for digits in range(0 if whole else 1, 3):
        if then == now or round(then, digits) != round(now, digits):
            return digits
    return 2


def _plain(env, number):
    """A number with no more digits than it needs."""
    return _localized(env, number, digits=0 if abs(number - round(number)) < NOTHING else 1)


def side_values(env, move, side, currency):
    """One criterion at one time, for screens: the value as text, the rest as numbers; False where it did not count."""
    if not side:
        return False
    if side.is_failed:
        value = env._("Failed")
    elif side.value is None:
        value = env._("No data")
    else:
        value = value_text(env, side.value, _unit(move), currency)
    return {
        'value': value, 'points': _or_false(side.points), 'weight': side.weight,
        'contribution': side.contribution or 0.0, 'is_held': side.is_held}


def _or_false(number):
    """None, as RPC knows it."""
    return False if number is None else number
