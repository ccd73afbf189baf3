"""What the customer costs us beyond the goods, and what it leaves (N8; S17, S18, S91).

Counted once each: goods and what credit notes have taken are in the gross margin; here are our hours and the money
that came late. Freight and commissions count as far as they are costs of invoiced products.
"""
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import METRICS, metric
from .ledger import FACTOR
from .margin import gross_margin_amount
from .overdue import documents_of_moves
from .sales import documents_of_year

_lt = LazyTranslate(__name__)
# Hours of a day in a meeting that has no hours.
DAY_HOURS = 8


def _late_days(scope):
    """SQL on kam_claim: amount * days after the due date, of what was settled late and of what is still open."""
    return SQL("(paid_days + GREATEST(claim - paid, 0) * (%s::date - due))", scope.date)


def documents_late(scope, account):
    return documents_of_moves(scope, account, SQL(
        "SELECT DISTINCT move_id FROM kam_claim WHERE %s > 0", _late_days(scope)))


def timesheets(scope, account):
    return 'account.analytic.line', [
        ('project_id', '!=', False),
        ('partner_id.commercial_partner_id', 'in', scope.partner_ids(account)),
        ('company_id', 'in', list(scope.company_ids)), ('date', '>', scope.date_from), ('date', '<=', scope.date)]


@metric('late_payment_cost', label=_lt("Cost of Late Payment"), unit='currency', zero=1000, full=0,
        documents=documents_late,
        help=_lt("What it cost to wait for the money that fell due in the last 12 months, at the cost of capital of "
                 "the programme."))
def late_payment_cost(scope):
    """Cost of late payment in programme currency, rounded to 2 decimals: T / 365 * k / 100. Lower is better.

    T as in `collection_timeliness`: over what fell due in (date - 1 year, date], sum over the parts settled late of
    amount * days late, and over the parts still open of amount * days until the as-of date. k is the setting
    `cost_of_capital` of the programme, percent per year, as it is today. Claims that fell due before the window do not
    count: `oldest_overdue` shows them. No value when nothing fell due. Source: N8, S18 "cost to serve", S75.
    """
    return SQL(
        """SELECT account_id, ROUND(SUM(%(late)s) * %(percent)s::numeric / 36500, 2) AS value
             FROM kam_claim GROUP BY account_id""",
        late=_late_days(scope), percent=str(scope.program.cost_of_capital))


@metric('own_hours_cost', label=_lt("Cost of Own Hours"), unit='currency', zero=20000, full=0, documents=timesheets,
        requires=('hr_timesheet',),
        help=_lt("Hours on projects and tasks of the customer in the last 12 months, at the hourly cost of the "
                 "employees."))
def own_hours_cost(scope):
    """Cost of our hours in programme currency, rounded to 2 decimals. Lower is better.

    Sum of the cost of the timesheets (hours * hourly cost of the employee when they were written) of the programme's
    companies with date in (date - 1 year, date] whose customer, that of the task or else of the project, belongs to an
    entity of the account; converted at the date of the timesheet. No value without timesheets, and none when no
    employee has an hourly cost: that is cost unknown. Source: N8 "our own hours", S18.
    """
    return SQL(
        """SELECT account.id AS account_id, NULLIF(ROUND(SUM(-sheet.amount * %(factor)s), 2), 0) AS value
             FROM account_analytic_line sheet
             JOIN res_partner partner ON partner.id = sheet.partner_id
             JOIN kam_account_entity entity ON entity.partner_id = partner.commercial_partner_id
             JOIN kam_account account ON account.id = entity.account_id
        LEFT JOIN kam_rate rate ON rate.company_id = sheet.company_id AND rate.date = sheet.date
            WHERE %(accounts)s AND sheet.project_id IS NOT NULL AND sheet.company_id = ANY(%(companies)s)
              AND sheet.date > %(start)s AND sheet.date <= %(date)s
         GROUP BY account.id""",
        factor=FACTOR, accounts=scope.accounts, companies=list(scope.company_ids), start=scope.date_from,
        date=scope.date)


