"""What a cause is, and where causes are registered."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# In the order of their declaration. Filled once at import, never changed afterwards.
CAUSES: dict[str, 'Cause'] = {}
# An alert ends by itself at this part of the threshold.
RELEASE = 0.8


@dataclass(frozen=True)
class Cause:
    """One way in which an account goes wrong.

    :param code: stable key; stored in rules and alerts
    :param label: name shown to people, short enough for a badge (LazyTranslate)
    :param unit: what the threshold counts, read after the number, such as "days overdue" (LazyTranslate)
    :param help: what it looks at, in one or two sentences (LazyTranslate)
    :param threshold: proposed to the rules of a programme; an alert opens above it
    :param select: `(Scope) -> SQL`, one select of (account_id, measure, value, reference)
    :param reason: `(alert) -> str`, one sentence in the language of the alert's environment
    :param documents: `(alert) -> action`: opens the records behind the alert
    :param playbook: xml id of the activity plan proposed to rules
    :param has_badge: whether accounts show it; not where they tell the same in other words already
    :param is_replayable: whether it can be told for a past date; otherwise runs of a past date leave its alerts alone
    """
    code: str
    label: Any
    unit: Any
    help: Any
    threshold: float
    select: Callable
    reason: Callable
    documents: Callable
    playbook: str
    has_badge: bool = True
    is_replayable: bool = True


def cause(code, *, label, unit, help, threshold, reason, documents, playbook, has_badge=True,  # noqa: A002
          is_replayable=True):
    """Register the decorated function as the select of a cause."""
    def register(function):
        if code in CAUSES:
            raise ValueError(f"cause {code!r} is declared twice")
        CAUSES[code] = Cause(
            code, label, unit, help, threshold, function, reason, documents, playbook, has_badge, is_replayable)
        return function
    return register


def whole(number):
    """A number of days or percent as people say it.

    >>> whole(21.5), whole(20.4)
    (22, 20)
    """
    return int(number + 0.5)
