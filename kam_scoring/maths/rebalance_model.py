"""The rebalancing as a mixed-integer linear model for HiGHS, made small.

One variable for each pair of item and bin would do, and be slow: two accounts of the same size that may go to the same
people are alike to everybody but their present holder. So the model knows

leave   how many of a set of like items (same bin, size and cost of leaving, and the same pool) leave their bin
pool    items of one size that may go to the same bins; how many of them go to each bin
direct  one item into one bin, where that costs something else than the other bins do

An item stays if it does not leave: there is no variable for that. Whoever takes which item out of a pool is the same to
the objective, and is told afterwards, so that nobody gets back what was taken away.

Loads are sums of sizes, most often multiples of a common unit. The imbalance of a load within one unit from a kink of
its function is then given by the chord between the neighbours, which is above the function in between: a tighter
bound, free of charge.
"""
import math
from collections import Counter, defaultdict

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from .rebalance_problem import deviation
from .rebalance_tables import NOWHERE, Tables

# A common unit smaller than this part of the greatest size is of no use.
UNIT_MIN = 1e-3
PRECISION = 1e-7
# How HiGHS says that there is no answer.
INFEASIBLE = 2


def _unit(sizes):
    """What all sizes are multiples of; 0 where they have nothing in common.

    >>> _unit(np.array([2.0, 4.5, 3.0])), _unit(np.array([1.0, 0.123457]))
    (0.5, 0.0)
    """
    whole = np.round(sizes * 1e4)
    unit = math.gcd(*whole.astype(int).tolist()) / 1e4
    is_exact = np.allclose(whole, sizes * 1e4, rtol=0, atol=1e-5)
    return unit if is_exact and unit >= UNIT_MIN * sizes.max(initial=0) else 0.0


class Rows:
    """Sparse linear constraints, collected term by term."""

    def __init__(self):
        self.rows, self.columns, self.values, self.low, self.high = [], [], [], [], []

    def add(self, terms, low, high):
        """:param terms: variable -> factor"""
        row = len(self.low)
        self.rows += [row] * len(terms)
        self.columns += terms.keys()
        self.values += terms.values()
        self.low.append(low)
        self.high.append(high)

    def matrix(self, variables):
        return csr_array((self.values, (self.rows, self.columns)), shape=(len(self.low), variables), dtype=float)


