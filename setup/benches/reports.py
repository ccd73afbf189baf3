"""Times the portfolio pack of 50,000 accounts beside a bare xlsxwriter, and the pivot over 100,000 accounts.

KAM_BENCH_ACCOUNTS says how many accounts there are (100,000); the pack is about half of them. The database is a copy of
that of the bench "score", with people in the seats, next steps, ABC classes, one open proposal for ten accounts,
and the table of the account analysis.

seconds                   the whole pack with all its sheets, read and written with the rights of an executive; the
                          median of five, as of all times here
sql_seconds               of that, in SQL statements
bare_seconds              the same cells of all sheets, already in memory, through xlsxwriter with constant_memory and
                          nothing else: no formats but one for dates, no widths, no charts
ratio_to_bare_xlsxwriter  the one / the other, measured one after the other five times: the median of the five ratios,
                          which holds while the speed of the machine drifts
formatted_seconds         as bare_seconds, and each cell has a format, as in the pack
ratio_to_formatted        the pack / that
load                      of the machine, per processor, while this was measured: above 1 others have taken their share
memory_mb                 of the process, at most, above what it had before the pack
statements                of the pack; statements_small of one about 100 accounts
pivot_ms                  the pivot of the account analysis as it opens: key accounts, the last twelve months; median
pivot_all_ms              the same without these filters: all accounts and months
"""
import gc
import hashlib
import io
import os
import statistics
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import bench
import check
import dataset
import dataset_db
import xlsxwriter
from lxml import etree
from openpyxl import load_workbook

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools.safe_eval import safe_eval

from benches import score, screens

ACCOUNTS = score.ACCOUNTS
NAME = f"kam_bench_reports_{ACCOUNTS}_{dataset_db.CHECKOUT}"
IN_PACK, FEW, WARM = ACCOUNTS // 2, 100, 10
PACKS, PIVOTS = 5, 7
MANAGERS, EXECUTIVES = 40, 10
READER = "executive0"
ANALYSIS = "kam.account.analysis"


# ---------------------------------------------------------------- the database

def build():
    """The filled database: built where it is missing, or where the addons' tables or the data have changed."""
    score.build_one(ACCOUNTS)
    source = dataset_db.comment(score.database(ACCOUNTS)).split()[1:]
    words = ["reports", *source, check.fingerprint(["kam_reports"])[1],
             hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]]
    if score.is_built(NAME, words):
        return
    part = f"{NAME}.part"
    dataset_db.copy(score.database(ACCOUNTS), part)
    with dataset.step("The addon kam_reports"):
        dataset_db.run_odoo(part, "install", "-i", "kam_reports")
    with dataset.step("People, next steps and the analysis"), dataset_db.environment(part) as env:
        fill(env)
    dataset_db.analyse(part)
    dataset_db.replace(NAME, part)
    dataset_db.set_comment(NAME, *words)


def fill(env):
    program = env.ref("kam_management.program_default")
    companies = [(6, 0, program.company_ids.ids)]

    def users(prefix, count, *groups):
        return env["res.users"].with_context(no_reset_password=True, mail_create_nolog=True).create([
            {"name": f"{prefix} {number}", "login": f"{prefix}{number}", "company_ids": companies,
             "company_id": program.company_ids[0].id,
             "group_ids": [(6, 0, [env.ref(xmlid).id for xmlid in ("base.group_user", *groups)])]}
            for number in range(count)])

    managers = users("manager", MANAGERS, "kam_management.group_kam_user")
    executives = users("executive", EXECUTIVES, "kam_management.group_kam_executive", "base.group_allow_export")
    env.flush_all()
    # Raw SQL, without the records behind: a pack reads these columns.
    env.cr.execute(
        "UPDATE kam_account SET manager_id = (%s)[1 + id %% 40], sponsor_id = (%s)[1 + id %% 10] WHERE id %% 4 > 0",
        [managers.ids, executives.ids])
    env.cr.execute("""
        INSERT INTO mail_activity (res_model, res_model_id, res_id, res_name, activity_type_id, summary, date_deadline,
                                   user_id, active, automated, create_uid, write_uid, create_date, write_date)
        SELECT 'kam.account', %s, id, 'Customer', %s, 'Call about the plan', CURRENT_DATE + id %% 60, manager_id, true,
               false, %s, %s, NOW(), NOW()
          FROM kam_account WHERE id %% 4 = 1""",
        [env["ir.model"]._get_id("kam.account"), env.ref("mail.mail_activity_data_call").id, env.uid, env.uid])
    # A first run proposes something for nearly everybody, and nobody waits for 50,000 decisions.
    env.cr.execute("UPDATE kam_tier_change SET state = 'refused' WHERE state = 'draft' AND account_id % 10 > 0")
    env.invalidate_all()
    add_classes(program, score.yesterday(env))
    env[ANALYSIS]._refresh(program, score.yesterday(env))


def add_classes(program, day):
    """As each night after the scores: what the sheet Pareto is about."""
    from odoo.addons.kam_scoring.engine import classes  # not before Odoo has loaded the addon
    from odoo.addons.kam_scoring.metrics.base import Scope

    classes.write(Scope.of(program, day))


# ---------------------------------------------------------------- the pack

