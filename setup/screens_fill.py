"""Fills a database with accounts for setup/benches/screens.py: raw SQL, a statement for each table.

Through the ORM 100,000 accounts would take an hour; here only the shape of the data counts. Dates lie around today.
"""
from datetime import date

import screens_fill_plans

# Of all accounts: each 50th is a key account, each tenth of the rest has an account manager.
KEY_EVERY, MANAGED_EVERY = 50, 10
SMALL = 100  # accounts of the second programme
DOCUMENTS = 50_000  # sales orders of one account
MANAGERS, EXECUTIVES = 200, 50


def create_people(env):
    """Two companies, each with its programme, and whoever works there; by the ORM, so that nothing is missing."""
    first = env.company
    second = env["res.company"].create({"name": "Small", "currency_id": first.currency_id.id})
    small = env["kam.program"].create({"name": "Small", "company_ids": [(6, 0, second.ids)]})
    program = env.ref("kam_management.program_default")
    program.company_ids = first
    both = [(6, 0, (first | second).ids)]

    def users(prefix, count, group, also=()):
        groups = [env.ref(xmlid).id for xmlid in ("base.group_user", group, *also)]
        return env["res.users"].with_context(no_reset_password=True, mail_create_nolog=True).create([
            {"name": f"{prefix} {number}", "login": f"{prefix}{number}", "group_ids": [(6, 0, groups)],
             "company_id": first.id, "company_ids": both} for number in range(count)])

    users("champion", 2, "kam_management.group_kam_champion", ("sales_team.group_sale_salesman_all_leads",))
    users("manager", MANAGERS, "kam_management.group_kam_user")
    users("executive", EXECUTIVES, "kam_management.group_kam_executive")
    return program, small


def fill(env, count):
    program, small = create_people(env)
    screens_fill_plans.create_products(env, program)
    env.flush_all()
    fill_accounts(env, program, count)
    fill_accounts(env, small, SMALL)
    fill_documents(env, program)
    env.invalidate_all()


def fill_accounts(env, program, count):
    """`count` customers with their accounts, and all that cards and forms show of them."""
    tiers = {tier.value_class: tier.id for tier in program.tier_ids}
    key = [tiers[name] for name in ("diamond", "gold", "strategic")]
    others = [tiers[name] for name in (
        "general", "general", "general", "general", "potential", "problem", "general_opportunity", "key_opportunity")]
    values = {
        "program": program.id, "company": program.company_ids.id, "count": count, "key": key, "others": others,
        "key_every": KEY_EVERY, "managed_every": MANAGED_EVERY, "today": date.today(),
        "people": screens_fill_plans.PEOPLE,
        "currency": program.currency_id.id, "team": env["crm.team"].search([], limit=1).id,
        "stages": env["crm.stage"].search([]).ids, "countries": env["res.country"].search([]).ids,
        "managers": env["res.users"].search([("login", "like", "manager%")]).ids,
        "executives": env["res.users"].search([("login", "like", "executive%")]).ids,
        "manager_role": env.ref("kam_management.role_manager").id,
        "sponsor_role": env.ref("kam_management.role_sponsor").id,
        "account_model": env["ir.model"]._get_id("kam.account"), "lead_model": env["ir.model"]._get_id("crm.lead"),
        "activity_type": env.ref("mail.mail_activity_data_call").id, "user": env.uid,
        "journal": env["account.journal"].search([("type", "=", "sale")], limit=1).id,
    }
    for statement in (CUSTOMERS, *ACCOUNTS, *WORK):
        env.cr.execute(statement, values)
    screens_fill_plans.fill_plans(env, values)
    env.cr.execute("DROP TABLE bench_customer")