class Model:
    """The variables and constraints of a problem; the objective is `constant` higher than the model's."""

    def __init__(self, tables: Tables):
        self.tables, self.rows = tables, Rows()
        self.unit = _unit(tables.distinct)
        self.objective, self.lower, self.upper, self.integer = [], [], [], []
        bins = len(tables.fair)
        # What each bin holds: a constant, and factors of variables.
        self.loads = [Counter() for _bin in range(bins)]
        self.counts = [Counter() for _bin in range(bins)]
        self.base_loads, self.base_counts = np.zeros(bins), np.zeros(bins, dtype=int)
        self.constant = 0.0
        self.moved = Counter()
        self.leaving = []   # (variable, pool, items, cheapest first or all alike)
        self.direct = []    # (variable, item, bin)
        self.pools = {}     # (size, bins) -> {bin: variable}
        self.variable(0.0, 0)  # so that there is one, where nothing can move
        self._place_items()
        self._balance_pools()
        self._limit()
        self._measure_imbalance()

    def variable(self, cost, upper, lower=0, integer=True):
        self.objective.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.objective) - 1

    # ---------------------------------------------------------------- items

    def _place_items(self):
        tables, alike = self.tables, defaultdict(list)
        for item in range(len(tables.sizes)):
            present, stays = int(tables.present[item]), bool(tables.may_stay[item])
            if stays:
                self.base_loads[present] += tables.sizes[item]
                self.base_counts[present] += 1
                self.constant += tables.costs[item, present]
            targets = np.flatnonzero(tables.is_open[item])
            targets = targets[targets != present] if stays else targets
            if len(targets):
                self._let_go(item, present if stays else NOWHERE, targets, alike)
        for (size, present, pool, cost, is_move), items in alike.items():
            self._leave(items, present, size, pool, cost, is_move)

    def _let_go(self, item, present, targets, alike):
        """The pool for the most usual cost; bins of their own where an item costs more or less there."""
        tables = self.tables
        stay_cost = tables.costs[item, present] if present != NOWHERE else 0.0
        costs = (tables.costs[item, targets] - stay_cost).round(9)
        usual = max(Counter(costs.tolist()).items(), key=lambda pair: (pair[1], -pair[0]))[0]
        # Cheaper bins remain in the pool, where they are of no use: so more items share one.
        pool = set(targets[costs <= usual].tolist())
        if present != NOWHERE and usual >= 0 and tables.weights[present]:
            pool.add(present)  # going round in a circle is never cheaper than to stay
        is_move = tables.problem.items[item].present is not None
        size, key = float(tables.sizes[item]), tuple(sorted(pool))
        others = [(int(place), float(cost)) for place, cost in zip(targets, costs, strict=True) if cost != usual]
        if not others:
            alike[size, present, key, float(usual), is_move].append(item)
            return
        out = self._leave([item], present, size, key, float(usual), is_move, at_least=0)
        ways = {out: 1}
        for place, cost in others:
            way = self.variable(cost, 1)
            self.direct.append((way, item, place))
            ways[way] = 1
            self._flow(way, present, place, size)
            if is_move:
                self.moved[way] += 1
        self.rows.add(ways, 0 if present != NOWHERE else 1, 1)

    def _leave(self, items, present, size, pool, cost, is_move, at_least=None):
        lower = len(items) if present == NOWHERE else 0
        out = self.variable(cost, len(items), lower if at_least is None else at_least)
        self._flow(out, present, NOWHERE, size)
        self.pools.setdefault((size, pool), [{}, Counter()])[1][out] += 1
        self.leaving.append((out, (size, pool), items))
        if is_move:
            self.moved[out] += 1
        return out

    def _flow(self, variable, source, target, size):
        for place, sign in ((source, -1), (target, 1)):
            if place != NOWHERE:
                self.loads[place][variable] += sign * size
                self.counts[place][variable] += sign

    def _balance_pools(self):
        for (size, bins), (ways, terms) in self.pools.items():
            most = sum(self.upper[out] for out in terms)
            balance = dict(terms)
            for place in bins:
                ways[place] = self.variable(0.0, most)
                self._flow(ways[place], NOWHERE, place, size)
                balance[ways[place]] = -1
            self.rows.add(balance, 0, 0)

    # ---------------------------------------------------------------- limits and imbalance

    def _limit(self):
        tables = self.tables
        for place in range(len(tables.fair)):
            if np.isfinite(tables.capacity[place]):
                self.rows.add(self.loads[place], -np.inf, tables.capacity[place] - self.base_loads[place])
            if np.isfinite(tables.count_max[place]):
                self.rows.add(self.counts[place], -np.inf, tables.count_max[place] - self.base_counts[place])
        for members, most, least in zip(tables.members, tables.group_max, tables.group_min, strict=True):
            held, base = Counter(), 0
            for place in np.flatnonzero(members):
                held.update(self.counts[place])
                base += self.base_counts[place]
            self.rows.add(held, least - base, most - base)
        if np.isfinite(tables.moves_max):
            self.rows.add(self.moved, -np.inf, tables.moves_max)

    def _measure_imbalance(self):
        tables = self.tables
        if not tables.fairness:
            return
        for place in np.flatnonzero(tables.is_balanced):
            off = self.variable(tables.fairness, tables.sizes.sum(), integer=False)
            for slope, level in self._lines(place):
                # off >= slope * load - level
                terms = {variable: -slope * factor for variable, factor in self.loads[place].items()}
                self.rows.add({**terms, off: 1}, slope * self.base_loads[place] - level, np.inf)

    def _lines(self, place):
        """(slope, level) of the lines slope * load - level whose maximum is the imbalance, at all possible loads."""
        fair, band = self.tables.fair[place], self.tables.band * self.tables.fair[place]
        lines = [(1.0, fair + band), (-1.0, band - fair)]
        for kink in {fair - band, fair + band} if self.unit else ():
            below = np.floor(kink / self.unit) * self.unit
            first, second = (deviation(load, fair, self.tables.band) for load in (below, below + self.unit))
            slope = (second - first) / self.unit
            if 1e-3 < abs(slope) < 1 - 1e-3:  # else the kink is itself a possible load
                lines.append((slope, slope * below - first))
        return lines

    # ---------------------------------------------------------------- solving

    def relax(self, seconds):
        """The linear relaxation: its bound, and where nothing has to be whole."""
        matrix = self.rows.matrix(len(self.objective))
        low, high = np.array(self.rows.low, dtype=float), np.array(self.rows.high, dtype=float)
        is_equal, has_low, has_high = low == high, np.isfinite(low), np.isfinite(high)
        above, below = has_high & ~is_equal, has_low & ~is_equal
        return linprog(
            self.objective, vstack([matrix[above], -matrix[below]]), np.concatenate([high[above], -low[below]]),
            matrix[is_equal], high[is_equal], list(zip(self.lower, self.upper, strict=True)), method='highs-ds',
            options={'time_limit': max(seconds, 0.01)})

    def tighten(self, relaxed, cutoff):
        """Only answers with a smaller objective are of interest now.

        What a variable would add to the relaxation by a step away from its bound is known; steps that lead beyond the
        cutoff are excluded.
        """
        slack = cutoff - self.constant - relaxed.fun
        for variable, gain in enumerate(relaxed.lower.marginals):
            if self.integer[variable] and gain > PRECISION:
                most = self.lower[variable] + math.floor(slack / gain + PRECISION)
                self.upper[variable] = max(self.lower[variable], min(self.upper[variable], most))
        for variable, gain in enumerate(relaxed.upper.marginals):
            if self.integer[variable] and gain < -PRECISION:
                least = self.upper[variable] - math.floor(-slack / gain + PRECISION)
                self.lower[variable] = min(self.upper[variable], max(self.lower[variable], least))
        terms = {variable: cost for variable, cost in enumerate(self.objective) if cost}
        self.rows.add(terms, -np.inf, cutoff - self.constant)

    def solve(self, seconds):
        count = len(self.objective)
        return milp(
            np.array(self.objective), integrality=np.array(self.integer, dtype=int),
            bounds=Bounds(np.array(self.lower, dtype=float), np.array(self.upper, dtype=float)),
            constraints=LinearConstraint(self.rows.matrix(count), self.rows.low, self.rows.high),
            options={'time_limit': max(seconds, 0.01), 'mip_rel_gap': 0.0})

    def whole(self, values):
        """Values of the relaxation in whole numbers: as many out of a pool as into it."""
        whole = np.round(values).astype(int)
        for ways, terms in self.pools.values():
            columns = list(ways.values())
            missing = sum(whole[out] * factor for out, factor in terms.items())
            for _step in range(missing - whole[columns].sum()):
                whole[max(columns, key=lambda column: values[column] - whole[column])] += 1
            for _step in range(whole[columns].sum() - missing):
                whole[min(filter(whole.__getitem__, columns), key=lambda column: values[column] - whole[column])] -= 1
        return whole

    def places(self, values):
        """Who is where: columns of the items, for values in whole numbers, or next to them."""
        places = self.tables.present.copy()
        values = self.whole(values)
        for variable, item, place in self.direct:
            if values[variable]:
                places[item] = place
        waiting = defaultdict(list)
        for out, pool, items in self.leaving:
            waiting[pool] += items[:values[out]]
        for pool, items in waiting.items():
            taken = [place for place, way in self.pools[pool][0].items() for _time in range(values[way])]
            for item, place in zip(items, self._apart(items, taken), strict=True):
                places[item] = place
        return places

    def _apart(self, items, taken):
        """The places in another order: no item gets the one that it leaves, if somebody can swap with it."""
        homes = [int(self.tables.present[item]) if self.tables.may_stay[item] else NOWHERE for item in items]
        for one, home in enumerate(homes):
            if taken[one] == home:
                other = next((other for other, place in enumerate(taken) if home not in (place, homes[other])), one)
                taken[one], taken[other] = taken[other], taken[one]
        return taken
