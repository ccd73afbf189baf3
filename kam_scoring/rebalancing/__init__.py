"""What a rebalancing asks, gathered from the records, stated as a problem for `maths/rebalance.py`, and told in words.

question    what both kinds have in common: the problem, its scenarios, rows to be written, why something is not done
seats       accounts between people: facts by a handful of statements, whatever the number of accounts
seat_rules  their rules and costs
tiers       accounts between tiers
words       rules as sentences that name who and what, and say what can be changed
"""
from .seat_rules import SeatQuestion
from .tiers import TierQuestion


def question_of(rebalance):
    """The question of a rebalancing, with the facts of this moment.

    In sudo: loads, plans and deals count, whoever may read them; callers have checked who asks.
    """
    kind = TierQuestion if rebalance.question == 'tiers' else SeatQuestion
    return kind(rebalance.sudo())
