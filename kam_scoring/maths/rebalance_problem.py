"""Who is to look after what: the question, what a given answer is worth, and which rules it breaks.

Items (accounts) lie in bins (account managers, or tiers), each in exactly one. An answer costs

    fairness x imbalance + cost

The imbalance, in points, is the sum over the bins of what their load is off their fair load by more than the band:
max(0, |load - fair| - band x fair). The fair load of a bin is its part of the weights of all balanced bins, of the
sizes of all items. The cost, in points too, is the sum of what it costs to have each item where it is.

Rules have labels. Those of a pair of item and bin are in `Item.barred`, and the caller names them. The others are
('capacity', bin), ('count', bin), ('group', group), ('moves',), and ('weight', bin) for a bin of weight 0, which keeps
what it has and takes nothing new. An item without a place breaks ('place', item).
"""
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

Rule: TypeAlias = Hashable
Places: TypeAlias = Mapping[int, int]

# Sizes are sums of decimal fractions: what exceeds a limit by less does not exceed it.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Item:
    """An account.

    :param size: its workload in points
    :param present: the bin that holds it today; None for none yet: such an item is placed, not moved
    :param costs: bin -> points that it costs to be there; 0 where nothing is said
    :param barred: bin -> the rules that close it for this item
    """
    key: int
    size: float
    present: int | None = None
    costs: Mapping[int, float] = field(default_factory=dict)
    barred: Mapping[int, tuple[Rule, ...]] = field(default_factory=dict)

    def is_move(self, place: int | None) -> bool:
        return self.present is not None and place != self.present


@dataclass(frozen=True)
class Bin:
    """A person, or a tier.

    :param capacity: points at most; 0 for no limit
    :param count_max: items at most; 0 for no limit
    :param weight: share of a full-time person, to which the fair load is proportional; with 0 it takes nothing new
    :param balanced: False where its load does not matter, as long as it keeps within the limits
    """
    key: int
    capacity: float = 0.0
    count_max: int = 0
    weight: float = 1.0
    balanced: bool = True


@dataclass(frozen=True)
class Group:
    """Bins that hold at most and at least so many items together; 0 for no limit."""
    key: int
    bins: frozenset[int]
    count_max: int = 0
    count_min: int = 0

    def holds(self, count: int) -> bool:
        return count >= self.count_min and (not self.count_max or count <= self.count_max)


@dataclass(frozen=True)
class Problem:
    """
    :param fairness: what a point of imbalance weighs beside a point of cost; 0 where loads do not matter
    :param band: part of the fair load within which a deviation does not count
    :param moves_max: items that change their bin at most; None for no limit
    """
    items: tuple[Item, ...]
    bins: tuple[Bin, ...]
    groups: tuple[Group, ...] = ()
    fairness: float = 1.0
    band: float = 0.1
    moves_max: int | None = None

    def __post_init__(self):
        for name in ('items', 'bins', 'groups'):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for parts in (self.items, self.bins, self.groups):
            if len({part.key for part in parts}) != len(parts):
                raise ValueError("Two parts of a rebalancing have the same key.")

    @property
    def fair_loads(self) -> dict[int, float]:
        """
        >>> items = [Item(1, 4.0), Item(2, 5.0)]
        >>> Problem(items, [Bin(1, weight=0.5), Bin(2), Bin(3, weight=0)]).fair_loads
        {1: 3.0, 2: 6.0, 3: 0.0}
        """
        total = sum(item.size for item in self.items)
        weights = sum(one.weight for one in self.bins if one.balanced)
        return {one.key: total * one.weight / weights if weights and one.balanced else 0.0 for one in self.bins}

    def closed_by(self, item: Item, one: Bin) -> tuple[Rule, ...]:
        """The rules that keep an item from a bin, whatever else lies there."""
        rules = tuple(item.barred.get(one.key, ()))
        return rules + (('weight', one.key),) if not one.weight and item.present != one.key else rules


@dataclass(frozen=True)
class Evaluation:
    """What an answer is worth; `loads` in points and `counts` in items by bin, `broken` the rules it breaks."""
    imbalance: float
    cost: float
    objective: float
    loads: dict[int, float]
    counts: dict[int, int]
    moves: int
    broken: tuple[Rule, ...]


