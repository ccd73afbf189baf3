from odoo import fields, models


class KamProgram(models.Model):
    """The product categories in which the programme looks at its customers: the columns of wallet and forecast."""
    _inherit = 'kam.program'

    wallet_category_ids = fields.Many2many(
        'product.category', 'kam_program_wallet_category_rel', 'program_id', 'categ_id', string="Product Categories",
        help="Of the whitespace grid and of forecasts; what is below a category counts in it. Empty: the top level of "
             "whatever we sell.")

    def _wallet_categories(self):
        """The categories, in the order of their names."""
        self.ensure_one()
        Category = self.env['product.category']
        chosen = self.wallet_category_ids
        if not chosen:
            # Of products of all companies, and of lines of all accounts: only which categories there are (sudo).
            sold = Category.union(*[categ.sudo(False) for categ, in self.env['product.template'].sudo()._read_group(
                [('sale_ok', '=', True), ('categ_id', '!=', False)], ['categ_id'])])
            chosen = Category.browse({int(categ.parent_path.split('/')[0]) for categ in sold})
        # And what estimates and forecasts were made for earlier: otherwise they would show up as white spots.
        for model in ('kam.wallet.line', 'kam.forecast.line'):
            chosen |= Category.union(*[categ.sudo(False) for categ, in self.env[model].sudo()._read_group(
                [('program_id', '=', self.id)], ['categ_id'])])
        return chosen.sorted('complete_name')

    def _wallet_columns(self):
        """{id of any category: the category of `_wallet_categories` that it counts in}, the nearest one above."""
        chosen = self._wallet_categories()
        columns = {}
        for categ in self.env['product.category'].search([('id', 'child_of', chosen.ids)]) if chosen else []:
            above = [int(part) for part in categ.parent_path.split('/') if part]
            columns[categ.id] = next(id_ for id_ in reversed(above) if id_ in chosen._ids)
        return columns
