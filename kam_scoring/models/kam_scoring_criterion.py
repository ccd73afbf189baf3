from odoo import api, fields, models

from .. import engine
from ..metrics import METRICS


class KamScoringCriterion(models.Model):
    """One weighted metric of a scoring model, and what a good value of it is."""
    _name = 'kam.scoring.criterion'
    _description = "Scoring Criterion"
    _inherit = ['kam.scoring.part']
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
        ('bands', "Bands"),
        ('at_least', "Yes or no: at least"),
        ('at_most', "Yes or no: at most"),
    ], default='linear', required=True, help="Between bounds: the value itself, in its unit. Place among customers: "
        "0 for the lowest value, 100 for the highest, whatever the scale. Bands: points from one value on until the "
        "next. Yes or no: 100 points or none.")
    bound_zero = fields.Float(string="0 Points at", default=0, required=True)
    bound_full = fields.Float(
        string="100 Points at", default=100, required=True,
        help="Below the other bound where lower values are better.")
    missing = fields.Selection([
        ('ignore', "Leaves it out"),
        ('middle', "Counts 50 points"),
        ('zero', "Counts 0 points"),
    ], string="Without Data", default='ignore', required=True,
        help="Left out, it neither helps nor harms: the other criteria decide. Choose points only where not to know is "
             "itself a sign. The share of data shows it either way.")
    band_ids = fields.One2many('kam.scoring.band', 'criterion_id', string="Bands", copy=True)
    weight_ids = fields.One2many('kam.scoring.weight', 'criterion_id', string="Weights of Segments", copy=True)
    special_count = fields.Integer(string="Segments", compute='_compute_special_count')

    _metric_uniq = models.Constraint('UNIQUE (model_id, metric)', "A metric counts once in a scoring model.")
    # NaN and infinity sort above every number in PostgreSQL.
    _weight = models.Constraint(
        "CHECK (weight >= 0 AND weight <= 1000000)", "A weight is a number from 0 to 1,000,000.")
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

    @api.depends('weight_ids')
    def _compute_special_count(self):
        for criterion in self:
            criterion.special_count = len(criterion.weight_ids)

    @api.model
    def _unit_names(self):
        return {
            'currency': self.env._("programme currency"), 'percent': "%", 'days': self.env._("days"),
            'count': self.env._("number"), 'years': self.env._("years"), 'level': self.env._("1 to 5")}

    @api.depends('metric')
    def _compute_metric_help(self):
        units = self._unit_names()
        for criterion in self:
            metric = METRICS.get(criterion.metric)
            criterion.metric_help = metric and self.env._(metric.help)
            criterion.unit = metric and units[metric.unit]

    @api.onchange('metric', 'normalization')
    def _onchange_metric(self):
        """Propose sensible bounds."""
        metric = METRICS.get(self.metric)
        if metric and self.normalization != 'percentile':
            self.bound_zero, self.bound_full = metric.zero, metric.full
        elif metric:
            self.bound_zero, self.bound_full = (0, 100) if metric.higher_is_better else (100, 0)

    @api.depends('metric')
    def _compute_display_name(self):
        labels = {metric.code: self.env._(metric.label) for metric in METRICS.values()}
        for criterion in self:
            criterion.display_name = labels.get(criterion.metric, criterion.metric)

    def _spec(self):
        """The criterion as plain values for the engine."""
        self.ensure_one()
        return engine.Criterion(
            id=self.id, metric=self.metric, weight=self.weight, normalization=self.normalization,
            bound_zero=self.bound_zero, bound_full=self.bound_full, missing=self.missing,
            bands=tuple((band.value_from, band.points) for band in self.band_ids.sorted('value_from')),
            weights=tuple(
                engine.Weight(weight=special.weight, tier_ids=tuple(special.tier_ids.ids),
                              industry_ids=tuple(special.industry_ids.ids))
                for special in self.weight_ids.sorted(lambda special: (special.sequence, special.id))))
