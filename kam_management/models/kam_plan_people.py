from odoo import api, models


class KamPlan(models.Model):
    """The people at the customer in the plan: in its score, its versions and on its page."""
    _inherit = 'kam.plan'

    def _content_checks(self):
        account, least = self.account_id, self.tier_id.stakeholder_min
        return [
            *super()._content_checks(),
            (5, account.has_decider, self.env._("Find out who decides, and put them on the relationship map")),
            (5, account.live_contact_count >= max(least, 1), self.env._(
                "Get in touch with more people: %(count)s of %(least)s live contacts",
                count=account.live_contact_count, least=max(least, 1))),
        ]

    def _snapshot(self):
        snapshot = super()._snapshot()
        # What stands in the plan about people is who they are, not how they think of us: that is for the team only.
        snapshot['people'] = [
            [person.display_name,
             [['choice', 'kam.stakeholder', 'buying_role', person.buying_role]] if person.buying_role else []]
            for person in self.account_id.stakeholder_ids]
        return snapshot

    @api.model
    def _snapshot_labels(self):
        return {**super()._snapshot_labels(), 'people': self.env._("People at the Customer")}

    def _document_values(self):
        roles = self.env['kam.stakeholder']._fields['buying_role']._description_selection(self.env)
        return {**super()._document_values(), 'roles': dict(roles), 'people': self.account_id.stakeholder_ids.filtered(
            lambda person: not person.date_left and person.buying_role)}