def meeting_cost(scope):
    """Select of (account_id, value): our hours in meetings with the customer, at `hour_cost` of the programme.

    Hours of each meeting of the calendar in (date - 1 year, date] that somebody of an entity attends * our users who
    attend it and have not declined. A day without hours counts 8. A meeting with two accounts counts for both.
    """
    return SQL(
        """SELECT meeting.account_id, ROUND(SUM(meeting.hours * staff.people)::numeric * %(cost)s::numeric, 2) AS value
             FROM (SELECT DISTINCT account.id AS account_id, event.id AS event_id,
                          CASE WHEN event.allday THEN %(day)s * (event.stop_date - event.start_date + 1)
                               ELSE event.duration END AS hours
                     FROM kam_account account
                     JOIN kam_account_entity entity ON entity.account_id = account.id
                     JOIN res_partner contact ON contact.commercial_partner_id = entity.partner_id
                     JOIN calendar_event_res_partner_rel theirs ON theirs.res_partner_id = contact.id
                     JOIN calendar_event event ON event.id = theirs.calendar_event_id AND event.active
                    WHERE %(accounts)s AND event.start::date > %(start)s AND event.start::date <= %(date)s) meeting
             JOIN (SELECT ours.calendar_event_id AS event_id, COUNT(DISTINCT ours.res_partner_id) AS people
                     FROM calendar_event_res_partner_rel ours
                     JOIN res_users holder ON holder.partner_id = ours.res_partner_id AND NOT holder.share
                LEFT JOIN calendar_attendee answer ON answer.event_id = ours.calendar_event_id
                                                  AND answer.partner_id = ours.res_partner_id
                    WHERE answer.state IS DISTINCT FROM 'declined'
                 GROUP BY ours.calendar_event_id) staff ON staff.event_id = meeting.event_id
         GROUP BY meeting.account_id""",
        cost=str(scope.program.hour_cost), day=DAY_HOURS, accounts=scope.accounts, start=scope.date_from,
        date=scope.date)


@metric('cost_to_serve', label=_lt("Cost to Serve"), unit='currency', zero=20000, full=0, documents=documents_late,
        help=_lt("What the customer cost in the last 12 months beyond the goods: late payment, hours on its projects "
                 "where timesheets are kept, and meetings where the programme says what an hour costs."))
def cost_to_serve(scope):
    """Cost to serve in programme currency: `late_payment_cost` + `own_hours_cost` + cost of meetings. Lower is better.

    Own hours count where hr_timesheet is installed. Meetings (`meeting_cost`) count where the setting `hour_cost` of
    the programme is above 0: leave it at 0 where meetings are written on timesheets too. Margin lost by credit notes is
    in the gross margin already and does not count again. A part without data counts 0; no value when no part has any.
    The documents shown are those paid late. Source: N8, S18 "cost to serve", S91.
    """
    parts = [late_payment_cost(scope)]
    if METRICS['own_hours_cost'].is_available(scope.env):
        parts.append(own_hours_cost(scope))
    if scope.program.hour_cost:
        parts.append(meeting_cost(scope))
    return SQL(
        "SELECT account_id, SUM(value) AS value FROM (%s) part GROUP BY account_id", SQL(" UNION ALL ").join(parts))


@metric('net_account_value', label=_lt("Net Account Value"), unit='currency', zero=0, full=30000,
        documents=documents_of_year,
        help=_lt("What the customer leaves of the last 12 months: gross margin less the cost to serve."))
def net_account_value(scope):
    """Net account value in programme currency: `gross_margin_amount` - `cost_to_serve`, the latter 0 where unknown.

    May be negative. No value where the gross margin has none. The documents shown are those of the margin. Source: N8,
    S17, S18, S38, S70.
    """
    return SQL(
        """SELECT margin.account_id, margin.value - COALESCE(cost.value, 0) AS value
             FROM (%s) margin LEFT JOIN (%s) cost ON cost.account_id = margin.account_id""",
        gross_margin_amount(scope), cost_to_serve(scope))
