"""The measures of objectives: what the records say about a target, for all objectives of a programme at once.

To add one, write a function that takes a `Scope` and returns one `SQL` select of `(key, value)`, decorate it with
`@measure`, and import its file here. Example, the number of posted customer documents::

    @measure('documents', label=_lt("Invoices"), unit='count', accumulates=True, help=_lt("Invoices of the period."))
    def documents(scope):
        return SQL(
            '''SELECT span.key, COUNT(DISTINCT line.move_id) AS value
                 FROM (%s) span JOIN (%s) line ON %s GROUP BY span.key''',
            scope.table(), scope.lines(), scope.belongs())

A key without row, or with a NULL value, has no data: its objective is neither on nor off track.
"""
from .base import MEASURES, Measure, Scope, Span, measure
from . import sales
from . import wallet
from . import people
from . import payment
from . import pipeline
from . import records
