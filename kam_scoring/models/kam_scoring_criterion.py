from odoo import api, fields, models

from ..metrics import METRICS


class KamScoringCriterion(models.Model):
    """One weighted metric of a scoring model, and what a good value of it is."""
    _name = 'kam.scoring.criterion'
    _description = "Scoring Criterion"
    _order = 'model_id, sequence, id'

    model_id = fields.Many2one('kam.scoring.model', required=True, index=True, ondelete='cascade')
    metric = fields.Selection(selection='_selection_metric', required=True)
    metric_help = fields.Char(string="What it Measures", compute='_compute_metric_help')
    unit = fields.Char(compute='_compute_metric_help')
    sequence = fields.Integer(default=10)
    weight = fields.Float(
        default=10, required=True, help="Against the other weights: 30 of a total of 100 make 30 % of the score.")
    normalization = fields.Selection([
        ('linear', "Between bounds"),
        ('percentile', "Place among customers"),
    ], default='linear', required=True, help="Between bounds: the value itself, in its unit. Place among customers: "
        "0 for the lowest value, 100 for the highest, whatever the scale.")
    bound_zero = fields.Float(string="0 Points at", default=0, required=True)
    bound_full = fields.Float(
        string="100 Points at", default=100, required=True,
        help="Below the other bound where lower values are better.")

    _metric_uniq = models.Constraint('UNIQUE (model_id, metric)', "A metric counts once in a scoring model.")
    # NaN and infinity sort above every number in PostgreSQL.
    _weight = models.Constraint(
        "CHECK (weight >= 0 AND weight < 'Infinity')", "A weight must be a number from 0 upwards.")
    _bounds = models.Constraint(
        "CHECK (bound_zero <> bound_full AND bound_zero > '-Infinity' AND bound_zero < 'Infinity' "
        "AND bound_full > '-Infinity' AND bound_full < 'Infinity')",
        "The values worth 0 and 100 points must differ.")
    _percentile_bounds = models.Constraint(
        "CHECK (normalization <> 'percentile' OR (bound_zero BETWEEN 0 AND 100 AND bound_full BETWEEN 0 AND 100))",
        "Places among customers go from 0 to 100.")

    @api.model
    def _selection_metric(self):
        return [(metric.code, self.env._(metric.label)) for metric in METRICS.values() if metric.is_available(self.env)]

    @api.depends('metric')
    def _compute_metric_help(self):
        units = {
            'currency': self.env._("programme currency"), 'percent': "%", 'days': self.env._("days"),
            'count': self.env._("number"), 'years': self.env._("years"), 'level': self.env._("1 to 5")}
        for criterion in self:
            metric = METRICS.get(criterion.metric)
            criterion.metric_help = metric and self.env._(metric.help)
            criterion.unit = metric and units[metric.unit]

    @api.onchange('metric', 'normalization')
    def _onchange_metric(self):
        """Propose sensible bounds."""
        metric = METRICS.get(self.metric)
        if metric and self.normalization == 'linear':
            self.bound_zero, self.bound_full = metric.zero, metric.full
        elif metric:
            self.bound_zero, self.bound_full = (0, 100) if metric.higher_is_better else (100, 0)

    @api.depends('metric')
    def _compute_display_name(self):
        labels = dict(self._selection_metric())
        for criterion in self:
            criterion.display_name = labels.get(criterion.metric, criterion.metric)

    @api.model_create_multi
    def create(self, vals_list):
        model_ids = {vals['model_id'] for vals in vals_list if vals.get('model_id')}
        self.env['kam.scoring.model'].browse(model_ids)._refuse_change()
        return super().create(vals_list)

    def write(self, vals):
        self.model_id._refuse_change()
        result = super().write(vals)
        self.model_id._refuse_change()  # nor may it be moved into one
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.model_id._refuse_change()
