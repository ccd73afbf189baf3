"""One function per rule of a rebalancing: the sentence that says what it is here, and what can be changed.

Each gets the question and the keys of the rule; where several people break one rule at one account, all of them.
"""
from odoo.tools.misc import format_date, formatLang

from ..maths.rebalance_problem import TOLERANCE


def _account(question, key):
    return question.env['kam.account'].browse(key).display_name


def _people(question, keys):
    return ", ".join(question.place_name(key) for key in keys)


def _date(question, day):
    return format_date(question.env, day) if day else ""


def _points(question, value):
    return formatLang(question.env, value, digits=0 if abs(value - round(value)) < TOLERANCE else 1)


def kept(question, key):
    env, reason = question.env, question.kept_reason(key)
    if reason:
        return env._("%(account)s is not to move: %(reason)s. Take that back on the account if it may.",
                     account=_account(question, key), reason=reason.strip().rstrip("."))
    return env._("%s is on the list of accounts that do not move. Take it off the list if it may.",
                 _account(question, key))


def plan_review(question, key):
    return question.env._(
        "%(account)s: the account plan is in review or ends on %(date)s. Wait for the next plan, or shorten the "
        "freeze of %(days)s days.", account=_account(question, key), date=_date(question, question.seats[key].plan_end),
        days=question.rebalance.freeze_days)


def deal(question, key):
    name, probability, day = question.seats[key].deal
    return question.env._(
        "%(account)s: the deal \"%(deal)s\" (%(probability)s %%) is due on %(date)s. Wait for it, or shorten the "
        "freeze of %(days)s days.", account=_account(question, key), deal=name, probability=round(probability),
        date=_date(question, day), days=question.rebalance.freeze_days)


def changed(question, key):
    seat = question.seats[key]
    return question.env._(
        "%(account)s came to %(person)s on %(date)s and changes hands once in %(months)s months at most. Wait, or "
        "allow more changes.", account=_account(question, key), person=question.place_name(seat.user_id),
        date=_date(question, seat.date_from), months=question.rebalance.owner_months)


def nobody_stays(question, key, *people):
    return question.env._(
        "%(account)s would keep nobody whom it knows if it went to %(people)s. Let somebody of its team stay, or "
        "switch off \"Somebody Stays\".", account=_account(question, key), people=_people(question, people))


def language(question, key, *people):
    lang = question.env['res.lang']._get_data(code=question.seats[key].lang).name or question.seats[key].lang
    return question.env._(
        "%(account)s speaks %(language)s, which is not among the languages of %(people)s. Correct the profile, or "
        "switch off \"Language Fits\".", account=_account(question, key), language=lang,
        people=_people(question, people))


def country(question, key, *people):
    return question.env._(
        "%(account)s is in %(country)s, which is not among the countries of %(people)s. Correct the profile, or "
        "switch off \"Country Fits\".", account=_account(question, key),
        country=question.env['res.country'].browse(question.seats[key].country_id).name,
        people=_people(question, people))


def team(question, key, *people):
    return question.env._(
        "%(account)s would leave its sales team if it went to %(people)s. Change the teams, or switch off \"Within "
        "the Sales Team\".", account=_account(question, key), people=_people(question, people))


def competence(question, key, *people):
    # Without the levels of people, which are personal.
    tier = question.env['kam.tier'].browse(question.seats[key].tier_id)
    return question.env._(
        "%(account)s is in %(tier)s, which takes a mean level of competence of %(least)s; %(people)s: below it. Train "
        "people, or lower what the tier takes.", account=_account(question, key), tier=tier.name,
        least=formatLang(question.env, tier.competence_min, digits=1), people=_people(question, people))


def both_seats(question, key, *people):
    env = question.env
    if question.facts.role == 'manager':
        return env._("%(people)s cannot manage %(account)s and sponsor it at the same time. End that seat first.",
                     people=_people(question, people), account=_account(question, key))
    return env._("%(people)s cannot sponsor %(account)s and manage it at the same time. End that seat first.",
                 people=_people(question, people), account=_account(question, key))


def leaves(question, user_id):
    return question.env._("%s leaves and hands over all accounts. Let this person stay if that is wrong.",
                          question.place_name(user_id))


def elsewhere(question, user_id):
    count, points = question.elsewhere[user_id]
    if question.facts.role == 'sponsor':
        return question.env._("%(person)s sponsors %(count)s accounts of other programmes. Rebalance these first.",
                              person=question.place_name(user_id), count=count)
    return question.env._(
        "%(person)s carries %(points)s points at %(count)s accounts of other programmes. Rebalance these first.",
        person=question.place_name(user_id), points=_points(question, points), count=count)


def weight(question, user_id):
    return question.env._(
        "%s leaves, or has no working time, and takes nothing new. Correct the list of people if that is wrong.",
        question.place_name(user_id))


def capacity(question, user_id):
    return question.env._(
        "%(person)s carries %(points)s points at most. Raise the capacity, or add somebody.",
        person=question.place_name(user_id), points=_points(question, question.bin_of[user_id].capacity))


def count(question, key):
    limit = question.limit_of(key)
    return question.env._("%(place)s holds %(count)s accounts at most. Raise the limit, or make room elsewhere.",
                          place=question.place_name(key), count=limit)


def moves(question):
    return question.env._("At most %s accounts may move. Allow more moves.", question.rebalance.moves_max)


def place(question, key):
    return question.env._("%s has nobody in this seat. Give it to somebody.", _account(question, key))


def group(question, _key):
    program = question.rebalance.program_id
    return question.env._("%(program)s holds %(count)s key accounts at most. Raise the limit of the programme.",
                          program=program.name, count=program.size_max)


# Tiers

def told(question, key):
    return " ".join(question.rows[key].guard)


def exception(question, key):
    return question.env._("%s is in its tier by an open exception. Close the exception first.", _account(question, key))


def open_change(question, key):
    return question.env._("%s has an open tier change already. Decide it first.", _account(question, key))


def held(question, key):
    row = question.rows[key]
    return question.env._("%(account)s is held at %(tier)s, whatever its score. End that first.",
                          account=_account(question, key), tier=question.place_name(row.held_id))


def threshold(question, key, *tiers):
    row, env = question.rows[key], question.env
    if not row.is_scored:
        return env._("%(account)s has no score that lets it into %(tiers)s. Score the programme first.",
                     account=_account(question, key), tiers=_people(question, tiers))
    least = ", ".join(f"{question.place_name(tier_id)} {_points(question, question.rules[tier_id].score_min)}"
                      if tier_id in question.rules else question.place_name(tier_id) for tier_id in tiers)
    return env._(
        "%(account)s has a score of %(score)s with data for %(coverage)s %%, which does not reach: %(least)s. Wait "
        "for better figures, or ask for an exception.", account=_account(question, key),
        score=_points(question, row.score), coverage=round(row.coverage), least=least)


def gate(question, key, *tiers):
    return question.env._("%(account)s does not pass a gate in front of %(tiers)s. See its score for which one.",
                          account=_account(question, key), tiers=_people(question, tiers))


def quiet(question, key, *tiers):
    return question.env._(
        "%(account)s was refused for %(tiers)s not long ago. Wait, or shorten the quiet days of the programme.",
        account=_account(question, key), tiers=_people(question, tiers))


SENTENCES = {function.__name__: function for function in (
    kept, plan_review, deal, changed, nobody_stays, language, country, team, competence, both_seats, leaves, elsewhere,
    weight, capacity, count, moves, place, group, told, exception, open_change, held, threshold, gate, quiet)}
