from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..alerts import CAUSES


class KamAlertRule(models.Model):
    """Whether and from when on a programme is warned of one cause, for which accounts, and what happens then.

    Each programme has one rule per cause, made by itself; champions change it, or switch it off.
    """
    _name = 'kam.alert.rule'
    _description = "Alert Rule"
    _order = 'program_id, sequence, id'
    _rec_name = 'cause'

    program_id = fields.Many2one('kam.program', string="Programme", required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    cause = fields.Selection(selection='_selection_cause', required=True, readonly=True)
    cause_help = fields.Text(string="What It Looks At", compute='_compute_cause_help')
    unit = fields.Char(string="What Is Counted", compute='_compute_cause_help')
    active = fields.Boolean(default=True, help="Switched off, its open alerts expire with the next scoring run.")
    threshold = fields.Float(
        string="Alert Above", digits=(16, 1), required=True,
        help="An alert opens above this, and ends by itself once the figure is at 80 % of it or better.")
    tier_ids = fields.Many2many(
        'kam.tier', 'kam_alert_rule_tier_rel', 'rule_id', 'tier_id', string="Tiers",
        domain="[('program_id', '=', program_id)]",
        help="Whose accounts are watched. Without a tier here, the key accounts.")
    owner = fields.Selection([
        ('manager', "Account Manager"),
        ('sponsor', "Executive Sponsor"),
        ('champion', "Champion"),
    ], default='manager', required=True,
        help="Who sees to the alert. Where the seat is empty, the next one in charge does.")
    plan_id = fields.Many2one(
        'mail.activity.plan', string="Playbook", domain=[('res_model', '=', 'kam.account')], ondelete='set null',
        help="The steps that are planned at the account when an alert opens. Those without a responsible of their own "
             "go to the owner of the alert.")

    _cause_uniq = models.Constraint('UNIQUE (program_id, cause)', "A programme has one rule for each cause.")
    # NaN and infinity sort above every number in PostgreSQL.
    _threshold = models.Constraint(
        "CHECK (threshold >= 0 AND threshold < 'Infinity')", "A threshold must be a number from 0 upwards.")

    @api.model
    def _selection_cause(self):
        return [(cause.code, self.env._(cause.label)) for cause in CAUSES.values()]

    @api.depends('cause')
    @api.depends_context('lang')
    def _compute_cause_help(self):
        for rule in self:
            cause = CAUSES.get(rule.cause)
            rule.cause_help = cause and self.env._(cause.help)
            rule.unit = cause and self.env._(cause.unit)

    @api.depends('cause')
    @api.depends_context('lang')
    def _compute_display_name(self):
        labels = dict(self._selection_cause())
        for rule in self:
            rule.display_name = labels.get(rule.cause, rule.cause)

    @api.constrains('tier_ids', 'program_id')
    def _check_tiers(self):
        for rule in self:
            foreign = rule.tier_ids.filtered(lambda tier, rule=rule: tier.program_id != rule.program_id)
            if foreign:
                raise ValidationError(self.env._(
                    "%(tier)s is not a tier of %(program)s.", tier=foreign[0].name, program=rule.program_id.name))

    @api.constrains('plan_id')
    def _check_plan(self):
        for rule in self:
            if rule.plan_id and rule.plan_id.res_model != 'kam.account':
                raise ValidationError(self.env._(
                    "%s is no activity plan for key accounts. Choose one that is made for them.", rule.plan_id.name))
