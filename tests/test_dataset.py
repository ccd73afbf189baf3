"""setup/dataset on a small file: what it makes of each kind of line, and that Odoo takes the result for its own.

Who is who (terms in days, days beyond the due date, percent paid; up to 3 days sooner by the invoice):

    101  30    0  100   invoice, credit note on it, then payment of the rest; a second invoice nobody has paid yet
    104  45  -10  100   pays two invoices of one day with one payment
    130  15   38  100   very late; its credit note comes first and waits for the next invoice, which it settles whole
    125  30   28   60   pays a part; two lines of its invoice are the same
    116  15    0  100   shares the number of an invoice with 101, and has a credit note
    109  30   -5  100   an invoice of nothing but a gift
"""
import csv
import doctest
import gzip
import os
import re
import shutil
import sys
from datetime import date

import pytest
from conftest import CHECKOUT, TOP, command, environment, execute, forget

from odoo import Command
from odoo.tests import Form
from odoo.tools import config

NAME = f"kam_dataset_test_{CHECKOUT}_{os.getpid()}"
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country".split(",")
KINGDOM = "United Kingdom"
ODD_NAME = 'SÄCK "50\'S"\tof \\N; 100%'
ROWS = [
    ("1001", "85123A", ODD_NAME, 6, "2010-12-01 08:26", "2.55", "101", KINGDOM),
    ("1001", "POST", "POSTAGE", 1, "2010-12-01 08:26", "18.0", "101", KINGDOM),
    ("1001", "PADS", "PADS", 1, "2010-12-01 08:26", "0.001", "101", KINGDOM),
    ("1001", "22841", "TIN", 1, "2010-12-01 08:26", "0.0", "101", KINGDOM),
    ("1001", "85123A", "HEART", 10, "2010-12-01 08:26", "2.0", "116", "Unspecified"),
    ("C1002", "85123A", "HEART", -2, "2010-12-03 09:00", "2.55", "101", KINGDOM),
    ("C1003", "D", "Discount", -1, "2010-12-04 09:00", "7.00", "116", "Unspecified"),
    ("1004", "22841", "TIN", 12, "2010-12-06 10:00", "4.25", "104", "EIRE"),
    ("1005", "22841", "TIN", 1, "2010-12-06 11:00", "4.95", "104", "EIRE"),
    ("C1006", "22841", "TIN", -3, "2010-12-07 10:00", "4.25", "130.0", "Germany"),
    ("1007", "22841", "TIN", 2, "2010-12-08 10:00", "4.25", "130", "Germany"),
    ("1008", "22841", "TIN", 5, "2010-12-30 10:00", "4.25", "130", "Germany"),
    ("1009", "85123A", "HEART", 3, "2010-12-09 10:00", "2.55", "125", "Germany"),
    ("1009", "85123A", "HEART", 3, "2010-12-09 10:00", "2.55", "125", "Germany"),
    ("1010", "22841", "TIN", 4, "2010-12-09 10:00", "0", "109", KINGDOM),
    ("1011", "85123A", "HEART", 8, "2011-03-01 10:00", "2.55", "101", KINGDOM),
    # Skipped, one for each reason.
    ("1012", "22841", "TIN", 1, "2011-03-02 10:00", "4.25", "", KINGDOM),
    ("A1013", "B", "Adjust bad debt", 1, "2011-03-02 10:00", "11062.06", "101", KINGDOM),
    ("1014", "22841", "TIN", 0, "2011-03-02 10:00", "4.25", "101", KINGDOM),
    ("1015", "22841", "TIN", -1, "2011-03-02 10:00", "4.25", "101", KINGDOM),
    ("1016", "M", "Manual", 1, "2011-03-02 10:00", "-4.25", "101", KINGDOM),
]
# 33.30 + 20 + 51 + 4.95 + 8.50 + 21.25 + 15.30 + 0 + 20.40 of invoices, less 5.10, 7 and 12.75 of credit notes
REVENUE = "149.85"


def write(path, rows, header=HEADER):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dataset")
    return write(folder / "first.csv.gz", ROWS[:7]), write(folder / "second.csv", ROWS[7:])


