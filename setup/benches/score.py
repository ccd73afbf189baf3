"""Scores 100,000 generated accounts (500,000 invoices), beside bare SQL and a loop with the ORM; and the retail data.

KAM_BENCH_ACCOUNTS says how many accounts; a second database with a tenth of them shows how the time grows. Figures are
of a usual night, the best of three: everybody is enrolled, the month before has scores, and so has the day before. Each
run is rolled back, so that the next one finds the same.

ratio_to_bare_sql       time of a run / (each metric's select once, with its sources, and one INSERT of the scores into
                        a bare table)
ratio_to_shared_sql     the same with all selects in one statement, which computes the sources once
orm_loop_ratio          six figures with a query of the ORM for each account, scaled from a sample / time of a run
memory_mb               of Odoo's process, at most, above what it had before the run
retail_*                a run over the retail database; "first" is the one before, which enrols everybody
"""
import gc
import hashlib
import os
import time
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import bench
import check
import dataset
import dataset_copy
import dataset_db
import score_fill
import score_loop

from odoo.tools import SQL

ACCOUNTS = int(os.environ.get("KAM_BENCH_ACCOUNTS", 100_000))
TENTH = ACCOUNTS // 10
REPEAT = 3
CRITERIA = 12
# The first twelve of those that there are.
METRICS = (
    "revenue", "growth", "margin", "collection_rate", "collection_timeliness", "overdue_amount", "oldest_overdue",
    "credit_note_rate", "order_frequency", "recency", "tenure", "product_breadth", "gross_margin_amount", "sales_share",
    "sustained_revenue", "net_account_value", "influence")
RETAIL = f"kam_bench_retail_{dataset_db.CHECKOUT}"
RETAIL_DATE = date(2011, 9, 9)


# ---------------------------------------------------------------- the generated databases

def database(count):
    return f"kam_bench_score_{count}_{dataset_db.CHECKOUT}"


def build():
    for count in (TENTH, ACCOUNTS):
        build_one(count)


def build_one(count):
    """One of the databases: built where it is missing, or where the addons' tables or the data have changed.

    What takes longest is kept apart, without our addons: the books. They are of one month, as accounts without an
    invoice for long are lost ones.
    """
    code = hashlib.sha256(b"".join(Path(module.__file__).read_bytes() for module in (score_fill, dataset_copy)))
    source = ["score", score_fill.as_of().strftime("%Y-%m"), dataset_db.base_key(), code.hexdigest()[:12]]
    words = [*source, check.fingerprint(["kam_management", "kam_scoring"])[1]]
    name, books = database(count), f"{database(count)}.books"
    if is_built(name, words):
        return
    if not is_built(books, source):
        dataset_db.copy(dataset_db.base(dataset.step), books)
        with dataset.step(f"{count:,} customers with their documents"), dataset_db.environment(books) as env:
            score_fill.fill(env, count)
        dataset_db.analyse(books)
        dataset_db.set_comment(books, *source)
    part = f"{name}.part"
    dataset_db.copy(books, part)
    with dataset.step("The addon kam_scoring"):
        dataset_db.run_odoo(part, "install", "-i", "kam_scoring")
    with dataset.step("Earlier runs"), dataset_db.environment(part) as env:
        earlier_runs(env)
    dataset_db.analyse(part)
    dataset_db.replace(name, part)
    dataset_db.set_comment(name, *words)


def is_built(name, words):
    return dataset_db.comment(name) == " ".join((dataset_db.MARK, *words))


def earlier_runs(env):
    """The run of the day before, and one of the month before: that one enrols all customers of that time."""
    env.cr.execute("SELECT MAX(invoice_date) FROM account_move")
    [day] = env.cr.fetchone()
    program = env.ref("kam_management.program_default")
    program.write({"company_ids": [(6, 0, env["res.company"].search([]).ids)]})
    publish(env, program)
    score(env, program, day.replace(day=1) - timedelta(days=1))
    score_fill.judge(env, program)
    score(env, program, day)


