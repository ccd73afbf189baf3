"""Times boards, the whitespace grid, the relationship map, an account and a tier change with 100,000 accounts.

The board of accounts beside the pipeline of crm. One account in 50 is a key account, with plan, wallet and people.

Each screen is opened as the browser opens it: the same calls with the fields of the view, by a user of the group, in a
new transaction. "Board" is all accounts by tier, seen by a champion; figures in milliseconds are medians.
"""
import os
import statistics
from pathlib import Path

import bench
import check
import dataset
import dataset_db
import screens_fill
import screens_fill_plans
from lxml import etree

from odoo import api
from odoo.modules.registry import Registry
from odoo.service.model import call_kw
from odoo.sql_db import close_db
from odoo.tools.safe_eval import safe_eval

NAME = f"kam_bench_screens_{dataset_db.CHECKOUT}"
ACCOUNTS = int(os.environ.get("KAM_BENCH_ACCOUNTS", 100_000))
REPEAT = 7
LIMIT = 80  # records of an open column
MANAGER = "manager135"  # has accounts, and a key account, also among 5,000
ACTIVITY = ("activity_exception_decoration", "activity_exception_icon", "activity_state", "activity_summary",
            "activity_type_icon", "activity_type_id")
PLAN_SCREENS = ("plan_board", "whitespace_grid", "relationship_map", "action_board")
# What widgets read besides their field.
WIDGETS = {"kanban_activity": ACTIVITY, "list_activity": ACTIVITY}


# ---------------------------------------------------------------- the database

def build():
    """The filled database: built where it is missing, or where the addon's tables or the data have changed."""
    words = [check.fingerprint(["kam_management"])[1], str(ACCOUNTS), dataset_db.base_key(),
             check.hashlib.sha256(b"".join(
                 Path(part.__file__).read_bytes() for part in (screens_fill, screens_fill_plans))).hexdigest()[:12]]
    wanted = " ".join((dataset_db.MARK, "screens", *words))
    if dataset_db.comment(NAME) == wanted:
        return
    part = f"{NAME}.part"
    dataset_db.copy(dataset_db.base(dataset.step), part)
    with dataset.step("The addon kam_management"):
        dataset_db.run_odoo(part, "install", "-i", "kam_management")
    with dataset.step(f"{ACCOUNTS:,} accounts"), dataset_db.environment(part) as env:
        screens_fill.fill(env, ACCOUNTS)
    dataset_db.analyse(part)
    dataset_db.replace(NAME, part)
    dataset_db.set_comment(NAME, "screens", *words)


# ---------------------------------------------------------------- what the browser does

class Client:
    """A user with some companies selected, in a transaction of its own that is rolled back."""

    def __init__(self, env, login, companies):
        user = env["res.users"].search([("login", "=", login)])
        self.env = api.Environment(env.cr, user.id, {
            "lang": "en_US", "tz": "Europe/Brussels", "uid": user.id, "allowed_company_ids": companies})

    def call(self, model, name, *args, context=(), **kwargs):
        return call_kw(self.env[model], name, args, {**kwargs, "context": {**self.env.context, **dict(context)}})

    def views(self, model, *types):
        return self.call(model, "get_views", [[False, name] for name in types])


def specification(arch, fields, models):
    """What the browser asks for to show a view.

    >>> specification(etree.fromstring('<list><field name="user_id"/><field name="name"/></list>'),
    ...               {"user_id": {"type": "many2one"}, "name": {"type": "char"}}, {})
    {'user_id': {'fields': {'display_name': {}}}, 'name': {}}
    """
    result = {}
    for node in arch.xpath(".//field[not(ancestor::field)]"):
        name = node.get("name")
        field, shown = fields[name], node.get("invisible") not in ("1", "True")
        result[name] = {}
        if field["type"] == "many2one":
            result[name] = {"fields": {"display_name": {}} if shown else {}}
        elif field["type"] in ("one2many", "many2many") and shown:
            views = [child for child in node if child.tag in ("list", "kanban")]
            inner = specification(views[0], models[field["relation"]]["fields"], models) if views else {}
            result[name] = {"fields": inner, "limit": int(views[0].get("limit", 40)) if views else 40}
        for other in WIDGETS.get(node.get("widget"), ()):
            result.setdefault(other, {"fields": {"display_name": {}}} if other.endswith("_id") else {})
    return result


def fields_of(model, views, kind):
    # An x2many field in a form holds views of its own, below the element of the field.
    arch = etree.fromstring(views["views"][kind]["arch"])
    return specification(arch, views["models"][model]["fields"], views["models"])


