"""What the scores of the retail customers have to be, recomputed from the file in plain Python.

Shares no code with setup/dataset or kam_scoring: it restates the rules written down there (setup/dataset_rules.py for
documents, costs and payments; the docstrings of kam_scoring/metrics and kam_scoring/engine/points.py for the figures)
and takes the straight way, customer by customer and day by day, with exact numbers until the last division.
"""
import csv
import gzip
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from hashlib import sha256

CENT = Decimal("0.01")
# The default model: metric, weight, by place among the customers or by value, value of 0 points, value of 100 points.
CRITERIA = [
    ("revenue", 30, "percentile", 0, 100),
    ("margin", 20, "linear", 0, 40),
    ("growth", 15, "linear", -20, 30),
    ("collection_timeliness", 15, "linear", 60, 0),
    ("collection_rate", 10, "linear", 70, 100),
    ("influence", 10, "linear", 1, 5),
]
# Tier, least score, least coverage, places (None: any number). Whoever pays 45 days late or more is a Problem before.
TIERS = [
    ("diamond", 80, 70, 5),
    ("gold", 72, 70, 8),
    ("strategic", 65, 60, 12),
    ("potential", 55, 80, None),
    ("general", 0, 40, None),
]
PROBLEM_POINTS = 25


def chance(salt, text):
    return int(sha256(f"{salt}:{text}".encode()).hexdigest()[:16], 16)


def money(number):
    return number.quantize(CENT, ROUND_HALF_UP)