def publish(env, program):
    """The model of the bench; the one before it retires. Amounts and numbers count by their place."""
    from odoo.addons.kam_scoring.metrics import METRICS as known  # not before Odoo has loaded the addon

    chosen = [known[code] for code in METRICS if code in known and known[code].is_available(env)][:CRITERIA]
    if program.scoring_model_id.criterion_ids.mapped("metric") == [metric.code for metric in chosen]:
        return
    model = env["kam.scoring.model"].create({"name": "Bench", "program_id": program.id, "criterion_ids": [
        (0, 0, {"metric": metric.code, "sequence": number, "weight": 10, **scale(metric)})
        for number, metric in enumerate(chosen)]})
    model.tier_rule_ids = [(0, 0, values) for values in model._default_rules()]
    model.action_publish()


def scale(metric):
    if metric.unit in ("currency", "count"):
        return {"normalization": "percentile", "bound_zero": 0 if metric.higher_is_better else 100,
                "bound_full": 100 if metric.higher_is_better else 0}
    return {"normalization": "linear", "bound_zero": metric.zero, "bound_full": metric.full}


# ---------------------------------------------------------------- measuring

def score(env, program, day):
    with bench.measured() as measured:
        run = env["kam.score.run"]._score_program(program, date=day)
        env.flush_all()
    if run.state != "done":
        raise bench.Failed(f"The run failed: {run.message}")
    return run, measured


@contextmanager
def rolled_back(env):
    """What happens inside leaves no trace."""
    try:
        yield
    finally:
        env.cr.rollback()
        env.transaction.reset()


