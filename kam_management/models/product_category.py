from odoo import api, models
from odoo.exceptions import UserError


class ProductCategory(models.Model):
    _inherit = 'product.category'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_wallets(self):
        """Estimates and forecasts are people's work; they do not go with a category."""
        for model in ('kam.wallet.line', 'kam.forecast.line'):
            # Also of accounts that this user cannot see (sudo).
            line = self.env[model].sudo().search([('categ_id', 'in', self.ids)], limit=1)
            if line:
                raise UserError(self.env._(
                    "%(category)s is part of wallets and forecasts of key accounts, such as that of %(account)s. Move "
                    "its products to another category and choose that in the programme; the estimates stay.",
                    category=line.categ_id.name, account=line.account_id.display_name))