@dataclass(frozen=True)
class Solution:
    """
    :param state: 'optimal', 'best' (no better one than `bound` exists, and the time was over), 'infeasible' (see
        `conflict`) or 'unknown' (the time was over before anything was found or excluded)
    :param places: item -> bin; empty where nothing was found
    :param gap: 0 to 1: the part of the objective that a better answer might still save
    :param conflict: rules that cannot hold together, while without any one of them the others can
    """
    state: str
    places: dict[int, int] = field(default_factory=dict)
    objective: float = 0.0
    bound: float = 0.0
    gap: float = 0.0
    imbalance: float = 0.0
    cost: float = 0.0
    moves: int = 0
    conflict: tuple[Rule, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class WhyNot:
    """What speaks against an item in another bin.

    :param barred: rules that close the bin for this item
    :param imbalance_delta: points of imbalance that it would add; below zero where it would help
    :param cost_delta: points of cost that it would add
    :param broken: other rules that it would break and that hold now
    """
    barred: tuple[Rule, ...]
    imbalance_delta: float
    cost_delta: float
    broken: tuple[Rule, ...]


def deviation(load: float, fair: float, band: float) -> float:
    """
    >>> deviation(13.0, 10.0, 0.1), deviation(9.5, 10.0, 0.1), deviation(6.0, 10.0, 0.1)
    (2.0, 0.0, 3.0)
    """
    return max(0.0, abs(load - fair) - band * fair)


def evaluate(problem: Problem, places: Places) -> Evaluation:
    """The worth of any answer, also of one by hand that breaks rules or leaves items out.

    >>> problem = Problem([Item(1, 3.0, 7, {8: 2.0}), Item(2, 5.0, 7, barred={8: ('kept',)})], [Bin(7), Bin(8)], band=0)
    >>> today = evaluate(problem, {1: 7, 2: 7})
    >>> today.imbalance, today.objective, today.broken
    (8.0, 8.0, ())
    >>> other = evaluate(problem, {1: 8, 2: 8})
    >>> other.cost, other.moves, other.broken
    (2.0, 2, ('kept',))
    """
    loads, counts = {one.key: 0.0 for one in problem.bins}, Counter({one.key: 0 for one in problem.bins})
    bins = {one.key: one for one in problem.bins}
    cost, moves, broken = 0.0, 0, []
    for item in problem.items:
        place = places.get(item.key)
        if place not in bins:
            broken.append(('place', item.key))
            continue
        loads[place] += item.size
        counts[place] += 1
        cost += item.costs.get(place, 0.0)
        moves += item.is_move(place)
        broken += problem.closed_by(item, bins[place])
    fair = problem.fair_loads
    imbalance = sum(deviation(loads[one.key], fair[one.key], problem.band) for one in problem.bins if one.balanced)
    broken += _limits_broken(problem, loads, counts, moves)
    return Evaluation(
        imbalance, cost, problem.fairness * imbalance + cost, loads, dict(counts), moves, tuple(dict.fromkeys(broken)))


def _limits_broken(problem: Problem, loads: Mapping[int, float], counts: Mapping[int, int], moves: int) -> list[Rule]:
    broken: list[Rule] = []
    for one in problem.bins:
        if one.capacity and loads[one.key] > one.capacity + TOLERANCE:
            broken.append(('capacity', one.key))
        if one.count_max and counts[one.key] > one.count_max:
            broken.append(('count', one.key))
    broken += [('group', group.key) for group in problem.groups
               if not group.holds(sum(counts.get(key, 0) for key in group.bins))]
    return broken + ([('moves',)] if problem.moves_max is not None and moves > problem.moves_max else [])


def why_not(problem: Problem, places: Places, item_key: int, bin_key: int) -> WhyNot:
    """What would change if one item, and nothing else, went to another bin.

    >>> problem = Problem([Item(1, 3.0, 7, {8: 2.0}), Item(2, 5.0, 7)], [Bin(7), Bin(8, capacity=2)], band=0)
    >>> why_not(problem, {1: 7, 2: 7}, 1, 8)
    WhyNot(barred=(), imbalance_delta=-6.0, cost_delta=2.0, broken=(('capacity', 8),))
    """
    item = {item.key: item for item in problem.items}[item_key]
    one = {one.key: one for one in problem.bins}[bin_key]
    barred = problem.closed_by(item, one)
    before, after = evaluate(problem, places), evaluate(problem, {**places, item_key: bin_key})
    known = {*before.broken, *barred}
    return WhyNot(barred, after.imbalance - before.imbalance, after.cost - before.cost,
                  tuple(rule for rule in after.broken if rule not in known))


def rules_of(problem: Problem) -> tuple[Rule, ...]:
    """All rules of a problem, each once: first those of pairs in the order of the items, then the limits."""
    pairs = dict.fromkeys(rule for item in problem.items for rules in item.barred.values() for rule in rules)
    pairs |= {('weight', one.key): None for one in problem.bins if not one.weight}
    return (*pairs, *limits_of(problem))


def limits_of(problem: Problem) -> tuple[Rule, ...]:
    """The rules that concern several items together."""
    return (
        *(('capacity', one.key) for one in problem.bins if one.capacity),
        *(('count', one.key) for one in problem.bins if one.count_max),
        *(('group', group.key) for group in problem.groups),
        *([('moves',)] if problem.moves_max is not None else []))


def only(problem: Problem, rules: set[Rule]) -> Problem:
    """The same question with some of its rules: the others do not hold any more.

    >>> item = Item(1, 3.0, 7, barred={7: ('leaves',), 8: ('kept', 'deal')})
    >>> less = only(Problem([item], [Bin(7), Bin(8, count_max=1)]), {'kept'})
    >>> less.items[0].barred, less.bins[1].count_max
    ({8: ('kept',)}, 0)
    """
    items = [replace(item, barred={key: kept for key, labels in item.barred.items()
                                   if (kept := tuple(label for label in labels if label in rules))})
             for item in problem.items]
    bins = [replace(
        one, capacity=one.capacity if ('capacity', one.key) in rules else 0.0,
        count_max=one.count_max if ('count', one.key) in rules else 0,
        weight=one.weight if one.weight or ('weight', one.key) in rules else 1.0) for one in problem.bins]
    groups = [group for group in problem.groups if ('group', group.key) in rules]
    return replace(problem, items=items, bins=bins, groups=groups,
                   moves_max=problem.moves_max if ('moves',) in rules else None)
