from odoo import models

from .coverage_section import CoverageSection
from .exceptions_section import ExceptionsSection
from .health_section import HealthSection
from .issues_section import IssuesSection
from .movers_section import MoversSection
from .pack_scope import PackScope
from .pareto_section import ParetoSection
from .portfolio_data import PortfolioData
from .portfolio_section import PortfolioSection
from .promises_section import PromisesSection
from .proposals_section import ProposalsSection
from .reviews_section import ReviewsSection
from .risks_section import RisksSection
from .summary_section import SummarySection
from .visits_section import VisitsSection


class KamPortfolioReport(models.AbstractModel):
    """The portfolio review pack: what an executive takes into the review, computed with that person's rights."""
    _name = 'kam.portfolio.report'
    _description = "Portfolio Review Pack"
    _inherit = ['kam.pack.report']

    _takes = ('date_from', 'companies', 'accounts')

    def _review_pack(self, program, accounts=None):
        """The pack of one programme, as `_pack` gives it.

        :param program: the programme, one record
        :param accounts: accounts of the programme to report; None for all its key accounts
        """
        return self._pack(PackScope(program, accounts))

    def _title(self):
        return self.env._("Portfolio Review")

    def _sections(self):
        return [
            SummarySection, PortfolioSection, MoversSection, ProposalsSection, ExceptionsSection, RisksSection,
            IssuesSection, PromisesSection, ReviewsSection, VisitsSection, HealthSection, ParetoSection,
            CoverageSection]

    def _data(self, scope):
        return PortfolioData(scope, self._title())
