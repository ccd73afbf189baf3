from odoo import api, models


class KamPlan(models.Model):
    """The template that the import screen offers."""
    _inherit = 'kam.plan'

    @api.model
    def get_import_templates(self):
        return [{
            'label': self.env._("Import Template for Account Plans"),
            'template': '/kam_reports/static/xls/kam_plan.xlsx',
        }]
