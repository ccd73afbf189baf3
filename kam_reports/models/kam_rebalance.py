from odoo import models
from odoo.exceptions import UserError

from ..report.pack_scope import PackScope


class KamRebalance(models.Model):
    """A rebalancing on paper, for those who decide and those who are concerned."""
    _inherit = 'kam.rebalance'

    def action_print_pack(self):
        """Make the pack of one rebalancing, and download it."""
        self._check_may_print()
        scope = PackScope(self.program_id, rebalance=self)
        return self.env['kam.pack']._make('rebalance', scope).action_download()

    def action_make_pack(self):
        """The dialog, for this rebalancing."""
        self._check_may_print()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_reports.kam_pack_make_action')
        return dict(action, context={
            'default_pack_type': 'rebalance', 'default_program_id': self.program_id.id,
            'default_rebalance_id': self.id})

    def _check_may_print(self):
        self.env['kam.pack.report']._check_may_export()
        if len(self) != 1:
            raise UserError(self.env._("A pack is about one rebalancing. Choose one."))
