from odoo import models


class KamPlan(models.Model):
    """What becomes of plans when customers, or legal entities of one customer, are merged."""
    _inherit = 'kam.plan'

    def _move_to(self, account):
        """Go on with another account, unless that has a plan of the same entity for the same time.

        A local plan whose entity disappears in the merge goes on with the one that it becomes.
        """
        self.ensure_one()
        entity = self.entity_id
        if entity and entity not in account.entity_ids.partner_id:
            entity = account.entity_ids.partner_id & entity.browse(self.env.context.get('kam_merging_partners', ()))
            if not entity:
                return
        entity = entity[:1]
        if any(self._overlaps(other) for other in account.plan_ids if other.entity_id == entity):
            return
        team = account.assignment_ids.filtered('is_current').user_id
        self.write({
            'account_id': account.id, 'entity_id': entity.id,
            # Who has no seat there could not open it: then the account manager owns it.
            'local_owner_id': (self.local_owner_id & team).id})

    def _close_clashing(self, destination):
        """Local plans of entities that become one: of those for the same time one goes on, the others are closed."""
        kept = self.browse()
        for plan in self.sorted(lambda plan: (plan.state not in ('approved', 'active'), plan.entity_id != destination)):
            if any(plan._overlaps(other) for other in kept):
                plan._close()
                plan.message_post(body=self.env._(
                    "Closed, because the legal entity was merged with another one that has a plan for this period."))
            else:
                kept |= plan
