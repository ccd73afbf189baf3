"""Early warning: what can go wrong with an account, found in its records night after night (S57, S103).

To add a cause, write one file like `silent.py`: a function that takes a `Scope` and returns one `SQL` select of
`(account_id, measure, value, reference)`, decorated with `@cause`, and import it here. Programmes get its rule, with
the threshold declared, by themselves.

    measure    what the rule's threshold is held against: an alert opens above the threshold, and ends by itself once
               the measure is at `RELEASE` (80 %) of the threshold or below, so that it does not flicker. No row, no
               cause.
    value, reference   the two numbers that the reason tells; kept on the alert

The select reads `kam_watched` (the accounts that the rule watches: id, tier_id, user_id), `kam_sale` (their posted
documents of two years: account_id, date, amount) and `kam_rate` (see metrics/ledger.py), and returns rows of watched
accounts only.
"""
from .base import CAUSES, RELEASE, Cause, cause
from . import silent
from . import share
from . import payment
from . import overdue
from . import contact
from . import people
from . import threads
from . import score
from . import health
from . import refresh
