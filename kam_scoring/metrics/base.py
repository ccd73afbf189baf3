"""What a metric is, what it is asked about, and where metrics are registered."""
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from odoo.addons.kam_management.ledger.rates import Rates

# In the order of their declaration. Filled once at import, never changed afterwards.
METRICS: dict[str, 'Metric'] = {}
UNITS = ('currency', 'percent', 'days', 'count', 'years', 'level')


@dataclass(frozen=True)
class Metric:
    """One measurable fact per account.

    :param code: stable key; stored in criteria and scores
    :param label: name shown to people (LazyTranslate)
    :param unit: one of `UNITS`: 'currency' (of the programme), 'percent', 'days', 'count', 'years' or 'level' (1 to 5)
    :param help: what it measures, in one or two sentences (LazyTranslate)
    :param higher_is_better: direction; decides which bound a new criterion proposes as the full one
    :param zero, full: bounds proposed to a new criterion: the values worth 0 and 100 points
    :param select: `(Scope) -> SQL`, one select of (account_id, value)
    :param documents: `(Scope, account) -> (model name, domain) | domain | None`: the records behind the value of one
        account; a domain alone is one of journal entries (account.move), None where the value is on the account itself
    :param requires: names of the modules that must be installed; without them the metric is not offered
    :param replayable: whether the select gives the value of a past date. False where only today's value is known, for
        instance of a judgement: a back-test then counts today's value, and says so
    """
    code: str
    label: Any
    unit: str
    help: Any
    zero: float
    full: float
    select: Callable
    documents: Callable
    requires: tuple = ()
    replayable: bool = True

    @property
    def higher_is_better(self):
        return self.full > self.zero

    def is_available(self, env):
        """Whether the modules it reads are installed in the database of `env`."""
        return all(module in env.registry._init_modules for module in self.requires)

    def values(self, scope):
        """{account_id: value} of accounts with data. For tests and explanations; a run joins the selects itself."""
        rows = scope.env.execute_query(scope.with_sources(self.select(scope)))
        return {account_id: value for account_id, value in rows if value is not None}


def metric(code, *, label, unit, help, zero, full, documents, requires=(),  # noqa: A002 – the word people know
           replayable=True):
    """Register the decorated function as the select of a metric."""
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r} of metric {code!r}")

    def register(function):
        if code in METRICS:
            raise ValueError(f"metric {code!r} is declared twice")
        METRICS[code] = Metric(code, label, unit, help, zero, full, function, documents, requires, replayable)
        return function
    return register


def with_relations(relations, select):
    """`select` with relations (name, SQL) in front of it; each is evaluated once."""
    return SQL("WITH %s\n%s", SQL(",\n").join(
        SQL("%s AS MATERIALIZED (%s)", SQL.identifier(name), sql) for name, sql in relations), select)


@dataclass(frozen=True)
class Scope:
    """What a run looks at. Everything in a metric is a function of it, so that a past date can be replayed.

    The window is the year that ends with the as-of date, half-open: date_from < day <= date. The year before it is
    date_prior < day <= date_from. Years and months are counted back from the as-of date itself, by the calendar: one
    year before 29 February is 28 February, four years before it 29 February again.

    :param env: environment in sudo: metrics read documents of all companies of the programme, whoever asks; what a
        person may see of the results is decided by the record rules of `kam.score`
    """
    env: Any
    program: Any
    company_ids: tuple
    currency: Any
    date: date
    account_ids: tuple = ()  # of some accounts only; all accounts of the programme where it is empty

    @classmethod
    def of(cls, program, as_of, account_ids=()):
        program = program.sudo()
        # No company filter by the user's selection: the programme says which companies count.
        companies = program.with_context(active_test=False).company_ids
        return cls(program.env, program, tuple(companies.ids), program.currency_id, as_of, tuple(account_ids))

    @property
    def accounts(self):
        """SQL condition on `account` (kam_account): those that the scope is about, else the active ones."""
        if self.account_ids:
            return SQL("account.program_id = %s AND account.id = ANY(%s)", self.program.id, list(self.account_ids))
        return SQL("account.program_id = %s AND account.active", self.program.id)

    def only(self, column):
        """SQL condition on a column with ids of accounts, for selects that do not start at kam_account."""
        return SQL("%s = ANY(%s)", column, list(self.account_ids)) if self.account_ids else SQL("TRUE")

    def of_account(self, account):
        """The same for one account, archived or not: quick, for what is behind one value."""
        scope = replace(self, account_ids=tuple(account.ids))
        vars(scope)['rates'] = self.rates  # they do not depend on accounts
        return scope

    def years_before(self, years):
        """The day after which the last so many years begin."""
        return self.date - relativedelta(years=years)

    def months_before(self, months):
        return self.date - relativedelta(months=months)

    @property
    def date_from(self):
        return self.years_before(1)

    @property
    def date_prior(self):
        return self.years_before(2)

    @property
    def date_oldest(self):
        """Documents after this day may count: all, for an invoice of any age may still be open."""
        return date.min

    @property
    def quiet_since(self):
        """A refusal after this day is too young for the same proposal."""
        return self.date - timedelta(days=self.program.quiet_days)

    @cached_property
    def rates(self):
        """Rates of the companies' currencies, read once per scope."""
        if not self.account_ids:
            return Rates.of(self)
        return Rates.of(self, SQL(
            "commercial_partner_id IN (SELECT partner_id FROM kam_account_entity WHERE account_id = ANY(%s))",
            list(self.account_ids)))

    @cached_property
    def reader_env(self):
        """Texts are for those who decide: in the language of the first champion, else in that of whoever runs."""
        lang = self.program.champion_ids[:1].lang
        return self.env(context=dict(self.env.context, lang=lang)) if lang else self.env

    def sources(self):
        """The shared relations of the ledger, as a list of (name, SQL). A relation may read those before it."""
        from . import ledger  # ledger needs Scope's window only at call time
        return [
            ('kam_rate', self.rates.table()),
            ('kam_document', ledger.documents(self)),
            ('kam_claim', ledger.claims(self)),
            ('kam_year', ledger.years(self)),
            ('kam_trade', ledger.trade(self)),
            ('kam_open', ledger.open_items(self)),
            ('kam_category', ledger.categories(self)),
        ]

    def with_sources(self, select, *more):
        """`select` with the shared relations, and those of `more` (name, SQL), in front of it.

        PostgreSQL evaluates only those which are used, each once: one that no metric of the model reads costs nothing.
        """
        return with_relations([*self.sources(), *more], select)

    @staticmethod
    def partner_ids(account):
        """Ids of the entities of an account (commercial partners), for the domain of the documents behind a value."""
        # sudo: the value covers every entity of the account; the rules of the documents decide what a reader sees.
        return account.sudo().entity_ids.partner_id.ids

    def documents_domain(self, account):
        """Posted customer documents of all entities of one account, in the companies of the programme."""
        return [
            ('commercial_partner_id', 'in', self.partner_ids(account)),
            ('company_id', 'in', list(self.company_ids)),
            ('state', '=', 'posted'),
            ('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt')),
        ]
