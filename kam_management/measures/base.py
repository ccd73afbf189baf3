"""What a measure is, what it is asked about, and where measures are registered."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from odoo.tools import SQL

from ..ledger.rates import Rates, rate_on
from ..ledger.sales import Sales

# In the order of their declaration. Filled once at import, never changed afterwards.
MEASURES: dict[str, 'Measure'] = {}
UNITS = ('currency', 'percent', 'days', 'count')


@dataclass(frozen=True)
class Measure:
    """One thing that an objective can be held against.

    :param code: stable key; stored in objectives
    :param label: name shown to people (LazyTranslate)
    :param unit: 'currency' (of the programme), 'percent', 'days' or 'count'
    :param higher_is_better: which way is forward
    :param accumulates: the value grows from 0 over the period of the objective (revenue), instead of being a level at
        one moment (a margin in percent)
    :param is_replayable: the value of a past day can be told; otherwise only today's
    :param function: `(Scope) -> SQL | dict | None`: one select of (key, value), or the values themselves; None where
        the records that it reads do not exist in this database
    """
    code: str
    label: Any
    unit: str
    help: Any
    higher_is_better: bool
    accumulates: bool
    is_replayable: bool
    function: Callable

    def values(self, scope):
        """{key: value} of the spans with data."""
        scope.flush()
        found = self.function(scope) or {}
        if isinstance(found, SQL):
            found = dict(scope.env.execute_query(found))
        return {key: float(value) for key, value in found.items() if value is not None}


def measure(code, *, label, unit, help, higher_is_better=True, accumulates=False, is_replayable=True):  # noqa: A002
    """Register the decorated function as a measure."""
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r} of measure {code!r}")

    def register(function):
        if code in MEASURES:
            raise ValueError(f"measure {code!r} is declared twice")
        MEASURES[code] = Measure(
            code, label, unit, help, higher_is_better, accumulates, is_replayable, function)
        return function
    return register


@dataclass(frozen=True)
class Span:
    """What one objective asks for: an account, or one of its legal entities, from a day to a day, both included.

    :param key: what the value is returned under
    :param entity_id: res.partner, None for the whole account
    :param records: (user, model, domain) of a count of records, else None
    """
    key: int
    account_id: int
    entity_id: int | None
    date_from: date
    date_to: date
    records: Any = None


class LedgerOfSpans(Sales):
    """The same lines, for a few accounts: asking the whole ledger on which days it has documents would cost more."""

    @cached_property
    def rates(self):
        companies = self.program.company_ids
        series = Rates._series(self, companies)
        rows = []
        for company in companies.filtered(lambda company: company.currency_id != self.currency):
            target = Rates._of_company(series, self.currency, company)
            source = Rates._of_company(series, company.currency_id, company)
            for offset in range((self.date_to - self.date_from).days + 1):
                day = self.date_from + timedelta(days=offset)
                rows.append((company.id, day, rate_on(target, day), rate_on(source, day)))
        return Rates(rows=rows)


@dataclass(frozen=True)
class Scope:
    """The spans of one programme, measured together.

    :param env: environment in sudo: the figures cover all companies of the programme, whoever asks; the caller has
        checked that the reader may read the objectives
    """
    env: Any
    program: Any
    spans: tuple
    today: date

    @classmethod
    def of(cls, program, spans, today):
        program = program.sudo().with_context(active_test=False)
        return cls(program.env, program, tuple(spans), today)

    @cached_property
    def ledger(self):
        return self.sales(min(span.date_from for span in self.spans))

    def sales(self, date_from):
        """The ledger from a day to the last day that any span asks for."""
        program = self.program
        return LedgerOfSpans(program.env, program, date_from, max(span.date_to for span in self.spans))

    def flush(self):
        # Little is pending when a screen is read; measures read from many models.
        self.env.flush_all()

    def table(self):
        """Select of (key, account_id, entity_id, date_from, date_to), one row per span."""
        columns = zip(*[
            (span.key, span.account_id, span.entity_id, span.date_from, span.date_to) for span in self.spans],
            strict=True)
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::date[], %s::date[]) "
            "AS span (key, account_id, entity_id, date_from, date_to)", *map(list, columns))

    def lines(self):
        """The lines of the ledger of all accounts of the scope; see `Sales.lines`."""
        return self.ledger.lines(self.accounts())

    def accounts(self):
        return SQL("account.id = ANY(%s)", list({span.account_id for span in self.spans}))

    def belongs(self):
        """Condition that a `line` (account_id, partner_id, date) counts for a `span`."""
        return SQL(
            """line.account_id = span.account_id AND (span.entity_id IS NULL OR line.partner_id = span.entity_id)
               AND line.date >= span.date_from AND line.date <= span.date_to""")
