from odoo import models

from .whitespace_data import WhitespaceData
from .whitespace_list_section import WhitespaceListSection
from .whitespace_ours_section import WhitespaceOursSection
from .whitespace_spend_section import WhitespaceSpendSection
from .whitespace_white_section import WhitespaceWhiteSection


class KamWhitespaceReport(models.AbstractModel):
    """Where there is business to be won: key accounts by product category."""
    _name = 'kam.whitespace.report'
    _description = "Whitespace Pack"
    _inherit = ['kam.pack.report']

    _takes = ('accounts',)

    def _title(self):
        return self.env._("Whitespace")

    def _sections(self):
        return [WhitespaceWhiteSection, WhitespaceSpendSection, WhitespaceOursSection, WhitespaceListSection]

    def _data(self, scope):
        return WhitespaceData(scope, self._title())