def filter_of(views, name, **names):
    search = etree.fromstring(views["views"]["search"]["arch"])
    return safe_eval(search.find(f".//filter[@name='{name}']").get("domain"), names)


def open_board(model, group_by, domain=(), aggregates=()):
    """A function of a client and the views: the columns with their first cards, and the bars above them."""
    def run(client, views):
        arch = etree.fromstring(views["views"]["kanban"]["arch"])
        bar = arch.find("progressbar")
        groups = client.call(
            model, "web_read_group", list(domain), [group_by], list(aggregates), offset=0, auto_unfold=True,
            opening_info=[], unfold_read_default_limit=LIMIT, groupby_read_specification={},
            unfold_read_specification=fields_of(model, views, "kanban"), context={"read_group_expand": True})
        client.call(model, "read_progress_bar", domain=list(domain), group_by=group_by, progress_bar={
            "field": bar.get("field"), "colors": safe_eval(bar.get("colors"))})
        return sum(len(group.get("__records", ())) for group in groups["groups"])
    return run


def open_map(domain):
    """As the browser opens the relationship map (kam_people_map): everybody found, with what a card shows."""
    def run(client, views):
        return len(client.call(
            "kam.stakeholder", "hierarchy_read", domain, fields_of("kam.stakeholder", views, "hierarchy"), "parent_id",
            "child_ids", ""))
    return run


def open_form(model, record_id):
    def run(client, views):
        return len(client.call(model, "web_read", [record_id], specification=fields_of(model, views, "form")))
    return run


# ---------------------------------------------------------------- measuring

def opened(login, companies, model, kind, make):
    """Median seconds and the statements of opening a screen; what is cached for all users is warm, records are not.

    :param make: gives the function that opens it, from the views
    """
    registry, measures = Registry(NAME), []
    for _time in range(REPEAT + 1):
        with registry.cursor() as cr:
            client = Client(api.Environment(cr, api.SUPERUSER_ID, {}), login, companies)
            views = client.views(model, kind, "search")
            run = make(client, views)
            client.env.transaction.reset()
            with bench.measured() as measured:
                shown = run(client, views)
            cr.rollback()
        if not shown:
            raise bench.Failed(f"{login} sees nothing of {model}: there is nothing to measure.")
        measures.append(measured)
    usual = measures[1:]  # the first warms up
    return statistics.median(one.seconds for one in usual), usual[-1].statements


def screens(env):
    first, second = env["res.company"].search([], order="id")
    small = env["kam.program"].search([("name", "=", "Small")])
    manager = env["res.users"].search([("login", "=", MANAGER)])
    account = env["kam.account"].search([("manager_id", "=", manager.id), ("is_key", "=", True)], limit=1)
    order = env["sale.order"]._read_group([], ["partner_id"], ["__count"], order="__count desc", limit=1)
    busy = env["kam.account"].search([("partner_id", "=", order[0][0].id)])

    def board(domain):
        return lambda client, views: open_board("kam.account", "tier_id", domain)

    def mine(client, views):
        return open_board("kam.account", "tier_id", filter_of(views, "mine", uid=client.env.uid))

    def pipeline(client, views):
        return open_board("crm.lead", "stage_id", [("type", "=", "opportunity")], ["expected_revenue:sum"])

    def plans(client, views):
        return open_board("kam.plan", "state")

    def actions(client, views):
        return open_board("kam.plan.action", "state", filter_of(views, "mine", uid=client.env.uid))

    def whitespace(client, views):
        return lambda client, views: len(client.call("kam.wallet.line", "get_grid", {})["rows"])

    def people(client, views):
        return open_map([("account_id", "=", account.id)])

    def everybody(client, views):
        return open_map([])

    def form(account):
        return lambda client, views: open_form("kam.account", account.id)

    return {
        "board_small": ("champion0", second.ids, "kam.account", "kanban", board([("program_id", "=", small.id)])),
        "board": ("champion0", first.ids, "kam.account", "kanban", board([])),
        "board_manager": (MANAGER, first.ids, "kam.account", "kanban", board([])),
        "overdue": ("champion0", first.ids, "kam.account", "kanban", board([("is_visit_overdue", "=", True)])),
        "my_accounts": (MANAGER, first.ids, "kam.account", "kanban", mine),
        "crm_board": ("champion0", first.ids, "crm.lead", "kanban", pipeline),
        "account_form": (MANAGER, first.ids, "kam.account", "form", form(account)),
        "busy_account_form": ("champion0", first.ids, "kam.account", "form", form(busy)),
        # Of all key accounts, as a champion sees them; a manager has about ten.
        "plan_board": ("champion0", first.ids, "kam.plan", "kanban", plans),
        "plan_board_small": ("champion0", second.ids, "kam.plan", "kanban", plans),
        "whitespace_grid": ("champion0", first.ids, "kam.wallet.line", "list", whitespace),
        "whitespace_grid_small": ("champion0", second.ids, "kam.wallet.line", "list", whitespace),
        "whitespace_grid_manager": (MANAGER, first.ids, "kam.wallet.line", "list", whitespace),
        "relationship_map": (MANAGER, first.ids, "kam.stakeholder", "hierarchy", people),
        "relationship_map_all": ("champion0", first.ids, "kam.stakeholder", "hierarchy", everybody),
        "action_board": (MANAGER, first.ids, "kam.plan.action", "kanban", actions),
    }


