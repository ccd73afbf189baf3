"""Reasons and rules of a rebalancing in sentences with names and numbers, in the language of `question.env`.

A rule is a label of `seat_rules` or `tiers`, or a limit of `maths/rebalance_problem.py`.
"""
from dataclasses import dataclass

from odoo.tools.misc import format_date, formatLang

from ..maths.rebalance import Evaluation
from .rule_words import SENTENCES

# What costs or changes less is not told.
NOTHING = 0.05


@dataclass
class Loads:
    """What a scenario changes."""
    before_all: Evaluation
    after_all: Evaluation

    def before(self, key):
        return self.before_all.loads.get(key, 0.0)

    def after(self, key):
        return self.after_all.loads.get(key, 0.0)


def number(env, value):
    """Points: whole where they are whole, else with one decimal."""
    return formatLang(env, value, digits=0 if abs(value - round(value)) < NOTHING else 1)


def sentence(question, rule):
    """What a rule says here, and what can be changed."""
    label, *keys = rule
    return SENTENCES[label](question, *keys)


def conflict_text(question, rules):
    """The rules that cannot hold together, one a line; those that differ by the person only in one."""
    env, lines, merged = question.env, [], {}
    for rule in rules:
        if len(rule) == 3:
            merged.setdefault(rule[:2], []).append(rule[2])
        else:
            merged[rule] = None
    for rule, people in merged.items():
        lines.append(sentence(question, rule) if people is None else SENTENCES[rule[0]](question, rule[1], *people))
    if not lines:
        return env._("The rules and limits cannot hold together. Loosen some of them, or add people.")
    return "\n".join([env._("These cannot hold together; change one of them:"), *(f"- {line}" for line in lines)])


# People

def _person_load(question, user_id, loads):
    env = question.env
    values = {'person': question.place_name(user_id), 'after': number(env, loads.after(user_id)),
              'before': number(env, loads.before(user_id))}
    if question.facts.role == 'sponsor':
        return env._("%(person)s would sponsor %(after)s instead of %(before)s accounts", **values)
    return env._("%(person)s would carry %(after)s instead of %(before)s points", **values)


def seat_reason(question, seat, place, loads, parts):
    """Why an account changes hands, with the loads before and after and what it costs; or why it stays."""
    env = question.env
    if place is None:
        return env._("Nobody holds the seat.")
    if place == seat.user_id:
        return _stay_reason(question, seat, loads)
    if seat.user_id is None:
        return env._("Nobody holds the seat: %(load)s.", load=_person_load(question, place, loads))
    facts = _cost_facts(question, seat, parts)
    values = {'former': question.place_name(seat.user_id), 'next': question.place_name(place),
              'loads': ", ".join(_person_load(question, key, loads) for key in (seat.user_id, place)),
              'cost': number(env, sum(parts.values())), 'facts': ", ".join(facts)}
    if facts:
        return env._("From %(former)s to %(next)s: %(loads)s; costs %(cost)s points: %(facts)s.", **values)
    return env._("From %(former)s to %(next)s: %(loads)s; costs %(cost)s points.", **values)


def _stay_reason(question, seat, loads):
    env = question.env
    frozen = [sentence(question, (label, seat.account_id)) for label in question.frozen(seat)]
    if frozen:
        return env._("Stays with %(person)s. %(reasons)s", person=question.place_name(seat.user_id),
                     reasons=" ".join(frozen))
    if abs(loads.after(seat.user_id) - loads.before(seat.user_id)) < NOTHING:
        return env._("Stays with %s, whose load does not change.", question.place_name(seat.user_id))
    return env._("Stays: %s.", _person_load(question, seat.user_id, loads))


def _cost_facts(question, seat, parts):
    """What a change of hands costs, as facts."""
    env, facts = question.env, []
    if parts['tenure'] > NOTHING:
        facts.append(env._("%s years of working together", number(env, seat.years)) if round(seat.years, 1) != 1
                     else env._("a year of working together"))
    if parts['relationship'] > NOTHING:
        facts.append(env._(
            "%(lost)s of %(live)s live contacts are covered by nobody else", lost=seat.lost, live=seat.live))
    if parts['plan'] > NOTHING:
        facts.append(env._("a plan in progress"))
    return facts


# Why not

def why_not_text(question, item, place, answer):
    """What speaks against the account there: rules, limits, and what it would cost and bring."""
    env = question.env
    names = {'account': question.env['kam.account'].browse(item.key).display_name, 'place': question.place_name(place)}
    rules = [sentence(question, rule) for rule in (*answer.barred, *answer.broken)]
    if rules:
        return "\n".join([env._("%(account)s cannot go to %(place)s:", **names), *(f"- {text}" for text in rules)])
    lines = [_imbalance_text(env, answer.imbalance_delta), _cost_text(env, answer.cost_delta)]
    total = question.problem.fairness * answer.imbalance_delta + answer.cost_delta
    lines.append(env._("Together it would be worse by %s points.", number(env, total)) if total > NOTHING
                 else env._("Together it would be better by %s points: choose it by hand.", number(env, -total))
                 if total < -NOTHING else env._("Together it would be as good: choose it by hand if you like."))
    return "\n".join([env._("%(account)s could go to %(place)s. No rule speaks against it.", **names),
                      *filter(None, lines)])


def _imbalance_text(env, delta):
    if abs(delta) < NOTHING:
        return env._("It would not change how evenly the load is shared out.")
    if delta > 0:
        return env._("The load would be shared out less evenly, by %s points.", number(env, delta))
    return env._("The load would be shared out more evenly, by %s points.", number(env, -delta))


def _cost_text(env, delta):
    if abs(delta) < NOTHING:
        return ""
    if delta > 0:
        return env._("It would cost %s points more.", number(env, delta))
    return env._("It would cost %s points less.", number(env, -delta))


# Tiers

def tier_reason(question, row, place, loads, cost):
    """Why an account changes its tier, or stays, with the score and how full the tiers are."""
    env = question.env
    facts = ", ".join(filter(None, [
        row.is_scored and env._("a score of %(score)s places it in %(tier)s", score=number(env, row.score),
                                tier=question.place_name(row.recommended_id)),
        _tier_load(question, place, loads)]))
    if place == row.tier_id:
        frozen = [sentence(question, rule) for rule in question.frozen(row)]
        return env._("Stays in %(tier)s: %(facts)s.", tier=question.place_name(place), facts=facts) + (
            " " + " ".join(frozen) if frozen else "")
    return env._(
        "From %(former)s to %(next)s: %(facts)s; costs %(cost)s points.", former=question.place_name(row.tier_id),
        next=question.place_name(place), facts=facts, cost=number(env, cost))


def _tier_load(question, tier_id, loads):
    env, tier = question.env, question.env['kam.tier'].browse(tier_id)
    counts = {'tier': tier.name, 'after': number(env, loads.after(tier_id)),
              'before': number(env, loads.before(tier_id)), 'capacity': tier.capacity}
    if tier.capacity:
        return env._("%(tier)s would hold %(after)s instead of %(before)s accounts, %(capacity)s at most", **counts)
    return env._("%(tier)s would hold %(after)s instead of %(before)s accounts", **counts)


def date_text(question, day):
    return format_date(question.env, day)
