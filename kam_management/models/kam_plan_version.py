from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import format_date


class KamPlanVersion(models.Model):
    """A plan as it was when it was approved or closed: frozen, and comparable with the plan of today."""
    _name = 'kam.plan.version'
    _description = "Version of an Account Plan"
    _order = 'plan_id, number desc'

    plan_id = fields.Many2one('kam.plan', required=True, readonly=True, index=True, ondelete='cascade')
    account_id = fields.Many2one('kam.account', related='plan_id.account_id', store=True, index=True)
    program_id = fields.Many2one('kam.program', related='plan_id.program_id', store=True, index=True)
    number = fields.Integer(string="Version", required=True, readonly=True)
    date = fields.Datetime(string="Frozen On", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one('res.users', string="Frozen By", readonly=True, ondelete='set null')
    state = fields.Selection(
        [('approved', "Approved"), ('closed', "Closed")], string="Occasion", required=True, readonly=True)
    snapshot = fields.Json(
        readonly=True, help="{section: [[key, text]]} as of that day; see kam.plan._snapshot.")
    comparison = fields.Html(
        compute='_compute_comparison', sanitize=False, help="What has been added, changed and removed since.")
    change_count = fields.Integer(string="Changes Since", compute='_compute_comparison')

    _number_uniq = models.Constraint('UNIQUE (plan_id, number)', "Two versions of a plan cannot have one number.")

    @api.depends('plan_id', 'number')
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(plan)s, version %(number)s", plan=version.plan_id.display_name, number=version.number)

    @api.depends_context('lang')
    @api.depends('snapshot')
    def _compute_comparison(self):
        for version in self:
            changes = version._changes()
            version.change_count = len(changes)
            version.comparison = self.env['ir.qweb']._render('kam_management.kam_plan_comparison', {
                'changes': changes, 'labels': self.env['kam.plan']._snapshot_labels(),
                'since': format_date(self.env, version.date)})

    def _changes(self):
        """[(section, key, text then, text now)]; None where there was or is no such entry."""
        then, now = self.snapshot or {}, self.plan_id._snapshot()
        changes = []
        for section in {**then, **now}:
            old, new = dict(then.get(section, [])), dict(now.get(section, []))
            changes += [(section, key, old.get(key), new.get(key))
                        for key in {**old, **new} if old.get(key) != new.get(key)]
        return changes


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    version_ids = fields.One2many('kam.plan.version', 'plan_id', string="Versions")
    version_count = fields.Integer(compute='_compute_version_count')

    @api.depends('version_ids')
    def _compute_version_count(self):
        for plan in self:
            plan.version_count = len(plan.version_ids)

    def _freeze_version(self, occasion):
        """Callers have checked the permission; nobody writes versions by hand (sudo).

        :param occasion: 'approved' or 'closed'
        """
        for plan in self:
            versions = plan.sudo().version_ids
            versions.create({
                'plan_id': plan.id, 'number': max(versions.mapped('number'), default=0) + 1,
                'user_id': self.env.user.id, 'state': occasion,
                'snapshot': plan._snapshot()})

    def _snapshot(self):
        """{section: [[key, text]]}: what the plan says today. Keys name an entry within its section."""
        self.ensure_one()
        terms = dict(self.goal_ids._fields['term']._description_selection(self.env))
        text = _text(self.env)
        return {
            'period': [['', text(self.date_from, self.date_to)]],
            'words': [[name, self[name]] for name in ('customer_summary', 'strategy') if self[name]],
            'swot': [[name, value] for name, _label, value in self._swot() if value],
            'goals': [[goal.name, text(terms[goal.term], goal.date_horizon, goal.contribution, goal.told_by)]
                      for goal in self.goal_ids],
            'factors': [[rank.factor_id.name, text(f"{number}.", rank.evidence)]
                        for number, rank in enumerate(self.factor_ids, 1)],
            'competitors': [[line.competitor_id.name, text(line.position, line.answer)]
                            for line in self.competitor_ids],
            'commitments': [[line.name, text(line.date_due, self.env._("kept") if line.is_kept else None)]
                            for line in self.commitment_ids],
        }

    @api.model
    def _snapshot_labels(self):
        return {
            'period': self.env._("Period"), 'words': self.env._("In Words"), 'swot': self.env._("SWOT"),
            'goals': self.env._("Goals of the Customer"), 'factors': self.env._("Buying Factors"),
            'competitors': self.env._("Competitors"), 'commitments': self.env._("Commitments"),
        }


def _text(env):
    """A function that joins what there is of its arguments, dates in the format of the user."""
    def text(*parts):
        return " · ".join(
            str(part) if isinstance(part, (str, Markup)) else format_date(env, part) for part in parts if part)
    return text
