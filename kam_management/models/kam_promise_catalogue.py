from odoo import models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

KEY = ('diamond', 'gold', 'strategic')
BEST, TOP = KEY[:1], KEY[:2]
SERVED = (*KEY, 'potential', 'general', 'key_opportunity', 'general_opportunity')
# What companies promise their key accounts (S2, S3, S54, S104): for which value classes, who keeps it, how it is
# checked, from which share on it counts as kept, what it is called and what the customer may count on.
CATALOGUE = [
    (SERVED, 'service', 'issue_response', 90, _lt("Rapid response"), _lt(
        "Whoever reports a problem has an answer within the hours that the tier promises.")),
    (SERVED, 'service', 'issue_resolution', 80, _lt("Problems solved in time"), _lt(
        "A problem is solved within the hours that the tier promises.")),
    ((*KEY, 'potential', 'key_opportunity'), 'manager', 'visit', 90, _lt("Regular and executive visits"), _lt(
        "The account manager comes, and a member of the management, as often as the tier says.")),
    ((*KEY, 'potential'), 'supply_chain', 'delivery', 95, _lt("Deliveries on time"), _lt(
        "What was promised for a day leaves by that day.")),
    (TOP, 'operations', 'manual', 95, _lt("Capacity priority"), _lt(
        "When capacity is short, orders of the customer come first.")),
    (BEST, 'technical', 'manual', 95, _lt("Resident engineer"), _lt(
        "An engineer of ours works at the customer's site.")),
    (KEY, 'technical', 'manual', 90, _lt("Technical exchange"), _lt(
        "Engineers of both sides meet regularly and speak about what comes next.")),
    (TOP, 'service', 'manual', 90, _lt("Value-added service"), _lt(
        "Training, spare parts kept in stock or inspections, without an order for each.")),
]


class KamTier(models.Model):
    """What customers of the tier could be promised, for champions to keep, change or delete (N3)."""
    _inherit = 'kam.tier'

    def action_propose_promises(self):
        """Add what is usual for the value class. What there is already, also archived, stays as it is.

        Not done by itself: a promise is something that a company decides to keep.
        """
        self.check_access('write')
        english = self.with_context(lang='en_US').env._
        for tier in self:
            there = tier.with_context(active_test=False, lang='en_US').promise_ids
            checks, names = set(there.mapped('check')) - {'manual'}, set(there.mapped('name'))
            for number, (classes, role, check, target, name, description) in enumerate(CATALOGUE, start=1):
                if tier.value_class in classes and check not in checks and english(name) not in names and (
                        tier._can_check(check)):
                    tier._propose_promise(10 * number, role, check, target, name, description)
        return True

    def _can_check(self, check):
        if check == 'visit':
            return bool(self.manager_visit_days or self.sponsor_visit_days)
        return {
            'issue_response': self.issue_response_hours > 0, 'issue_resolution': self.issue_resolve_hours > 0,
            'delivery': 'stock.picking' in self.env}.get(check, True)

    def _propose_promise(self, sequence, role, check, target, name, description):
        English = self.env['kam.promise'].with_context(lang='en_US')
        promise = English.create({
            'name': English.env._(name), 'tier_id': self.id, 'sequence': sequence,
            'role_id': self.env.ref(f'kam_management.role_{role}').id, 'check': check, 'target_percent': target})
        # In every language, whichever the champion speaks.
        for code, _lang in self.env['res.lang'].get_installed():
            translated = promise.with_context(lang=code)
            translated.write({'name': translated.env._(name), 'description': translated.env._(description)})
