"""Plans, wallets and people of key accounts, for setup/benches/screens.py: the second half of screens_fill.py."""

CATEGORIES = 6
# Each is filled for all key accounts of the temporary table bench_customer.
OBJECTIVES, ACTIONS, PEOPLE = 3, 6, 8


def create_products(env, program):
    """Product categories as columns of the whitespace grid, each with a product to sell."""
    categories = env["product.category"].create([{"name": f"Category {number}"} for number in range(CATEGORIES)])
    program.wallet_category_ids = categories
    products = env["product.product"].create([
        {"name": categ.name, "categ_id": categ.id, "type": "consu"} for categ in categories])
    env["kam.competitor"].create([{"name": f"Competitor {number}"} for number in range(20)])
    return categories, products


def fill_plans(env, values):
    """All that the plan board, the action board, the whitespace grid and the relationship map show."""
    values = {
        **values, "objectives": OBJECTIVES, "actions": ACTIONS, "people": PEOPLE,
        "categories": env["product.category"].search([("name", "like", "Category %")]).ids,
        "competitors": env["kam.competitor"].search([]).ids,
        "action_model": env["ir.model"]._get_id("kam.plan.action"),
        "todo": env.ref("mail.mail_activity_data_todo").id}
    for statement in (*PLANS, *WALLETS, *STAKEHOLDERS):
        env.cr.execute(statement, values)


def fill_lines(env, program, values):
    """What the invoices of key accounts are about."""
    env.cr.execute("""
        INSERT INTO account_move_line (
            move_id, account_id, currency_id, company_id, company_currency_id, journal_id, partner_id, parent_state,
            move_name, name, date, invoice_date, display_type, product_id, product_uom_id, quantity, price_unit,
            price_subtotal, price_total, debit, credit, balance, amount_currency, create_uid, write_uid, create_date,
            write_date)
        SELECT move.id, %(income)s, move.currency_id, move.company_id, move.currency_id, move.journal_id,
               move.partner_id, 'posted', move.name, product.name, move.date, move.invoice_date, 'product', product.id,
               product.uom_id, 1, 100, 100, 100, 0, 100, -100, -100, %(user)s, %(user)s, NOW(), NOW()
          FROM account_move move
          JOIN kam_account account ON account.partner_id = move.partner_id AND account.is_key
               AND account.program_id = %(program)s
          JOIN LATERAL (
               SELECT product.id, template.uom_id, template.name->>'en_US' AS name
                 FROM product_product product JOIN product_template template ON template.id = product.product_tmpl_id
                WHERE product.id = (%(products)s)[1 + move.id %% cardinality(%(products)s)]) product ON TRUE
         WHERE move.move_type = 'out_invoice'""", {**values, "program": program.id, "income": env[
        "account.account"].search([("account_type", "=", "income")], limit=1).id, "products": env[
            "product.product"].search([("categ_id.name", "like", "Category %")]).ids})


