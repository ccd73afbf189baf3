"""Real purchases: 334,054 lines of an online retailer, built by setup/dataset and scored by the default programme.

Every figure of every customer, in the scores and in the portfolio pack, is compared with tests/retail_reference.py,
which computes it from the file alone.
"""
import io
from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from conftest import CHECKOUT, command, environment, forget
from openpyxl import load_workbook
from retail_reference import CRITERIA, TIERS, Retail

NAME = f"kam_retail_test_{CHECKOUT}"
# Before the end of the file, when later payments are not known yet; its last day; a day with a year to compare with.
DAYS = [date(2011, 6, 15), date(2011, 9, 9), date(2012, 4, 30)]


@pytest.fixture(scope="module")
def file(shared):
    return shared / "data" / "online_retail.csv.gz"


@pytest.fixture(scope="module")
def reference(file):
    return Retail(file)


@pytest.fixture(scope="module")
def env(file):
    """The database is kept for the next time; it is built anew when the file or setup/dataset changed."""
    forget(NAME)
    process = command("dataset", file, "--db", NAME, "--reuse")
    assert process.returncode == 0, process.stderr
    with environment(NAME) as env:
        yield env
    forget(NAME)


@pytest.fixture(scope="module")
def program(env):
    """The default programme with everybody enrolled, and a judgement on five customers of seven."""
    program = env.ref("kam_management.program_default")
    run = env["kam.score.run"]._score_program(program, date=DAYS[-1])
    assert run.state == "done", run.message
    for level, accounts in accounts_of(program).grouped(lambda account: int(account.partner_id.ref) % 7).items():
        if level in range(1, 6):
            env["kam.judgement"].create([
                {"account_id": account.id, "kind": "influence", "level": str(level), "date": "2009-01-01",
                 "date_end": False} for account in accounts])
    return program


def accounts_of(program):
    return program.env["kam.account"].search([("program_id", "=", program.id)])


def close(found, expected):
    """To the cent where it is money, else to the last digits of double precision."""
    if found is None or expected is None:
        return found is expected
    return abs(found - float(expected)) <= 1e-9 * max(1, abs(found))


