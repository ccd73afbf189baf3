from odoo import models


class KamRebalanceLoad(models.Model):
    _inherit = 'kam.rebalance.load'

    def _chart_row(self):
        """One bar: points, or accounts where it is about tiers or sponsors; `limit` and `fair` are marks, 0 = none."""
        place = self.user_id or self.tier_id
        is_tier = bool(self.tier_id)
        return {
            # sudo: names of colleagues, also of those in other companies
            'id': self.id, 'place_id': place.id, 'name': place.sudo().display_name,
            'before': self.accounts_before if is_tier else self.points_before,
            'after': self.accounts_after if is_tier else self.points_after,
            'limit': self.account_limit if is_tier else self.capacity,
            'fair': 0 if is_tier else self.fair_points,
            'accounts_before': self.accounts_before, 'accounts_after': self.accounts_after,
            'account_limit': self.account_limit, 'color': self.color,
        }
