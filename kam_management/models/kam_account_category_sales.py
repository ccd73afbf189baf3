from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ..ledger.sales import Sales


class KamAccount(models.Model):
    """What we sell to accounts by product category, for wallets and forecasts."""
    _inherit = 'kam.account'

    def _category_sales(self):
        """{(account id, entity id, category id): (last 12 months, 12 months before)} of these accounts.

        Net of tax, in programme currency at invoice date, credit notes subtracted; categories as in
        `kam.program._wallet_columns`. One statement per programme. The caller has checked that the reader may read
        the accounts.
        """
        today = fields.Date.context_today(self)
        start = today - relativedelta(years=1)
        sales = {}
        for program, accounts in self.grouped('program_id').items():
            ledger = Sales.of(program, start - relativedelta(years=1) + timedelta(days=1), today)
            for account_id, entity_id, categ_id, now, before in accounts._grouped_sales(ledger, SQL(
                """ROUND(SUM(amount) FILTER (WHERE date > %(start)s), 2),
                   ROUND(SUM(amount) FILTER (WHERE date <= %(start)s), 2)""", start=start)):
                sales[account_id, entity_id, categ_id] = (float(now or 0), float(before or 0))
        return sales

    def _quarterly_sales(self, first, last):
        """{(account id, entity id or 0 for all, category id, first day of the quarter): (revenue, margin)}.

        As `_category_sales`. The margin is that of the lines whose cost is known: a line without cost would pass for
        pure profit.

        :param first: first day of the first quarter
        :param last: first day of the last quarter
        """
        sales = {}
        for program, accounts in self.grouped('program_id').items():
            ledger = Sales.of(program, first, last + relativedelta(months=3, days=-1))
            for account_id, entity_id, categ_id, quarter, revenue, margin in accounts._grouped_sales(
                    ledger, SQL("ROUND(SUM(amount), 2), ROUND(COALESCE(SUM(amount - cost), 0), 2)"),
                    SQL("DATE_TRUNC('quarter', line.date)::date")):
                for who in (entity_id, 0):
                    key = account_id, who, categ_id, quarter
                    before = sales.get(key, (0.0, 0.0))
                    sales[key] = (before[0] + float(revenue), before[1] + float(margin))
        return sales

    def _grouped_sales(self, ledger, figures, group=None):
        """Rows of (account id, entity id, column category id, [group,] figures) of these accounts of one programme.

        :param figures: SQL of aggregates over the lines of `Sales.lines`
        :param group: SQL of one more thing to group by
        """
        columns = self.program_id._wallet_columns()
        if not columns:
            return []
        ledger.flush()
        more = SQL(", %s", group) if group else SQL()
        return self.env.execute_query(SQL(
            """SELECT line.account_id, line.partner_id, kept.categ_id %(more)s, %(figures)s
                 FROM (%(lines)s) line
                 JOIN unnest(%(below)s::int[], %(columns)s::int[]) AS kept (below_id, categ_id)
                   ON kept.below_id = line.categ_id
             GROUP BY line.account_id, line.partner_id, kept.categ_id %(more)s""",
            more=more, figures=figures, lines=ledger.lines(SQL("account.id = ANY(%s)", self.ids)),
            below=list(columns), columns=list(columns.values())))
