from odoo.tools import SQL

# What a source says of a figure that is not its own.
FIGURES = {
    **dict.fromkeys(('issues_reported', 'issues_late', 'promises_due', 'promises_kept', 'reviews_held'),
                    SQL("NULL::bigint")),
    'satisfaction': SQL("NULL::float8"),
}


class ServiceRows:
    """How the accounts of a programme were looked after, by month: one select over all of them, for `AnalysisRows`.

    What did not happen is NULL and not 0: who was not asked is not dissatisfied, and most months of most accounts take
    no room for it.

    :param first: first day of the first month
    :param today: the last day that counts
    """

    def __init__(self, program, first, today):
        self.program = program
        self.first = first
        self.today = today

    def rows(self):
        """Select of (account_id, month, *FIGURES); a row where there is any figure."""
        sources = SQL(" UNION ALL ").join(
            (self._reported(), self._resolved_late(), self._promises(), self._reviews(), self._satisfaction()))
        return SQL(
            """SELECT account_id, month, %(figures)s FROM (%(sources)s) figure
                WHERE account_id IS NOT NULL GROUP BY account_id, month""",
            # Each figure comes from one source alone.
            figures=SQL(", ").join(SQL("MAX(%(name)s) AS %(name)s", name=SQL.identifier(name)) for name in FIGURES),
            sources=sources)

    def _source(self, table, moment, where, **figures):
        """Figures of the rows of a table by account and month."""
        columns = SQL(", ").join(
            SQL("%s AS %s", figures.get(name, unknown), SQL.identifier(name)) for name, unknown in FIGURES.items())
        return SQL(
            """SELECT account_id, DATE_TRUNC('month', %(moment)s)::date AS month, %(columns)s
                 FROM %(table)s
                WHERE program_id = %(program)s AND %(moment)s >= %(first)s
                  AND %(moment)s < %(today)s::date + 1 AND %(where)s
             GROUP BY account_id, DATE_TRUNC('month', %(moment)s)::date""",
            table=table, moment=SQL.identifier(moment), columns=columns, program=self.program.id,
            first=self.first, today=self.today, where=where)

    def _reported(self):
        return self._source(SQL("kam_issue"), 'date_reported', SQL("TRUE"), issues_reported=SQL("COUNT(*)"))

    def _resolved_late(self):
        return self._source(
            SQL("kam_issue"), 'date_resolved', SQL("date_resolution_due < date_resolved"), issues_late=SQL("COUNT(*)"))

    def _promises(self):
        return self._source(
            SQL("kam_promise_result"), 'date', SQL("total > 0"), promises_due=SQL("SUM(total)"),
            promises_kept=SQL("SUM(kept)"))

    def _reviews(self):
        return self._source(SQL("kam_review"), 'date', SQL("state IN ('held', 'closed')"), reviews_held=SQL("COUNT(*)"))

    def _satisfaction(self):
        return self._source(
            # At reviews and in surveys, as on the account.
            SQL("(%s) voice", self.program.env['kam.voice']._table_query), 'date', SQL("topic = 'satisfaction'"),
            satisfaction=SQL("AVG(points)::float8"))
