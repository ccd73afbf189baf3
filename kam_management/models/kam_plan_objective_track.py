from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

from ..measures import MEASURES, Scope, Span
from ..measures.track import judge


class KamPlanObjective(models.Model):
    """How an objective stands today. Nothing is stored until the plan is closed: an invoice that is posted shows."""
    _inherit = 'kam.plan.objective'

    actual = fields.Float(compute='_compute_track', digits=(16, 2))
    has_actual = fields.Boolean(compute='_compute_track')
    progress = fields.Float(string="Progress (%)", compute='_compute_track', digits=(16, 0))
    expected_progress = fields.Float(
        string="Expected (%)", compute='_compute_track', digits=(16, 0),
        help="What would be in proportion to the time that has passed.")
    track = fields.Selection([
        ('on', "On Track"),
        ('risk', "At Risk"),
        ('off', "Off Track"),
        ('done', "Reached"),
        ('unknown', "No Figures"),
    ], compute='_compute_track', search='_search_track',
        help="At risk when more than 5 % of what was expected by today is missing, off track when it is more than "
             "20 %, or when the deadline has passed.")
    track_reason = fields.Char(string="Why This Track", compute='_compute_track')
    date_frozen = fields.Date(
        string="Closed on", readonly=True, copy=False, index='btree_not_null',
        help="Since then the actual value stays as it was.")
    actual_closed = fields.Float(string="Actual at the End", readonly=True, copy=False, aggregator=None)
    track_closed = fields.Char(readonly=True, copy=False)

    @api.depends(
        'measure', 'direction', 'type', 'baseline', 'target_value', 'date_target', 'actual_manual', 'date_measured',
        'count_model', 'count_domain', 'manual_unit', 'date_frozen', 'plan_id.date_from', 'plan_id.entity_id',
        'plan_id.account_id')
    @api.depends_context('lang', 'tz')
    def _compute_track(self):
        today = fields.Date.context_today(self)
        # Whoever reads the objective reads how it stands (sudo); the figures cover all companies of the programme.
        rows = self.sudo()
        actuals = rows._actuals(today)
        for objective, row in zip(self, rows, strict=True):
            objective.update(row._standing(actuals.get(row), row.date_frozen or today))

    def _actuals(self, today):
        """{objective: actual value}, without those that have none, in a fixed number of queries."""
        actuals, live = {}, self.browse()
        for objective in self:
            if objective.date_frozen:
                if objective.track_closed != 'unknown':
                    actuals[objective] = objective.actual_closed
            elif objective.measure == 'manual':
                if objective.date_measured:
                    actuals[objective] = objective.actual_manual
            elif objective.date_from and objective.date_target and objective.date_from <= today:
                live |= objective
        return actuals | live._measure({
            objective: (objective.date_from, min(today, objective.date_target)) for objective in live}, today)

    def _measure(self, periods, today):
        """{objective: value of its measure}: one statement per measure and programme, and what that needs to know.

        :param periods: {objective: (first day, last day)}
        """
        groups = defaultdict(list)
        for objective in self.filtered(lambda objective: objective.measure in MEASURES and objective.account_id):
            groups[objective.measure, objective.program_id].append(objective)
        values = {}
        for (code, program), objectives in groups.items():
            spans = [objective._span(key, *periods[objective]) for key, objective in enumerate(objectives)]
            found = MEASURES[code].values(Scope.of(program, spans, today))
            values.update((objectives[key], value) for key, value in found.items())
        return values

    def _span(self, key, date_from, date_to):
        records = None
        if self.measure == 'record_count' and self.count_model and self.measured_by_id:
            records = (self.measured_by_id, self.count_model, self._condition())
        # _origin: on a form that is being filled in, the account is known and saved.
        return Span(key, self.account_id._origin.id, self.plan_id.entity_id._origin.id or None, date_from, date_to,
                    records)

    def _standing(self, actual, day):
        """Values of the computed fields on a day."""
        blank = {'actual': 0, 'has_actual': False, 'progress': 0, 'expected_progress': 0, 'track': 'unknown'}
        if not self.date_from or not self.date_target or not self.measure:
            return {**blank, 'track_reason': False}
        if actual is None or day < self.date_from:
            return {**blank, 'track_reason': self._why_unknown(day)}
        measure = MEASURES.get(self.measure)
        days = (self.date_target - self.date_from).days
        verdict = judge(
            actual, self.baseline, self.target_value, min((day - self.date_from).days / days, 1) if days else 1,
            is_up=self._is_up(), accumulates=bool(measure and measure.accumulates), is_over=day > self.date_target)
        return {
            'actual': actual, 'has_actual': True, 'progress': verdict.progress,
            'expected_progress': verdict.expected_progress, 'track': verdict.track,
            'track_reason': self._why(actual, verdict, day)}

    def _why_unknown(self, day):
        if day < self.date_from:
            return self.env._("The plan begins on %s.", format_date(self.env, self.date_from))
        if self.measure == 'manual':
            return self.env._("Nobody has entered the actual value yet.")
        return self.env._("There is nothing to measure it by yet.")

    def _why(self, actual, verdict, day):
        words = {
            'actual': self._in_words(actual), 'target': self._in_words(self.target_value),
            'expected': self._in_words(verdict.expected), 'baseline': self._in_words(self.baseline),
            'day': format_date(self.env, min(day, self.date_target)),
            'percent': formatLang(self.env, 100 * verdict.short, digits=0)}
        text = self._why_over(verdict, words) if day > self.date_target or verdict.track == 'done' else (
            self._why_running(verdict, words))
        if self.measure == 'manual' and self.date_measured:
            text += " " + self.env._("Entered on %s.", format_date(self.env, self.date_measured))
        return text

    def _why_over(self, verdict, words):
        if verdict.track == 'done':
            return self.env._("Reached: %(actual)s, the target was %(target)s.", **words)
        return self.env._("Missed: %(actual)s on %(day)s, the target was %(target)s.", **words)

    def _why_running(self, verdict, words):
        measure = MEASURES.get(self.measure)
        if verdict.track == 'on':
            return self.env._("%(actual)s; %(expected)s would do on %(day)s.", **words)
        if measure and measure.accumulates:
            if measure.code == 'revenue':
                return self.env._(
                    "%(actual)s of %(expected)s expected by %(day)s: posted invoices are %(percent)s %% short.",
                    **words)
            return self.env._("%(actual)s of %(expected)s expected by %(day)s: %(percent)s %% short.", **words)
        return self.env._(
            "%(actual)s; %(expected)s expected by %(day)s on the way from %(baseline)s to %(target)s.", **words)

    # Search and group by: computed for the open objectives that the user may see, kept for closed ones.

    def _search_track(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s = ANY(%s)", model._field_to_sql(alias, 'track', query), [code for code in value if code]))

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != 'track' or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        objectives = self.with_context(active_test=False).search([('date_frozen', '=', False)], order='id')
        tracks = query.make_alias(alias, 'kam_tracks')
        query.add_join('LEFT JOIN', tracks, SQL(
            "(SELECT * FROM unnest(%s::int[], %s::varchar[]) AS tracks (objective_id, track))",
            objectives.ids, objectives.mapped('track')), SQL(
            "%s = %s", SQL.identifier(tracks, 'objective_id'), SQL.identifier(alias, 'id')))
        return SQL("COALESCE(%s, %s)", SQL.identifier(tracks, 'track'), SQL.identifier(
            alias, 'track_closed', to_flush=self._fields['track_closed']))

    # Buttons

    def action_suggest_baseline(self):
        """Fill in what the measure was in an equally long period before the plan, or where it stands today."""
        self.check_access('write')
        today = fields.Date.context_today(self)
        rows = self.sudo()
        values = rows._measure({row: row._period_before(today) for row in rows}, today)
        for objective, row in zip(self, rows, strict=True):
            if row not in values:
                raise UserError(self.env._(
                    "There are no records to derive a baseline of %s from. Enter it yourself.", objective.name))
            objective.baseline = values[row]

    def _period_before(self, today):
        measure = MEASURES.get(self.measure)
        if measure and not measure.is_replayable:
            return min(self.date_from, today), today
        length = self.date_target - self.date_from
        return self.date_from - length - timedelta(days=1), self.date_from - timedelta(days=1)

    def _is_reached(self):
        """Nothing is left to do for it; what is to be held is never reached."""
        self.ensure_one()
        return self.track == 'done' or self.progress >= 100 and self.type != 'retain'

    def _freeze_actuals(self):
        """Keep how the objectives stand: their plan is closed."""
        today = fields.Date.context_today(self)
        for objective in self.filtered(lambda objective: not objective.date_frozen):
            # Kept values are closed to users (sudo); who closes the plan has been checked there.
            objective.sudo().write({
                'actual_closed': objective.actual, 'track_closed': objective.track, 'date_frozen': today})

    def _thaw_actuals(self):
        """The plan is open again: its objectives are measured anew."""
        self.sudo().write({'actual_closed': 0, 'track_closed': False, 'date_frozen': False})