def test_default_model_is_the_one_restated(program):
    model = program.scoring_model_id
    assert CRITERIA == [
        (one.metric, one.weight, one.normalization, one.bound_zero, one.bound_full) for one in model.criterion_ids]
    rules = model.tier_rule_ids.filtered(lambda rule: not rule.gate_criterion_id)
    assert TIERS == [
        (rule.tier_id.value_class, rule.score_min, rule.coverage_min, rule.tier_id.capacity or None)
        for rule in rules.sorted(lambda rule: rule.tier_id.sequence)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_scores_of_all_customers(env, program, reference, day):
    accounts = {account.partner_id.ref: account for account in accounts_of(program)}
    influence = {customer: int(account.influence) for customer, account in accounts.items() if account.influence}
    expected = reference.scores(day, influence, order=lambda customer: accounts[customer].id)
    run = env["kam.score.run"]._score_program(program, date=day)
    assert run.state == "done", run.message
    found = {score.account_id.partner_id.ref: score for score in run.score_ids}
    assert found.keys() == expected.keys()
    wrong = []
    for customer, row in expected.items():
        score = found[customer]
        pairs = [(line["metric"], what, line[what], computed) for line in score.breakdown for what, computed in (
            ("value", row["values"][line["metric"]]), ("points", row["points"].get(line["metric"])))]
        pairs += [("all", what, score[what], row[what]) for what in ("score", "coverage")]
        wrong += [(customer, *pair) for pair in pairs if not close(*pair[2:])]
    assert not wrong
    assert {customer: score.rank or None for customer, score in found.items()} == {
        customer: row["rank"] for customer, row in expected.items()}
    assert {customer: score.recommended_tier_id.value_class for customer, score in found.items()} == {
        customer: row["tier"] for customer, row in expected.items()}


def test_totals(env, program, reference):
    """What everybody can look up: the sum of the file's lines, and who buys most."""
    run = env["kam.score.run"]._score_program(program, date=DAYS[1])
    revenues = {score.account_id.partner_id.ref: score.breakdown[0]["value"] for score in run.score_ids}
    assert len(revenues) == run.account_count == 3412
    assert f"{sum(revenues.values()):.2f}" == "5132493.44"
    assert max(revenues, key=revenues.get) == "14646"


def test_figures_are_there_to_be_compared(reference):
    known = {day: reference.values(day, {}).values() for day in DAYS}
    counts = {day: {metric: sum(row[metric] is not None for row in rows) for metric in next(iter(rows))}
              for day, rows in known.items()}
    assert counts[DAYS[1]]["growth"] == 0, "the file has no year before"
    for day, metric in ((DAYS[1], "margin"), (DAYS[2], "growth"), (DAYS[0], "collection_timeliness")):
        assert counts[day][metric] > 2000


# ---------------------------------------------------------------- the portfolio pack

@pytest.fixture(scope="module")
def customers(program):
    """{name in the pack: account}"""
    found = {account.partner_id.name: account for account in accounts_of(program)}
    assert len(found) == len(accounts_of(program))
    return found


@pytest.fixture(scope="module")
def expected(program, reference, customers):
    """{name: figures of the reference on the last day, "moved" since the second one, "tier_now" and "is_key"}.

    Who is recommended for a key account tier is in it; all others are where the run enrolled them.
    """
    influence = {account.partner_id.ref: int(account.influence) for account in customers.values() if account.influence}
    order = {account.partner_id.ref: account.id for account in customers.values()}.get
    for day in DAYS[1:]:
        run = program.env["kam.score.run"]._score_program(program, date=day)
        assert run.state == "done", run.message
    run._follow_up()
    for account in customers.values():
        if account.recommended_tier_id.is_key:
            account.tier_id = account.recommended_tier_id
    before, now = (reference.scores(day, influence, order) for day in DAYS[1:])
    rows = {}
    for name, account in customers.items():
        row, old = now[account.partner_id.ref], before.get(account.partner_id.ref)
        known = row["coverage"] and old and old["coverage"]
        rows[name] = {
            **row, **row["values"], "moved": row["score"] - old["score"] if known else 0,
            "tier_now": account.tier_id.name, "is_key": account.tier_id.is_key}
    assert 20 < sum(row["is_key"] for row in rows.values()) < 100
    return rows


@pytest.fixture(scope="module")
def pack(program, customers, expected):
    """The pack of all customers, with the results of its formulas."""
    accounts = program.env["kam.account"].browse(account.id for account in customers.values())
    _name, content = program.env["kam.portfolio.report"]._review_pack(program, accounts)
    return load_workbook(io.BytesIO(content), data_only=True)


def table(sheet, label):
    """Rows below the header that begins with a label, as dictionaries, up to the first one without a first cell."""
    rows = iter(sheet.iter_rows(values_only=True))
    labels = next(row for row in rows if row[0] == label)
    found = []
    for row in rows:
        if row[0] is None:
            return found
        found.append(dict(zip(labels, row, strict=True)))
    return found


def total(values):
    """Exactly, also of fractions and decimals."""
    return sum(Fraction(value) for value in values if value is not None)


def percent(value):
    return None if value is None else Fraction(value) / 100


def margin_amount(row):
    return None if row["margin"] is None else Fraction(row["margin"]) * Fraction(row["revenue"]) / 100


def test_portfolio_sheet(program, pack, expected):
    names = {tier.value_class: tier.name for tier in program.tier_ids}
    *rows, totals = table(pack["Portfolio"], "Account")
    assert len(rows) == totals["Account"] == len(expected) == 3412
    wrong = []
    for found in rows:
        row = expected[found["Account"]]
        for label, value in (
                ("Revenue, Last 12 Months", row["revenue"]), ("Growth", percent(row["growth"])),
                ("Margin", percent(row["margin"])), ("Margin Amount", margin_amount(row)),
                ("Collection Rate", percent(row["collection_rate"])),
                ("Days Beyond Terms", row["collection_timeliness"]), ("Data Coverage", percent(row["coverage"])),
                ("Score", row["score"] if row["coverage"] else None)):
            if not close(found[label], value):
                wrong.append((found["Account"], label, found[label], value))
        for label, text in (("Tier", row["tier_now"]), ("Recommended Tier", names[row["tier"]])):
            if found[label] != text:
                wrong.append((found["Account"], label, found[label], text))
    assert not wrong
    assert close(totals["Revenue, Last 12 Months"], total(row["revenue"] for row in expected.values()))
    assert close(totals["Margin Amount"], total(map(margin_amount, expected.values())))


def test_summary_sheet(pack, expected):
    sheet, tiles = pack["Summary"], {}
    for top in (5, 9):
        for col in (1, 3, 5, 7):
            tiles[sheet.cell(top, col).value] = sheet.cell(top + 1, col).value
    revenue = total(row["revenue"] for row in expected.values())
    buyers = [row for row in expected.values() if row["coverage"] and row["revenue"] and row["revenue"] > 0]
    assert tiles["Accounts"] == len(expected)
    assert close(tiles["Revenue, last 12 months"], revenue)
    assert close(tiles["Share of total revenue"], 1)
    assert close(tiles["Score"], total(row["score"] * Fraction(row["revenue"]) for row in buyers)
                 / total(row["revenue"] for row in buyers))
    assert close(tiles["Data coverage"], total(percent(row["coverage"]) for row in expected.values()) / len(expected))
    *tiers, together = table(sheet, "Tier")
    counts = Counter(row["tier_now"] for row in expected.values())
    assert {row["Tier"]: row["Accounts"] for row in tiers} == counts
    for row in tiers:
        part = total(one["revenue"] for one in expected.values() if one["tier_now"] == row["Tier"])
        assert close(row["Revenue"], part) and close(row["Share of Revenue"], part / revenue), row
    assert (together["Accounts"], together["Share of Revenue"]) == (len(expected), 1)


def test_pareto_sheet(program, pack, expected):
    sheet = pack["Pareto"]
    for found, is_key in zip(table(sheet, "Group"), (True, False), strict=False):
        rows = [row for row in expected.values() if row["is_key"] == is_key and row["revenue"] is not None]
        known = total(row["revenue"] for row in rows if row["margin"] is not None)
        assert found["Accounts"] == len(rows)
        assert close(found["Revenue"], total(row["revenue"] for row in rows))
        assert close(found["Revenue with Known Cost"], known)
        assert close(found["Margin Amount"], total(map(margin_amount, rows)))
        assert close(found["Margin"], total(map(margin_amount, rows)) / known)
    # The straight way: who comes before a customer are all with more revenue.
    amounts = sorted((row["revenue"] for row in expected.values() if row["revenue"] is not None), reverse=True)
    whole = total(amount for amount in amounts if amount > 0)
    classes, reached, summed = {}, {}, Fraction(0)
    for amount in dict.fromkeys(amounts):
        limits = (("A", program.abc_limit_a), ("B", program.abc_limit_b))
        classes[amount] = next(
            (name for name, limit in limits if amount > 0 and 100 * summed < Fraction(limit) * whole), "C")
        summed += max(Fraction(amount), 0) * amounts.count(amount)
        reached[amount] = summed / whole
    revenue = total(amounts)
    for found, name in zip(table(sheet, "Class"), "ABC", strict=False):
        part = [amount for amount in amounts if classes[amount] == name]
        assert found["Class"].startswith(f"{name}: ")
        assert found["Accounts"] == len(part) and close(found["Revenue"], total(part)), found
        assert close(found["Share of Revenue"], total(part) / revenue)
    largest = table(sheet, "Account")
    assert [f"{row['Revenue']:.2f}" for row in largest] == [str(amount) for amount in amounts[:30]]
    for found in largest:
        amount = expected[found["Account"]]["revenue"]
        assert found["Class"] == classes[amount]
        assert close(found["Revenue"], amount) and close(found["Cumulative Share"], reached[amount])


def test_movers_sheet(pack, expected):
    found = table(pack["Movers"], "Account")
    moved = sorted((abs(row["moved"]) for row in expected.values()), reverse=True)[:100]
    assert len(found) == 100
    assert all(close(abs(row["Movement"]), points) for row, points in zip(found, moved, strict=True))
    for row in found:
        assert close(row["Movement"], expected[row["Account"]]["moved"]), row
        assert close(row["Score Now"], expected[row["Account"]]["score"]), row


def test_coverage_sheet(program, pack, expected):
    labels = {one.metric: dict(one._fields["metric"]._description_selection(program.env))[one.metric]
              for one in program.scoring_model_id.criterion_ids}
    found = {row["Criterion"]: row for row in table(pack["Data Coverage"], "Criterion")}
    for metric, *_bounds in CRITERIA:
        count = sum(row[metric] is not None for row in expected.values())
        row = found[labels[metric]]
        assert (row["Accounts with Data"], row["Scored Accounts"]) == (count, len(expected))
        assert close(row["Share with Data"], Fraction(count, len(expected)))
