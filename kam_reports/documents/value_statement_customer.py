from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL, formatLang
from odoo.tools.misc import format_date, get_lang

from odoo.addons.kam_management.ledger.sales import Sales

# From so many invoices out of a hundred on, words say it better than a number.
NEARLY_ALL, MOST = 95, 75
# A change of less than so many percent is none.
STEADY = 2


@dataclass(frozen=True)
class CustomerStatement:
    """What goes to the customer: sentences and names, and nothing that says how we see that customer.

    There is no record and no figure in here that the customer does not know from its own books. The statement for
    ourselves has a template and data of its own (`value_statement_internal`).
    """
    customer: str
    lang: str
    period: str
    received: list  # sentences: what the customer got
    given: list  # sentences: what we got
    people: list  # (name, what they do for the customer)
    company: Any  # res.company whose letterhead it is on


@dataclass(frozen=True)
class Trade:
    """Documents of the twelve months, in the currency of the programme."""
    bought: float = 0
    bought_before: float = 0
    discounts: float = 0
    invoices: int = 0
    credit_notes: int = 0
    credited: float = 0
    orders: int = 0
    orders_delivered: int = 0
    due: int = 0
    paid_in_time: int = 0
    meetings: int = 0


class ReportValueStatementCustomer(models.AbstractModel):
    """The two-way value statement that a customer reads (N9).

    Figures cover all entities of the account in all companies of the programme, whoever prints it: the account is
    checked, documents are counted and summed past their own rules.
    """
    _name = 'report.kam_reports.value_statement_customer'
    _description = "Value Statement for the Customer"

    def _get_report_values(self, docids, data=None):
        accounts = self.env['kam.account'].browse(docids)
        accounts.check_access('read')
        return {
            'doc_ids': docids, 'doc_model': 'kam.account',
            'statements': [self._statement(account) for account in accounts]}

    def _statement(self, account):
        # The customer's name, language and companies are part of the account, whoever may read it (sudo).
        account = account.sudo()
        lang = get_lang(self.env, account.partner_id.lang).code
        account = account.with_context(lang=lang)
        until = fields.Date.context_today(self)
        since = until - relativedelta(years=1)
        trade = self._trade(account, since, until)
        companies = account.company_ids
        return CustomerStatement(
            customer=account.partner_id.name or "", lang=lang,
            period=f"{format_date(account.env, since + relativedelta(days=1))} – {format_date(account.env, until)}",
            received=list(self._received(account, trade)), given=list(self._given(account, trade)),
            people=self._team(account),
            company=self.env.company if self.env.company in companies else companies[:1])

    # Sentences, in the language of the customer

    def _received(self, account, trade):
        env = account.env
        if trade.orders_delivered:
            yield env._("You placed %(orders)s orders with us, of which %(delivered)s are delivered in full.",
                        orders=trade.orders, delivered=trade.orders_delivered)
        elif trade.orders:
            yield env._("You placed %s orders with us.", trade.orders)
        if trade.invoices:
            yield env._("You received goods and services for %(amount)s.", amount=self._money(account, trade.bought))
        if trade.discounts >= 1:
            yield env._("Our prices for you were %(amount)s below our list prices.",
                        amount=self._money(account, trade.discounts))
        if trade.credit_notes:
            yield env._("Where something was not right, we settled it (credit notes: %(count)s, %(amount)s).",
                        count=trade.credit_notes, amount=self._money(account, trade.credited))
        if trade.meetings:
            yield env._("We met %s times, at your place, at ours, or on screen.", trade.meetings)

    def _given(self, account, trade):
        env = account.env
        if account.date_first_invoice:
            yield env._("You have been our customer since %s.", account.date_first_invoice.year)
        if trade.bought_before > 0 and trade.bought > 0:
            change = round(100 * (trade.bought - trade.bought_before) / trade.bought_before)
            if change >= STEADY:
                yield env._("You bought %s %% more than in the year before. Thank you for growing with us.", change)
            elif change > -STEADY:
                yield env._("You bought as much as in the year before. Thank you for your loyalty.")
            else:
                yield env._("In the year before, you bought goods and services for %s.",
                            self._money(account, trade.bought_before))
        if trade.due:
            part = 100 * trade.paid_in_time / trade.due
            if part >= NEARLY_ALL:
                yield env._("You pay in time, which helps us to plan.")
            elif part >= MOST:
                yield env._("You pay most invoices in time.")
            else:
                yield env._("Of %(due)s invoices that fell due, %(paid)s were paid in time.",
                            due=trade.due, paid=trade.paid_in_time)

    @staticmethod
    def _money(account, amount):
        return f"{formatLang(account.env, amount, digits=0)} {account.currency_id.name}"

    @staticmethod
    def _team(account):
        """Whom the customer may call."""
        env = account.env
        team = [(account.manager_id.name, env._("your account manager")),
                (account.sponsor_id.name, env._("of our management"))]
        return [(name, role) for name, role in team if name]

    # Facts

    def _trade(self, account, since, until):
        sales = Sales.of(account.program_id, since - relativedelta(years=1, days=-1), until)
        self.env.flush_all()  # the statements read tables
        scope = {'account': account.id, 'since': since, 'until': until, 'companies': list(sales.company_ids)}
        bought, before, invoices, credit_notes, credited = self._row(SQL(
            """SELECT ROUND(SUM(line.amount) FILTER (WHERE line.date > %(since)s), 2),
                      ROUND(SUM(line.amount) FILTER (WHERE line.date <= %(since)s), 2),
                      COUNT(DISTINCT move.id) FILTER (WHERE line.date > %(since)s AND move.move_type != 'out_refund'),
                      COUNT(DISTINCT move.id) FILTER (WHERE line.date > %(since)s AND move.move_type = 'out_refund'),
                      ROUND(-SUM(line.amount) FILTER (
                            WHERE line.date > %(since)s AND move.move_type = 'out_refund'), 2)
                 FROM (%(lines)s) line JOIN account_move move ON move.id = line.move_id""",
            since=since, lines=sales.lines(SQL("account.id = %s", account.id))))
        orders, delivered = self._row(self._orders(**scope))
        due, paid_in_time = self._row(self._payments(**scope))
        return Trade(
            bought=float(bought or 0), bought_before=float(before or 0), invoices=invoices, credit_notes=credit_notes,
            credited=float(credited or 0), orders=orders, orders_delivered=delivered, due=due,
            paid_in_time=paid_in_time, discounts=float(self._row(self._discounts(sales, **scope))[0] or 0),
            meetings=self._row(self._meetings(**scope))[0])

    def _row(self, query):
        return self.env.execute_query(query)[0]

    @staticmethod
    def _orders(account, since, until, companies):
        """(confirmed orders, those of which every line is delivered)"""
        return SQL(
            """SELECT COUNT(*), COUNT(*) FILTER (WHERE is_delivered)
                 FROM (
                   SELECT COALESCE(BOOL_AND(line.qty_delivered >= line.product_uom_qty), FALSE) AS is_delivered
                     FROM kam_account_entity entity
                     JOIN res_partner contact ON contact.commercial_partner_id = entity.partner_id
                     JOIN sale_order sale ON sale.partner_id = contact.id AND sale.state = 'sale'
                          AND sale.company_id = ANY(%(companies)s)
                          AND sale.date_order::date > %(since)s AND sale.date_order::date <= %(until)s
                LEFT JOIN sale_order_line line ON line.order_id = sale.id AND line.display_type IS NULL
                          AND line.product_uom_qty > 0
                    WHERE entity.account_id = %(account)s
                 GROUP BY sale.id
               ) sale""", account=account, since=since, until=until, companies=companies)

    @staticmethod
    def _discounts(sales, account, since, until, companies):
        """What the discounts on invoice lines add up to; a line for nothing has no price to speak of."""
        return SQL(
            """SELECT ROUND(SUM(-line.balance * line.discount / (100 - line.discount)
                                * COALESCE(rate.target / rate.source, 1))::numeric, 2)
                 FROM kam_account_entity entity
                 JOIN account_move move ON move.commercial_partner_id = entity.partner_id AND move.state = 'posted'
                      AND move.company_id = ANY(%(companies)s) AND move.move_type IN ('out_invoice', 'out_receipt')
                      AND move.invoice_date > %(since)s AND move.invoice_date <= %(until)s
                 JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
                      AND line.discount > 0 AND line.discount < 100
            LEFT JOIN (%(rates)s) rate ON rate.company_id = move.company_id AND rate.date = move.invoice_date
                WHERE entity.account_id = %(account)s""",
            account=account, since=since, until=until, companies=companies, rates=sales.rates.table())

    @staticmethod
    def _payments(account, since, until, companies):
        """(invoices that fell due, those of which nothing was open any more on that day)"""
        return SQL(
            """SELECT COUNT(*), COUNT(*) FILTER (WHERE residual = 0 AND COALESCE(date_paid <= date_due, TRUE))
                 FROM (
                   SELECT move.invoice_date_due AS date_due, move.amount_residual AS residual,
                          MAX(part.max_date) AS date_paid
                     FROM kam_account_entity entity
                     JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                          AND move.state = 'posted' AND move.move_type = 'out_invoice'
                          AND move.company_id = ANY(%(companies)s)
                          AND move.invoice_date_due > %(since)s AND move.invoice_date_due < %(until)s
                LEFT JOIN account_move_line line ON line.move_id = move.id AND line.balance > 0
                LEFT JOIN account_partial_reconcile part ON part.debit_move_id = line.id
                    WHERE entity.account_id = %(account)s
                 GROUP BY move.id
               ) invoice""", account=account, since=since, until=until, companies=companies)

    @staticmethod
    def _meetings(account, since, until, companies):
        """Meetings that have taken place of people of the customer and people of ours."""
        return SQL(
            """SELECT COUNT(DISTINCT event.id)
                 FROM kam_account_entity entity
                 JOIN res_partner contact ON contact.commercial_partner_id = entity.partner_id
                 JOIN calendar_event_res_partner_rel theirs ON theirs.res_partner_id = contact.id
                 JOIN calendar_event event ON event.id = theirs.calendar_event_id AND event.active
                      AND event.start::date > %(since)s AND event.start::date <= %(until)s
                 JOIN calendar_event_res_partner_rel ours ON ours.calendar_event_id = event.id
                 JOIN res_users holder ON holder.partner_id = ours.res_partner_id AND NOT holder.share
                WHERE entity.account_id = %(account)s""", account=account, since=since, until=until)
