"""Currency rates of a scope, by the rule of Odoo's own conversions (`res.currency._get_rates`)."""
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from odoo.tools import SQL

CUSTOMER_DOCUMENTS = ('out_invoice', 'out_refund', 'out_receipt')
ONE = Decimal(1)
ALL = SQL("TRUE")


def rate_on(series, day):
    """The rate of one currency on a day.

    :param series: list of lists [(date, rate)…] sorted by date: the company's own rates first, then the global ones
    :return: the latest rate up to the day, the company's own before a global one; without any, the first later one
        in the same order; without any rate, 1

    >>> from datetime import date
    >>> own, world = [(date(2024, 1, 10), Decimal('2'))], [(date(2024, 1, 1), Decimal('3'))]
    >>> [str(rate_on([own, world], date(2024, 1, day))) for day in (9, 10)]
    ['3', '2']
    >>> str(rate_on([own, []], date(2023, 1, 1))), str(rate_on([[], []], date(2023, 1, 1)))
    ('2', '1')
    """
    for rates in series:
        position = bisect_right(rates, day, key=lambda row: row[0])
        if position:
            return rates[position - 1][1]
    for rates in series:
        if rates:
            return rates[0][1]
    return ONE


@dataclass
class Rates:
    """What turns the currency of each company into that of the programme, day by day.

    amount in programme currency = amount in company currency * rate(programme currency) / rate(company currency), both
    on the date of the document (invoice_date), without rounding; sums are rounded, not lines.
    """
    rows: list = field(default_factory=list)  # (company_id, date, rate of the programme's, rate of the company's)
    missing: list = field(default_factory=list)  # names of currencies without any rate that would have been needed

    @classmethod
    def of(cls, scope, documents=ALL):
        """Rates of every day of the scope's two years, and of the days of documents before them.

        :param scope: has env, program, company_ids, currency, date, date_prior and date_from (the days after which the
            two years and their second one begin), and date_oldest: documents after that day may count too
        :param documents: SQL condition on account_move: those that count, where they are few
        """
        target = scope.currency
        companies = scope.program.env['res.company'].browse(scope.company_ids)
        foreign = companies.filtered(lambda company: company.currency_id != target)
        used = cls._used(scope, documents)
        # (currency, root company or None) -> [(date, rate)]
        series = cls._series(scope, companies)
        rates = cls(missing=cls._missing(scope, companies, used, series))
        older = cls._older_days(scope, foreign, documents)
        # Every day of the window: not only documents are dated, hours and orders are too.
        window = [scope.date - timedelta(days=offset) for offset in range((scope.date - scope.date_prior).days)]
        for company in foreign:
            to_target = cls._of_company(series, target, company)
            to_company = cls._of_company(series, company.currency_id, company)
            for day in (*older.get(company.id, ()), *window):
                rates.rows.append((company.id, day, rate_on(to_target, day), rate_on(to_company, day)))
        return rates

    @staticmethod
    def _of_company(series, currency, company):
        return [series.get((currency.id, company.root_id.id), []), series.get((currency.id, None), [])]

    @staticmethod
    def _used(scope, documents):
        """(company_id, currency_id, whether some document was booked at 1) of documents that may count.

        A claim falls due in the window although its invoice may be older; invoice_date_due is the latest due date.
        """
        return scope.env.execute_query(SQL(
            """SELECT company_id, currency_id, BOOL_OR(invoice_currency_rate = 1)
                 FROM account_move
                WHERE company_id = ANY(%(companies)s) AND state = 'posted' AND move_type IN %(types)s
                  AND invoice_date <= %(date)s AND (invoice_date > %(oldest)s OR invoice_date_due > %(start)s)
                  AND %(documents)s
             GROUP BY company_id, currency_id""",
            companies=list(scope.company_ids), types=CUSTOMER_DOCUMENTS, documents=documents,
            date=scope.date, oldest=scope.date_oldest, start=scope.date_from))

    @staticmethod
    def _older_days(scope, foreign, documents):
        """{company_id: [days before the window with a document]} of the companies with another currency.

        Not every day since the first one: a mistyped year would make a table of centuries.
        """
        if not foreign or scope.date_oldest >= scope.date_prior:
            return {}
        return dict(scope.env.execute_query(SQL(
            """SELECT company_id, ARRAY_AGG(DISTINCT invoice_date)
                 FROM account_move
                WHERE company_id = ANY(%(companies)s) AND state = 'posted' AND move_type IN %(types)s
                  AND invoice_date <= %(prior)s AND invoice_date > %(oldest)s AND %(documents)s
             GROUP BY company_id""",
            companies=foreign.ids, types=CUSTOMER_DOCUMENTS, documents=documents, prior=scope.date_prior,
            oldest=scope.date_oldest)))

    @staticmethod
    def _series(scope, companies):
        series = {}
        for currency_id, company_id, day, rate in scope.env.execute_query(SQL(
            """SELECT currency_id, company_id, name, rate FROM res_currency_rate
                WHERE company_id IS NULL OR company_id = ANY(%s) ORDER BY name""",
            companies.root_id.ids,
        )):
            series.setdefault((currency_id, company_id), []).append((day, rate))
        return series

    @classmethod
    def _missing(cls, scope, companies, used, series):
        """Currencies counted 1:1 for want of a rate: those of documents booked at 1, and the programme's."""
        Currency = scope.env['res.currency']
        found = set()
        for company in companies:
            def known(currency, company=company):
                return any(cls._of_company(series, currency, company))
            booked = [Currency.browse(row[1]) for row in used if row[0] == company.id and row[2]]
            found.update(currency.name for currency in booked if currency != company.currency_id
                         and not known(currency) and not known(company.currency_id))
            if scope.currency != company.currency_id and not known(scope.currency) and not known(company.currency_id):
                found.add(scope.currency.name)
        return sorted(found)

    def table(self):
        """A select of (company_id, date, target, source), one row per day of a company with another currency."""
        columns = list(zip(*self.rows, strict=True)) or [[], [], [], []]
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::date[], %s::numeric[], %s::numeric[]) "
            "AS rate (company_id, date, target, source)", *map(list, columns))