class Retail:
    """The books as they stand in the file."""

    def __init__(self, path):
        self.read(path)
        self.pay()

    def read(self, path):
        self.documents = {}
        prices = defaultdict(list)
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                quantity, price, customer = int(row["Quantity"]), Decimal(row["UnitPrice"]), row["CustomerID"]
                number, code = row["InvoiceNo"], row["StockCode"]
                is_credit = number[:1] == "C"
                is_sale = number.removeprefix("C").isdigit() and quantity != 0 and price >= 0
                if not customer or not is_sale or (quantity < 0) != is_credit:
                    continue
                document = self.documents.setdefault((number, customer), {
                    "number": number, "customer": customer, "date": date(*map(int, row["InvoiceDate"][:10].split("-"))),
                    "credit": is_credit, "total": Decimal(0), "lines": [], "settled": []})
                # Negative on credit notes, as in the file.
                document["total"] += money(quantity * price)
                document["lines"].append((code, quantity))
                if price:
                    prices[code].append(price)
        self.costs = {code: self.cost_of(code, found) for code, found in prices.items()}
        self.last_day = max(document["date"] for document in self.documents.values())
        self.customers = defaultdict(list)
        for _key, document in sorted(self.documents.items()):
            self.customers[document["customer"]].append(document)

    @staticmethod
    def cost_of(code, prices):
        if not code[:5].isdigit() or len(code) < 5:
            return Decimal(0)
        median = sorted(prices)[(len(prices) - 1) // 2]
        return money(median * (40 + chance("cost", code) % 46) / 100)

    # ------------------------------------------------------------ who pays when

    def pay(self):
        for customer, documents in self.customers.items():
            days, share = self.habit(customer)
            term = [15, 30, 30, 45][chance("terms", customer) % 4]
            planned = defaultdict(list)
            for document in documents:
                document["open"] = abs(document["total"])
                document["due"] = document["date"] + timedelta(days=term)
                if not document["credit"]:
                    sooner = chance("scatter", document["number"]) % 4
                    planned[max(document["date"], document["due"] + timedelta(days=days - sooner))].append(document)
            self.live(documents, planned, share)

    @staticmethod
    def habit(customer):
        kind, spread = chance("class", customer) % 100, chance("days", customer)
        for limit, days, share in (
            (20, -1 - spread % 10, 100), (55, 0, 100), (80, 5 + spread % 21, 100), (92, 30 + spread % 46, 100),
            (100, 10 + spread % 21, 60),
        ):
            if kind < limit:
                return days, share

    def live(self, documents, planned, share):
        """Each day of a customer: new invoices, then credit notes, then payments."""
        books = sorted(documents, key=lambda document: (document["date"], document["number"]))
        for today in sorted({*(document["date"] for document in documents), *planned}):
            known = [document for document in books if document["date"] <= today]
            for is_credit in (False, True):
                for new in known:
                    if new["date"] == today and new["credit"] == is_credit:
                        for old in known:
                            arrived = old["date"] < today or (is_credit and not old["credit"])
                            if arrived and old["credit"] != is_credit:
                                invoice, credit = (old, new) if is_credit else (new, old)
                                amount = min(invoice["open"], credit["open"])
                                credit["open"] -= amount
                                self.settle(invoice, amount, today, True)
            if today <= self.last_day:
                for invoice in planned.get(today, ()):
                    self.settle(invoice, money(invoice["open"] * share / 100), today, False)

    @staticmethod
    def settle(invoice, amount, when, by_credit):
        invoice["open"] -= amount
        if amount:
            invoice["settled"].append((when, amount, by_credit))

    # ------------------------------------------------------------ the six figures

    def values(self, as_of, influence):
        """{customer: {metric: exact value, or None}} of all customers, also of those who come later."""
        return {
            customer: {**self.sales(documents, as_of), **self.payments(documents, as_of),
                       "influence": influence.get(customer)}
            for customer, documents in self.customers.items()}

    def sales(self, documents, as_of):
        start = years_before(as_of, 1)
        year = [document for document in documents if start < document["date"] <= as_of]
        prior = [document for document in documents if years_before(as_of, 2) < document["date"] <= start]
        revenue, before = (sum((one["total"] for one in some), Decimal(0)) for some in (year, prior))
        costs = [quantity * self.costs[code] for document in year for code, quantity in document["lines"]
                 if self.costs.get(code)]
        margin = revenue > 0 and costs and Fraction(100 * (revenue - money(sum(costs)))) / Fraction(revenue)
        return {
            "revenue": revenue if year or prior else None,
            "margin": margin if revenue > 0 and costs else None,
            "growth": Fraction(100 * (revenue - before)) / Fraction(before) if before > 0 else None,
        }

    @staticmethod
    def payments(documents, as_of):
        claimed = paid = days = Fraction(0)
        for document in documents:
            if document["credit"] or not years_before(as_of, 1) < document["due"] <= as_of:
                continue
            settled = [one for one in document["settled"] if one[0] <= as_of]
            claim = document["total"] - sum(amount for _when, amount, by_credit in settled if by_credit)
            if claim <= 0:
                continue
            claimed += Fraction(claim)
            still_open = claim
            for when, amount, by_credit in settled:
                if not by_credit:
                    paid += Fraction(amount)
                    still_open -= amount
                    days += Fraction(amount) * max(0, (when - document["due"]).days)
            days += Fraction(still_open) * (as_of - document["due"]).days
        return {
            "collection_rate": 100 * paid / claimed if claimed else None,
            "collection_timeliness": days / claimed if claimed else None,
        }

    # ------------------------------------------------------------ points, score, rank, tier

    def scores(self, as_of, influence=None, order=str):
        """{customer: {"values", "points", "score", "coverage", "rank", "tier"}}; equal ones in the order of `order`."""
        found = self.values(as_of, influence or {})
        result = {customer: {"values": values, "points": {}} for customer, values in found.items()}
        for metric, _weight, kind, zero, full in CRITERIA:
            known = sorted(values[metric] for values in found.values() if values[metric] is not None)
            less, greater = places(known)
            for customer, values in found.items():
                value = values[metric]
                if value is None:
                    continue
                if kind == "percentile":
                    value = 50 if len(known) == 1 else 50 * (1 + Fraction(less[value] - greater[value], len(known) - 1))
                points = 100 * (Fraction(value) - zero) / (full - zero)
                result[customer]["points"][metric] = min(Fraction(100), max(Fraction(0), points))
        for row in result.values():
            known = [(weight, row["points"][metric]) for metric, weight, *_more in CRITERIA if metric in row["points"]]
            weights = sum(weight for weight, _points in known)
            row["score"] = sum(weight * points for weight, points in known) / weights if known else Fraction(0)
            row["coverage"] = Fraction(100 * weights, sum(criterion[1] for criterion in CRITERIA))
        self.rank(result, order)
        return result

    @staticmethod
    def rank(result, order):
        def key(customer):
            row = result[customer]
            revenue = row["values"]["revenue"]
            return -row["score"], -row["coverage"], revenue is None, -(revenue or 0), order(customer)

        left = [customer for customer in sorted(result, key=key) if result[customer]["coverage"]]
        for row in result.values():
            row.update(rank=None, tier="general")  # where everybody is who was enrolled
        for number, customer in enumerate(left, 1):
            result[customer]["rank"] = number
            if result[customer]["points"].get("collection_timeliness", 100) <= PROBLEM_POINTS:
                result[customer]["tier"] = "problem"
        left = [customer for customer in left if result[customer]["tier"] != "problem"]
        for tier, score, coverage, count in TIERS:
            fit = [one for one in left if result[one]["score"] >= score and result[one]["coverage"] >= coverage][:count]
            for customer in fit:
                result[customer]["tier"] = tier
            left = [customer for customer in left if customer not in set(fit)]


def places(values):
    """How many of sorted values are less, and how many greater, for each value."""
    less, greater = {}, {}
    for place, value in enumerate(values):
        less.setdefault(value, place)
        greater[value] = len(values) - 1 - place
    return less, greater


def years_before(day, years):
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