@pytest.fixture(scope="module")
def built(files):
    """The output of the command that built the database."""
    try:
        process = command("dataset", *files, "--db", NAME)
        assert process.returncode == 0, process.stderr
        yield process.stdout
    finally:
        forget(NAME)
        for name in (NAME, f"{NAME}.part", f"{NAME}.books"):
            execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            shutil.rmtree(config.filestore(name), ignore_errors=True)
        for lock in (TOP / ".kam").glob(f"dataset-{NAME}*.lock"):
            lock.unlink()


@pytest.fixture
def env(built):
    with environment(NAME) as env:
        yield env


def document(env, number, customer=None):
    domain = [("ref", "=", number), ("move_type", "!=", "entry")]
    return env["account.move"].search(domain + [("partner_id.ref", "=", customer)] * bool(customer)).ensure_one()


# ---------------------------------------------------------------- what is printed

def test_output_names_every_line(built):
    printed = {tuple(line.split()) for line in built.splitlines()}
    assert ("lines", "read", "21") in printed
    for reason in ("no customer", "not a sale", "zero quantity", "wrong sign", "negative price"):
        assert ("skipped", "1", *reason.split()) in printed
    assert re.search(r"lines used +16 .* 1 exact duplicates and 2 gifts", built)
    assert re.search(r"customers +6 +1 without country \(Unspecified\)", built)
    assert re.search(r"invoices +9 +1 of an InvoiceNo with several customers", built)
    assert re.search(r"credit notes +3\n", built)
    assert re.search(rf"revenue +{REVENUE} ", built)


def test_revenue_in_the_database(env):
    invoices = env["account.move"].search([("move_type", "in", ("out_invoice", "out_refund"))])
    assert f"{sum(invoices.mapped('amount_untaxed_signed')):.2f}" == REVENUE
    analysis = env["account.invoice.report"].search([("move_type", "in", ("out_invoice", "out_refund"))])
    assert f"{sum(analysis.mapped('price_subtotal')):.2f}" == REVENUE


# ---------------------------------------------------------------- what becomes of the lines

def test_company(env):
    company = env.company
    assert (company.currency_id.name, company.country_id.code, company.chart_template) == ("GBP", "GB", "generic_coa")
    assert not env["account.move.line"].search([]).tax_ids
    assert env["res.company"].search_count([]) == 1


def test_customers(env):
    customers = env["res.partner"].search([("ref", "!=", False)])
    assert {customer.ref: customer.country_id.code for customer in customers} == {
        "101": "GB", "104": "IE", "109": "GB", "116": False, "125": "DE", "130": "DE"}
    assert all(customer.is_company and customer.commercial_partner_id == customer for customer in customers)


def test_products(env):
    def product(code):
        return env["product.product"].search([("default_code", "=", code)]).ensure_one()

    heart, tin, post = product("85123A"), product("22841"), product("POST")
    assert (heart.name, heart.type, heart.list_price) == ("HEART", "consu", 2.55)
    assert (post.type, post.standard_price) == ("service", 0)
    assert tin.list_price == 4.25, "gifts are not in the median"
    for goods in heart | tin:
        assert 0.39 < goods.standard_price / goods.list_price < 0.86


def test_lines_keep_text_and_small_prices(env):
    invoice = document(env, "1001", "101")
    assert [(line.name, line.quantity, line.price_unit, line.price_subtotal) for line in invoice.invoice_line_ids] == [
        (ODD_NAME, 6, 2.55, 15.3), ("POSTAGE", 1, 18.0, 18.0), ("PADS", 1, 0.001, 0.0), ("TIN", 1, 0.0, 0.0)]
    assert invoice.amount_total == 33.3


def test_payments_come_when_the_rule_says(env):
    def paid(number, customer=None):
        return [(payment.amount, payment.date) for payment in document(env, number, customer).reconciled_payment_ids]

    due = date(2010, 12, 31)
    [(amount, when)] = paid("1001", "101")
    assert amount == 28.2, "33.30 less the credit note of 5.10"
    assert 0 <= (due - when).days <= 3
    [(amount, when)] = paid("1004")
    assert 10 <= (date(2011, 1, 20) - when).days <= 13
    assert not paid("1007"), "settled by the credit note that was waiting"
    assert document(env, "1007").payment_state == "reversed"
    [(amount, when)] = paid("1008")
    assert amount == 17.0, "21.25 less the 4.25 left of the credit note"
    assert 35 <= (when - document(env, "1008").invoice_date_due).days <= 38
    [(amount, when)] = paid("1009")
    assert amount == 9.18
    assert document(env, "1009").payment_state == "partial"
    assert document(env, "C1003").amount_residual == 0, "set against the invoice of the same customer"
    assert not paid("1011"), "due after the last day"
    assert document(env, "1011").payment_state == "not_paid"


