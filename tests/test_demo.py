"""The demo company is what its tables say: who is in it, what they did, and what the champion finds to decide.

Runs on the database of pytest-odoo where that has demo data. Figures are compared with the day on which the demo was
loaded, so that a database of last week still passes.
"""
from collections import Counter
from datetime import date, timedelta

import pytest
from conftest import environment
from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessDenied
from odoo.tests.common import get_db_name

from odoo.addons.kam_management.demo.purchases import MONTHS, purchases
from odoo.addons.kam_management.demo.records import record, rows

CUSTOMERS = {row["id"]: row for row in rows("customers")}
CATALOGUE = {row["id"]: float(row["price"]) for row in rows("products")}
TRADING = [name for name, row in CUSTOMERS.items() if row["orders"]]


def cast(role):
    """The customers that play a role in the table."""
    return [name for name, row in CUSTOMERS.items() if row["cast"] == role]


@pytest.fixture(scope="module")
def env():
    with environment(get_db_name()) as env:
        if not record(env, "company", "eu", raise_if_not_found=False):
            pytest.skip(f"The database {env.cr.dbname} has no demo data.")
        yield env


@pytest.fixture(scope="module")
def loaded(env):
    """The day on which the demo was loaded, where the one lives who loaded it."""
    company = record(env, "company", "eu")
    return fields.Datetime.context_timestamp(company, company.create_date).date()


@pytest.fixture(scope="module")
def companies(env):
    return record(env, "company", "eu") | record(env, "company", "ap")


@pytest.fixture(scope="module")
def moves(env, companies):
    return env["account.move"].search([("company_id", "in", companies.ids)])


@pytest.fixture(scope="module")
def year(env, moves, loaded):
    """{customer: euro of the last twelve months}, each legal entity for itself, dollars at about their rate."""
    return turnover(env, moves, loaded - relativedelta(years=1), loaded)


def turnover(env, moves, after, until):
    totals = Counter()
    for move in moves:
        if move.move_type in ("out_invoice", "out_refund") and after < move.invoice_date <= until:
            rate = 1.0 if move.company_currency_id == env.ref("base.EUR") else 1.10
            totals[move.commercial_partner_id] += move.amount_untaxed_signed / rate
    return {name: totals[record(env, "partner", name)] for name in CUSTOMERS}


# ---------------------------------------------------------------- the tables, without a database

@pytest.mark.parametrize("today", [date(2025, 2, 28), date(2026, 8, 31), date(2028, 2, 29), date(2026, 12, 1)])
def test_a_year_is_worth_what_the_table_says_on_any_day(today):
    for name in TRADING:
        row = CUSTOMERS[name]
        if row["last"] != "0" or int(row["first"]) < 11:
            continue
        bought = purchases(row, CATALOGUE, today)
        net = 1 - float(row["discount"]) / 100
        total = sum(
            quantity * CATALOGUE[product] * net for purchase in bought for product, quantity in purchase.lines
            if purchase.date_invoiced > today - relativedelta(years=1))
        assert total == pytest.approx(float(row["revenue"]) * 1000, rel=0.02), name
        assert bought == purchases(row, CATALOGUE, today)
        assert all(purchase.date_invoiced < today and purchase.date_paid <= today for purchase in bought)


# ---------------------------------------------------------------- people

@pytest.mark.parametrize("login, groups, others", [
    ("champion", "kam_management.group_kam_champion base.group_allow_export", "base.group_system"),
    ("manager", "kam_management.group_kam_user base.group_allow_export",
     "kam_management.group_kam_champion kam_management.group_kam_executive"),
    ("executive", "kam_management.group_kam_executive base.group_allow_export", "kam_management.group_kam_user"),
    ("sales", "sales_team.group_sale_salesman",
     "kam_management.group_kam_user kam_management.group_kam_executive base.group_allow_export"),
])
def test_logins_have_the_rights_of_their_role(env, companies, login, groups, others):
    user = env["res.users"].search([("login", "=", login)])
    assert user == record(env, "user", login)
    assert [group for group in groups.split() if not user.has_group(group)] == []
    assert [group for group in others.split() if user.has_group(group)] == []
    assert user.company_ids == companies and user.company_id == companies[0]
    assert (user.lang, user.share) == ("en_US", False)
    credential = {"login": login, "password": login, "type": "password"}
    assert user.with_user(user)._check_credentials(credential, {"interactive": True})["uid"] == user.id
    with pytest.raises(AccessDenied):
        user.with_user(user)._check_credentials(dict(credential, password="wrong"), {"interactive": True})


def test_everybody_sees_what_the_role_shows(env):
    accounts = env["kam.account"]
    seen = {
        login: accounts.with_user(record(env, "user", login)).search_count([])
        for login in ("champion", "executive", "manager")}
    assert seen["champion"] == seen["executive"] == accounts.search_count([]) > seen["manager"] > 5
    assert not accounts.with_user(record(env, "user", "sales")).has_access("read")


