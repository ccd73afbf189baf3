from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..metrics import METRICS


class KamScoringGate(models.Model):
    """What an account must pass to be placed in a tier, whatever its score: a gate that no other point makes up for.

    Example: the oldest overdue amount is at most 90 days old, or the account is never placed in a key tier.
    """
    _name = 'kam.scoring.gate'
    _description = "Scoring Gate"
    _inherit = ['kam.scoring.part']
    _order = 'model_id, id'

    model_id = fields.Many2one('kam.scoring.model', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one(related='model_id.program_id')
    metric = fields.Selection(selection='_selection_metric', required=True)
    metric_help = fields.Char(string="What it Measures", compute='_compute_metric_help')
    unit = fields.Char(compute='_compute_metric_help')
    operator = fields.Selection([
        ('at_least', "At least"),
        ('at_most', "At most"),
    ], string="Must Be", required=True, default='at_most')
    limit = fields.Float(required=True, help="In the unit of the figure.")
    tier_ids = fields.Many2many(
        'kam.tier', string="Keeps Out of", domain="[('program_id', '=', program_id)]",
        help="Empty means all tiers of key accounts.")
    missing_passes = fields.Boolean(
        string="Passes Without Data", default=True, help="Whether an account of which this is not known passes.")

    _finite = models.Constraint(
        "CHECK (\"limit\" > '-Infinity' AND \"limit\" < 'Infinity')", "The limit of a gate is a number.")

    @api.model
    def _selection_metric(self):
        return self.env['kam.scoring.criterion']._selection_metric()

    @api.depends('metric')
    def _compute_metric_help(self):
        units = self.env['kam.scoring.criterion']._unit_names()
        for gate in self:
            metric = METRICS.get(gate.metric)
            gate.metric_help = metric and self.env._(metric.help)
            gate.unit = metric and units[metric.unit]

    @api.depends('metric', 'operator', 'limit')
    def _compute_display_name(self):
        labels = {metric.code: self.env._(metric.label) for metric in METRICS.values()}
        operators = dict(self._fields['operator']._description_selection(self.env))
        for gate in self:
            gate.display_name = " ".join(filter(None, [
                labels.get(gate.metric, gate.metric), (operators.get(gate.operator) or "").lower(),
                f"{gate.limit:g}", gate.unit]))

    @api.constrains('tier_ids', 'model_id')
    def _check_tiers(self):
        for gate in self:
            strangers = gate.tier_ids.filtered(lambda tier, gate=gate: tier.program_id != gate.model_id.program_id)
            if strangers:
                raise ValidationError(self.env._(
                    "%(tier)s is not a tier of %(program)s.", tier=strangers[0].name,
                    program=gate.model_id.program_id.name))

    def _tiers(self):
        self.ensure_one()
        return self.tier_ids or self.model_id.program_id.tier_ids.filtered('is_key')
