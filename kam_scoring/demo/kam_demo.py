import logging
from datetime import datetime, time, timedelta
from time import monotonic

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .judgements import load_judgements

_logger = logging.getLogger(__name__)

# Month ends before today that were scored, so that scores have a history.
MONTHS = 6


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_scoring(self):
        """Judge the customers and score them at the last month ends and today. Once."""
        program = self.env.ref('kam_management.program_default')
        rheinstahl = self.env.ref('kam_management.demo_account_rheinstahl', raise_if_not_found=False)
        if not rheinstahl or program.run_ids:
            return
        start = monotonic()
        load_judgements(self.env)
        today = fields.Date.today()
        Run = self.env['kam.score.run']
        for month in range(MONTHS, 0, -1):
            date = today.replace(day=1) - relativedelta(months=month - 1) - timedelta(days=1)
            run = Run._score_purposes(program, date=date)[0]
            run.write({'date_start': datetime.combine(date, time(22)), 'proposal_count': 0})
        # What those runs would have proposed was long decided; only the proposals of today are open.
        self.env['kam.tier.change'].search([
            ('program_id', '=', program.id), ('origin', '=', 'run'), ('state', '=', 'draft')]).unlink()
        run = Run._score_purposes(program)[0]
        self.env['kam.lifetime.fit']._fit_program(program)
        _logger.info("Demo company: %s scores, %s proposals in %.1f s", run.account_count, run.proposal_count,
                     monotonic() - start)
