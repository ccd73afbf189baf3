"""Documents, payments and reconciliations as rows of Odoo's tables, with the values that Odoo itself would store.

Through the ORM 14,000 invoices would take an hour. tests/test_dataset.py compares both ways, column by column.
"""
import io
from collections import Counter, defaultdict
from contextlib import closing, contextmanager
from datetime import datetime, timezone

from dataset_ledger import groups
from dataset_rules import Document, terms

TERMS = {
    15: "account.account_payment_term_15days",
    30: "account.account_payment_term_30days",
    45: "account.account_payment_term_45days",
}


def money(amount):
    """Pence as pounds, exactly.

    >>> money(-5), money(12345)
    ('-0.05', '123.45')
    """
    sign, amount = "-" if amount < 0 else "", abs(amount)
    return f"{sign}{amount // 100}.{amount % 100:02d}"


def copied(value):
    """As the text format of COPY wants it.

    >>> copied(None), copied(True), copied("a\\tb")
    ('\\\\N', 't', 'a\\\\tb')
    """
    if value is None:
        return r"\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, str):
        if value.isalnum():
            return value
        return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
    return str(value)


@contextmanager
def bare(cr, table):
    """A table without indexes and foreign keys. They come back at the end, which checks all rows at once: much faster.

    Odoo compares an index with its comment.
    """
    cr.execute("""
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype = 'f'
        UNION ALL
        SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) ||
               COALESCE(format('; COMMENT ON INDEX %%s IS %%L', indexrelid::regclass,
                               obj_description(indexrelid, 'pg_class')), '')
          FROM pg_index WHERE indrelid = %(table)s::regclass AND NOT indisunique
    """, {"table": table})
    removals, returns = zip(*cr.fetchall(), strict=True)
    for statement in removals:
        cr.execute(statement)
    yield
    for statement in returns:
        cr.execute(statement)


class Table:
    """Rows for one table, and the ids that they get."""

    def __init__(self, cr, name, has_id=True):
        self.cr, self.name, self.has_id = cr, name, has_id
        self.rows = defaultdict(list)
        self.next = None
        if has_id:
            cr.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [name])
            self.next = cr.fetchone()[0]

    def add(self, values):
        if self.has_id:
            values["id"] = self.next
            self.next += 1
        # Rows with the same columns go together; their order within does not matter, ids are given here.
        self.rows[tuple(values)].append("\t".join(map(copied, values.values())))
        return values.get("id")

    def copy(self):
        for columns, rows in self.rows.items():
            # Odoo's cursor knows no COPY; psycopg2's does, within the same transaction.
            with closing(self.cr._cnx.cursor()) as cursor:
                cursor.copy_expert(
                    f'COPY "{self.name}" ({", ".join(columns)}) FROM STDIN', io.StringIO("\n".join(rows) + "\n"))
        if self.has_id:
            self.cr.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [self.name, self.next])
        self.rows.clear()


