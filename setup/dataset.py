"""The command setup/dataset: purchase files in, an Odoo database out. Run by setup/dataset, which documents it.

The database is built under another name and gets its own at the end: whatever fails leaves nothing half-made.
"""
import argparse
import fcntl
import hashlib
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import check
import dataset_db as db
import dataset_ledger
import dataset_load
import dataset_read
import psycopg2
from dataset_copy import money

HERE = Path(__file__).resolve().parent
READING, LOADING, INSTALLING = "Reading", "Customers, products, invoices and payments", "The addons"
# How long each step took.
SECONDS = {}


class Failed(Exception):
    """Ends the command; the message is for the person at the keyboard."""


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="setup/dataset", usage="setup/dataset FILE [FILE …] --db NAME [--fresh | --reuse]")
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
    parser.add_argument("--db", metavar="NAME", required=True)
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--fresh", "--force", action="store_true")
    kept.add_argument("--reuse", action="store_true")
    return parser.parse_args(argv)


def say(text):
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title):
    begin = time.monotonic()
    say(f"{title} …")
    yield
    SECONDS[title] = time.monotonic() - begin
    say(f"{title}: done in {SECONDS[title]:.1f} s")


@contextmanager
def alone(name):
    """One build of a database at a time."""
    with open(db.STATE / f"dataset-{name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another setup/dataset is at work on {name}: waiting …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def source_of(files):
    """What a database is built from: the files, and the code that reads and writes them."""
    digest = hashlib.sha256(db.base_key().encode())
    for path in [*sorted(HERE.glob("dataset*.py")), *files]:
        try:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError as error:
            raise dataset_read.BadInput(f"Cannot read {path}: {error.strerror}") from error
    return digest.hexdigest()[:12]


def can_stay(options, source):
    """Whether the database is there and good; otherwise it may be built, or Failed is raised."""
    if not db.exists(options.db):
        return False
    comment = (db.comment(options.db) or "").split()
    if comment[:1] != [db.MARK]:
        raise Failed(f"The database {options.db} was not built by setup/dataset: it is left alone. Take another name.")
    if options.reuse and comment[1:] == [source, check.fingerprint()[0]]:
        return True
    if not (options.fresh or options.reuse):
        raise Failed(f"The database {options.db} exists. Build it anew with --fresh, or take another name.")
    return False


def compare(ledger, found):
    """The database shall say what the files say, to the penny."""
    invoices = [document for document in ledger.documents if not document.is_credit]
    credits = [document for document in ledger.documents if document.is_credit]
    revenue = sum(document.total for document in invoices) - sum(document.total for document in credits)
    expected = {
        "invoices": len(invoices), "credit_notes": len(credits), "lines": ledger.counts["used"],
        "revenue": revenue, "revenue_of_lines": revenue, "balance": 0,
        "open_invoices": sum(document.open for document in invoices),
        "open_credit_notes": sum(document.open for document in credits),
        "payments": len(ledger.payments), "paid": sum(payment.total for payment in ledger.payments),
    }
    if wrong := {key: (value, found[key]) for key, value in expected.items() if value != found[key]}:
        raise Failed(f"The database does not agree with the files (file, database): {wrong}")


def fill(options, name):
    """A database with the purchases, without our addons: the ledger, and the countries that Odoo does not know."""
    with step(READING):
        ledger = dataset_read.read(options.files)
        dataset_ledger.settle(ledger)
    db.copy(db.base(step), name)
    with step(LOADING), db.environment(name) as env:
        env["ir.config_parameter"].init(force=True)  # a copy has an identity of its own
        unknown = dataset_load.load(env, ledger)
        compare(ledger, dataset_load.figures(env))
    db.analyse(name)
    return ledger, unknown


def build(options, source):
    """What `fill` says, or None where it had been done before.

    With --reuse the purchases are kept apart: the addons are then installed on a copy, as records of theirs that an
    update would not touch have to be today's, too.
    """
    # Names with a dot are never a user's (is_name).
    part, books = f"{options.db}.part", f"{options.db}.books"
    filled = None
    try:
        if options.reuse and db.comment(books) == f"{db.MARK} {source}":
            db.copy(books, part)
        else:
            filled = fill(options, part)
            if options.reuse:
                db.copy(part, books)
                db.set_comment(books, source)
        with step(INSTALLING):
            db.install_addons(part)
        db.analyse(part)
        db.set_comment(part, source, check.fingerprint()[0])
        db.replace(options.db, part)
    except BaseException:
        db.drop(part)
        raise
    return filled


def report(ledger, unknown, name, seconds):
    counts = ledger.counts
    credits = [document for document in ledger.documents if document.is_credit]
    revenue = sum(document.total * (-1 if document.is_credit else 1) for document in ledger.documents)

    def row(label, figure, note=""):
        print(f"{label:18}{figure:>15}  {note}".rstrip())

    row("lines read", f"{counts['read']:,}")
    for reason in dataset_read.REASONS:
        row("  skipped", f"{counts[reason]:,}", reason)
    row("lines used", f"{counts['used']:,}",
        f"among them {counts['duplicates']:,} exact duplicates and {counts['gifts']:,} gifts at price zero")
    row("customers", f"{len(ledger.countries):,}",
        ", ".join(f"{number} without country ({country or 'empty'})" for country, number in sorted(unknown.items())))
    row("products", f"{len(ledger.products):,}")
    row("invoices", f"{len(ledger.documents) - len(credits):,}",
        f"{counts['split']} of an InvoiceNo with several customers" if counts["split"] else "")
    row("credit notes", f"{len(credits):,}")
    row("payments", f"{len(ledger.payments):,}", f"until {ledger.last_day}")
    for label, amount, note in (
        ("revenue", revenue, "GBP, invoices less credit notes, the same in the files and in the database"),
        ("paid", sum(payment.total for payment in ledger.payments), "GBP"),
        ("open invoices", sum(one.open for one in ledger.documents if not one.is_credit), "GBP"),
        ("open credit notes", sum(one.open for one in credits), "GBP"),
    ):
        row(label, f"{amount // 100:,}{money(amount)[-3:]}", note)
    row("database", name, f"built in {seconds:.0f} s")


def make(options):
    """What the command does: the ledger and what Odoo does not know of it, or None where the files were not needed."""
    if not db.is_name(options.db):
        raise Failed(f"{options.db!r} is no name for a database: letters, digits, - and _, at most 50.")
    source = source_of(options.files)
    with alone(options.db):
        return None if can_stay(options, source) else build(options, source)


def main(argv):
    begin = time.monotonic()
    options = arguments(argv)
    if made := make(options):
        report(*made, options.db, time.monotonic() - begin)
    else:
        print(f"The database {options.db} is up to date.")


if __name__ == "__main__":
    # So that the half-made database is dropped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("setup/dataset: ended"))
    try:
        main(sys.argv[1:])
    except (Failed, dataset_read.BadInput, db.InstallFailed) as error:
        sys.exit(f"setup/dataset: {error}")
    except psycopg2.OperationalError as error:
        sys.exit(f"setup/dataset: PostgreSQL: {str(error).strip()}")
    except KeyboardInterrupt:
        sys.exit(130)
