"""The metrics: one measurable fact per account, for all accounts of a programme at once.

To add one, write a function that takes a `Scope` and returns one `SQL` select of `(account_id, value)`, decorate it
with `@metric`, and import its file here. Example, the average customer document of the window::

    @metric('average_document', label=_lt("Average Invoice"), unit='currency', zero=0, full=5000,
            help=_lt("Average amount of the invoices of 12 months."), documents=sales.documents_of_year)
    def average_document(scope):
        return SQL(
            "SELECT account_id, AVG(amount) AS value FROM kam_document WHERE date > %s GROUP BY account_id",
            scope.date_from)

The select may read the sources of `ledger.py` (`kam_document`, `kam_claim`). An account without row, or with a NULL
value, has no data for the metric: the criterion then leaves the mean of this account and lowers its coverage.
"""
from .base import METRICS, Metric, Scope, metric
from . import sales
from . import margin
from . import payment
from . import judgement
from . import lifetime
