"""Reads purchase files into documents, by the rules of setup/dataset_rules.py."""
import csv
import gzip
import hashlib
import io
import re
import zlib
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from statistics import median_low

from dataset_rules import Document, Ledger, Line, pence, terms

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
REASONS = ("no customer", "not a sale", "zero quantity", "wrong sign", "negative price")
DOCUMENT_NUMBER = re.compile(r"C?\d+", re.I)
# Beyond any purchase, and within what the columns of the database hold.
LARGEST = Decimal(10) ** 9


class BadInput(Exception):
    """The files cannot be used; the message is for the person who named them."""


def rows(paths):
    """(file, row number, values of COLUMNS) of each row of the files, one after the other."""
    seen = {}
    for path in paths:
        try:
            content = path.read_bytes()
            twin = seen.setdefault(hashlib.sha256(content).digest(), path)
            if twin is not path:
                raise BadInput(f"{path} has the same content as {twin}: give each file once.")
            if content[:2] == b"\x1f\x8b":
                content = gzip.decompress(content)
            text = content.decode("utf-8-sig")
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise BadInput(f"Cannot read {path}: {error}") from error
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = [name.strip() for name in next(reader, [])]
            if missing := [name for name in COLUMNS if name not in header]:
                raise BadInput(f"{path}: there is no column {', '.join(missing)}. Needed are {', '.join(COLUMNS)}.")
            places = [header.index(name) for name in COLUMNS]
            for row in reader:
                if not row:
                    continue
                if len(row) != len(header):
                    raise BadInput(f"{path}, line {reader.line_num}: {len(row)} values instead of {len(header)}.")
                yield path, reader.line_num, [row[place].strip() for place in places]
        except csv.Error as error:
            raise BadInput(f"{path}, line {reader.line_num}: {error}") from error


@cache
def to_number(text):
    value = Decimal(text)
    if not abs(value) <= LARGEST:  # nor NaN
        raise InvalidOperation
    return value


@cache
def to_day(text):
    return date.fromisoformat(text)


def numbers(quantity, price, when, where):
    """The three values of a row that are not text."""
    try:
        return to_number(quantity), to_number(price), to_day(when[:10])
    except (InvalidOperation, ValueError):
        raise BadInput(
            f"{where[0]}, line {where[1]}: Quantity {quantity!r}, UnitPrice {price!r} and InvoiceDate {when!r} shall be"
            " two numbers and a date like 2011-09-09 16:36.") from None


def reason_to_skip(document_number, customer, quantity, price):
    if not customer:
        return "no customer"
    if not DOCUMENT_NUMBER.fullmatch(document_number):
        return "not a sale"
    if not quantity:
        return "zero quantity"
    if (quantity < 0) != (document_number[0] in "Cc"):
        return "wrong sign"
    if price < 0:
        return "negative price"


def read(paths):
    """The documents of the files in the order of their dates, and what else the files say."""
    documents, counts, seen = {}, Counter(), set()
    countries, descriptions, prices = defaultdict(Counter), defaultdict(Counter), defaultdict(list)
    last_day = date.min
    for path, row_number, row in rows(paths):
        document_number, stock_code, description, quantity, when, price, customer, country = row
        counts["read"] += 1
        quantity, price, when_day = numbers(quantity, price, when, (path, row_number))
        customer = customer.removesuffix(".0")
        if reason := reason_to_skip(document_number, customer, quantity, price):
            counts[reason] += 1
            continue
        counts["used"] += 1
        counts["duplicates"] += (key := tuple(row)) in seen
        counts["gifts"] += not price
        seen.add(key)
        last_day = max(last_day, when_day)
        document = documents.get((document_number, customer))
        if document is None:
            document = documents[document_number, customer] = Document(
                document_number, customer, document_number[0] in "Cc", when_day)
        document.date = min(document.date, when_day)
        line = Line(stock_code, description or stock_code, abs(quantity), price, pence(abs(quantity) * price))
        document.lines.append(line)
        document.total += line.pence
        countries[customer][country] += 1
        descriptions[stock_code][line.description] += 1
        if price:
            prices[stock_code].append(price)
    if not documents:
        raise BadInput(f"None of the {counts['read']} lines can be used.")
    for document in documents.values():
        document.due = document.date + timedelta(days=terms(document.customer))
    counts["split"] = len(documents) - len({document_number for document_number, _customer in documents})
    return Ledger(
        documents=sorted(documents.values(), key=lambda d: (d.date, d.number, d.customer)),
        payments=[], settlements=[],
        countries={customer: most_frequent(names) for customer, names in countries.items()},
        products={code: median_low(prices[code]) if code in prices else Decimal(0) for code in descriptions},
        descriptions={code: most_frequent(names) for code, names in descriptions.items()},
        counts=counts, last_day=last_day)


def most_frequent(counter):
    return min(counter, key=lambda text: (-counter[text], text))
