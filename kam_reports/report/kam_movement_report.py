from odoo import models

from .movement_data import MovementData
from .movement_list_section import MovementListSection
from .movement_matrix_section import MovementMatrixSection
from .movement_names_section import MovementNamesSection


class KamMovementReport(models.AbstractModel):
    """Who moved between the tiers from one day to another (F79)."""
    _name = 'kam.movement.report'
    _description = "Tier Movement Pack"
    _inherit = ['kam.pack.report']

    _needs = ('date_from', 'date_to')

    def _title(self):
        return self.env._("Tier Movement")

    def _sections(self):
        return [MovementMatrixSection, MovementNamesSection, MovementListSection]

    def _data(self, scope):
        return MovementData(scope, self._title())
