from odoo import models


class KamScoreRun(models.Model):
    _inherit = 'kam.score.run'

    def _follow_ups(self):
        """New scores are in the analysis soon: it is computed apart, so that nobody waits for it."""
        # sudo: scheduled actions are the administrator's, and who scores need not be one.
        self.env.ref('kam_reports.ir_cron_account_analysis').sudo()._trigger()
        return super()._follow_ups()