def test_the_administrator_sees_the_companies(env, companies):
    admin = env.ref("base.user_admin")
    assert companies <= admin.company_ids


# ---------------------------------------------------------------- the ledger

def test_two_companies_with_currencies_and_rates(env, companies, loaded):
    assert companies.mapped("currency_id.name") == ["EUR", "USD"]
    assert companies.mapped("country_id.code") == companies.mapped("account_fiscal_country_id.code") == ["DE", "SG"]
    assert set(companies.mapped("chart_template")) == {"generic_coa"}
    for company, currency in zip(companies, ("USD", "EUR"), strict=True):
        rates = env["res.currency.rate"].search([
            ("company_id", "=", company.id), ("currency_id.name", "=", currency)], order="name")
        assert len(rates) == 37
        assert rates[0].name == loaded.replace(day=1) - relativedelta(months=36)
        assert len(set(rates.mapped("rate"))) > 12


def test_thirty_months_of_posted_and_balanced_entries(env, moves, loaded):
    assert set(moves.mapped("state")) == {"posted"}
    kinds = Counter(moves.mapped("move_type"))
    assert 650 <= kinds["out_invoice"] <= 1200 and kinds["out_refund"] > 20 and kinds["entry"] > 300
    assert all(move.company_currency_id.is_zero(sum(move.line_ids.mapped("balance"))) for move in moves)
    invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
    ages = {relativedelta(loaded, day) for day in set(invoices.mapped("invoice_date"))}
    assert {age.years * 12 + age.months for age in ages} == set(range(MONTHS))
    states = Counter(invoices.mapped("payment_state"))
    assert set(states) == {"paid", "partial", "not_paid"} and min(states.values()) >= 5
    for move in invoices:
        assert (move.payment_state == "paid") == move.currency_id.is_zero(move.amount_residual), move.name
    assert any(move.currency_id != move.company_currency_id for move in invoices)
    orders = invoices.line_ids.sale_line_ids.order_id
    assert len(orders) == len(invoices) and set(orders.mapped("invoice_status")) == {"invoiced"}


def test_the_ledger_is_what_the_tables_say(env, moves, loaded):
    invoiced = Counter()
    for move in moves:
        if move.move_type == "out_invoice":
            invoiced[move.commercial_partner_id] += move.amount_untaxed
    for name in TRADING:
        row = CUSTOMERS[name]
        factor = 1.10 if row["currency"] == "USD" else 1.0
        planned = sum(
            quantity * CATALOGUE[product] * factor * (1 - float(row["discount"]) / 100)
            for purchase in purchases(row, CATALOGUE, loaded) for product, quantity in purchase.lines)
        assert invoiced[record(env, "partner", name)] == pytest.approx(planned, rel=0.002), name


# ---------------------------------------------------------------- the cast

def test_the_diamond_buys_most(env, year):
    [diamond] = cast("diamond")
    account = record(env, "account", diamond)
    assert account.tier_id == env.ref("kam_management.tier_diamond") and len(account.entity_ids) == 3
    by_account = {
        row["id"]: sum(year[name] for name in [row["id"], *(row["entities"] or "").split()])
        for row in rows("accounts")}
    assert max(by_account, key=by_account.get) == diamond
    assert account.manager_id and account.sponsor_id


def test_the_problem_payer_owes(env, moves, loaded):
    [name] = cast("problem_payer")
    partner = record(env, "partner", name)
    overdue = moves.filtered(
        lambda move: move.commercial_partner_id == partner and move.move_type == "out_invoice"
        and move.amount_residual and move.invoice_date_due < loaded - timedelta(days=30))
    assert len(overdue) >= 4 and "partial" in overdue.mapped("payment_state")
    assert sum(overdue.mapped("amount_residual_signed")) > 100_000


def test_the_lost_customer_stopped(env, moves, loaded, year):
    [name] = cast("lost")
    bought = moves.filtered(lambda move: move.commercial_partner_id == record(env, "partner", name)
                            and move.move_type == "out_invoice").mapped("invoice_date")
    assert max(bought) < loaded - relativedelta(months=18) and year[name] == 0
    assert record(env, "account", name).category == "lost"


def test_the_fast_grower_doubles(env, moves, loaded, year):
    [name] = cast("fast_grower")
    before = turnover(env, moves, loaded - relativedelta(years=2), loaded - relativedelta(years=1))[name]
    assert year[name] > 2 * before > 100_000


def test_the_big_buyer_earns_nothing(env, moves, loaded, year):
    [name] = cast("bad_margin")
    assert sorted(year.values())[-2] <= year[name]
    sold = moves.filtered(lambda move: move.commercial_partner_id == record(env, "partner", name)
                          and move.move_type == "out_invoice"
                          and move.invoice_date > loaded - relativedelta(years=1)).invoice_line_ids
    cost = sum(line.quantity * line.product_id.with_company(line.company_id).standard_price for line in sold)
    assert cost / sum(sold.mapped("price_subtotal")) > 0.95


