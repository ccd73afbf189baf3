"""Who pays what when, and what settles which invoice, by the rules of setup/dataset_rules.py."""
import itertools
from collections import defaultdict
from decimal import Decimal

from dataset_rules import Payment, Settlement, habit, payment_day, pence


class Account:
    """The books of one customer, day by day."""

    def __init__(self):
        self.invoices = []  # open, the oldest first
        self.credits = []  # waiting, the oldest first
        self.settlements = []

    def settle(self, invoice, by, wanted, when):
        amount = min(invoice.open, by.open, wanted)
        if amount:
            settlement = Settlement(invoice, by, amount, when)
            invoice.open -= amount
            by.open -= amount
            for party in (invoice, by, self):
                party.settlements.append(settlement)
        self.invoices = [one for one in self.invoices if one.open]
        self.credits = [one for one in self.credits if one.open]

    def post(self, document):
        document.open = document.total
        others = list(self.invoices if document.is_credit else self.credits)
        (self.credits if document.is_credit else self.invoices).append(document)
        for other in others:
            pair = (other, document) if document.is_credit else (document, other)
            self.settle(*pair, document.open, document.date)

    def pay(self, customer, invoices, when):
        percent = habit(customer)[1]
        amounts = [(one, pence(Decimal(one.open * percent) / 10000)) for one in invoices if one.open]
        amounts = [(one, amount) for one, amount in amounts if amount]
        if not amounts:
            return None
        total = sum(amount for _one, amount in amounts)
        payment = Payment(customer, when, total, [one for one, _amount in amounts], open=total)
        for one, amount in amounts:
            self.settle(one, payment, amount, when)
        return payment


def settle(ledger):
    """Fills in the payments and settlements, each in the order of their dates."""
    books = defaultdict(list)
    for document in ledger.documents:
        books[document.customer].append(document)
    for customer, documents in books.items():
        account, paid_on = Account(), defaultdict(list)
        for document in documents:
            if not document.is_credit and (when := payment_day(document)) <= ledger.last_day:
                paid_on[when].append(document)
        # Sorting keeps the order within a day: invoices, credit notes, payments, each by number.
        events = [(document.date, document.is_credit, document) for document in documents]
        events += [(when, 2, invoices) for when, invoices in paid_on.items()]
        for when, kind, what in sorted(events, key=lambda event: event[:2]):
            if kind < 2:
                account.post(what)
            elif payment := account.pay(customer, what, when):
                ledger.payments.append(payment)
        ledger.settlements += account.settlements
    ledger.payments.sort(key=lambda payment: (payment.date, payment.customer))
    ledger.settlements.sort(key=lambda one: (one.date, one.invoice.customer))


def groups(settlements):
    """Settlements that hang together through their documents, as lists: what Odoo calls one matching."""
    seen = set()
    for first in settlements:
        if id(first) in seen:
            continue
        seen.add(id(first))
        group = [first]
        for one in group:  # grows while it is walked
            for other in itertools.chain(one.invoice.settlements, one.by.settlements):
                if id(other) not in seen:
                    seen.add(id(other))
                    group.append(other)
        yield group
