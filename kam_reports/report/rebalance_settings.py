"""What a rebalancing was told to weigh and to keep, in words."""


def settings_in_words(data):
    """[(label, sentence)] of the settings that count for the question.

    :param data: RebalanceData
    """
    say = _tier_settings if data.is_tiers else _seat_settings
    return [*say(data), *_limits(data)]


def _number(value):
    return f'{value:g}'


def _seat_settings(data):
    rebalance, env = data.rebalance, data.env
    yield env._("How fair"), env._(
        "Fair is the load of all, shared out by working time. Within %(band)s %% of it nothing counts; each point "
        "beyond counts %(fairness)s.", band=_number(rebalance.band), fairness=_number(rebalance.fairness),
    ) if rebalance.fairness else env._("Loads do not matter, only the limits.")
    yield env._("What a change costs"), env._(
        "Points for a move as such: %(move)s. For relationships that only one person has: up to %(relationship)s. For "
        "each year together, up to five: %(tenure)s. For a plan in progress: %(plan)s.",
        move=_number(rebalance.cost_move), relationship=_number(rebalance.cost_relationship),
        tenure=_number(rebalance.cost_tenure), plan=_number(rebalance.cost_plan))
    if rebalance.freeze_days:
        yield env._("What stays"), env._(
            "An account stays while its plan is in review or ends within %s days, and where a deal that is nearly won "
            "is due in this time.", rebalance.freeze_days)
    if rebalance.owner_months:
        yield env._("How often"), env._(
            "An account changes hands once at most in %s months.", rebalance.owner_months)
    takers = [text for is_set, text in (
        (rebalance.keep_known, env._("Where a customer knows several of us, one of them stays.")),
        (rebalance.fit_language, env._("Whoever takes over speaks the customer's language.")),
        (rebalance.fit_country, env._("Whoever takes over looks after the customer's country.")),
        (rebalance.fit_team, env._("An account stays in its sales team."))) if is_set]
    if takers:
        yield env._("Who takes over"), " ".join(takers)
    yield from _people(data)


def _people(data):
    env = data.env
    for role, label in (('joins', env._("Who joins")), ('leaves', env._("Who leaves"))):
        names = [row['user_id'][1] for row in data.people.values() if row['role'] == role]
        if names:
            yield label, ", ".join(names)


def _tier_settings(data):
    rebalance, env = data.rebalance, data.env
    yield env._("How right"), env._(
        "Each tier holds as many accounts as its capacity says. Each tier away from the one where its score places an "
        "account costs %s points, and up to twice as much where the score says so most.",
        _number(rebalance.cost_misfit))
    yield env._("What a change costs"), env._("Points for a change of tier as such: %s.", _number(rebalance.cost_move))


def _limits(data):
    rebalance, env = data.rebalance, data.env
    if rebalance.moves_max:
        yield env._("Limit"), env._("At most %s accounts move.", rebalance.moves_max)
    # Only those that the user may see: others are nobody's business.
    kept = rebalance.kept_account_ids._filtered_access('read')
    if kept:
        yield env._("Do not move"), ", ".join(kept.mapped('display_name'))
