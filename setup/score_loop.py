"""The rival of setup/benches/score.py: six figures of an account as an addon would compute them with the ORM.

An honest loop: the same documents, days and currencies as the metrics of scoring, with a query for each account and
figure, summed by PostgreSQL where the ORM can do so, and otherwise read with prefetching.
"""
import time
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

SAMPLE = 200


def seconds(env, program, day):
    """Seconds for all accounts of a programme, by a sample of every nth."""
    accounts = env["kam.account"].search([("program_id", "=", program.id)], order="id")
    sample = accounts[::max(1, len(accounts) // SAMPLE)]
    env.invalidate_all()
    begin = time.perf_counter()
    for account in sample:
        figures(account, day)
    return (time.perf_counter() - begin) / len(sample) * len(accounts)


def figures(account, day):
    start, prior = day - relativedelta(years=1), day - relativedelta(years=2)
    revenue, before = turnover(account, start, day), turnover(account, prior, start)
    cost = costs(account, start, day)
    claim, paid, late = claims(account, start, day)
    return {
        "revenue": revenue,
        "growth": 100 * (revenue - before) / before if before > 0 else None,
        "margin": 100 * (revenue - cost) / revenue if revenue > 0 and cost else None,
        "collection_rate": 100 * paid / claim if claim else None,
        "collection_timeliness": late / claim if claim else None,
        "influence": int(account.influence) if account.influence else None,
    }


def documents(account, start, day):
    # Odoo writes the commercial partner on the lines, and has an index on it.
    return [
        ("partner_id", "in", account.entity_ids.partner_id.ids), ("parent_state", "=", "posted"),
        ("company_id", "in", account.program_id.company_ids.ids), ("display_type", "=", "product"),
        ("move_id.move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
        ("invoice_date", ">", start), ("invoice_date", "<=", day)]


def converted(account, amount, company, day):
    return company.currency_id._convert(amount, account.program_id.currency_id, company, day, round=False)


def turnover(account, start, day):
    groups = account.env["account.move.line"]._read_group(
        documents(account, start, day), ["company_id", "invoice_date:day"], ["balance:sum"])
    return round(sum(converted(account, -balance, company, when) for company, when, balance in groups), 2)


def costs(account, start, day):
    total = 0
    for line in account.env["account.move.line"].search(documents(account, start, day)):
        product = line.product_id.with_company(line.company_id)
        quantity = line.product_uom_id._compute_quantity(line.quantity, product.uom_id, round=False)
        sign = -1 if line.move_id.move_type == "out_refund" else 1
        total += converted(account, sign * quantity * product.standard_price, line.company_id, line.invoice_date)
    return round(total, 2)


def claims(account, start, day):
    """What fell due, what has been paid of it, and amount times days beyond terms."""
    claim = paid = late = 0
    lines = account.env["account.move.line"].search([
        ("partner_id", "in", account.entity_ids.partner_id.ids), ("parent_state", "=", "posted"),
        ("company_id", "in", account.program_id.company_ids.ids), ("account_type", "=", "asset_receivable"),
        ("move_id.move_type", "in", ("out_invoice", "out_receipt")), ("balance", ">", 0),
        ("date_maturity", ">", start), ("date_maturity", "<=", day), ("invoice_date", "<=", day)])
    for line in lines:
        settled = defaultdict(float)
        days = 0
        for part in line.matched_credit_ids:
            if part.max_date <= day:
                is_credit = part.credit_move_id.move_id.move_type == "out_refund"
                settled[is_credit] += part.amount
                days += 0 if is_credit else part.amount * max((part.max_date - line.date_maturity) / timedelta(1), 0)
        rest = line.balance - settled[True]
        if rest > 0:
            days += max(rest - settled[False], 0) * (day - line.date_maturity).days
            due, got, beyond = (converted(account, amount, line.company_id, line.invoice_date)
                                for amount in (rest, settled[False], days))
            claim, paid, late = claim + due, paid + got, late + beyond
    return claim, paid, late
