from odoo import fields, models


class KamScoringWeight(models.Model):
    """Another weight of a criterion for a segment: accounts of some tiers, of some industries, or of both (F14).

    The first one that fits an account counts. The tier is the one the account is in when it is scored.
    """
    _name = 'kam.scoring.weight'
    _description = "Weight for a Segment"
    _inherit = ['kam.scoring.part']
    _order = 'criterion_id, sequence, id'
    _model_path = 'criterion_id.model_id'

    criterion_id = fields.Many2one('kam.scoring.criterion', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one(related='criterion_id.model_id.program_id')
    sequence = fields.Integer(default=10)
    tier_ids = fields.Many2many(
        'kam.tier', string="Tiers", domain="[('program_id', '=', program_id)]", help="Empty means all tiers.")
    industry_ids = fields.Many2many('res.partner.industry', string="Industries", help="Empty means all industries.")
    weight = fields.Float(required=True, default=10)

    _weight = models.Constraint(
        "CHECK (weight >= 0 AND weight <= 1000000)", "A weight is a number from 0 to 1,000,000.")