# A table of its own says who is who: n counts customers from 1.
CUSTOMERS = """
    CREATE TEMPORARY TABLE bench_customer AS
    SELECT n, nextval('res_partner_id_seq')::int AS partner_id, nextval('kam_account_id_seq')::int AS account_id,
           n %% %(key_every)s = 0 AS is_key,
           n %% %(key_every)s = 0 OR n %% %(managed_every)s = 1 AS is_managed,
           (%(managers)s)[1 + (n / 50 + n %% 50) %% cardinality(%(managers)s)] AS manager_id,
           (%(executives)s)[1 + n / 50 %% cardinality(%(executives)s)] AS sponsor_id
      FROM generate_series(1, %(count)s) n
"""
# In time for queries on it, and after it has rows.
ACCOUNTS = [
    "ANALYZE bench_customer",
    """
    INSERT INTO res_partner (id, name, complete_name, active, is_company, type, commercial_partner_id, country_id,
                             autopost_bills, create_uid, write_uid, create_date, write_date)
    SELECT partner_id, 'Customer ' || n, 'Customer ' || n, true, true, 'contact', partner_id,
           (%(countries)s)[1 + n %% cardinality(%(countries)s)], 'ask', %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer
    """,
    """
    INSERT INTO res_partner (name, complete_name, active, is_company, type, parent_id, commercial_partner_id,
                             autopost_bills, create_uid, write_uid, create_date, write_date)
    SELECT 'Contact ' || n || '.' || m, 'Contact ' || n || '.' || m, true, false, 'contact', partner_id, partner_id,
           'ask', %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer, generate_series(1, %(people)s) m WHERE is_key
    """,
    """
    INSERT INTO kam_account (id, program_id, partner_id, tier_id, tier_sequence, is_key, active, country_id, category,
                             manager_id, sponsor_id, date_last_invoice, date_told,
                             create_uid, write_uid, create_date, write_date)
    SELECT account_id, %(program)s, partner_id, tier.id, tier.sequence, tier.is_key, true, partner.country_id,
           tier.category, CASE WHEN is_managed THEN manager_id END, CASE WHEN customer.is_key THEN sponsor_id END,
           %(today)s - n %% 300, CASE WHEN customer.is_key THEN %(today)s - 400 END,
           %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer customer
      JOIN res_partner partner ON partner.id = partner_id
      JOIN kam_tier tier ON tier.id = CASE WHEN customer.is_key
                THEN (%(key)s)[1 + n / %(key_every)s %% cardinality(%(key)s)]
                ELSE (%(others)s)[1 + n %% cardinality(%(others)s)] END
    """,
    """
    INSERT INTO kam_account_entity (account_id, program_id, partner_id, create_uid, write_uid, create_date, write_date)
    SELECT account_id, %(program)s, partner_id, %(user)s, %(user)s, NOW(), NOW() FROM bench_customer
    """,
    # Whoever manages today, whoever did before, and the sponsor.
    """
    INSERT INTO kam_assignment (account_id, program_id, user_id, role_id, role, date_from, date_to, is_current,
                                workload_share, create_uid, write_uid, create_date, write_date)
    SELECT account_id, %(program)s, user_id, role_id, role, %(today)s - since, %(today)s - until, until IS NULL, 100,
           %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer,
           LATERAL (VALUES (manager_id, %(manager_role)s, 'manager', 300, NULL::int, is_managed),
                           ((%(managers)s)[1 + n %% 7], %(manager_role)s, 'manager', 900, 301, is_managed),
                           (sponsor_id, %(sponsor_role)s, 'sponsor', 300, NULL, is_key))
               AS seat (user_id, role_id, role, since, until, is_held)
     WHERE is_held
    """,
    """
    INSERT INTO kam_tier_change (account_id, program_id, from_tier_id, to_tier_id, kind, state, origin, reason,
                                 requester_id, date_effective, date_applied, create_uid, write_uid, create_date,
                                 write_date)
    SELECT account_id, %(program)s, (%(others)s)[1], tier_id, 'nomination', 'applied', 'person', 'Growth',
           customer.manager_id, %(today)s - 400, %(today)s - 400, %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer customer JOIN kam_account account ON account.id = account_id
     WHERE customer.is_key
     UNION ALL
    SELECT account_id, %(program)s, tier_id, (%(key)s)[1], 'nomination', 'submitted', 'person', 'Growth',
           customer.manager_id, %(today)s, NULL, %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer customer JOIN kam_account account ON account.id = account_id
     WHERE customer.is_managed AND NOT customer.is_key AND n %% 3 = 0
    """,
]
WORK = [
    # Opportunities, one for each customer, to compare with the pipeline of crm.
    """
    INSERT INTO crm_lead (name, type, active, partner_id, company_id, user_id, team_id, stage_id, priority,
                          probability, automated_probability, expected_revenue, won_status, date_deadline,
                          create_uid, write_uid, create_date, write_date)
    SELECT 'Opportunity ' || n, 'opportunity', true, partner_id, %(company)s, manager_id, %(team)s, stage.id,
           (n %% 4)::text, CASE WHEN stage.is_won THEN 100 ELSE 20 END, 20, n %% 1000 * 10,
           CASE WHEN stage.is_won THEN 'won' ELSE 'pending' END, %(today)s + n %% 200 - 50,
           %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer
      JOIN crm_stage stage ON stage.id = (%(stages)s)[1 + n %% cardinality(%(stages)s)]
    """,
    # Next steps for each tenth account and each tenth opportunity; late, today and planned ones.
    """
    INSERT INTO mail_activity (res_model, res_model_id, res_id, res_name, activity_type_id, summary, user_id,
                               date_deadline, active, automated, create_uid, write_uid, create_date, write_date)
    SELECT 'kam.account', %(account_model)s, account_id, 'Customer ' || n, %(activity_type)s, 'Call', manager_id,
           %(today)s + (n / 10) %% 7 - 2, true, false, %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer WHERE n %% 10 = 0
     UNION ALL
    SELECT 'crm.lead', %(lead_model)s, lead.id, lead.name, %(activity_type)s, 'Call', lead.user_id,
           %(today)s + (lead.id / 10) %% 7 - 2, true, false, %(user)s, %(user)s, NOW(), NOW()
      FROM crm_lead lead WHERE lead.id %% 10 = 0 AND lead.company_id = %(company)s
    """,
    # Four past visits and a planned one for each key account: manager and customer attend, each other the sponsor.
    """
    WITH visit AS (
        SELECT nextval('calendar_event_id_seq')::int AS id, customer.*, m,
               %(today)s + TIME '10:00' - INTERVAL '45 days' * m + INTERVAL '20 days' AS start
          FROM bench_customer customer, generate_series(0, 4) m WHERE is_key
    ), event AS (
        INSERT INTO calendar_event (id, name, start, stop, duration, allday, active, privacy, show_as, user_id,
                                    create_uid, write_uid, create_date, write_date)
        SELECT id, 'Visit', start, start + INTERVAL '1 hour', 1, false, true, 'public', 'busy', manager_id,
               %(user)s, %(user)s, NOW(), NOW()
          FROM visit
    )
    INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
    SELECT visit.id, partner_id FROM visit
     UNION
    SELECT visit.id, users.partner_id FROM visit JOIN res_users users ON users.id IN (
        visit.manager_id, CASE WHEN m %% 2 = 0 THEN visit.sponsor_id END)
    """,
]


