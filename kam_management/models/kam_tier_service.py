from odoo import api, fields, models

# Working hours until the customer has an answer, and until the problem is solved, by value class: what is promised
# where nobody says otherwise. Problem customers and those who left are served, but not promised anything.
SERVICE_HOURS = {
    'diamond': (4, 24), 'gold': (8, 40), 'strategic': (8, 40), 'potential': (16, 80), 'general': (24, 120),
    'key_opportunity': (8, 40), 'general_opportunity': (24, 120),
}


class KamTier(models.Model):
    """How fast customers of a tier are helped, and what else they are promised (F57, N3)."""
    _inherit = 'kam.tier'

    issue_response_hours = fields.Float(
        string="Answer Issues Within", compute='_compute_issue_hours', store=True, readonly=False,
        help="Working hours until the customer has an answer to an issue of normal severity. 0 means no promise.")
    issue_resolve_hours = fields.Float(
        string="Resolve Issues Within", compute='_compute_issue_hours', store=True, readonly=False,
        help="Working hours until an issue of normal severity is resolved. 0 means no promise.")

    promise_ids = fields.One2many('kam.promise', 'tier_id', string="Checked Promises")

    _issue_hours = models.Constraint(
        'CHECK (issue_response_hours >= 0 AND issue_resolve_hours >= 0)',
        "The hours within which issues are answered and resolved must not be negative.")

    @api.depends('value_class')
    def _compute_issue_hours(self):
        for tier in self:
            tier.issue_response_hours, tier.issue_resolve_hours = SERVICE_HOURS.get(tier.value_class, (0, 0))