# Of each key account the plan of last year and that of today: mostly active, some on their way to approval.
PLANS = [
    """
    INSERT INTO kam_plan (account_id, program_id, owner_id, state, date_from, date_to, date_worked, date_closed,
                          customer_summary, strategy, strengths, create_uid, write_uid, create_date, write_date)
    SELECT account_id, %(program)s, manager_id,
           CASE WHEN last THEN 'closed' ELSE (ARRAY['active', 'active', 'active', 'active', 'active', 'active', 'draft',
                                                    'review', 'approved', 'active'])[1 + n / %(key_every)s %% 10] END,
           %(today)s - CASE WHEN last THEN 565 ELSE 200 END, %(today)s + CASE WHEN last THEN -201 ELSE 164 END,
           %(today)s - n / %(key_every)s %% 90, CASE WHEN last THEN %(today)s - 201 END,
           'They make pumps.', 'More of everything.', 'Delivery on time.', %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer, (VALUES (TRUE), (FALSE)) AS year (last)
     WHERE is_key
    """,
    """
    INSERT INTO kam_plan_objective (plan_id, account_id, program_id, sequence, name, type, horizon, measure, direction,
                                    date_target, baseline, target_value, create_uid, write_uid, create_date, write_date)
    SELECT plan.id, plan.account_id, plan.program_id, m, 'Objective ' || m,
           (ARRAY['grow', 'retain', 'relationship'])[m], (ARRAY['m3', 'm6', 'm12'])[m],
           (ARRAY['revenue', 'live_contacts', 'wallet_share'])[m], 'up', plan.date_to, 0,
           (ARRAY[200, 6, 40])[m], %(user)s, %(user)s, NOW(), NOW()
      FROM kam_plan plan, generate_series(1, %(objectives)s) m
     WHERE plan.program_id = %(program)s AND plan.state <> 'closed'
    """,
    # Two of six done; of the others some late. Each open one is an activity of its owner.
    """
    INSERT INTO kam_plan_action (plan_id, account_id, program_id, name, state, is_open, priority, user_id, date_due,
                                 date_done, create_uid, write_uid, create_date, write_date)
    SELECT plan.id, plan.account_id, plan.program_id, 'Action ' || m,
           (ARRAY['done', 'todo', 'progress', 'todo', 'done', 'todo'])[m], m NOT IN (1, 5), (m %% 2)::text,
           plan.owner_id,
           %(today)s + (plan.id + m * 11) %% 80 - 10, CASE WHEN m IN (1, 5) THEN %(today)s - m END,
           %(user)s, %(user)s, NOW(), NOW()
      FROM kam_plan plan, generate_series(1, %(actions)s) m
     WHERE plan.program_id = %(program)s AND plan.state <> 'closed'
    """,
    """
    WITH activity AS (
        INSERT INTO mail_activity (res_model, res_model_id, res_id, res_name, activity_type_id, summary, user_id,
                                   date_deadline, active, automated, create_uid, write_uid, create_date, write_date)
        SELECT 'kam.plan.action', %(action_model)s, id, name, %(todo)s, name, user_id, date_due, true, true,
               %(user)s, %(user)s, NOW(), NOW()
          FROM kam_plan_action WHERE is_open AND program_id = %(program)s
     RETURNING id, res_id
    )
    UPDATE kam_plan_action SET activity_id = activity.id FROM activity WHERE activity.res_id = kam_plan_action.id
    """,
]
WALLETS = [
    """
    INSERT INTO kam_wallet_line (account_id, program_id, categ_id, spend, spend_prior, source, confidence, holder,
                                 competitor_id, date_estimated, is_blocked, spends_nothing,
                                 create_uid, write_uid, create_date, write_date)
    SELECT account_id, %(program)s, categ, CASE WHEN m = 6 THEN 0 ELSE 50 + (n * m) %% 400 END, 50 + (n * m) %% 300,
           (ARRAY['customer', 'report', 'study', 'team', 'team', 'customer'])[m], (1 + (n + m) %% 3)::text,
           'competitor',
           (%(competitors)s)[1 + (n / %(key_every)s + m) %% cardinality(%(competitors)s)],
           %(today)s - (n / %(key_every)s * m)::int %% 500, false, m = 6, %(user)s, %(user)s, NOW(), NOW()
      FROM bench_customer, UNNEST(%(categories)s) WITH ORDINALITY AS category (categ, m)
     WHERE is_key
    """,
]
STAKEHOLDERS = [
    """
    CREATE TEMPORARY TABLE bench_contact AS
    SELECT customer.*, contact.id AS contact_id, nextval('kam_stakeholder_id_seq')::int AS stakeholder_id,
           ROW_NUMBER() OVER (PARTITION BY customer.partner_id ORDER BY contact.id)::int AS m
      FROM bench_customer customer JOIN res_partner contact ON contact.parent_id = customer.partner_id
     WHERE is_key
    """,
    # A tree: each person reports to the one of half their number.
    """
    INSERT INTO kam_stakeholder (id, account_id, program_id, partner_id, parent_id, main_user_id, active, buying_role,
                                 influence, strength, create_uid, write_uid, create_date, write_date)
    SELECT contact.stakeholder_id, contact.account_id, %(program)s, contact.contact_id, above.stakeholder_id,
           contact.manager_id, true,
           (ARRAY['decider', 'champion', 'influencer', 'technical', 'buyer', 'user', 'gatekeeper'])[1 + contact.m %% 7],
           (contact.m %% 4)::text, (contact.m %% 4)::text, %(user)s, %(user)s, NOW(), NOW()
      FROM bench_contact contact
 LEFT JOIN bench_contact above ON above.account_id = contact.account_id AND above.m = contact.m / 2
    """,
    """
    INSERT INTO kam_coverage (stakeholder_id, account_id, program_id, partner_id, user_id, is_main, buying_role,
                              influence, create_uid, write_uid, create_date, write_date)
    SELECT person.id, person.account_id, person.program_id, person.partner_id, person.main_user_id, true,
           person.buying_role, person.influence, %(user)s, %(user)s, NOW(), NOW()
      FROM kam_stakeholder person WHERE person.program_id = %(program)s
    """,
    """
    INSERT INTO kam_stakeholder_assessment (stakeholder_id, account_id, program_id, partner_id, stance, purpose,
                                            date_erase, create_uid, write_uid, create_date, write_date)
    SELECT stakeholder_id, account_id, %(program)s, contact_id,
           (ARRAY['supporter', 'friendly', 'neutral', 'critic'])[1 + m %% 4], 'Map', %(today)s + 300,
           %(user)s, %(user)s, NOW(), NOW()
      FROM bench_contact
    """,
    # Half of them come to the visits of the account.
    """
    INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
    SELECT visit.calendar_event_id, contact.contact_id
      FROM bench_contact contact
      JOIN calendar_event_res_partner_rel visit ON visit.res_partner_id = contact.partner_id
     WHERE contact.m %% 2 = 0
    """,
    "DROP TABLE bench_contact",
]
