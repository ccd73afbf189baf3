from odoo import api, models


class KamAccount(models.Model):
    """The template that the import screen offers."""
    _inherit = 'kam.account'

    @api.model
    def get_import_templates(self):
        return [{
            'label': self.env._("Import Template for Key Accounts"),
            'template': '/kam_reports/static/xls/kam_account.xlsx',
        }]