def test_prospects_and_credit_notes(env, moves, loaded):
    customers = {partner: set() for partner in moves.commercial_partner_id}
    for move in moves:
        if move.invoice_date and move.invoice_date > loaded - relativedelta(years=1):
            customers[move.commercial_partner_id].add(move.move_type)
    prospects = [*cast("key_opportunity"), *cast("general_opportunity")]
    assert len(prospects) == 5
    assert not [name for name in prospects if record(env, "partner", name) in customers]
    for name in cast("key_opportunity"):
        assert record(env, "account", name).tier_id.value_class == "key_opportunity"
    [returning] = cast("credit_notes_only")
    assert customers[record(env, "partner", returning)] == {"out_refund"}


# ---------------------------------------------------------------- the programme

def test_key_accounts_within_capacity_with_something_to_do(env, companies):
    program = env.ref("kam_management.program_default")
    assert program.company_ids == companies and program.currency_id == env.ref("base.EUR")
    key = env["kam.account"].search([("program_id", "=", program.id), ("is_key", "=", True)])
    assert 12 <= len(key) <= 15
    assert not [tier.name for tier in program.tier_ids if tier.capacity and tier.account_count > tier.capacity]
    assert 1 <= len(key.filtered(lambda account: not account.sponsor_id)) <= 4
    assert 1 <= len(key.filtered(lambda account: not account.manager_id)) <= 2
    assert len(key.manager_id) >= 3 and len(key.sponsor_id) == 3
    assert env["kam.assignment"].search_count([("is_current", "=", False)]) >= 4


def test_a_handover_is_planned(env, loaded):
    seats = record(env, "account", "mueller").assignment_ids.filtered(lambda seat: seat.role == "manager")
    coming, former = seats.sorted("date_from", reverse=True)
    assert coming.date_from == loaded + timedelta(days=24) == former.date_to + timedelta(days=1)
    assert coming.user_id | former.user_id <= coming.account_id.activity_ids.user_id


def test_tiers_follow_from_their_history(env):
    changes = env["kam.tier.change"].search([("state", "=", "applied")], order="date_applied, id")
    assert len(changes) > 20 and all(change.reason and change.evidence for change in changes)
    for account, history in changes.grouped("account_id").items():
        assert history[-1:].to_tier_id == account.tier_id, account.display_name
        for earlier, later in zip(history, history[1:], strict=False):
            assert earlier.to_tier_id == later.from_tier_id
    by_people = env["kam.tier.change"].search([("origin", "=", "person"), ("is_open", "=", True)])
    assert sorted(by_people.mapped("state")) == ["draft", "submitted"]
    assert env["kam.tier.change"].search([("state", "=", "refused")]).refusal_reason


def test_pipeline_meetings_and_next_steps(env, companies, loaded):
    leads = env["crm.lead"].with_context(active_test=False).search([("company_id", "in", companies.ids)])
    assert Counter(leads.mapped("won_status")).keys() == {"won", "lost", "pending"} and len(leads) >= 35
    assert len(leads.stage_id) == 4 and leads.filtered("kam_account_id.is_key")
    meetings = env["calendar.event"].search([("name", "ilike", ": ")])
    mine = meetings.filtered(lambda event: event.user_id.company_id in companies)
    days = [event.start.date() for event in mine]
    assert len(days) >= 30 and min(days) < loaded < max(days) and all(day.weekday() < 5 for day in days)
    assert env["mail.activity"].search_count([("res_model", "=", "kam.account")]) >= 15


def test_the_champion_finds_a_handful_of_sensible_proposals(env, loaded):
    program = env.ref("kam_management.program_default")
    if not program.run_ids.filtered(lambda run: run.state == "done"):
        pytest.skip("kam_scoring was installed without demo data.")
    runs = program.run_ids.filtered(lambda run: run.date <= loaded and run.purpose == "selection")
    assert set(runs.mapped("state")) == {"done"} and len(runs) == 7
    drafts = env["kam.tier.change"].search([
        ("program_id", "=", program.id), ("origin", "=", "run"), ("state", "=", "draft")])
    assert 5 <= len(drafts) <= 12
    suggested = {change.account_id.partner_id: change.to_tier_id for change in drafts}
    to_tier = {role: suggested[record(env, "partner", cast(role)[0])] for role in (
        "problem_payer", "bad_margin", "fast_grower")}
    assert to_tier["problem_payer"].value_class == "problem"
    assert not to_tier["bad_margin"].is_key and to_tier["fast_grower"].is_key
    assert record(env, "partner", cast("new_customer")[0]) not in suggested, "its growth is not known yet"
    assert len(set(drafts.mapped("kind"))) >= 3


def test_loading_again_changes_nothing(env):
    def counts():
        return {model: env[model].search_count([]) for model in (
            "res.company", "res.users", "res.partner", "account.move", "kam.account", "kam.tier.change",
            "kam.score.run")}
    before = counts()
    env["kam.demo"]._load()
    env["kam.demo"]._load_scoring()
    assert counts() == before
