"""Times the solver of a rebalancing: 200 accounts and 10 managers, 500 and 20, 2,000 and 40, beside a greedy baseline.

The teams are made up, with a fixed seed: a few managers hold far more than their fair part, most are full-time, tiers
take 5, 4, 3 or 2 points, some seats are shared. 15 % of the accounts are frozen by a deal, a plan review or a wish, and
of the pairs of account and manager about 30 % are closed by language or country. A move costs a point, and more where
the relationship is strong or old, or a plan is under way.

The objective is imbalance plus cost, in points: the best answer has less of both together than the steps of the
baseline find, not less of each. The gap is the part of the objective that an even better answer might save (0.01 is one
percent). Seconds are those of the whole solver, model and search included.

KAM_BENCH_REBALANCE="200x10 500x20" measures some of the teams only.
"""
import os
import random
import time

import bench

from odoo.addons.kam_scoring.maths.rebalance import Bin, Item, Problem, evaluate, greedy, solve

# Team -> seconds that the search may take; what is to be kept is 3, 10 and 60.
TEAMS = {"200x10": 2.5, "500x20": 9.0, "2000x40": 55.0}
SEED = 1906  # Pareto's Manual of Political Economy
FROZEN = 0.15
POINTS, POINT_WEIGHTS = (5.0, 4.0, 3.0, 2.0), (1, 2, 3, 4)
LANGUAGES, LANGUAGE_WEIGHTS = ("en", "fr", "de", "nl"), (50, 20, 18, 12)
COUNTRIES = ("be", "de", "fr", "nl")


def manager(rng, key):
    """A bin, the languages spoken, and the countries looked after."""
    weight = rng.choice((1.0, 1.0, 1.0, 1.0, 0.8, 0.5))
    spoken = {"en", *rng.choices(LANGUAGES[1:], k=2)}
    countries = COUNTRIES if rng.random() < 0.5 else rng.sample(COUNTRIES, 3)
    return Bin(key, weight=weight), spoken, countries


def account(rng, key, team, popularity):
    language, country = rng.choices(LANGUAGES, LANGUAGE_WEIGHTS)[0], rng.choice(COUNTRIES)
    barred = {}
    for one, spoken, countries in team:
        rules = (("language", key, one.key),) if language not in spoken else ()
        rules += (("country", key, one.key),) if country not in countries else ()
        if rules:
            barred[one.key] = rules
    keys = [one.key for one, _spoken, _countries in team]
    holder = rng.choices(keys, [0 if one in barred else part for one, part in zip(keys, popularity, strict=True)])[0]
    if rng.random() < FROZEN:
        reason = (rng.choice(("deal", "plan_review", "kept")), key)
        barred = {one: (*barred.get(one, ()), reason) for one in keys if one != holder}
    strength, years, has_plan = rng.random(), rng.expovariate(1 / 3), rng.random() < 0.4
    cost = round(1 + 3 * strength + 0.5 * min(years, 5) + 2 * has_plan, 2)
    size = rng.choices(POINTS, POINT_WEIGHTS)[0] * rng.choice((1, 1, 1, 1, 1, 1, 0.5))
    return Item(key, size, holder, {one: cost for one in keys if one != holder}, barred)


def team_of(accounts, managers):
    """A problem.

    >>> problem = team_of(200, 10)
    >>> frozen = [item for item in problem.items if len(item.barred) == 9 and len(set(item.barred)) == 9]
    >>> len(problem.items), len(problem.bins), 0.10 < len(frozen) / 200 < 0.20
    (200, 10, True)
    """
    rng = random.Random(SEED)
    team = [manager(rng, key) for key in range(1, managers + 1)]
    popularity = [rng.lognormvariate(0, 0.6) for _one in team]
    items = [account(rng, key, team, popularity) for key in range(1, accounts + 1)]
    per_weight = sum(item.size for item in items) / sum(one.weight for one, _spoken, _countries in team)
    bins = [Bin(one.key, capacity=round(1.2 * per_weight * one.weight), count_max=round(
        1.5 * accounts / managers), weight=one.weight) for one, _spoken, _countries in team]
    return Problem(items, bins)


def figures_of(prefix, found):
    return {f"{prefix}objective": found.objective, f"{prefix}imbalance": found.imbalance, f"{prefix}cost": found.cost,
            f"{prefix}moves": found.moves, f"{prefix}broken": len(found.broken)}


def timed(run, *arguments):
    begin = time.perf_counter()
    return run(*arguments), time.perf_counter() - begin


def measured(name):
    problem = team_of(*map(int, name.split("x")))
    solution, seconds = timed(solve, problem, TEAMS[name])
    if not solution.places:
        raise bench.Failed(f"Nothing was found for the team {name}: there is nothing to compare.")
    steps, greedy_seconds = timed(greedy, problem)
    today = {item.key: item.present for item in problem.items}
    return {
        "seconds": seconds, "gap": solution.gap, **figures_of("", evaluate(problem, solution.places)),
        "greedy_seconds": greedy_seconds, **figures_of("greedy_", evaluate(problem, steps)),
        **figures_of("today_", evaluate(problem, today))}


def measure():
    names = os.environ.get("KAM_BENCH_REBALANCE", " ".join(TEAMS)).split()
    return {f"{name}.{figure}": value for name in names for figure, value in measured(name).items()}