class Writer:
    """Documents, payments and reconciliations as rows."""

    def __init__(self, env, ledger, partners, products):
        self.cr, self.ledger, self.partners, self.products = env.cr, ledger, partners, products
        company = env.company
        self.sales = env["account.journal"].search([("type", "=", "sale")], limit=1)
        self.bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
        self.method = self.bank.inbound_payment_method_line_ids[:1]
        first = env["product.product"].browse(next(iter(products.values())))
        self.unit = first.uom_id.id
        self.income = first.product_tmpl_id.get_product_accounts()["income"].id
        self.receivable = env["res.partner"].browse(
            next(iter(partners.values()))).property_account_receivable_id.id
        self.terms = {days: env.ref(xmlid).id for days, xmlid in TERMS.items()}
        self.currency = company.currency_id.id
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        self.stamp = {"create_uid": env.uid, "write_uid": env.uid, "create_date": now, "write_date": now}
        self.owned = {**self.stamp, "company_id": company.id, "currency_id": self.currency}
        self.moves = Table(self.cr, "account_move")
        self.lines = Table(self.cr, "account_move_line")
        self.payments = Table(self.cr, "account_payment")
        self.partials = Table(self.cr, "account_partial_reconcile")
        self.fulls = Table(self.cr, "account_full_reconcile")
        self.links = Table(self.cr, "account_move__account_payment", has_id=False)
        self.numbers = Counter()
        self.matchings = {}  # document or payment: number of its matching and id of its full reconciliation
        self.receivable_lines = {}  # document or payment: id of its line on the receivable account
        self.partial_numbers = {id(one): number for number, one in enumerate(ledger.settlements, self.partials.next)}

    def write(self):
        self.match()
        move_ids = {document: self.document(document) for document in self.ledger.documents}
        # move and payment name each other: the payment's column is filled at the end.
        of_payment = {payment: self.payment(payment, move_ids) for payment in self.ledger.payments}
        with bare(self.cr, self.moves.name), bare(self.cr, self.lines.name):
            for table in (self.fulls, self.payments, self.moves, self.lines, self.links):
                table.copy()
        pairs = list(of_payment.values())
        self.cr.execute(
            "UPDATE account_payment p SET move_id = v.move_id"
            "  FROM unnest(%s, %s) AS v(payment_id, move_id) WHERE p.id = v.payment_id",
            [[pair[0] for pair in pairs], [pair[1] for pair in pairs]])
        for settlement in self.ledger.settlements:
            self.partial(settlement)
        self.partials.copy()

    def match(self):
        """A matching is full when nothing of it is open any more; its number is that of its smallest partial else."""
        for group in groups(self.ledger.settlements):
            parties = [party for one in group for party in (one.invoice, one.by)]
            if any(party.open for party in parties):
                matching = f"P{min(self.partial_numbers[id(one)] for one in group)}", None
            else:
                full = self.fulls.add(dict(self.stamp))
                matching = str(full), full
            self.matchings.update((party, matching) for party in parties)

    def name(self, journal, prefix, when):
        start = f"{prefix}{journal.code}/{when.year}/"
        self.numbers[start] += 1
        number = self.numbers[start]
        return {"name": f"{start}{number:05d}", "sequence_prefix": start, "sequence_number": number}

    def move(self, journal, prefix, kind, customer, when, sign, total, still_open, **values):
        """A posted move and what its lines inherit from it; untaxed amounts are an invoice's only."""
        partner, number = self.partners[customer], self.name(journal, prefix, when)
        untaxed = 0 if kind == "entry" else total
        move_id = self.moves.add({
            **self.owned, **number, "journal_id": journal.id, "move_type": kind, "state": "posted", "date": when,
            "partner_id": partner, "commercial_partner_id": partner,
            "invoice_partner_display_name": f"Customer {customer}",
            "amount_total": money(total), "amount_total_signed": money(sign * total),
            "amount_total_in_currency_signed": money(sign * total),
            "amount_untaxed": money(untaxed), "amount_untaxed_signed": money(sign * untaxed),
            "amount_untaxed_in_currency_signed": money(sign * untaxed),
            "amount_tax": 0, "amount_tax_signed": 0,
            "amount_residual": money(still_open), "amount_residual_signed": money(sign * still_open),
            "auto_post": "no", "checked": True, "posted_before": True, "made_sequence_gap": False,
            "is_manually_modified": False, **values,
        })
        return move_id, {
            **self.owned, "move_id": move_id, "move_name": number["name"], "journal_id": journal.id,
            "parent_state": "posted", "date": when, "partner_id": partner, "company_currency_id": self.currency,
            "ref": values["ref"], "invoice_date": values.get("invoice_date"), "discount": 0,
            "is_storno": False, "no_followup": False, "deductible_amount": 100,
        }

    def line(self, common, account, balance, **values):
        """A journal item; what is open on it and whether it is reconciled say the values."""
        return self.lines.add({
            **common, "account_id": account, "balance": money(balance), "amount_currency": money(balance),
            "debit": money(max(balance, 0)), "credit": money(max(-balance, 0)),
            "amount_residual": 0, "amount_residual_currency": 0, "reconciled": False, **values,
        })

    def open_values(self, party, sign, when):
        """What a line on the receivable account says about its reconciliation."""
        number, full = self.matchings.get(party, (None, None))
        still_open = money(sign * party.open)
        return {
            "date_maturity": when, "amount_residual": still_open, "amount_residual_currency": still_open,
            "reconciled": not party.open, "matching_number": number, "full_reconcile_id": full,
        }

    def document(self, document):
        sign = -1 if document.is_credit else 1
        prefix = "R" if document.is_credit and self.sales.refund_sequence else ""
        move_id, common = self.move(
            self.sales, prefix, "out_refund" if document.is_credit else "out_invoice", document.customer,
            document.date, sign, document.total, document.open, ref=document.number, invoice_date=document.date,
            invoice_date_due=document.due, invoice_payment_term_id=self.terms[terms(document.customer)],
            partner_shipping_id=self.partners[document.customer], invoice_currency_rate=1,
            always_tax_exigible=False, payment_state=self.payment_state(document),
            payment_reference=None if document.is_credit else self.next_name(document))
        for line in document.lines:
            self.line(
                common, self.income, -sign * line.pence, display_type="product", name=line.description, sequence=100,
                product_id=self.products[line.stock_code], product_uom_id=self.unit, quantity=line.quantity,
                price_unit=line.price, price_subtotal=money(line.pence), price_total=money(line.pence))
        label = None if document.is_credit else f"{document.number} - {common['move_name']}"
        self.receivable_lines[document] = self.line(
            common, self.receivable, sign * document.total, display_type="payment_term", name=label, sequence=12000,
            quantity=0, price_unit=0, price_subtotal=0, price_total=0, discount_balance=0, discount_amount_currency=0,
            **self.open_values(document, sign, document.due))
        return move_id

    def next_name(self, document):
        start = f"{self.sales.code}/{document.date.year}/"
        return f"{start}{self.numbers[start] + 1:05d}"

    @staticmethod
    def payment_state(document):
        """As account.move's _compute_payment_state."""
        if document.open:
            return "partial" if document.settlements else "not_paid"
        by_credit_only = document.settlements and all(isinstance(one.by, Document) for one in document.settlements)
        return "reversed" if by_credit_only and not document.is_credit else "paid"

    def payment(self, payment, move_ids):
        memo = ", ".join(document.number for document in payment.documents)
        amount, when = money(payment.total), payment.date
        payment_id = self.payments.next
        move_id, common = self.move(
            self.bank, "P" if self.bank.payment_sequence else "", "entry", payment.customer, when, 1, payment.total, 0,
            ref=memo, invoice_date_due=when, invoice_currency_rate=0, always_tax_exigible=True,
            payment_state="not_paid", origin_payment_id=payment_id)
        self.payments.add({
            **self.owned, "name": common["move_name"], "date": when, "journal_id": self.bank.id,
            "partner_id": self.partners[payment.customer], "amount": amount, "amount_company_currency_signed": amount,
            "payment_type": "inbound", "partner_type": "customer", "memo": memo, "state": "paid",
            "is_matched": True, "is_reconciled": True, "payment_method_line_id": self.method.id,
            "payment_method_id": self.method.payment_method_id.id, "destination_account_id": self.receivable,
            "outstanding_account_id": self.method.payment_account_id.id,
        })
        common.update(name=f"{self.method.name}: {memo}", payment_id=payment_id, display_type="product", sequence=100,
                      quantity=1, price_unit=0)
        self.line(common, self.method.payment_account_id.id, payment.total, date_maturity=when,
                  amount_residual=amount, amount_residual_currency=amount, price_subtotal=amount, price_total=amount)
        self.receivable_lines[payment] = self.line(
            common, self.receivable, -payment.total, price_subtotal=money(-payment.total),
            price_total=money(-payment.total), **self.open_values(payment, -1, when))
        for document in payment.documents:
            self.links.add({"invoice_id": move_ids[document], "payment_id": payment_id})
        return payment_id, move_id

    def partial(self, settlement):
        amount = money(settlement.pence)
        values = {key: value for key, value in self.owned.items() if key != "currency_id"}
        self.partials.add({
            **values, "debit_move_id": self.receivable_lines[settlement.invoice],
            "credit_move_id": self.receivable_lines[settlement.by],
            "debit_currency_id": self.currency, "credit_currency_id": self.currency,
            "amount": amount, "debit_amount_currency": amount, "credit_amount_currency": amount,
            "max_date": settlement.date, "full_reconcile_id": self.matchings[settlement.invoice][1],
        })
