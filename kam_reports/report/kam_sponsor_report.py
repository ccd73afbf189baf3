from odoo import models

from .exceptions_section import ExceptionsSection
from .health_section import HealthSection
from .issues_section import IssuesSection
from .movers_section import MoversSection
from .portfolio_data import PortfolioData
from .portfolio_section import PortfolioSection
from .promises_section import PromisesSection
from .proposals_section import ProposalsSection
from .reviews_section import ReviewsSection
from .risks_section import RisksSection
from .sponsor_visits_section import SponsorVisitsSection
from .summary_section import SummarySection


class KamSponsorReport(models.AbstractModel):
    """The accounts that one executive sponsors: how they stand, and when and why to visit them."""
    _name = 'kam.sponsor.report'
    _description = "Sponsor Pack"
    _inherit = ['kam.pack.report']

    _needs = ('executive',)
    _takes = ('date_from',)

    def _title(self):
        return self.env._("Sponsor Pack")

    def _sections(self):
        return [
            SummarySection, PortfolioSection, SponsorVisitsSection, ReviewsSection, IssuesSection, PromisesSection,
            RisksSection, MoversSection, HealthSection, ProposalsSection, ExceptionsSection]

    def _data(self, scope):
        return PortfolioData(scope, self._title())
