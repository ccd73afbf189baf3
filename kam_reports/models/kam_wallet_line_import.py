from odoo import api, models


class KamWalletLine(models.Model):
    """The template that the import screen offers."""
    _inherit = 'kam.wallet.line'

    @api.model
    def get_import_templates(self):
        return [{
            'label': self.env._("Import Template for Wallets"),
            'template': '/kam_reports/static/xls/kam_wallet_line.xlsx',
        }]
