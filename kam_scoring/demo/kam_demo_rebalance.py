import logging
from time import monotonic

from odoo import api, models

from .rebalance import load_rebalance

_logger = logging.getLogger(__name__)


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_rebalance(self):
        """A rebalancing that waits for a decision. Once."""
        program = self.env.ref('kam_management.program_default')
        rheinstahl = self.env.ref('kam_management.demo_account_rheinstahl', raise_if_not_found=False)
        if not rheinstahl or self.env['kam.rebalance'].search_count([('program_id', '=', program.id)], limit=1):
            return
        start = monotonic()
        # As in _load: nobody was told when it happened.
        load_rebalance(self.env(su=True, context=dict(
            self.env.context, lang='en_US', tracking_disable=True, mail_create_nosubscribe=True,
            mail_create_nolog=True, mail_notrack=True, mail_auto_subscribe_no_notify=True)))
        _logger.info("Demo company: rebalancing in %.1f s", monotonic() - start)
