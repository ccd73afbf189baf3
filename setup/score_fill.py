"""Fills a database with customers and their ledger for setup/benches/score.py: raw SQL, a statement for each table.

Three companies, each in a currency of its own. Of the invoices (five for each customer, three product lines for each
invoice) most are paid by an entry of the bank, some late, some in part, some not yet; each 25th is credited in part.
Chance comes from a seed, so that two builds on one day are the same. Debit equals credit in each entry, and what is
open on a line is what its reconciliations leave of it.
"""
from datetime import date, timedelta

from dataset_copy import bare

INVOICES = 5  # for each customer, on average
LINES = 3  # for each invoice, on average
DAYS = 800  # from the first document to the last one
PRODUCTS, CATEGORIES = 1000, 30
CREDITED_EVERY = 25
KEY_EVERY = 50  # accounts in a key tier
# Currency, and what one unit of the first one buys of it: on the first day, and more or less by the week.
CURRENCIES = (("GBP", 1, 0), ("USD", 1.25, 0.02), ("EUR", 1.15, 0.01))
TABLES = ("account_move", "account_move_line", "account_partial_reconcile")


def as_of():
    """The day of the measured runs: never the first of a month, so that the day before is in the same month."""
    today = date.today()
    return today if today.day > 1 else today - timedelta(days=1)


