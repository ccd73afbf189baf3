"""The metrics: one measurable fact per account, for all accounts of a programme at once.

To add one takes one file and one test. The file holds a function that takes a `Scope` and returns one `SQL` select of
`(account_id, value)`, decorated with `@metric`; it is imported below. Its docstring is the contract: the exact formula,
the unit, when there is no value, and the practice it comes from. Example, the average customer document of the window,
in `average.py`::

    from odoo.tools import SQL
    from odoo.tools.translate import LazyTranslate

    from .base import metric
    from .sales import documents_of_year

    _lt = LazyTranslate(__name__)


    @metric('average_document', label=_lt("Average Invoice"), unit='currency', zero=0, full=5000,
            documents=documents_of_year, help=_lt("Average amount of the invoices of 12 months."))
    def average_document(scope):
        \"""Mean amount of the documents with date in (date - 1 year, date], in programme currency, not rounded.

        Credit notes count as documents of a negative amount. No value without document. Source: S71.
        \"""
        return SQL(
            "SELECT account_id, AVG(amount) AS value FROM kam_document WHERE date > %s GROUP BY account_id",
            scope.date_from)

Its test, on the customers of `tests/common.py` (who bought what is said there), with the figure computed by hand::

    @tagged('post_install', '-at_install')
    class TestAverage(ScoringCase):
        def test_average_document(self):
            self.assertAlmostEqual(float(self.value('average_document', self.acme)), 2400 / 5, 12)
            self.assertIsNone(self.value('average_document', self.free), "no document in the window")
            documents = METRICS['average_document'].documents(self.scope, self.acme)
            self.assertEqual(self.env['account.move'].search_count(documents), 5)

Nothing else: the metric is offered to criteria, scored, explained and linked to its documents.

The select may read the shared relations described in `ledger.py` (`kam_document`, `kam_year`, `kam_trade`, `kam_claim`,
`kam_open`, `kam_category`, `kam_rate`) and any table, with two rules. It depends on nothing but the scope, so that a
past date can be replayed: no "today", and nothing dated after `scope.date`. And it goes over all accounts in one pass:
no subquery per account. An account without row, or with a NULL value, has no data for the metric: the criterion then
leaves the mean of this account and lowers its coverage. A metric that needs another module names it in `requires`.
"""
from .base import METRICS, Metric, Scope, metric
from . import sales
from . import sustained
from . import margin
from . import payment
from . import overdue
from . import orders
from . import cost
from . import judgement
from . import wallet
from . import pipeline
from . import people
from . import service
from . import lifetime
