from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# The usual value classes (S47, S54) and those of prospects (S58). Capacities add up to the upper size limit (S12),
# visits are those of the best (S7), 3 to 5 solid contacts are what a complex sale takes (S78).
DEFAULT_TIERS = [
    {'value_class': 'diamond', 'category': 'key', 'capacity': 5, 'color': 4, 'workload_points': 5,
     'manager_visit_days': 30, 'sponsor_visit_days': 90, 'stakeholder_min': 5, 'review_days': 90,
     'internal_review_days': 90},
    {'value_class': 'gold', 'category': 'key', 'capacity': 8, 'color': 3, 'workload_points': 4,
     'manager_visit_days': 45, 'sponsor_visit_days': 180, 'stakeholder_min': 4, 'review_days': 180,
     'internal_review_days': 90},
    {'value_class': 'strategic', 'category': 'key', 'capacity': 12, 'color': 5, 'workload_points': 3,
     'manager_visit_days': 60, 'sponsor_visit_days': 180, 'stakeholder_min': 3, 'review_days': 180,
     'internal_review_days': 180},
    {'value_class': 'potential', 'category': 'normal', 'color': 10, 'workload_points': 2, 'manager_visit_days': 90},
    {'value_class': 'general', 'category': 'normal', 'fold': True, 'workload_points': 0.5},
    {'value_class': 'problem', 'category': 'normal', 'color': 1, 'workload_points': 1},
    {'value_class': 'key_opportunity', 'category': 'target', 'color': 11, 'workload_points': 2,
     'manager_visit_days': 60},
    {'value_class': 'general_opportunity', 'category': 'target', 'fold': True, 'workload_points': 0.5},
    {'value_class': 'lost', 'category': 'lost', 'fold': True, 'workload_points': 0.5},
]

# Four categories, four goals (S22).
CATEGORIES = [
    ('key', "Key"),
    ('normal', "Normal"),
    ('target', "Target"),
    ('lost', "Lost"),
]
GOALS = {
    'key': _lt("Sustain the relationship and optimise profit."),
    'normal': _lt("Service and grow."),
    'target': _lt("Capture new business."),
    'lost': _lt("Understand why the customer was lost, and win it back."),
}


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
    category = fields.Selection(
        CATEGORIES, required=True, default='normal',
        help="Four categories, four goals. Key: sustain the relationship and optimise "
        "profit. Normal: service and grow. Target: capture new business. Lost: understand why, and win back.")
    is_key = fields.Boolean(string="Key Account Tier", compute='_compute_is_key', store=True, precompute=True)
    goal = fields.Text(compute='_compute_goal', help="What we want from the customers of this category.")
    criteria = fields.Text(
        string="Entry Criteria", translate=True,
        help="Who belongs in this tier, in words that leave no room for favours.")
    promise = fields.Text(
        string="Promises", translate=True,
        help="What a customer of this tier may count on, and who in the company keeps it.")
    capacity = fields.Integer(help="How many accounts this tier may hold. 0 means no limit.")
    workload_points = fields.Float(
        digits=(16, 1), default=1.0, help="How much work one account of this tier is for its account manager.")
    manager_visit_days = fields.Integer(
        string="Manager Visits Every", help="Days between two visits of the account manager. 0 means no cadence.")
    sponsor_visit_days = fields.Integer(
        string="Sponsor Visits Every", help="Days between two visits of the executive sponsor. 0 means no cadence.")
    review_days = fields.Integer(
        string="Business Reviews Every", help="Days between two reviews with the customer. 0 means no cadence.")
    internal_review_days = fields.Integer(
        string="Internal Reviews Every", help="Days between two reviews among ourselves. 0 means no cadence.")
    stakeholder_min = fields.Integer(
        string="Contacts at Least",
        help="How many people we should know at a customer of this tier; three to five carry a "
             "relationship also when one of them leaves.")
    account_count = fields.Integer(compute='_compute_account_count')
    fill_percent = fields.Float(
        string="Filled (%)", compute='_compute_account_count', help="Accounts against the capacity.")
    color = fields.Integer()
    fold = fields.Boolean(string="Folded on the Board")

    _capacity = models.Constraint('CHECK (capacity >= 0)', "The capacity of a tier must not be negative.")
    _cadence = models.Constraint(
        """CHECK (workload_points >= 0 AND manager_visit_days >= 0 AND sponsor_visit_days >= 0
                  AND stakeholder_min >= 0 AND review_days >= 0 AND internal_review_days >= 0)""",
        "Workload points, cadences and contacts of a tier must not be negative.")

    @api.depends('category')
    def _compute_is_key(self):
        for tier in self:
            tier.is_key = tier.category == 'key'

    @api.depends('category')
    @api.depends_context('lang')
    def _compute_goal(self):
        for tier in self:
            tier.goal = self._goal(tier.category)

    @api.model
    def _goal(self, category):
        return self.env._(GOALS[category]) if category else False

    def _compute_account_count(self):
        counts = dict(self.env['kam.account']._read_group([('tier_id', 'in', self.ids)], ['tier_id'], ['__count']))
        for tier in self:
            tier.account_count = counts.get(tier, 0)
            tier.fill_percent = 100.0 * tier.account_count / tier.capacity if tier.capacity else 0.0

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

    def action_open_accounts(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_account_action')
        return dict(action, name=self.name, domain=[('tier_id', '=', self.id)], context={})
