from odoo import api, models


class KamStakeholder(models.Model):
    """The template that the import screen offers."""
    _inherit = 'kam.stakeholder'

    @api.model
    def get_import_templates(self):
        return [{
            'label': self.env._("Import Template for Stakeholders"),
            'template': '/kam_reports/static/xls/kam_stakeholder.xlsx',
        }]