# ---------------------------------------------------------------- what Odoo says of it

def test_moves_are_balanced_and_residuals_agree(env):
    moves = env["account.move"].search([])
    assert len(moves) == 12 + env["account.payment"].search_count([])
    is_zero = env.company.currency_id.is_zero
    for move in moves:
        receivable = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        assert move.state == "posted" and len(receivable) == 1
        assert is_zero(sum(move.line_ids.mapped("balance")))
        assert move.move_type == "entry" or is_zero(abs(receivable.amount_residual) - move.amount_residual)
    for partner in env["res.partner"].search([("ref", "!=", False)]):
        lines = env["account.move.line"].search(
            [("partner_id", "=", partner.id), ("account_type", "=", "asset_receivable")])
        assert is_zero(sum(lines.mapped("balance")) - sum(lines.mapped("amount_residual")))


# Fields that say who works on a document or when, not what it is.
TODAY = {"invoice_user_id", "team_id", "made_sequence_gap", "invoice_date_due", "user_id"}


@pytest.mark.parametrize("model", [
    "account.move", "account.move.line", "account.payment", "account.partial.reconcile", "res.partner",
    "product.template", "product.product"])
def test_odoo_computes_the_stored_values(env, model):
    """Every stored field that only Odoo computes, computed once more from the others, says the same."""
    records = env[model].search([("ref", "!=", False)] if model == "res.partner" else [])
    computed = [field for name, field in records._fields.items()
                if field.store and field.compute and field.readonly and field.column_type and name not in TODAY]
    wrong = {}
    for field in computed:
        before = [record[field.name] for record in records]
        env.add_to_compute(field, records)
        env.flush_all()
        env.invalidate_all()
        wrong.update(
            ((field.name, record.id), (old, record[field.name]))
            for record, old in zip(records, before, strict=True) if old != record[field.name])
    assert records and computed and not wrong


def rebuild(env, customer):
    """The documents and payments of a customer once more, through the ORM: {original move: its twin}."""
    original = env["res.partner"].search([("ref", "=", customer)])
    partner = env["res.partner"].create({
        "name": original.name, "ref": original.ref, "is_company": True, "country_id": original.country_id.id,
        "property_payment_term_id": original.property_payment_term_id.id})
    twins = {}
    for move in env["account.move"].search([("partner_id", "=", original.id)], order="date, id"):
        if payment := move.origin_payment_id:
            twin = env["account.payment"].create({
                "partner_id": partner.id, "amount": payment.amount, "date": payment.date, "memo": payment.memo,
                "journal_id": payment.journal_id.id})
            twin.action_post()
            twins[move] = twin.move_id
            continue
        twins[move] = env["account.move"].create({
            "move_type": move.move_type, "partner_id": partner.id, "invoice_date": move.invoice_date, "ref": move.ref,
            "invoice_line_ids": [Command.create({
                "product_id": line.product_id.id, "name": line.name, "quantity": line.quantity,
                "price_unit": line.price_unit}) for line in move.invoice_line_ids]})
        twins[move].action_post()

    def receivable(line):
        return twins[line.move_id].line_ids.filtered(lambda one: one.account_id == line.account_id)

    partials = env["account.partial.reconcile"].search([("debit_move_id.partner_id", "=", original.id)], order="id")
    for partial in partials:
        (receivable(partial.debit_move_id) + receivable(partial.credit_move_id)).reconcile()
    env.flush_all()
    return twins


# Ids, times, people, and the number of the document, which goes on counting.
OTHER = TODAY | {
    "id", "create_date", "write_date", "create_uid", "write_uid", "name", "move_name", "payment_reference",
    "sequence_number", "move_id", "partner_id", "commercial_partner_id", "partner_shipping_id", "payment_id",
    "origin_payment_id", "is_manually_modified", "debit_move_id", "credit_move_id", "full_reconcile_id",
    "matching_number"}


def columns(env, records):
    """Everything that the tables say of records, less what has to differ."""
    env.cr.execute(f"SELECT to_jsonb(t) FROM {records._table} t WHERE id = ANY(%s) ORDER BY id", [records.ids])
    return [{key: value for key, value in row.items() if key not in OTHER} for row, in env.cr.fetchall()]


