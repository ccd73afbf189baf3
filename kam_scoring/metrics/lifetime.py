"""What the customer will still bring: a forecast, kept on the account."""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import metric

_lt = LazyTranslate(__name__)


@metric('lifetime_value', label=_lt("Lifetime Value"), unit='currency', zero=0, full=100000,
        documents=lambda scope, account: [
            *scope.documents_domain(account), ('invoice_date', '<=', scope.date)],
        help=_lt("Margin expected of the customer over the years of the horizon, discounted to today: as of the last "
                 "monthly computation."),
        replayable=False)
def lifetime_value(scope):
    """Expected margin of the horizon in programme currency, as of the last fit of the programme.

    Fitting takes the whole history of all customers, so it happens once a month (`kam.lifetime.fit`), and its result on
    the account is what counts, also in a run of a past date: this metric cannot be replayed. No value for a customer
    that has never bought, nor before the first fit. Source: see maths/lifetime.py.
    """
    return SQL(
        """SELECT id AS account_id, lifetime_value AS value FROM kam_account
            WHERE program_id = %s AND active AND lifetime_fit_id IS NOT NULL""", scope.program.id)
