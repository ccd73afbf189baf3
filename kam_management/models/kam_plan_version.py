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
                'changes': [(
                    section, version.plan_id._snapshot_key(key), version.plan_id._snapshot_text(then),
                    version.plan_id._snapshot_text(now)) for section, key, then, now in changes],
                'labels': self.env['kam.plan']._snapshot_labels(), 'since': format_date(self.env, version.date)})

    def _changes(self):
        """[(section, key, parts then, parts now)]; None where there was or is no such entry."""
        then, now = self.snapshot or {}, self.plan_id._snapshot()
        changes = []
        for section in {**then, **now}:
            old, new = dict(then.get(section, [])), dict(now.get(section, []))
            changes += [(section, key, old.get(key), new.get(key))
                        for key in {**old, **new} if old.get(key) != new.get(key)]
        return changes
