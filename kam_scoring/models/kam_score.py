from odoo import api, fields, models
from odoo.tools import SQL

from .. import engine
from .kam_scoring_model import PURPOSES


class KamScore(models.Model):
    """The result of one run for one account, with all that is needed to explain it.

    Rows are written by the engine alone. What stays as history: see `engine/history.py`.
    """
    _name = 'kam.score'
    _description = "Account Score"
    _order = 'date desc, run_id desc, rank, id'
    _rec_name = 'account_id'
    _log_access = False  # who and when is on the run; 100,000 rows a night need not repeat it

    run_id = fields.Many2one('kam.score.run', required=True, index=True, ondelete='cascade')
    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one('kam.program', string="Programme", required=True, ondelete='cascade')
    purpose = fields.Selection(PURPOSES, default='selection', required=True)
    date = fields.Date(string="As of", required=True)
    score = fields.Float(aggregator='avg', help="0 to 100.")
    coverage = fields.Float(
        string="Data (%)", aggregator='avg',
        help="Share of the weights for which there are data, 0 to 100 %.")
    rank = fields.Integer(
        aggregator='min',
        help="1 is the best customer of the programme. Prospects, lost customers and accounts without data have none.")
    recommended_tier_id = fields.Many2one('kam.tier', ondelete='set null')
    breakdown = fields.Json(
        string="Figures", help="Per criterion: criterion_id, metric, value, points, weight, contribution, failed.")
    failed_gates = fields.Json(help="Ids of the gates of the model that the account does not pass.")
    fingerprint = fields.Char(help="Changes when the points, the weights, the gates or the recommended tier do.")
    is_snapshot = fields.Boolean(string="Last of Its Month")
    is_current = fields.Boolean(string="Latest Result", help="The latest result of the account.")
    line_ids = fields.One2many('kam.score.line', 'score_id', string="Breakdown")

    _run_account_uniq = models.UniqueIndex('(run_id, account_id)', "An account is scored once in a run.")
    _current_uniq = models.UniqueIndex(
        '(account_id, purpose) WHERE is_current', "An account has one current score of each purpose.")
    _program_date_idx = models.Index('(program_id, date)')
    # Who is above whom, for one account that is scored alone.
    _place_idx = models.Index(
        '(program_id, purpose, score, account_id) WHERE is_current AND rank IS NOT NULL')
    _snapshot_idx = models.Index('(program_id, purpose, date) WHERE is_snapshot')

    @api.autovacuum
    def _gc_history(self):
        """Keep changes and snapshots as long as their programme says."""
        self.env.flush_all()  # the engine reads tables
        engine.history.clean(self.env)
        self.env.invalidate_all(flush=False)

    def _explanations(self):
        """{score: text}: each score in plain words, in the user's language."""
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(engine.evidence.texts(self.env, SQL("score.id = ANY(%s)", self.ids)))
        return {self.browse(score_id): text for score_id, text in rows}
