"""Customer lifetime value of a programme: the whole history read at once, computed as arrays, written at once.

The mathematics is in `maths/lifetime.py`. What one account is there: a purchase is a day on which its documents come to
more than nothing, net of tax, in programme currency at the date of the document; credit notes lower the value of the
purchases, all documents since the first one count. Margin by the ledger's product cost (`ledger.sales.line_cost`), as a
share of revenue, from -100 % to 100 %: that of the last 12 months, where nothing is known of those that of all years,
and where no cost is known at all the programme's usual margin.
"""
from dataclasses import dataclass
from datetime import date

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from odoo.addons.kam_management.ledger.sales import Sales

from ..maths import lifetime

# Before the first invoice of any Odoo.
BEGIN = date(1970, 1, 1)


@dataclass(frozen=True)
class Facts:
    """What the ledger says: the customers of a programme, those who have ever bought, as arrays of equal length.

    :param margin: of the last 12 months, 0 for those who brought nothing
    :param share: margin as a share of revenue
    :param retention: share of the customers of the year before the last one who bought again
    """
    account_ids: np.ndarray
    history: lifetime.History
    margin: np.ndarray
    share: np.ndarray
    retention: float


@dataclass(frozen=True)
class Terms:
    """The programme's settings of the value."""
    years: int
    discount: float
    margin_default: float

    @classmethod
    def of(cls, program):
        return cls(program.lifetime_years, program.discount_rate / 100, program.margin_default / 100)


def facts(program, day):
    """Read the purchases of all active accounts up to a day.

    :param program: in sudo: the figures are of all companies of the programme, whoever asks
    """
    sales = Sales.of(program, BEGIN, day)
    sales.flush()
    year, prior = day - relativedelta(years=1), day - relativedelta(years=2)
    rows = program.env.execute_query(SQL(
        """WITH day AS (
               SELECT account_id, date, SUM(amount) AS amount, SUM(cost) AS cost
                 FROM (%(lines)s) line GROUP BY account_id, date
           ), account AS (
               SELECT account_id, COUNT(*) FILTER (WHERE amount > 0) AS purchases,
                      MIN(date) FILTER (WHERE amount > 0) AS first, MAX(date) FILTER (WHERE amount > 0) AS last,
                      SUM(amount) AS total, SUM(cost) AS total_cost,
                      (ARRAY_AGG(amount ORDER BY date) FILTER (WHERE amount > 0))[1] AS first_amount,
                      COALESCE(SUM(amount) FILTER (WHERE date > %(year)s), 0) AS revenue,
                      SUM(cost) FILTER (WHERE date > %(year)s) AS cost,
                      COALESCE(BOOL_OR(amount > 0 AND date > %(prior)s AND date <= %(year)s), FALSE) AS before,
                      COALESCE(BOOL_OR(amount > 0 AND date > %(year)s), FALSE) AS now
                 FROM day GROUP BY account_id
           )
           SELECT account_id, purchases - 1, last - first, %(day)s::date - first,
                  ((total - first_amount) / GREATEST(purchases - 1, 1))::float8, revenue::float8,
                  LEAST(1, GREATEST(-1, CASE WHEN revenue > 0 AND cost IS NOT NULL THEN (revenue - cost) / revenue
                       WHEN total > 0 AND total_cost IS NOT NULL THEN (total - total_cost) / total
                       ELSE %(usual)s::numeric END))::float8, before, before AND now
             FROM account WHERE purchases > 0 ORDER BY account_id""",
        lines=sales.lines(SQL("account.active")), year=year, prior=prior, day=day,
        usual=program.margin_default / 100))
    # One row without customers makes nine empty columns.
    columns = np.array(rows, dtype=float).reshape(-1, 9).T
    frequency, recency, age, value, revenue, share = columns[1:7]
    return Facts(
        account_ids=columns[0].astype(int),
        history=lifetime.History(frequency, recency / 7, age / 7, value),
        margin=np.maximum(revenue, 0) * share, share=share,
        retention=lifetime.retention_rate(int(columns[7].sum()), int(columns[8].sum())))


def values(known, fit, terms):
    """(lifetime value, naive baseline, probability of being alive or None) of the accounts, each an array.

    The probability needs the model of purchases only: where that fits, it is known beside a simple value, too.
    """
    baseline = lifetime.baseline_value(known.margin, terms.years, terms.discount)
    alive = fit.sound_bgnbd.p_alive(known.history) if fit.sound_bgnbd else None
    if fit.method == 'simple':
        return lifetime.simple_value(known.margin, known.retention, terms.years, terms.discount), baseline, alive
    return lifetime.fitted_value(fit, known.history, known.share, terms.years, terms.discount), baseline, alive


def write(record, known, value, baseline, alive):
    """Write the values on the accounts where they differ; who has never bought has none.

    Raw SQL: one statement over all accounts of the programme. Write dates stay: a forecast is not an edit.

    :param record: the kam.lifetime.fit, flushed
    """
    record.env.cr.execute(SQL(
        """UPDATE kam_account account
              SET lifetime_value = fresh.value, lifetime_margin_baseline = fresh.baseline, p_alive = fresh.alive,
                  lifetime_fit_id = fresh.fit, value_currency_id = %(currency)s
             FROM (SELECT account.id, COALESCE(ROUND(forecast.value::numeric, 2), 0) AS value,
                          COALESCE(ROUND(forecast.baseline::numeric, 2), 0) AS baseline,
                          ROUND(forecast.alive::numeric, 4)::float8 AS alive,
                          CASE WHEN forecast.id IS NOT NULL THEN %(fit)s END AS fit
                     FROM kam_account account
                LEFT JOIN unnest(%(ids)s::int[], %(values)s::float8[], %(baselines)s::float8[], %(alive)s::float8[])
                          AS forecast (id, value, baseline, alive) ON forecast.id = account.id
                    WHERE account.program_id = %(program)s AND account.active) fresh
            WHERE fresh.id = account.id
              AND (account.lifetime_value, account.lifetime_margin_baseline, account.p_alive, account.lifetime_fit_id,
                   account.value_currency_id)
                  IS DISTINCT FROM (fresh.value, fresh.baseline, fresh.alive, fresh.fit, %(currency)s)""",
        currency=record.currency_id.id, fit=record.id, program=record.program_id.id,
        ids=known.account_ids.tolist(), values=value.tolist(), baselines=baseline.tolist(),
        alive=alive.tolist() if alive is not None else []))
