"""Real purchases: 334,054 lines of an online retailer, built by setup/dataset and scored by the default programme.

Every figure of every customer is compared with tests/retail_reference.py, which computes it from the file alone.
"""
from datetime import date

import pytest
from conftest import CHECKOUT, command, environment, forget
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