@pytest.mark.parametrize("customer", ["101", "104", "109", "116", "125", "130"])
def test_rows_are_those_that_the_orm_writes(env, customer):
    twins = rebuild(env, customer)
    assert twins

    def reconciliation(line):
        """Which lines hang together, by their places."""
        numbers = [other.matching_number for move in moves for other in move.line_ids.sorted("id")]
        return (line.matching_number or "")[:1] == "P", bool(line.full_reconcile_id), \
            numbers.index(line.matching_number)

    for side in range(2):
        moves = [pair[side] for pair in twins.items()]
        rows = [(
            columns(env, move), columns(env, move.line_ids), columns(env, move.origin_payment_id),
            columns(env, (move.line_ids.matched_debit_ids | move.line_ids.matched_credit_ids)),
            [reconciliation(line) for line in move.line_ids.sorted("id")],
            [(line.name or "").replace(move.name, "") for line in move.line_ids.sorted("id")],
            move.sequence_prefix, move.name.startswith(move.sequence_prefix), move.payment_reference == move.name,
        ) for move in moves]
        if side == 0:
            expected = rows
    assert expected == rows


def test_numbers_follow_each_other(env):
    for prefix, last in (("INV/2010/", 8), ("INV/2011/", 1), ("RINV/2010/", 3)):
        moves = env["account.move"].search([("sequence_prefix", "=", prefix)], order="sequence_number")
        assert moves.mapped("sequence_number") == list(range(1, last + 1))
        assert moves.mapped("invoice_date") == sorted(moves.mapped("invoice_date"))


# ---------------------------------------------------------------- work goes on

def test_invoice_opens_in_its_form(env):
    for number in ("1001", "C1002", "1009"):
        with Form(document(env, number, "125" if number == "1009" else "101")) as form:
            form.narration = "seen"


def test_new_invoice_takes_the_next_number(env):
    with Form(env["account.move"].with_context(default_move_type="out_invoice")) as form:
        form.partner_id = env["res.partner"].search([("ref", "=", "101")])
        form.invoice_date = date(2010, 12, 31)
        with form.invoice_line_ids.new() as line:
            line.product_id = env["product.product"].search([("default_code", "=", "22841")])
            line.quantity = 2
    invoice = form.save()
    assert not invoice.line_ids.tax_ids
    invoice.action_post()
    assert (invoice.name, invoice.amount_total) == ("INV/2010/00009", 8.5)
    assert invoice.invoice_date_due == date(2011, 1, 30)


def test_open_invoice_can_be_paid(env):
    invoice = document(env, "1011")
    wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
    payment = wizard.create({"payment_date": date(2011, 3, 20)})._create_payments()
    assert (invoice.payment_state, invoice.amount_residual) == ("paid", 0)
    assert payment.name.startswith("PBNK1/2011/") and payment.state == "paid"


def test_reconciliation_can_be_undone(env):
    invoice = document(env, "1001", "101")
    payment = invoice.reconciled_payment_ids
    assert payment.is_reconciled
    invoice.line_ids.remove_move_reconcile()
    assert (invoice.payment_state, invoice.amount_residual) == ("not_paid", invoice.amount_total)
    assert not payment.is_reconciled


# ---------------------------------------------------------------- the command itself

def checksum():
    """Of everything that the files decide, ids included."""
    hidden = "{create_date,write_date,access_token,calendar_last_notif_ack}"
    return {
        table: execute(
            f"SELECT md5(string_agg((to_jsonb(t) - '{hidden}'::text[])::text, '|' ORDER BY id)) FROM {table} t", NAME)
        for table in ("account_move", "account_move_line", "account_payment", "account_partial_reconcile",
                      "account_full_reconcile", "product_product", "product_template", "res_partner")}


def test_database_is_kept_or_built_anew(built, files):
    """As one test, because it replaces the database."""
    forget(NAME)
    before = checksum()
    refused = command("dataset", *files, "--db", NAME)
    assert refused.returncode and "exists. Build it anew with --fresh" in refused.stderr
    broken = command("dataset", *files, TOP / "README.md", "--db", NAME, "--fresh")
    assert broken.returncode and "there is no column InvoiceNo" in broken.stderr
    kept = command("dataset", *files, "--db", NAME, "--reuse")
    assert (kept.returncode, kept.stdout) == (0, f"The database {NAME} is up to date.\n")
    assert checksum() == before

    # As if the addons had changed. The first time there is nothing that could be reused.
    for is_read in (True, False):
        execute(f"COMMENT ON DATABASE \"{NAME}\" IS 'kam-dataset other addons'")
        again = command("dataset", *files, "--db", NAME, "--reuse")
        assert again.returncode == 0, again.stderr
        assert ("Reading" in again.stderr) == is_read
        assert not is_read or again.stdout.splitlines()[:-1] == built.splitlines()[:-1]
        assert checksum() == before