def tier_change(order):
    """Approve a change of an account: seconds, statements, its sales orders, and documents that were rewritten.

    :param order: "desc" for the account with the most sales orders, "asc" for that with the fewest
    """
    with Registry(NAME).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        (partner, documents), = env["sale.order"]._read_group(
            [("partner_id", "in", env["kam.account"]._search([("is_key", "=", False)]).subselect("partner_id"))],
            ["partner_id"], ["__count"], order=f"__count {order}", limit=1)
        account = env["kam.account"].search([("partner_id", "=", partner.id)])
        companies = account.program_id.company_ids.ids
        proposer, champion = Client(env, "champion1", companies), Client(env, "champion0", companies)
        change = proposer.env["kam.tier.change"].create({
            "account_id": account.id, "reason": "Growth", "to_tier_id": account.program_id.tier_ids.filtered(
                lambda tier: tier.value_class == "potential").id})
        change.action_submit()
        tables = ("sale_order", "account_move", "crm_lead", "res_partner")
        env.flush_all()
        for table in tables:
            # A row that is written gets another version (xmin).
            cr.execute(f"CREATE TEMPORARY TABLE before_{table} AS SELECT id, xmin::text AS version FROM {table}")
        env.transaction.reset()
        with bench.measured() as measured:
            champion.call("kam.tier.change", "action_approve", change.ids)
            env.flush_all()
        rewritten = 0
        for table in tables:
            cr.execute(f"SELECT COUNT(*) FROM {table} JOIN before_{table} before USING (id) "
                       f"WHERE {table}.xmin::text <> before.version")
            rewritten += cr.fetchone()[0]
        if account.tier_id != change.with_env(env).to_tier_id:
            raise bench.Failed("The tier change was not applied: there is nothing to measure.")
        cr.rollback()  # the next time finds the same database
    return measured, documents, rewritten


def measure():
    build()
    registry = Registry(NAME)
    try:
        with registry.cursor() as cr:
            plan = screens(api.Environment(cr, api.SUPERUSER_ID, {}))
        found = {name: opened(*what) for name, what in plan.items()}
        tier_change("asc")  # warms up
        quiet, few, _rewritten = tier_change("asc")
        change, documents, rewritten = tier_change("desc")
    finally:
        Registry.delete(NAME)
        close_db(NAME)
    seconds = {name: pair[0] for name, pair in found.items()}
    # Of the plan and the relationship map: each screen with both figures under its name.
    others = {f"{name}_{figure}": value for name, (time, statements) in found.items() if name.startswith(PLAN_SCREENS)
              for figure, value in (("ms", time * 1000), ("queries", statements))}
    return {
        "accounts": ACCOUNTS,
        "board_queries_100": found["board_small"][1],
        f"board_queries_{ACCOUNTS}": found["board"][1],
        "board_ms_100": seconds["board_small"] * 1000,
        f"board_ms_{ACCOUNTS}": seconds["board"] * 1000,
        f"board_manager_ms_{ACCOUNTS}": seconds["board_manager"] * 1000,
        f"board_manager_queries_{ACCOUNTS}": found["board_manager"][1],
        f"crm_board_ms_{ACCOUNTS}": seconds["crm_board"] * 1000,
        f"crm_board_queries_{ACCOUNTS}": found["crm_board"][1],
        "board_ratio_to_crm": seconds["board"] / seconds["crm_board"],
        "my_accounts_ms": seconds["my_accounts"] * 1000,
        "my_accounts_queries": found["my_accounts"][1],
        "account_form_ms": seconds["account_form"] * 1000,
        "account_form_queries": found["account_form"][1],
        "busy_account_form_ms": seconds["busy_account_form"] * 1000,
        "overdue_visits_ms": seconds["overdue"] * 1000,
        f"tier_change_queries_{few}_documents": quiet.statements,
        "tier_change_documents": documents,
        "tier_change_ms": change.seconds * 1000,
        "tier_change_queries": change.statements,
        "tier_change_rows_rewritten": rewritten,
        **others,
    }
