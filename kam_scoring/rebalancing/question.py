"""What questions about people and about tiers have in common."""
from dataclasses import replace

from ..maths.rebalance import Problem, evaluate, solve, why_not
from . import words

# In the scenario of fewest moves, fairness and other costs only decide between equals.
TIE_BREAK = 0.001
# In the fairest one, costs decide between distributions that are nearly as fair.
FAIREST_COSTS = 0.01


class Question:
    """Subclasses gather facts and set `problem`.

    :ivar problem: of the settings; its items are accounts by id, those of negative keys stand for load elsewhere
    :ivar accounts: kam.account, those that may move
    """

    def __init__(self, rebalance):
        self.rebalance, self.env = rebalance, rebalance.env
        self.env.flush_all()  # facts are read from tables
        self.gather()
        limit = rebalance.moves_max or None
        self.problem = Problem(
            self.items(), self.bins(), self.groups(), self.fairness(), rebalance.band / 100, limit)
        self.by_key = {item.key: item for item in self.problem.items}
        self.bin_of = {one.key: one for one in self.problem.bins}

    # What a subclass says

    def gather(self):
        raise NotImplementedError

    def items(self):
        raise NotImplementedError

    def bins(self):
        raise NotImplementedError

    def groups(self):
        return ()

    def fairness(self):
        return self.rebalance.fairness

    # Scenarios

    def today(self):
        return {item.key: item.present for item in self.problem.items if item.present is not None}

    def variants(self):
        """(kind, problem) of the scenarios that are solved.

        fewest: what has to move, so that the limits are kept and nobody who leaves has an account left. fairest: the
        least imbalance that can be had; what it costs decides between equals.
        """
        yield 'fewest', self.reweighted(1.0, TIE_BREAK, fairness=TIE_BREAK * bool(self.fairness()))
        yield 'fairest', self.reweighted(0.0, FAIREST_COSTS, fairness=float(bool(self.fairness())))
        yield 'balanced', self.problem

    def reweighted(self, per_move, factor, **changes):
        """Each move costs so much; beside it, what it costs more than to stay counts by the factor."""
        items = [replace(item, costs={
            key: per_move * (item.present is not None) + factor * (cost - item.costs.get(item.present, 0.0))
            for key, cost in item.costs.items() if key != item.present}) for item in self.problem.items]
        return replace(self.problem, items=items, **changes)

    def solve(self, problem, seconds):
        return solve(problem, seconds)

    def evaluate(self, places):
        """Worth of any places, all scenarios by the same measure."""
        return evaluate(self.problem, places)

    # Rows

    def move_rows(self, places):
        """One dictionary per account: values of kam.rebalance.move without those of its scenario."""
        before, after = self.evaluate(self.today()), self.evaluate(places)
        context = words.Loads(before, after)
        return [self.move_row(self.by_key[account_id], places.get(account_id), context)
                for account_id in self.accounts.ids]

    def broken(self, item, place, evaluation):
        """Rules that this account breaks where it is: its own, and limits of where it has newly come to."""
        if place is None:
            return [('place', item.key)]
        rules = list(self.problem.closed_by(item, self.bin_of[place]))
        if place != item.present:
            rules += [rule for rule in evaluation.broken if rule in (('capacity', place), ('count', place))
                      or rule == ('moves',)]
        return rules

    def why_not(self, places, account_id, place):
        """In sentences, what speaks against this account there."""
        item = self.by_key.get(account_id)
        if not item or place not in self.bin_of:
            return self.env._("This account, or this place, is not part of the rebalancing any more. Compute it again.")
        if places.get(account_id) == place:
            return self.env._("That is where it goes in this scenario.")
        return words.why_not_text(self, item, place, why_not(self.problem, places, account_id, place))
