from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.evidence import metric_table
from ..engine.words import label, value_text
from ..metrics import METRICS, Scope
from .kam_scoring_model import PURPOSES

# Lines of one score are numbered from 1 in its breakdown; a model has fewer criteria than this.
LINES_PER_SCORE = 1000


class KamScoreLine(models.Model):
    """One criterion of one score, read from the breakdown of `kam.score`. Nothing is stored twice."""
    _name = 'kam.score.line'
    _description = "Score Breakdown"
    _auto = False
    _order = 'score_id desc, sequence'
    _rec_name = 'metric'
    _depends = {'kam.score': ['run_id', 'account_id', 'program_id', 'purpose', 'date', 'breakdown', 'is_current']}

    score_id = fields.Many2one('kam.score', readonly=True)
    account_id = fields.Many2one('kam.account', readonly=True)
    program_id = fields.Many2one('kam.program', readonly=True)
    currency_id = fields.Many2one(related='program_id.currency_id')
    purpose = fields.Selection(PURPOSES, readonly=True)
    criterion_id = fields.Many2one('kam.scoring.criterion', string="Criterion of the Model", readonly=True)
    is_current = fields.Boolean(readonly=True)
    sequence = fields.Integer(readonly=True)
    metric = fields.Selection(selection='_selection_metric', string="Criterion", readonly=True)
    metric_help = fields.Char(compute='_compute_metric_help', string="What it Measures")
    unit = fields.Char(readonly=True)
    has_data = fields.Boolean(readonly=True)
    is_held = fields.Boolean(string="Held", readonly=True, help="People hold the points for a while, with a reason.")
    is_failed = fields.Boolean(readonly=True, help="The metric could not be computed in this run.")
    value = fields.Float(string="Figure", readonly=True, digits=(16, 2), aggregator='avg')
    value_display = fields.Char(string="Value", compute='_compute_value_display')
    points = fields.Float(readonly=True, digits=(6, 1), aggregator='avg', help="0 to 100.")
    weight = fields.Float(readonly=True, aggregator='avg')
    contribution = fields.Float(
        readonly=True, digits=(6, 1), aggregator='avg', help="Points of the score that come from this criterion.")

    @api.model
    def _selection_metric(self):
        return [(metric.code, self.env._(metric.label)) for metric in METRICS.values()]

    @property
    def _table_query(self):
        return SQL(
            """SELECT score.id::bigint * %(factor)s + element.position AS id, score.id AS score_id, score.account_id,
                      score.program_id, score.purpose, score.is_current, element.position AS sequence,
                      (item ->> 'criterion_id')::int AS criterion_id, item ->> 'metric' AS metric, metric.unit,
                      (item ->> 'value') IS NOT NULL AS has_data, (item ->> 'failed')::boolean AS is_failed,
                      COALESCE((item ->> 'held')::boolean, FALSE) AS is_held,
                      (item ->> 'value')::float8 AS value, (item ->> 'points')::float8 AS points,
                      (item ->> 'weight')::float8 AS weight, (item ->> 'contribution')::float8 AS contribution
                 FROM kam_score score
                CROSS JOIN LATERAL jsonb_array_elements(score.breakdown)
                      WITH ORDINALITY element (item, position)
            LEFT JOIN (%(metrics)s) metric ON metric.code = item ->> 'metric'""",
            factor=LINES_PER_SCORE, metrics=metric_table(self.env))

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Ids are made of the score's id, which PostgreSQL cannot see through: name the score, so its index serves."""
        def named(condition):
            if condition.field_expr != 'id' or condition.operator not in ('=', 'in'):
                return condition
            ids = [condition.value] if condition.operator == '=' else condition.value
            if not all(isinstance(line_id, int) for line_id in ids):
                return condition
            return condition & Domain('score_id', 'in', {line_id // LINES_PER_SCORE for line_id in ids})
        return super()._search(Domain(domain).map_conditions(named), *args, **kwargs)

    @api.depends('metric')
    def _compute_metric_help(self):
        for line in self:
            metric = METRICS.get(line.metric)
            line.metric_help = metric and self.env._(metric.help)

    @api.depends('value', 'unit', 'has_data', 'is_failed')
    def _compute_value_display(self):
        for line in self:
            if line.is_failed:
                line.value_display = self.env._("Failed")
            elif not line.has_data:
                line.value_display = self.env._("No data")
            else:
                line.value_display = line._formatted_value()

    def _formatted_value(self):
        self.ensure_one()
        return value_text(self.env, self.value, self.unit, self.currency_id)

    def _chart_rows(self):
        """The lines as rows of the chart, in the order of the model."""
        return [{
            'line_id': line.id, 'label': label(self.env, line.metric), 'help': line.metric_help or "",
            'value': line.value_display, 'points': line.points, 'weight': line.weight,
            'contribution': line.contribution, 'has_data': line.has_data, 'is_failed': line.is_failed,
            'is_held': line.is_held,
        } for line in self.sorted('sequence')]

    def action_open_documents(self):
        """The documents behind the value, as the user may see them; the account for a judgement kept there."""
        self.ensure_one()
        self.check_access('read')
        metric = METRICS.get(self.metric)
        if not metric:
            raise UserError(self.env._("This metric is not installed any more."))
        account = self.account_id
        documents = metric.documents(Scope.of(self.program_id, self.score_id.date), account)
        if documents is None:
            return account._get_records_action()
        model, domain = documents if isinstance(documents, tuple) else ('account.move', documents)
        if not self.env[model].has_access('read'):
            raise UserError(self.env._(
                "You may not read the documents behind this figure (%s). Ask for the right to read them, or ask a "
                "colleague who has it.",
                self.env['ir.model']._get(model).sudo().name))  # sudo: the name of a kind of documents
        views = [(False, 'list'), (False, 'form')]
        if model == 'account.move':
            views = [(self.env.ref('account.view_out_invoice_tree').id, 'list'), (False, 'form')]
        return {
            'type': 'ir.actions.act_window',
            'name': f"{account.display_name}: {self.env._(metric.label)}",
            'res_model': model,
            'views': views,
            'domain': list(domain),
            'context': {'create': False},
        }
