from odoo import api, models

# People of one map: more cards than anybody looks through, and as many as a browser draws at once.
MAP_PEOPLE = 400


class KamStakeholder(models.Model):
    """The map of the people at one customer, or at as many as one can look through at once."""
    _inherit = 'kam.stakeholder'

    @api.model
    def hierarchy_read(self, domain, specification, parent_field, child_field=None, order=None):
        """As Odoo's, and never more than MAP_PEOPLE. The map says when there are others: see kam_people_map.js."""
        shown = self.search(domain, order=order, limit=MAP_PEOPLE + 1)
        if len(shown) > MAP_PEOPLE:
            domain = [('id', 'in', shown[:MAP_PEOPLE].ids)]
        return super().hierarchy_read(domain, specification, parent_field, child_field, order)
