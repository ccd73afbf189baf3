"""The rules by which the lines of a purchase file become the books of a seller, and the records of these books.

Plain Python, the same result on every machine: setup/dataset_read.py reads files into documents, dataset_ledger.py adds
payments, dataset_load.py writes it all into Odoo. Amounts are whole pence.

Which lines are used
    no customer           CustomerID is empty: skipped
    not a sale            InvoiceNo is neither digits nor C and digits (bad debts and the like): skipped
    zero quantity         skipped
    wrong sign            quantity above zero on a credit note, below zero on an invoice: skipped
    negative price        skipped
    price zero            kept: a gift, which has no revenue but a cost
    exact duplicates      kept: whether an item was keyed in twice or bought twice cannot be told
    postage, manual …     kept: a StockCode that does not begin with five digits is a service, without cost

Documents
    One document per InvoiceNo and customer, dated with its first line; a leading C makes it a credit note. A line is
    worth quantity x price, rounded half up to the penny. A customer's country is the one of most of his lines, a
    product's name its most frequent description (the first in the alphabet where several are equally frequent).

Costs
    A product costs 40 to 85 % of the median price of its lines (the lower one of two, gifts left out), by its
    StockCode.

Payments, by the CustomerID and never by chance
    Terms are 15, 30, 30 or 45 days. 20 % of customers pay 1 to 10 days early, 35 % when due, 25 % 5 to 25 days late,
    12 % 30 to 75 days late, and 8 % pay 10 to 30 days late and only 60 % of what is open on an invoice. A single
    invoice is paid up to 3 days sooner than that, by its InvoiceNo, and never before its date. What a customer pays on
    one day is one payment. Nothing happens after the last day of the files: later payments are not made, their
    invoices stay open. A credit note first settles the customer's open invoices, the oldest first; the rest waits for
    the next invoices and is set against them on their date. On one day come invoices, then credit notes, then payments.
"""
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

PENNY = Decimal("0.01")


@dataclass(slots=True)
class Line:
    stock_code: str
    description: str
    quantity: Decimal
    price: Decimal
    pence: int


@dataclass(slots=True, eq=False)
class Document:
    """An invoice or a credit note; amounts and quantities are above zero on both."""

    number: str
    customer: str
    is_credit: bool
    date: date
    due: date = None
    lines: list = field(default_factory=list)
    total: int = 0
    open: int = 0
    settlements: list = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Payment:
    customer: str
    date: date
    total: int
    documents: list
    open: int = 0
    settlements: list = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Settlement:
    """So many pence of an invoice, settled by a credit note or a payment."""

    invoice: Document
    by: object
    pence: int
    date: date


@dataclass
class Ledger:
    documents: list
    payments: list
    settlements: list
    countries: dict
    products: dict
    descriptions: dict
    counts: Counter
    last_day: date


def pence(amount):
    """Rounded as Odoo rounds: half up, away from zero.

    >>> pence(Decimal("0.125")), pence(Decimal("0.001"))
    (13, 0)
    """
    return int(amount.quantize(PENNY, ROUND_HALF_UP) * 100)


def dice(text, salt):
    """A number that belongs to a text: always the same, and spread evenly.

    >>> dice("17850", "terms") == dice("17850", "terms") != dice("17850", "class")
    True
    """
    return int.from_bytes(hashlib.sha256(f"{salt}:{text}".encode()).digest()[:8], "big")


def terms(customer):
    return (15, 30, 30, 45)[dice(customer, "terms") % 4]


def habit(customer):
    """How a customer pays: days beyond the due date, and percent of what is open."""
    kind, spread = dice(customer, "class") % 100, dice(customer, "days")
    if kind < 20:
        return -(1 + spread % 10), 100
    if kind < 55:
        return 0, 100
    if kind < 80:
        return 5 + spread % 21, 100
    if kind < 92:
        return 30 + spread % 46, 100
    return 10 + spread % 21, 60


def payment_day(invoice):
    days = habit(invoice.customer)[0] - dice(invoice.number, "scatter") % 4
    return max(invoice.date, invoice.due + timedelta(days=days))


def is_service(stock_code):
    """
    >>> is_service("85123A"), is_service("POST"), is_service("C2")
    (False, True, True)
    """
    return not re.match(r"\d{5}", stock_code)


def cost(stock_code, median_price):
    """Cost of one piece.

    >>> cost("POST", Decimal(18)), 0.4 <= cost("85123A", Decimal(100)) / 100 <= 0.85
    (Decimal('0.00'), True)
    """
    if is_service(stock_code):
        return Decimal("0.00")
    share = 40 + dice(stock_code, "cost") % 46
    return (median_price * share / 100).quantize(PENNY, ROUND_HALF_UP)