@pytest.mark.parametrize("name, complaint", [
    ("postgres", "no name for a database"),
    ("-x; DROP", "no name for a database"),
    ("a/b", "no name for a database"),
    ("kam_dataset_base_0", "no name for a database"),
])
def test_bad_names(files, name, complaint):
    process = command("dataset", *files, "--db", name)
    assert process.returncode and complaint in process.stderr and "Traceback" not in process.stderr


def test_database_of_somebody_else_is_left_alone(files):
    name = f"{NAME}_other"
    execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        process = command("dataset", *files, "--db", name, "--fresh")
        assert process.returncode and "was not built by setup/dataset" in process.stderr
        assert execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
    finally:
        execute(f'DROP DATABASE "{name}"')


def test_bad_file_leaves_no_database(tmp_path):
    file = write(tmp_path / "bad.csv", [*ROWS, ("1", "22841", "TIN", "many", "2011-01-01", "1", "1", KINGDOM)])
    process = command("dataset", file, "--db", f"{NAME}_bad")
    (TOP / ".kam" / f"dataset-{NAME}_bad.lock").unlink()
    assert process.returncode and "bad.csv, line 23: Quantity 'many'" in process.stderr
    assert "Traceback" not in process.stderr
    assert not execute(f"SELECT 1 FROM pg_database WHERE datname LIKE '{NAME}_bad%'")


# ---------------------------------------------------------------- reading, without a database

@pytest.fixture(scope="module")
def modules():
    """The plain modules of setup/, at the end of the path: their names are short."""
    sys.path.append(str(TOP / "setup"))
    import dataset_copy
    import dataset_ledger
    import dataset_read
    import dataset_rules
    yield {module.__name__: module for module in (dataset_copy, dataset_ledger, dataset_read, dataset_rules)}
    sys.path.remove(str(TOP / "setup"))


def test_doctests(modules):
    results = [doctest.testmod(module) for module in modules.values()]
    assert sum(result.attempted for result in results) > 5
    assert not any(result.failed for result in results)


@pytest.mark.parametrize("content, complaint", [
    (None, "Cannot read"),
    (b"\x1f\x8bno gzip", "Cannot read"),
    (gzip.compress(b"x" * 1000)[:-9], "Cannot read"),
    (b"InvoiceNo;StockCode\n", "there is no column InvoiceNo, StockCode, Description"),
    (b"", "there is no column"),
    (",".join(HEADER).encode() + b"\n", "None of the 0 lines can be used"),
    (",".join(HEADER).encode() + b"\n1,2,3\n", "line 2: 3 values instead of 8"),
    (",".join(HEADER).encode() + b"\n1,22841,S\xc4CK,1,2011-01-01,1,1,X\n", "Cannot read"),
    (",".join(HEADER).encode() + b"\n1,22841,TIN,1,2011-13-01,1,1,X\n", "line 2: Quantity '1', UnitPrice '1' and"),
    (",".join(HEADER).encode() + b"\n1,22841,TIN,1,2011-01-01,nan,1,X\n", "UnitPrice 'nan'"),
    (",".join(HEADER).encode() + b"\n1,22841,TIN,1e30,2011-01-01,1,1,X\n", "Quantity '1e30'"),
    (",".join(HEADER).encode() + b'\n1,22841,"TIN,1,2011-01-01,1,1,X\n', "line 2: unexpected end of data"),
])
def test_bad_files(modules, tmp_path, content, complaint):
    reader = modules["dataset_read"]
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(reader.BadInput, match=re.escape(complaint)):
        reader.read([path])


def test_the_same_file_twice(modules, files, tmp_path):
    reader, twin = modules["dataset_read"], tmp_path / "twin.csv"
    twin.write_bytes(files[1].read_bytes())
    with pytest.raises(reader.BadInput, match="the same content"):
        reader.read([files[1], twin])
