from odoo import api, fields, models


class KamAccount(models.Model):
    """Why a score is what it is, and why it moved, wherever the score is shown (F17, F18)."""
    _inherit = 'kam.account'

    health_score_id = fields.Many2one('kam.score', string="Current Health Score", compute='_compute_health_score_id')
    score_chart = fields.Json(string="What the Score Is Made of", compute='_compute_score_chart')
    health_chart = fields.Json(string="What the Health Score Is Made of", compute='_compute_health_chart')
    score_moved = fields.Char(
        string="What Moved the Score", compute='_compute_score_moved',
        help="Since the last score of the month before: the points, and what made most of them.")
    health_moved = fields.Char(
        string="What Moved the Health", compute='_compute_health_moved',
        help="Since the last health score of the month before: the points, and what made most of them.")
    score_gates_text = fields.Text(string="Kept Out", compute='_compute_score_gates_text')

    @api.depends('score_ids.is_current')
    def _compute_health_score_id(self):
        current = self._current_scores('health')
        for account in self:
            account.health_score_id = current.get(account)

    @api.depends('score_id')
    @api.depends_context('lang')
    def _compute_score_chart(self):
        for account in self:
            account.score_chart = account.score_id.chart

    @api.depends('health_score_id')
    @api.depends_context('lang')
    def _compute_health_chart(self):
        for account in self:
            account.health_chart = account.health_score_id.chart

    @api.depends('score_id')
    @api.depends_context('lang')
    def _compute_score_moved(self):
        for account in self:
            account.score_moved = account.score_id.moved

    @api.depends('health_score_id')
    @api.depends_context('lang')
    def _compute_health_moved(self):
        for account in self:
            account.health_moved = account.health_score_id.moved

    @api.depends('score_id')
    @api.depends_context('lang')
    def _compute_score_gates_text(self):
        for account in self:
            account.score_gates_text = account.score_id.gates_text

    def _current_scores(self, purpose='selection'):
        """{account: current score}."""
        return self.env['kam.score'].search([
            ('account_id', 'in', self.ids), ('is_current', '=', True), ('purpose', '=', purpose)]).grouped('account_id')

    def _score_movements(self, since=None, purpose='selection'):
        """{account: engine.moves.Movement} of the accounts whose current score has an earlier one to compare with.

        As many statements for a thousand accounts as for one. A movement has `delta`, `is_seam` and `moves`, one per
        criterion, whose `delta`s sum up to it.

        :param since: a day; None for the last day of the month before each score
        :raise AccessError: where the user may not read one of the accounts
        """
        self.check_access('read')
        scores = self.env['kam.score'].concat(*self._current_scores(purpose).values())
        return {score.account_id: movement for score, movement in scores._movements(since).items()}

    def _score_moved_texts(self, since=None, purpose='selection'):
        """{account: text}: what moved each score since a day, in the user's language."""
        self.check_access('read')
        scores = self.env['kam.score'].concat(*self._current_scores(purpose).values())
        return {score.account_id: text for score, text in scores._moved_texts(since).items()}
