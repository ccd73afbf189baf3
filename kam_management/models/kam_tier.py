from odoo import api, fields, models
from odoo.exceptions import UserError

# The usual value classes (S47, S54) and those of prospects (S58). Capacities add up to the upper size limit (S12).
DEFAULT_TIERS = [
    {'value_class': 'diamond', 'category': 'key', 'capacity': 5, 'color': 4},
    {'value_class': 'gold', 'category': 'key', 'capacity': 8, 'color': 3},
    {'value_class': 'strategic', 'category': 'key', 'capacity': 12, 'color': 5},
    {'value_class': 'potential', 'category': 'normal', 'color': 10},
    {'value_class': 'general', 'category': 'normal', 'fold': True},
    {'value_class': 'problem', 'category': 'normal', 'color': 1},
    {'value_class': 'key_opportunity', 'category': 'target', 'color': 11},
    {'value_class': 'general_opportunity', 'category': 'target', 'fold': True},
    {'value_class': 'lost', 'category': 'lost', 'fold': True},
]


class KamTier(models.Model):
    """A value class inside a programme: how customers are labelled, and what follows from the label."""
    _name = 'kam.tier'
    _description = "Key Account Tier"
    _order = 'program_id, sequence, id'

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one('kam.program', string="Programme", required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10, help="The most valuable tier comes first.")
    value_class = fields.Selection([
        ('diamond', "Diamond"),
        ('gold', "Gold"),
        ('strategic', "Strategic"),
        ('potential', "Potential"),
        ('general', "General"),
        ('problem', "Problem"),
        ('key_opportunity', "Key Opportunity"),
        ('general_opportunity', "General Opportunity"),
        ('lost', "Lost"),
    ], required=True, default='general')
    category = fields.Selection([
        ('key', "Key"),
        ('normal', "Normal"),
        ('target', "Target"),
        ('lost', "Lost"),
    ], required=True, default='normal', help="Four categories, four goals. Key: sustain the relationship and optimise "
        "profit. Normal: service and grow. Target: capture new business. Lost: understand why, and win back.")
    is_key = fields.Boolean(string="Key Account Tier", compute='_compute_is_key', store=True, precompute=True)
    capacity = fields.Integer(help="How many accounts this tier may hold. 0 means no limit.")
    account_count = fields.Integer(compute='_compute_account_count')
    color = fields.Integer()
    fold = fields.Boolean(string="Folded on the Board")

    _capacity = models.Constraint('CHECK (capacity >= 0)', "The capacity of a tier must not be negative.")

    @api.depends('category')
    def _compute_is_key(self):
        for tier in self:
            tier.is_key = tier.category == 'key'

    def _compute_account_count(self):
        counts = dict(self.env['kam.account']._read_group([('tier_id', 'in', self.ids)], ['tier_id'], ['__count']))
        for tier in self:
            tier.account_count = counts.get(tier, 0)

    @api.depends('name', 'program_id')
    @api.depends_context('show_program')
    def _compute_display_name(self):
        if not self.env.context.get('show_program'):
            return super()._compute_display_name()
        for tier in self:
            tier.display_name = f"{tier.program_id.name} / {tier.name}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # The history of an account must be able to name its tiers (sudo: also accounts this user cannot see).
        Account, Change = self.env['kam.account'].sudo(), self.env['kam.tier.change'].sudo()
        for tier in self:
            count = Account.with_context(active_test=False).search_count([('tier_id', '=', tier.id)])
            if count:
                raise UserError(self.env._(
                    "%(tier)s holds %(count)s accounts. Move them to another tier first.", tier=tier.name, count=count))
            if Change.search_count(['|', ('from_tier_id', '=', tier.id), ('to_tier_id', '=', tier.id)], limit=1):
                raise UserError(self.env._(
                    "%s is part of the history of accounts and cannot be deleted. Fold it on the board instead.",
                    tier.name))
