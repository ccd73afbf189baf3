from odoo import models

from .dossier_account_section import DossierAccountSection
from .dossier_data import DossierData
from .dossier_forecast_section import DossierForecastSection
from .dossier_history_section import DossierHistorySection
from .dossier_issues_section import DossierIssuesSection
from .dossier_objectives_section import DossierObjectivesSection
from .dossier_people_section import DossierPeopleSection
from .dossier_plan_section import DossierPlanSection
from .dossier_promises_section import DossierPromisesSection
from .dossier_reviews_section import DossierReviewsSection
from .dossier_risks_section import DossierRisksSection
from .dossier_score_section import DossierScoreSection
from .dossier_wallet_section import DossierWalletSection


class KamDossierReport(models.AbstractModel):
    """Everything about one account on paper: for a visit, a handover, a review."""
    _name = 'kam.dossier.report'
    _description = "Account Dossier"
    _inherit = ['kam.pack.report']

    _needs = ('account',)

    def _title(self):
        return self.env._("Account Dossier")

    def _sections(self):
        return [
            DossierAccountSection, DossierPlanSection, DossierObjectivesSection, DossierWalletSection,
            DossierForecastSection, DossierPeopleSection, DossierReviewsSection, DossierIssuesSection,
            DossierPromisesSection, DossierRisksSection, DossierScoreSection, DossierHistorySection]

    def _data(self, scope):
        return DossierData(scope, self._title())
