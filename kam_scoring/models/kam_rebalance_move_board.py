from odoo import fields, models
from odoo.tools.misc import formatLang


class KamRebalanceMove(models.Model):
    """Cards that are dragged."""
    _inherit = 'kam.rebalance.move'

    can_approve = fields.Boolean(related='rebalance_id.can_approve')
    is_chosen = fields.Boolean(related='scenario_id.is_chosen')

    def drop_on(self, place_id):
        """What if this account went there? The whole scenario is checked again at once.

        :param place_id: id of the person or the tier
        :return: {'text': what it changes in words, 'broken': rules that it breaks there}
        """
        self.ensure_one()
        scenario, before = self.scenario_id, self.scenario_id.read(['imbalance', 'cost'])[0]
        self.write({'to_tier_id' if self.question == 'tiers' else 'to_user_id': place_id})
        self.invalidate_recordset()
        scenario.invalidate_recordset()
        return {'text': self._drop_text(before), 'broken': self.broken or False}

    def _drop_text(self, before):
        values = {
            'account': self.account_id.display_name,
            # sudo: names of colleagues, also of those in other companies
            'place': (self.to_tier_id or self.to_user_id).sudo().display_name,
            'cost_before': formatLang(self.env, before['cost'], digits=1),
            'cost': formatLang(self.env, self.scenario_id.cost, digits=1)}
        if self.question == 'tiers':
            return self.env._("%(account)s in %(place)s: costs %(cost_before)s → %(cost)s points.", **values)
        return self.env._(
            "%(account)s with %(place)s: imbalance %(imbalance_before)s → %(imbalance)s points, costs %(cost_before)s "
            "→ %(cost)s points.", imbalance_before=formatLang(self.env, before['imbalance'], digits=1),
            imbalance=formatLang(self.env, self.scenario_id.imbalance, digits=1), **values)
