from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import engine


class KamScore(models.Model):
    """What a score is made of, what keeps its account out of a tier, and what moved it since an earlier date."""
    _inherit = 'kam.score'

    model_id = fields.Many2one(related='run_id.model_id', string="Scoring Model")
    chart = fields.Json(string="What the Score Is Made of", compute='_compute_chart')
    moved = fields.Char(string="What Moved the Score", compute='_compute_moved')
    gates_text = fields.Text(
        string="Kept Out", compute='_compute_gates_text',
        help="Tiers that the account is kept out of, whatever its score, and the gates that it does not pass.")
    held_ids = fields.Many2many('kam.score.override', string="Held by People", compute='_compute_held_ids')

    @api.depends('line_ids')
    @api.depends_context('lang')
    def _compute_chart(self):
        for score in self:
            score.chart = {
                'score_id': score.id, 'date': fields.Date.to_string(score.date), 'score': score.score,
                'rows': score.line_ids._chart_rows(),
            } if score.line_ids else False

    @api.depends('score')
    @api.depends_context('lang')
    def _compute_moved(self):
        texts = self._moved_texts()
        for score in self:
            score.moved = texts.get(score)

    @api.depends('failed_gates')
    @api.depends_context('lang')
    def _compute_gates_text(self):
        all_gates = self.env['kam.scoring.gate'].browse({
            gate_id for score in self for gate_id in score.failed_gates or ()}).exists()
        for score in self:
            gates = all_gates.filtered(lambda gate, score=score: gate.id in (score.failed_gates or ()))
            score.gates_text = "\n".join(
                self.env._("Kept out of %(tiers)s: %(gates)s.", tiers=", ".join(tiers.mapped('name')),
                           gates="; ".join(gate.display_name for gate in kept_out))
                for tiers, kept_out in gates.grouped(lambda gate: gate._tiers().sorted()).items())

    @api.depends('date', 'account_id.override_ids.date_end')
    def _compute_held_ids(self):
        holds = self.env['kam.score.override'].search([('account_id', 'in', self.account_id.ids)])
        for score in self:
            score.held_ids = holds.filtered(
                lambda hold, score=score: hold.account_id == score.account_id
                and hold.date_from <= score.date < hold.date_end)

    def _movements(self, since=None):
        """{score: engine.moves.Movement} of the scores that have an earlier one on or before `since`.

        :param since: a day; None for the last day of the month before, as the trend is told
        :raise AccessError: where the user may not read one of the scores
        """
        if not self:
            return {}
        self.check_access('read')  # the statement knows no record rules
        self.flush_model()
        self.env['kam.score.run'].flush_model(['model_id'])
        found = engine.moves.movements(self.env, SQL("now.id = ANY(%s)", self.ids), since)
        return {score: found[score.id] for score in self if score.id in found}

    def _moved_texts(self, since=None):
        """{score: text}: what moved each score, in the user's language, for people with little time."""
        return {score: score._movement_text(movement) for score, movement in self._movements(since).items()}

    def _movement_text(self, movement):
        return engine.words.movement_text(
            self.env, movement, self.program_id.currency_id, self.env['kam.scoring.model'].browse(movement.model_now))

    @api.readonly
    def get_moves(self, since=None):
        """What moved this score since a day, for the chart."""
        self.ensure_one()
        movement = self._movements(fields.Date.to_date(since)).get(self)
        first = self.search(self._history_domain(), order='date', limit=1)
        return {
            'first_date': fields.Date.to_string(first.date),
            'movement': self._movement_values(movement) if movement else False,
        }

    def _movement_values(self, movement):
        lines = {line.metric: line.id for line in self.line_ids}
        currency = self.program_id.currency_id
        return {
            'date_then': fields.Date.to_string(movement.date_then),
            'date_now': fields.Date.to_string(movement.date_now),
            'score_then': movement.score_then, 'score_now': movement.score_now, 'delta': movement.delta,
            'text': self._movement_text(movement), 'is_seam': movement.is_seam,
            'moves': [{
                'label': engine.words.label(self.env, move.metric), 'line_id': lines.get(move.metric, False),
                'then': engine.words.side_values(self.env, move, move.then, currency),
                'now': engine.words.side_values(self.env, move, move.now, currency),
                'delta': move.delta, 'kind': move.kind, 'text': engine.words.move_text(self.env, move, currency),
            } for move in movement.moves],
        }

    def _history_domain(self):
        return Domain('account_id', '=', self.account_id.id) & Domain('program_id', '=', self.program_id.id) & Domain(
            'purpose', '=', self.purpose) & Domain('coverage', '>', 0) & Domain('date', '<=', self.date)

    @api.readonly
    def get_history(self):
        """Each change and each month up to this score, and the version of the model that made it, for the chart."""
        self.ensure_one()
        history = self.search(self._history_domain(), order='date, run_id, id')
        return [{
            'id': score.id, 'date': fields.Date.to_string(score.date), 'score': score.score,
            'version': score.model_id.version, 'model': score.model_id.display_name,
        } for score in history]
