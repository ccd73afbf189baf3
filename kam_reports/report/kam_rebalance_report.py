from odoo import models

from .rebalance_data import RebalanceData
from .rebalance_loads_section import RebalanceLoadsSection
from .rebalance_moves_section import RebalanceMovesSection
from .rebalance_stays_section import RebalanceStaysSection
from .rebalance_summary_section import RebalanceSummarySection


class KamRebalanceReport(models.AbstractModel):
    """One rebalancing on paper: today, the proposal, who goes where and why, who decided."""
    _name = 'kam.rebalance.report'
    _description = "Rebalancing Pack"
    _inherit = ['kam.pack.report']

    _needs = ('rebalance',)
    _comes_by_itself = False

    def _title(self):
        return self.env._("Rebalancing")

    def _sections(self):
        return [RebalanceSummarySection, RebalanceLoadsSection, RebalanceMovesSection, RebalanceStaysSection]

    def _data(self, scope):
        return RebalanceData(scope, self._title())
