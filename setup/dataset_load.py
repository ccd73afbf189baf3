"""Writes a ledger into an Odoo database: customers and products through the ORM, the rest by setup/dataset_copy.py."""
from collections import Counter

from dataset_copy import TERMS, Writer
from dataset_rules import cost, is_service, terms

# Names of countries that are not Odoo's. The rest of the unknown ones stays empty: "Unspecified", "European Community".
COUNTRIES = {"EIRE": "IE", "USA": "US", "RSA": "ZA", "Korea": "KR", "Channel Islands": "JE"}
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "no_vat_validation": True}
BATCH = 1000


def prepare_company(env):
    """One company in the United Kingdom with the generic chart of accounts, in pounds, without taxes."""
    company, pound, kingdom = env.company, env.ref("base.GBP"), env.ref("base.uk")
    if company.chart_template != "generic_coa":
        env["account.chart.template"].try_loading("generic_coa", company)
    pound.active = True
    company.write({
        "name": "Online Retail", "country_id": kingdom.id, "account_fiscal_country_id": kingdom.id,
        "currency_id": pound.id, "account_sale_tax_id": False, "account_purchase_tax_id": False,
    })
    env["account.fiscal.position"].search([]).active = False
    # A payment goes straight to the bank account: without bank statements, "paid" is what a paid invoice shall be.
    for journal in env["account.journal"].search([("type", "=", "bank")]):
        journal.inbound_payment_method_line_ids.payment_account_id = journal.default_account_id


def load(env, ledger):
    """Everything of a ledger, in one transaction that the caller commits."""
    env = env(context={**env.context, **QUIET})
    partners, unknown = create_customers(env, ledger)
    products = create_products(env, ledger)
    env.flush_all()
    Writer(env, ledger, partners, products).write()
    env.invalidate_all()
    return unknown


def batches(items):
    items = list(items)
    return (items[start:start + BATCH] for start in range(0, len(items), BATCH))


def create_customers(env, ledger):
    """Partner ids by CustomerID, and the names of countries that Odoo does not know with their customers."""
    countries = {country.name: country.id for country in env["res.country"].with_context(lang="en_US").search([])}
    codes = {country.code: country.id for country in env["res.country"].search([])}
    countries.update((name, codes[code]) for name, code in COUNTRIES.items())
    documents = Counter(document.customer for document in ledger.documents)
    partners = {}
    for batch in batches(sorted(ledger.countries)):
        records = env["res.partner"].create([{
            "name": f"Customer {customer}",
            "ref": customer,
            "is_company": True,
            "country_id": countries.get(ledger.countries[customer]),
            "property_payment_term_id": env.ref(TERMS[terms(customer)]).id,
            "customer_rank": documents[customer],
        } for customer in batch])
        partners.update(zip(batch, records.ids, strict=True))
    unknown = Counter(country for country in ledger.countries.values() if country not in countries)
    return partners, unknown


def create_products(env, ledger):
    products = {}
    for batch in batches(sorted(ledger.products)):
        records = env["product.product"].create([{
            "name": ledger.descriptions[code],
            "default_code": code,
            "type": "service" if is_service(code) else "consu",
            "list_price": float(ledger.products[code]),
            "standard_price": float(cost(code, ledger.products[code])),
            "taxes_id": False,
            "supplier_taxes_id": False,
        } for code in batch])
        products.update(zip(batch, records.ids, strict=True))
    return products


def figures(env):
    """What the database says about itself, in pence, to be compared with the ledger."""
    cr = env.cr
    cr.execute("""
        SELECT COUNT(*) FILTER (WHERE move_type = 'out_invoice') AS invoices,
               COUNT(*) FILTER (WHERE move_type = 'out_refund') AS credit_notes,
               COALESCE(SUM(amount_untaxed_signed) * 100, 0)::bigint AS revenue,
               (SUM(amount_residual) FILTER (WHERE move_type = 'out_invoice') * 100)::bigint AS open_invoices,
               (SUM(amount_residual) FILTER (WHERE move_type = 'out_refund') * 100)::bigint AS open_credit_notes
          FROM account_move WHERE move_type IN ('out_invoice', 'out_refund')
    """)
    found = dict(zip((column.name for column in cr.description), cr.fetchone(), strict=True))
    cr.execute("""
        SELECT (-SUM(balance) FILTER (WHERE display_type = 'product' AND move_type <> 'entry') * 100)::bigint,
               COUNT(*) FILTER (WHERE display_type = 'product' AND move_type <> 'entry'),
               (SUM(balance) * 100)::bigint
          FROM account_move_line l JOIN account_move m ON m.id = l.move_id
    """)
    found["revenue_of_lines"], found["lines"], found["balance"] = cr.fetchone()
    cr.execute("SELECT COUNT(*), COALESCE(SUM(amount) * 100, 0)::bigint FROM account_payment")
    found["payments"], found["paid"] = cr.fetchone()
    return found