@contextmanager
def reader(registry):
    """What an executive does, in a transaction of its own that is rolled back."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        yield screens.Client(env, READER, env["res.company"].search([]).ids)
        cr.rollback()


def pack(registry, count):
    """The file about so many accounts, its time and statements, and megabytes."""
    gc.collect()
    with reader(registry) as client:
        env = client.env
        program = env.ref("kam_management.program_default")
        accounts = env["kam.account"].search([("program_id", "=", program.id)], order="id", limit=count)
        if len(accounts) < count:
            raise bench.Failed(f"There are {len(accounts):,} accounts: too few for a pack of {count:,}.")
        with bench.most_memory() as used, bench.measured() as measured:
            _name, content = env["kam.portfolio.report"]._review_pack(program, accounts)
        return content, measured, used()


def cells_of(content):
    """[(name of the sheet, [(row, column, type, value)])] of all cells that say something."""
    def cells(sheet):
        return [(cell.row - 1, cell.column - 1, cell.data_type, cell.value)
                for row in sheet.iter_rows() for cell in row if cell.value is not None]

    book = load_workbook(io.BytesIO(content), read_only=True)
    return [(sheet.title, cells(sheet)) for sheet in book]


def bare(sheets, **style):
    """Seconds in which xlsxwriter alone writes these cells; each has a format where there is a style."""
    begin = time.perf_counter()
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd", **style})
    usual = book.add_format(style) if style else None
    for name, cells in sheets:
        sheet = book.add_worksheet(name)
        for row, col, kind, value in cells:
            if kind == "f":
                sheet.write_formula(row, col, value, usual)
            elif isinstance(value, str):
                sheet.write_string(row, col, value, usual)
            elif isinstance(value, date):
                sheet.write_datetime(row, col, value, day)
            else:
                sheet.write_number(row, col, value, usual)
    book.close()
    return time.perf_counter() - begin


# ---------------------------------------------------------------- the pivot

def pivot(registry, *names):
    """Median seconds of the pivot with these filters, as the browser asks for it, and the rows it shows."""
    times = []
    for _time in range(PIVOTS + 1):
        with reader(registry) as client:
            views = client.views(ANALYSIS, "pivot", "search")
            arch = etree.fromstring(views["views"]["pivot"]["arch"])
            [row] = arch.findall("field[@type='row']")
            measures = [node.get("name") for node in arch.findall("field[@type='measure']")]
            fields = views["models"][ANALYSIS]["fields"]
            domain = [term for name in names for term in safe_eval(filter_of(views, name))]
            by_row = f"{row.get('name')}:{row.get('interval')}"
            client.env.transaction.reset()
            begin = time.perf_counter()
            groups = client.call(
                ANALYSIS, "formatted_read_grouping_sets", domain=domain, grouping_sets=[[], [by_row]],
                aggregates=["currency_id:array_agg_distinct", "__count",
                            *(f"{name}:{fields[name]['aggregator']}" for name in measures)])
            times.append(time.perf_counter() - begin)
    if not groups[1]:
        raise bench.Failed("The pivot is empty: there is nothing to measure.")
    # The first one warms up.
    return statistics.median(times[1:]), groups[0][0]["__count"]


def filter_of(views, name):
    search = etree.fromstring(views["views"]["search"]["arch"])
    return search.find(f".//filter[@name='{name}']").get("domain")


# ---------------------------------------------------------------- figures

def median_ratio(measures, others):
    return statistics.median(one.seconds / other for one, other in zip(measures, others, strict=True))


def measure():
    build()
    registry = Registry(NAME)
    try:
        pack(registry, WARM)
        _content, small, _memory = pack(registry, min(FEW, IN_PACK))
        # The first of the large ones tells the memory: later ones find what it has left.
        content, *figures = pack(registry, IN_PACK)
        sheets, packs, bares, formatted = cells_of(content), [figures], [], []
        # In turns, so that whatever else the machine does meets all.
        for _time in range(PACKS):
            bares.append(bare(sheets))
            packs.append(pack(registry, IN_PACK)[1:])
            formatted.append(bare(sheets, bottom=1))
        shown, rows = pivot(registry, "key", "last_12")
        everything, all_rows = pivot(registry)
    finally:
        Registry.delete(NAME)
        close_db(NAME)
    measures = [measured for measured, _memory in packs[1:]]
    return {
        "accounts": ACCOUNTS,
        "pack_accounts": IN_PACK,
        "pack_cells": sum(len(cells) for _name, cells in sheets),
        "pack_bytes": len(content),
        "seconds": statistics.median(one.seconds for one in measures),
        "sql_seconds": statistics.median(one.sql_seconds for one in measures),
        "bare_seconds": statistics.median(bares),
        "ratio_to_bare_xlsxwriter": median_ratio(measures, bares),
        "formatted_seconds": statistics.median(formatted),
        "ratio_to_formatted": median_ratio(measures, formatted),
        "memory_mb": packs[0][1],
        "statements": measures[0].statements,
        "statements_small": small.statements,
        "pivot_ms": shown * 1000,
        "pivot_rows": rows,
        "pivot_all_ms": everything * 1000,
        "pivot_all_rows": all_rows,
        "load": os.getloadavg()[1] / os.cpu_count(),
    }