def fill_documents(env, program):
    """Sales orders and invoices: many of one account, two of all others that are key accounts."""
    env.cr.execute("SELECT id, partner_id FROM kam_account WHERE program_id = %s AND NOT is_key AND manager_id IS NULL "
                   "AND tier_id = %s ORDER BY id LIMIT 2", [program.id, program.entry_tier_id.id])
    (_account, busy), (_account, quiet) = env.cr.fetchall()
    values = {
        "busy": busy, "quiet": quiet, "documents": DOCUMENTS, "company": program.company_ids.id,
        "currency": program.currency_id.id, "user": env.uid, "program": program.id, "today": date.today(),
        "team": env["crm.team"].search([], limit=1).id,
        "journal": env["account.journal"].search([("type", "=", "sale")], limit=1).id,
    }
    customers = """
        (SELECT partner_id, m FROM kam_account, generate_series(1, 2) m
          WHERE program_id = %(program)s AND (is_key OR partner_id = %(quiet)s)
      UNION ALL SELECT %(busy)s, m FROM generate_series(1, %(documents)s) m) customer"""
    env.cr.execute("""
        INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id, partner_shipping_id, state,
                                date_order, currency_id, currency_rate, amount_total, team_id,
                                create_uid, write_uid, create_date, write_date)
        SELECT 'B' || ROW_NUMBER() OVER (), %(company)s, partner_id, partner_id, partner_id, 'sale',
               %(today)s - m %% 700, %(currency)s, 1, 100, %(team)s, %(user)s, %(user)s, NOW(), NOW()
          FROM """ + customers, values)
    env.cr.execute("""
        INSERT INTO account_move (name, move_type, state, payment_state, journal_id, company_id, currency_id,
                                  partner_id, commercial_partner_id, date, invoice_date, invoice_date_due, auto_post,
                                  amount_total, amount_residual_signed, sequence_prefix, sequence_number,
                                  create_uid, write_uid, create_date, write_date)
        SELECT 'B/' || ROW_NUMBER() OVER (), 'out_invoice', 'posted',
               CASE WHEN m %% 10 = 0 THEN 'not_paid' ELSE 'paid' END,
               %(journal)s, %(company)s, %(currency)s, partner_id, partner_id, day, day, day, 'no',
               100, CASE WHEN m %% 10 = 0 THEN 100 ELSE 0 END, 'B/', ROW_NUMBER() OVER (),
               %(user)s, %(user)s, NOW(), NOW()
          FROM (SELECT *, %(today)s - m %% 700 - 1 AS day FROM """ + customers + """) customer""", values)
    screens_fill_plans.fill_lines(env, program, values)
