from odoo import fields, models
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from ..engine.words import label, points_text
from .kam_scoring_model import PURPOSES


class KamReview(models.Model):
    """The scores as of the review, in its snapshot, beside those of today (F81)."""
    _inherit = 'kam.review'

    def _snapshot(self):
        """Adds score: {purpose: {date, score, model_id, points: {metric: 0 to 100, None without data}}}."""
        scores = {purpose: self.account_id._current_scores(purpose).get(self.account_id) for purpose, _name in PURPOSES}
        return {**super()._snapshot(), 'score': {
            purpose: self._frozen_score(score) for purpose, score in scores.items() if score and score.coverage}}

    def _frozen_score(self, score):
        return {
            'date': fields.Date.to_string(score.date), 'score': score.score, 'model_id': score.model_id.id,
            'points': {line.metric: line.points if line.has_data else None for line in score.line_ids}}

    def _snapshot_values(self):
        frozen = self.snapshot.get('score') or {}
        return {**super()._snapshot_values(), 'scores': [
            self._score_table(name, frozen[purpose], self.account_id._current_scores(purpose).get(self.account_id))
            for purpose, name in (('selection', self.env._("Score")), ('health', self.env._("Health")))
            if purpose in frozen]}

    def _score_table(self, name, then, score):
        """{name, date then and now, is_seam, rows}: a row is (label, points then, points now, difference)."""
        now = self._frozen_score(score) if score and score.coverage else {'points': {}}
        rows = [(name, then['score'], now.get('score'))] + [
            (label(self.env, metric), then['points'].get(metric), now['points'].get(metric))
            for metric in {**then['points'], **now['points']}]
        return {
            'name': name, 'then': format_date(self.env, then['date']), 'now': format_date(self.env, now.get('date')),
            'is_seam': bool(now.get('model_id')) and now['model_id'] != then['model_id'],
            'rows': [(title, self._points(before), self._points(today), self._difference(before, today))
                     for title, before, today in rows]}

    def _points(self, points):
        return "" if points is None else formatLang(self.env, points, digits=1)

    def _difference(self, before, today):
        if before is None or today is None or round(today - before, 1) == 0:
            return ""
        return points_text(self.env, today - before)
