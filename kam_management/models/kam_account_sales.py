from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ..ledger.sales import Sales


class KamAccount(models.Model):
    """What posted invoices say about an account, for plans."""
    _inherit = 'kam.account'

    def _yearly_sales(self, entity=None):
        """{account id: (revenue, revenue before, margin %)} of the last 12 months and of those before.

        Net of tax, in programme currency at invoice date; revenue before and margin are None where nothing is known.
        The caller has checked that the reader may read the account.

        :param entity: one legal entity only
        """
        today = fields.Date.context_today(self)
        start = today - relativedelta(years=1)
        result = {}
        for program, accounts in self.grouped('program_id').items():
            sales = Sales.of(program, start - relativedelta(years=1) + timedelta(days=1), today)
            sales.flush()
            condition = SQL("account.id = ANY(%s)", accounts.ids)
            if entity:
                condition = SQL("%s AND entity.partner_id = %s", condition, entity.id)
            for account_id, *figures in self.env.execute_query(SQL(
                """SELECT account_id, COALESCE(ROUND(SUM(amount) FILTER (WHERE date > %(start)s), 2), 0),
                          ROUND(SUM(amount) FILTER (WHERE date <= %(start)s), 2),
                          ROUND(SUM(cost) FILTER (WHERE date > %(start)s), 2)
                     FROM (%(lines)s) line GROUP BY account_id""", start=start, lines=sales.lines(condition),
            )):
                revenue, before, cost = (figure if figure is None else float(figure) for figure in figures)
                margin = 100 * (revenue - cost) / revenue if cost is not None and revenue > 0 else None
                result[account_id] = (revenue, before, margin)
        return result