def prepare(env):
    """Companies, currencies and products; by the ORM, so that nothing is missing."""
    companies = env.company
    for name, *_rates in CURRENCIES[1:]:
        # In this context no chart is loaded by itself, which would be a second one at the end.
        companies |= env["res.company"].with_context(chart_template_load=True).create({
            "name": name, "country_id": env.ref("base.us").id}).with_env(env)
    for company, (name, start, swing) in zip(companies, CURRENCIES, strict=True):
        if company.chart_template != "generic_coa":
            env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        currency = env.ref(f"base.{name}")
        currency.active = True
        company.write({"currency_id": currency.id, "account_sale_tax_id": False})
        env["res.currency.rate"].search([("currency_id", "=", currency.id)]).unlink()
        env["res.currency.rate"].create([{
            "currency_id": currency.id, "company_id": False, "rate": start + swing * (week % 5 - 2),
            "name": as_of() - timedelta(days=DAYS - 7 * week),
        } for week in range(DAYS // 7 if swing else 1)])
    categories = env["product.category"].create([{"name": f"Category {n}"} for n in range(CATEGORIES)])
    env["product.product"].create([{
        "name": f"Product {n}", "default_code": f"B{n:04d}", "type": "consu", "categ_id": categories[n % CATEGORIES].id,
        "list_price": 5 + n % 95, "taxes_id": False,
    } for n in range(PRODUCTS)])


def fill(env, count):
    """`count` customers with their documents; accounts are the business of the first run."""
    prepare(env)
    values = {
        "count": count, "as_of": as_of(), "days": DAYS, "invoices": count * INVOICES, "lines": 2 * LINES - 1,
        "credited_every": CREDITED_EVERY, "user": env.uid, "countries": env["res.country"].search([]).ids,
        "unit": env.ref("uom.product_uom_unit").id,
    }
    env.cr.execute("SELECT SETSEED(0.5)")
    create_companies(env)
    for statement in (*CUSTOMERS, *DOCUMENTS):
        env.cr.execute(statement, values)
    move, line, partial = TABLES
    with bare(env.cr, move), bare(env.cr, line), bare(env.cr, partial):
        for statement in ENTRIES:
            env.cr.execute(statement, values)
    check(env)
    env.invalidate_all()


def create_companies(env):
    """A table of the companies, counted from 0, with what their documents need."""
    env.cr.execute("""
        CREATE TEMPORARY TABLE bench_company (c int, company_id int, currency_id int, sales_id int, bank_id int,
                                              receivable_id int, income_id int, money_id int)""")
    companies = env["res.company"].search([], order="id")
    partner = env["res.partner"].create({"name": "Whoever"})
    product = env["product.product"].search([("default_code", "=", "B0000")])
    for number, company in enumerate(companies):
        sales, bank = (env["account.journal"].search([("type", "=", kind), ("company_id", "=", company.id)], limit=1)
                       for kind in ("sale", "bank"))
        env.cr.execute("INSERT INTO bench_company VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", [
            number, company.id, company.currency_id.id, sales.id, bank.id,
            partner.with_company(company).property_account_receivable_id.id,
            product.with_company(company).product_tmpl_id.get_product_accounts()["income"].id,
            bank.default_account_id.id])
    partner.unlink()
    # A price for each company; each twentieth product has no known cost.
    env.cr.execute("""
        UPDATE product_product product SET standard_price = cost.prices
          FROM (SELECT product.id, jsonb_object_agg(bench_company.company_id, ROUND(
                           template.list_price * 0.4 * (1 + product.id % 7 / 10.0), 2)) AS prices
                  FROM product_product product JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN bench_company ON true
                 WHERE product.default_code LIKE 'B%' AND product.id % 20 <> 0 GROUP BY product.id) cost
         WHERE cost.id = product.id""")


# Temporary tables say who is who: n counts customers from 1, i documents.
CUSTOMERS = [
    # Each eighth has bought nothing for a year; each 20th buys from two companies.
    """
    CREATE TEMPORARY TABLE bench_customer AS
    SELECT n, nextval('res_partner_id_seq')::int AS partner_id, n %% 8 = 0 AS is_gone, n %% 20 = 1 AS is_group,
           CASE WHEN n %% 10 < 7 THEN 0 WHEN n %% 10 < 9 THEN 1 ELSE 2 END AS c,
           CASE n %% 3 WHEN 0 THEN 15 WHEN 1 THEN 30 ELSE 45 END AS terms,
           CASE WHEN n %% 11 = 0 THEN 40 ELSE 0 END AS late
      FROM generate_series(1, %(count)s) n
    """,
    "CREATE UNIQUE INDEX ON bench_customer (n)",
    "ANALYZE bench_customer",
    """
    INSERT INTO res_partner (id, name, complete_name, active, is_company, type, commercial_partner_id, country_id,
                             customer_rank, autopost_bills, create_uid, write_uid, create_date, write_date)
    SELECT partner_id, 'Customer ' || n, 'Customer ' || n, true, true, 'contact', partner_id,
           (%(countries)s)[1 + n %% cardinality(%(countries)s)], 1, 'ask', %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer
    """,
]
DOCUMENTS = [
    """
    CREATE TEMPORARY TABLE bench_product AS
    SELECT ROW_NUMBER() OVER (ORDER BY product.id)::int - 1 AS p, product.id AS product_id,
           template.list_price::numeric AS price
      FROM product_product product JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE product.default_code LIKE 'B%%'
    """,
    # One document for each customer, the others rather for the first ones: few buy much.
    """
    CREATE TEMPORARY TABLE bench_document AS
    SELECT i, NULL::int AS of_i, customer.n, customer.partner_id, 'out_invoice' AS move_type, 1 AS sign,
           nextval('account_move_id_seq')::int AS move_id, nextval('account_move_line_id_seq')::int AS line_id,
           CASE WHEN is_group AND i %% 2 = 0 THEN (customer.c + 1) %% 3 ELSE customer.c END AS c,
           day, day + terms AS due, day + terms + late - 20 + FLOOR(40 * luck)::int AS day_paid,
           1 + FLOOR(%(lines)s * size)::int AS lines,
           CASE WHEN share < 0.05 THEN 0.0 WHEN share < 0.1 THEN 0.5 ELSE 1 END AS part_paid
      FROM (SELECT i, CASE WHEN i <= %(count)s THEN i ELSE 1 + FLOOR(%(count)s * POWER(RANDOM(), 2))::int END AS n,
                   RANDOM() AS age, RANDOM() AS luck, RANDOM() AS share, RANDOM() AS size
              FROM generate_series(1, %(invoices)s) i) draw
      JOIN bench_customer customer ON customer.n = draw.n
     CROSS JOIN LATERAL (
           SELECT CASE WHEN is_gone THEN %(as_of)s::date - 380 - FLOOR(age * (%(days)s - 380))::int
                       ELSE %(as_of)s::date - 1 - FLOOR(age * (%(days)s - 1))::int END AS day) dates
    """,
    """
    CREATE TEMPORARY TABLE bench_line AS
    SELECT i, k, product_id, quantity, price, ROUND(quantity * price, 2) AS amount
      FROM (SELECT i, k, FLOOR(RANDOM() * (SELECT COUNT(*) FROM bench_product))::int AS p,
                   CEIL(RANDOM() * 12)::numeric AS quantity
              FROM bench_document, generate_series(1, lines) k) draw
      JOIN bench_product USING (p)
    """,
    # A credit note takes back the first line, where there are more.
    """
    INSERT INTO bench_document
    SELECT i + %(invoices)s, i, n, partner_id, 'out_refund', -1, nextval('account_move_id_seq'),
           nextval('account_move_line_id_seq'), c, day + 10, day + 10, NULL, 1, 0
      FROM bench_document WHERE i %% %(credited_every)s = 0 AND lines > 1 AND day + 10 < %(as_of)s
    """,
    """
    INSERT INTO bench_line SELECT document.i, 1, product_id, quantity, price, amount
      FROM bench_document document JOIN bench_line line ON line.i = document.of_i AND line.k = 1
    """,
    # What is paid and credited of each document.
    """
    CREATE TEMPORARY TABLE bench_total AS
    SELECT document.*, total, COALESCE(credit.amount, CASE WHEN sign < 0 THEN total ELSE 0 END) AS credited,
           CASE WHEN sign > 0 AND part_paid > 0 AND day_paid < %(as_of)s
                THEN ROUND((total - COALESCE(credit.amount, 0)) * part_paid, 2) ELSE 0 END AS paid
      FROM bench_document document
      JOIN (SELECT i, SUM(amount) AS total FROM bench_line GROUP BY i) sums USING (i)
      LEFT JOIN (SELECT of_i AS i, amount FROM bench_document JOIN bench_line USING (i) WHERE sign < 0) credit USING (i)
    """,
    """
    CREATE TEMPORARY TABLE bench_payment AS
    SELECT i, partner_id, c, paid, day_paid, line_id AS invoice_line_id,
           nextval('account_move_id_seq')::int AS move_id, nextval('account_move_line_id_seq')::int AS line_id
      FROM bench_total WHERE paid > 0
    """,
    "ANALYZE bench_document",
    "ANALYZE bench_line",
    "ANALYZE bench_total",
    "ANALYZE bench_payment",
]
# What all lines share, and what a reconciled one says; `document` or `payment`, and `company`, are in reach.
LINE = """move_id, company_id, company_currency_id, currency_id, journal_id, account_id, partner_id, move_name,
          parent_state, date, display_type, balance, amount_currency, debit, credit, amount_residual,
          amount_residual_currency, reconciled, name, quantity, price_unit, discount, is_storno,
          create_uid, write_uid, create_date, write_date"""


def line(source, journal, account, day, kind, balance, residual, name, quantity="0", price="0"):
    return f"""{source}.move_id, company_id, currency_id, currency_id, {journal}, {account}, {source}.partner_id,
        {name}, 'posted', {day}, '{kind}', {balance}, {balance}, GREATEST({balance}, 0), GREATEST(-({balance}), 0),
        {residual}, {residual}, {residual} = 0, {name}, {quantity}, {price}, 0, false,
        %(user)s, %(user)s, NOW(), NOW()"""


ENTRIES = [
    """
    INSERT INTO account_move (
        id, name, sequence_prefix, sequence_number, move_type, state, payment_state, journal_id, company_id,
        currency_id, partner_id, commercial_partner_id, partner_shipping_id, invoice_partner_display_name, date,
        invoice_date, invoice_date_due, invoice_currency_rate, auto_post, checked, posted_before, made_sequence_gap,
        amount_total, amount_total_signed, amount_total_in_currency_signed, amount_untaxed, amount_untaxed_signed,
        amount_untaxed_in_currency_signed, amount_tax, amount_tax_signed, amount_residual, amount_residual_signed,
        create_uid, write_uid, create_date, write_date)
    SELECT move_id, 'B/' || i, 'B/', i, move_type, 'posted',
           CASE WHEN credited + paid = total THEN 'paid' WHEN credited + paid > 0 THEN 'partial' ELSE 'not_paid' END,
           sales_id, company_id, currency_id, partner_id, partner_id, partner_id, 'Customer ' || n, day, day, due, 1,
           'no', true, true, false, total, sign * total, sign * total, total, sign * total, sign * total, 0, 0,
           total - credited - paid, sign * (total - credited - paid), %(user)s, %(user)s, NOW(), NOW()
      FROM bench_total JOIN bench_company USING (c)
     UNION ALL
    SELECT move_id, 'P/' || i, 'P/', i, 'entry', 'posted', 'not_paid', bank_id, company_id, currency_id, partner_id,
           partner_id, NULL, NULL, day_paid, NULL, day_paid, NULL, 'no', true, true, false,
           paid, paid, paid, 0, 0, 0, 0, 0, 0, 0, %(user)s, %(user)s, NOW(), NOW()
      FROM bench_payment JOIN bench_company USING (c)
    """,
    f"""
    INSERT INTO account_move_line (
        invoice_date, sequence, product_id, product_uom_id, price_subtotal, price_total, {LINE})
    SELECT day, 100, product_id, %(unit)s, amount, amount,
           {line('document', 'sales_id', 'income_id', 'day', 'product', '-sign * amount', '0', "'B/' || i",
                 'quantity', 'price')}
      FROM bench_total document JOIN bench_line USING (i) JOIN bench_company USING (c)
    """,
    f"""
    INSERT INTO account_move_line (id, invoice_date, sequence, date_maturity, {LINE})
    SELECT line_id, day, 12000, due,
           {line('document', 'sales_id', 'receivable_id', 'day', 'payment_term', 'sign * total',
                 'sign * (total - credited - paid)', "'B/' || i")}
      FROM bench_total document JOIN bench_company USING (c)
    """,
    f"""
    INSERT INTO account_move_line (id, sequence, date_maturity, {LINE})
    SELECT line_id, 100, day_paid,
           {line('payment', 'bank_id', 'receivable_id', 'day_paid', 'product', '-paid', '0', "'P/' || i")}
      FROM bench_payment payment JOIN bench_company USING (c)
    """,
    f"""
    INSERT INTO account_move_line (sequence, date_maturity, {LINE})
    SELECT 100, day_paid,
           {line('payment', 'bank_id', 'money_id', 'day_paid', 'product', 'paid', '0', "'P/' || i")}
      FROM bench_payment payment JOIN bench_company USING (c)
    """,
    """
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, debit_currency_id, credit_currency_id, company_id, amount, debit_amount_currency,
        credit_amount_currency, max_date, create_uid, write_uid, create_date, write_date)
    SELECT debit, credit, currency_id, currency_id, company_id, amount, amount, amount, day,
           %(user)s, %(user)s, NOW(), NOW()
      FROM (SELECT invoice_line_id AS debit, line_id AS credit, c, paid AS amount, day_paid AS day FROM bench_payment
             UNION ALL
            SELECT invoice.line_id, credit.line_id, credit.c, credit.total, credit.day
              FROM bench_total credit JOIN bench_total invoice ON invoice.i = credit.of_i) part
      JOIN bench_company USING (c)
    """,
]


def check(env):
    """What has to hold in any ledger."""
    env.cr.execute("SELECT move_id FROM account_move_line GROUP BY move_id HAVING SUM(balance) <> 0 LIMIT 1")
    assert not env.cr.fetchall(), "debit and credit differ"
    env.cr.execute("""
        SELECT line.id FROM account_move_line line
          LEFT JOIN (SELECT line_id, SUM(amount) AS amount
                       FROM (SELECT debit_move_id AS line_id, amount FROM account_partial_reconcile
                              UNION ALL SELECT credit_move_id, amount FROM account_partial_reconcile) side
                   GROUP BY line_id) settled ON settled.line_id = line.id
          JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
         WHERE ABS(line.balance) - COALESCE(settled.amount, 0) <> ABS(line.amount_residual) LIMIT 1""")
    assert not env.cr.fetchall(), "a line and its reconciliations differ"


def judge(env, program):
    """What people have done since the first run: key accounts, and judgements of influence on each fifth account."""
    tiers = program.tier_ids.filtered("is_key").sorted("sequence")
    env.cr.execute("""
        UPDATE kam_account account
           SET tier_id = tier.id, tier_sequence = tier.sequence, is_key = tier.is_key, category = tier.category
          FROM kam_tier tier
         WHERE account.program_id = %(program)s AND account.id %% %(every)s = 0
           AND tier.id = (%(tiers)s)[1 + account.id / %(every)s %% cardinality(%(tiers)s)]""",
        {"program": program.id, "every": KEY_EVERY, "tiers": tiers.ids})
    env.cr.execute("""
        INSERT INTO kam_judgement (account_id, program_id, kind, level, user_id, date, date_end,
                                   create_date, write_date)
        SELECT id, program_id, 'influence', (1 + id %% 3 + id / 5 %% 3)::text, %s, CURRENT_DATE - 30,
               CURRENT_DATE + 700, NOW(), NOW()
          FROM kam_account WHERE program_id = %s AND id %% 5 = 0""", [env.uid, program.id])
    env.invalidate_all()
