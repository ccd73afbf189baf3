"""Rules and costs of accounts between people: who may look after what, and what a change of hands costs."""
from ..maths.rebalance import Bin, Item
from . import words
from .question import Question
from .seats import SeatFacts

TENURE_MAX = 5.0  # years; beyond, a change of hands costs no more


def _tongue(lang):
    """Speakers of Swiss German look after Germans: the language counts, not where it is spoken."""
    return (lang or "").split('_')[0]


class SeatQuestion(Question):
    def gather(self):
        rebalance = self.rebalance
        self.facts = facts = SeatFacts(rebalance)
        self.seats = facts.seats
        self.people = {person.user_id.id: person for person in rebalance.person_ids}
        self.elsewhere = {
            user_id: load for user_id, load in facts.elsewhere().items() if not self.takes_nothing(user_id)}
        self.accounts = self.env['kam.account'].browse(self.seats)
        profiles = self.env['kam.profile'].with_context(active_test=False).search(
            [('user_id', 'in', list(self.people))])
        self.tongues = {profile.user_id.id: {_tongue(lang.code) for lang in profile.language_ids}
                        for profile in profiles}
        self.countries = {profile.user_id.id: set(profile.country_ids.ids) for profile in profiles}
        self.levels, self.teams = facts.levels(), facts.teams()

    def takes_nothing(self, user_id):
        person = self.people[user_id]
        return person.role == 'leaves' or not person.availability

    # The problem

    def bins(self):
        return [Bin(
            user_id, person.capacity, person.account_limit and self._count_max(user_id, person.account_limit),
            0.0 if self.takes_nothing(user_id) else person.availability / 100)
            for user_id, person in self.people.items()]

    def _count_max(self, user_id, limit):
        """The load elsewhere is one item, whatever the number of accounts; at least it fits."""
        count = self.elsewhere.get(user_id, (0, 0.0))[0]
        return max(limit - count + bool(count), 1)

    def items(self):
        items = [Item(seat.account_id, seat.points, seat.user_id, self.costs(seat), self.barred(seat))
                 for seat in self.seats.values()]
        # What people carry elsewhere stays where it is, and is part of their load.
        return items + [
            Item(-user_id, points, user_id, barred={
                other: (('elsewhere', user_id),) for other in self.people if other != user_id})
            for user_id, (_count, points) in sorted(self.elsewhere.items())]

    def cost_parts(self, seat):
        """What it costs to take the account from its holder, in points: as such, relationships, years, plan."""
        settings = self.rebalance
        if not seat.user_id:
            return {'move': 0.0, 'relationship': 0.0, 'tenure': 0.0, 'plan': 0.0}
        return {
            'move': settings.cost_move,
            'relationship': settings.cost_relationship * seat.lost / seat.live if seat.live else 0.0,
            'tenure': settings.cost_tenure * min(seat.years, TENURE_MAX),
            'plan': settings.cost_plan if seat.has_plan else 0.0}

    def costs(self, seat):
        total = sum(self.cost_parts(seat).values())
        return {user_id: total for user_id in self.people if user_id != seat.user_id}

    def barred(self, seat):
        frozen = tuple((label, seat.account_id) for label in self.frozen(seat))
        barred = {}
        for user_id in self.people:
            if user_id == seat.user_id:
                if self.people[user_id].role == 'leaves':
                    barred[user_id] = (('leaves', user_id),)
                continue
            labels = frozen + tuple((label, seat.account_id, user_id) for label in self.unfit(seat, user_id))
            if labels:
                barred[user_id] = labels
        return barred

    def frozen(self, seat):
        """Labels of the rules by which the account stays where it is."""
        if seat.account_id in self.rebalance.kept_account_ids._ids or seat.no_move_reason:
            yield 'kept'
        if seat.user_id is None or self.people[seat.user_id].role == 'leaves':
            return  # whoever goes cannot wait until the plan is approved
        if seat.plan_end:
            yield 'plan_review'
        if seat.deal:
            yield 'deal'
        if seat.date_from >= self.facts.day or seat.date_changed and seat.date_changed > self.facts.date_owner:
            yield 'changed'

    def unfit(self, seat, user_id):
        """Labels of the rules by which this person does not take over this account."""
        settings = self.rebalance
        if user_id in seat.barred_ids:
            yield 'both_seats'
        if settings.keep_known and not self._somebody_stays(seat, user_id):
            yield 'nobody_stays'
        tongues, countries = self.tongues.get(user_id), self.countries.get(user_id)
        if settings.fit_language and seat.lang and tongues and _tongue(seat.lang) not in tongues:
            yield 'language'
        if settings.fit_country and seat.country_id and countries and seat.country_id not in countries:
            yield 'country'
        if settings.fit_team and self._leaves_team(seat, user_id):
            yield 'team'
        if (self.facts.role == 'manager' and seat.competence_min
                and self.levels.get(user_id, 0.0) < seat.competence_min):
            yield 'competence'

    def _somebody_stays(self, seat, user_id):
        """As in a handover: where the customer knows several of us, one of them stays, or takes over."""
        others = [stays for known_id, stays in seat.known.items() if known_id != seat.user_id]
        return not others or any(others) or user_id in seat.known

    def _leaves_team(self, seat, user_id):
        ours, theirs = self.teams.get(seat.user_id), self.teams.get(user_id)
        return bool(ours and theirs and not ours & theirs)

    # Rows

    def move_row(self, item, place, loads):
        seat = self.seats[item.key]
        is_move = place != item.present
        parts = self.cost_parts(seat) if is_move else dict.fromkeys(('move', 'relationship', 'tenure', 'plan'), 0.0)
        frozen = [(label, item.key) for label in self.frozen(seat)]
        return {
            'account_id': item.key, 'tier_id': seat.tier_id, 'points': seat.points, 'seat_id': seat.seat_id,
            'from_user_id': seat.user_id, 'to_user_id': place, 'is_move': is_move, 'is_frozen': bool(frozen),
            'frozen_reason': "\n".join(words.sentence(self, rule) for rule in frozen) or None,
            'cost': sum(parts.values()), 'cost_relationship': parts['relationship'],
            'cost_tenure': parts['tenure'], 'cost_plan': parts['plan'],
            'reason': words.seat_reason(self, seat, place, loads, parts),
            'broken': "\n".join(
                words.sentence(self, rule) for rule in self.broken(item, place, loads.after_all)) or None}

    def load_rows(self, places):
        before, after = self.evaluate(self.today()), self.evaluate(places)
        return [{
            'user_id': user_id, 'points_before': before.loads[user_id], 'points_after': after.loads[user_id],
            'accounts_before': self._accounts(user_id, before), 'accounts_after': self._accounts(user_id, after),
            'capacity': person.capacity, 'account_limit': person.account_limit,
            'fair_points': self.problem.fair_loads[user_id]} for user_id, person in self.people.items()]

    def _accounts(self, user_id, evaluation):
        count = self.elsewhere.get(user_id, (0, 0.0))[0]
        return evaluation.counts[user_id] + count - bool(count)

    def place_name(self, key):
        return self.env['res.users'].browse(key).name

    def kept_reason(self, key):
        return self.seats[key].no_move_reason

    def limit_of(self, key):
        return self.people[key].account_limit
