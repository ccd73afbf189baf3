from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KamScoringTierRule(models.Model):
    """Who belongs in a tier by the numbers. Order and capacity are those of the tiers; gates come first."""
    _name = 'kam.scoring.tier.rule'
    _description = "Scoring Tier Rule"
    _inherit = ['kam.scoring.part']
    _order = 'model_id, tier_sequence, id'

    model_id = fields.Many2one('kam.scoring.model', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one(related='model_id.program_id')
    tier_id = fields.Many2one(
        'kam.tier', required=True, index=True, ondelete='cascade',
        domain="[('program_id', '=', program_id), ('category', 'not in', ('target', 'lost'))]")
    tier_sequence = fields.Integer(related='tier_id.sequence', store=True)
    capacity = fields.Integer(related='tier_id.capacity', help="Of the tier: as many accounts as it may hold, the best "
                              "first. 0 means no limit.")
    score_min = fields.Float(string="Score From", help="Least score, 0 to 100.")
    coverage_min = fields.Float(
        string="Data From (%)", help="Least share of the weights for which there are data, 0 to 100 %. An account with "
        "less keeps its tier, unless a lower tier takes it.")
    gate_criterion_id = fields.Many2one(
        'kam.scoring.criterion', string="Gate", index='btree_not_null', ondelete='cascade',
        domain="[('model_id', '=', model_id)]",
        help="Whoever has few points in this criterion goes into the tier, whatever its score.")
    gate_points_max = fields.Float(string="Points Up To")

    _tier_uniq = models.Constraint('UNIQUE (model_id, tier_id)', "A tier has one rule in a scoring model.")
    _score = models.Constraint('CHECK (score_min BETWEEN 0 AND 100)', "A least score is between 0 and 100.")
    _coverage = models.Constraint(
        'CHECK (coverage_min BETWEEN 0 AND 100)', "A least share of data is between 0 and 100 %.")
    _gate_points = models.Constraint('CHECK (gate_points_max BETWEEN 0 AND 100)', "Points are between 0 and 100.")

    @api.constrains('tier_id', 'model_id', 'gate_criterion_id')
    def _check_model(self):
        for rule in self:
            if rule.tier_id.program_id != rule.model_id.program_id:
                raise ValidationError(self.env._(
                    "%(tier)s is not a tier of %(program)s.", tier=rule.tier_id.name,
                    program=rule.model_id.program_id.name))
            if rule.gate_criterion_id and rule.gate_criterion_id.model_id != rule.model_id:
                raise ValidationError(self.env._("The gate of %s is a criterion of another model.", rule.tier_id.name))

    @api.depends('tier_id')
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.tier_id.name