def vacuum(env):
    """What PostgreSQL does by itself between two nights."""
    with dataset_db.server(env.cr.dbname) as cursor:
        for table in ("kam_score", "kam_account", "kam_tier_change", "kam_tier_review"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def usual_run(env, program, day):
    """A run of a usual night, rolled back: time and statements, accounts and proposals, megabytes."""
    gc.collect()
    with rolled_back(env), bench.most_memory() as used:
        run, measured = score(env, program, day)
        found = measured, run.account_count, run.proposal_count
    vacuum(env)
    return *found, used()


def bare_statements(env, program, day):
    """Statements for the same figures without us: each metric by itself, all in one, and the INSERT of the scores."""
    from odoo.addons.kam_scoring import metrics

    scope = metrics.Scope.of(program, day)
    selects = [metrics.METRICS[one.metric].select(scope) for one in program.scoring_model_id.criterion_ids]
    alone = [scope.with_sources(SQL("SELECT COUNT(value::float8) FROM (%s) metric", select)) for select in selects]
    names = [SQL.identifier(f"bench_{number}") for number in range(len(selects))]
    shared = scope.with_sources(
        SQL("SELECT %s", SQL(", ").join(SQL("(SELECT COUNT(value::float8) FROM %s)", name) for name in names)),
        *((f"bench_{number}", select) for number, select in enumerate(selects)))
    # What yesterday's run has left: as many rows as those of today.
    env.cr.execute("SELECT MAX(run_id) FROM kam_score WHERE is_current AND program_id = %s", [program.id])
    copy = SQL("INSERT INTO bench_score SELECT * FROM kam_score WHERE run_id = %s", env.cr.fetchone()[0])
    return alone, shared, copy


def bare_sql(env, alone, shared, copy):
    """Seconds of these statements, planned as those of a run: (apart, in one)."""
    def seconds(*statements):
        begin = time.perf_counter()
        for statement in statements:
            env.cr.execute(statement)
        return time.perf_counter() - begin

    with rolled_back(env):
        env.cr.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        env.cr.execute("CREATE TABLE bench_score AS SELECT * FROM kam_score WHERE FALSE")
        written = seconds(copy)
        return seconds(*alone) + written, seconds(shared) + written


def single_account(env, program):
    """Milliseconds of scoring one account anew: the median customer; None where the engine has no such method."""
    runs = env["kam.score.run"]
    if not hasattr(runs, "_score_account"):
        return None
    count = env["kam.account"].search_count([("program_id", "=", program.id)])
    account = env["kam.account"].search(
        [("program_id", "=", program.id), ("score", "!=", False)], order="score desc, id", offset=count // 2, limit=1)
    times = []
    for _time in range(7):
        with rolled_back(env):
            begin = time.perf_counter()
            runs._score_account(account)
            env.flush_all()
            times.append(time.perf_counter() - begin)
    return min(times) * 1000


def generated(count):
    """Figures of one generated database; with all that a run is compared with for the large one."""
    with dataset_db.environment(database(count)) as env:
        program, day = env.ref("kam_management.program_default"), yesterday(env) + timedelta(days=1)
        # The model and the scores of the day before may come from older code.
        publish(env, program)
        score(env, program, yesterday(env))
        env.cr.commit()
        vacuum(env)
        bare = bare_statements(env, program, day)
        runs, apart, shared = [], [], []
        # In turns, so that whatever else the machine does meets both; the first turn warms up.
        for _time in range(REPEAT + 1):
            runs.append(usual_run(env, program, day))
            if count == ACCOUNTS:
                for times, seconds in zip((apart, shared), bare_sql(env, *bare), strict=True):
                    times.append(seconds)
        measured, accounts, proposals, _memory = min(runs, key=lambda run: run[0].seconds)
        figures = {
            "seconds": measured.seconds, "sql_seconds": measured.sql_seconds, "statements": measured.statements,
            "accounts": accounts, "proposals": proposals, "memory_mb": max(run[-1] for run in runs),
            "criteria": len(program.scoring_model_id.criterion_ids)}
        if count == ACCOUNTS:
            figures.update(beside(env, program, day, measured.seconds, min(apart), min(shared)))
        env.cr.rollback()
    return figures


def yesterday(env):
    env.cr.execute("SELECT MAX(date) FROM kam_score_run WHERE state = 'done'")
    return env.cr.fetchone()[0]


def beside(env, program, day, seconds, apart, shared):
    """What the time of a run is compared with."""
    alone = single_account(env, program)
    env.cr.execute("""
        SELECT COUNT(*) FILTER (WHERE line.display_type = 'payment_term' AND balance > 0),
               COUNT(*) FILTER (WHERE line.display_type = 'product' AND move.move_type <> 'entry')
          FROM account_move_line line JOIN account_move move ON move.id = line.move_id""")
    invoices, lines = env.cr.fetchone()
    return {
        "invoices": invoices, "lines": lines, "lines_per_second": lines / seconds,
        "bare_sql_seconds": apart, "shared_sql_seconds": shared,
        "ratio_to_bare_sql": seconds / apart, "ratio_to_shared_sql": seconds / shared,
        "orm_loop_ratio": score_loop.seconds(env, program, day) / seconds,
        **({} if alone is None else {"single_account_ms": alone}),
    }


def retail():
    dataset.make(dataset.arguments([str(bench.shared_file("online_retail.csv.gz")), "--db", RETAIL, "--reuse"]))
    with dataset_db.environment(RETAIL) as env:
        program = env.ref("kam_management.program_default")
        _run, first = score(env, program, RETAIL_DATE)
        again, usual = min(
            (score(env, program, RETAIL_DATE) for _time in range(REPEAT)), key=lambda pair: pair[1].seconds)
        env.cr.execute(
            "SELECT COUNT(*) FROM account_move_line WHERE display_type = 'product' AND payment_id IS NULL")
        [lines] = env.cr.fetchone()
        figures = {
            "retail_seconds": usual.seconds,
            "retail_sql_seconds": usual.sql_seconds,
            "retail_statements": usual.statements,
            "retail_first_seconds": first.seconds,
            "retail_first_statements": first.statements,
            "retail_accounts": again.account_count,
            "retail_proposals": again.proposal_count,
            "retail_lines": lines,
            "retail_accounts_per_second": again.account_count / usual.seconds,
            "retail_lines_per_second": lines / usual.seconds,
            "retail_statements_per_account": usual.statements / again.account_count,
        }
        env.cr.rollback()  # the next time finds the same database
    return figures


def measure():
    build()
    tenth, figures = generated(TENTH), generated(ACCOUNTS)
    return {
        **figures,
        "tenth_accounts": tenth["accounts"],
        "tenth_seconds": tenth["seconds"],
        "tenth_statements": tenth["statements"],
        "growth_10x": figures["seconds"] / tenth["seconds"],
        "statements_per_account": figures["statements"] / figures["accounts"],
        **retail(),
    }
