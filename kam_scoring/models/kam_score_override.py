from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..metrics import METRICS


class KamScoreOverride(models.Model):
    """What people hold against the figures for a while, with reason, author and end (F20).

    Either the recommended tier or the points of one criterion. Scoring takes it into account from the next run on, and
    leaves it aside by itself from its end on. What was held stays: it explains the scores of its time.
    """
    _name = 'kam.score.override'
    _description = "Held Score"
    _order = 'date_from desc, id desc'
    _inherit = ['mail.thread']

    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one(related='account_id.program_id', store=True, index=True)
    metric = fields.Selection(
        selection='_selection_metric', string="Criterion", tracking=True,
        help="Empty: the recommended tier is held.")
    tier_id = fields.Many2one(
        'kam.tier', string="Hold at Tier", domain="[('program_id', '=', program_id)]", ondelete='cascade',
        tracking=True, index='btree_not_null')
    points = fields.Float(string="Points (0–100)", digits=(6, 1), tracking=True,
        help="What the criterion counts for the account.")
    reason = fields.Text(required=True, tracking=True, help="Why the figures do not tell the truth here.")
    author_id = fields.Many2one(
        'res.users', string="Held by", required=True, readonly=True, default=lambda self: self.env.uid)
    date_from = fields.Date(string="From", required=True, readonly=True, default=lambda self: fields.Date.today())
    date_end = fields.Date(
        string="Ends on", required=True, tracking=True,
        default=lambda self: fields.Date.today() + relativedelta(months=3),
        help="From this day on the figures count again, by themselves. A year at most.")
    is_held = fields.Boolean(string="In Force", compute='_compute_is_held', search='_search_is_held')

    _points = models.Constraint('CHECK (points BETWEEN 0 AND 100)', "Points are between 0 and 100.")
    _what = models.Constraint(
        'CHECK ((metric IS NULL) <> (tier_id IS NULL))', "Choose either a tier or a criterion to hold.")
    _dates = models.Constraint('CHECK (date_end >= date_from)', "It ends after it begins.")

    @api.model
    def _selection_metric(self):
        return [(metric.code, self.env._(metric.label)) for metric in METRICS.values()]

    @api.depends('metric', 'tier_id', 'points')
    def _compute_display_name(self):
        labels = dict(self._selection_metric())
        for hold in self:
            if hold.metric:
                hold.display_name = self.env._(
                    "%(criterion)s held at %(points)s points", criterion=labels.get(hold.metric, hold.metric),
                    points=f"{hold.points:g}")
            else:
                hold.display_name = self.env._("Held at %s", hold.tier_id.name or "")

    @api.depends('date_from', 'date_end')
    def _compute_is_held(self):
        today = fields.Date.today()
        for hold in self:
            hold.is_held = bool(hold.date_end) and hold.date_from <= today < hold.date_end

    @api.model
    def _search_is_held(self, operator, value):
        if operator != 'in':
            return NotImplemented
        today = fields.Date.today()
        in_force = Domain('date_from', '<=', today) & Domain('date_end', '>', today)
        return in_force if True in value else ~in_force

    @api.constrains('tier_id', 'account_id')
    def _check_tier(self):
        for hold in self:
            if hold.tier_id and hold.tier_id.program_id != hold.account_id.program_id:
                raise ValidationError(self.env._(
                    "%(tier)s is not a tier of %(program)s.", tier=hold.tier_id.name,
                    program=hold.account_id.program_id.name))

    @api.constrains('date_from', 'date_end')
    def _check_dates(self):
        for hold in self:
            if hold.date_end > hold.date_from + relativedelta(years=1):
                raise ValidationError(self.env._(
                    "What is held ends after a year at the latest. Hold it again then, if it is still so."))

    @api.constrains('account_id', 'metric', 'date_from', 'date_end')
    def _check_one_at_a_time(self):
        for hold in self:
            other = self.search(
                Domain('account_id', '=', hold.account_id.id) & Domain('metric', '=', hold.metric)
                & Domain('date_from', '<', hold.date_end) & Domain('date_end', '>', hold.date_from)
                & Domain('id', '!=', hold.id), limit=1)
            if other:
                raise ValidationError(self.env._(
                    "%(account)s: %(what)s until %(date)s already. End that one first.",
                    account=hold.account_id.display_name, what=other.display_name,
                    date=format_date(self.env, other.date_end)))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any({'author_id', 'date_from'} & vals.keys() for vals in vals_list):
            raise UserError(self.env._("Who holds a score, and since when, is written by the system."))
        holds = super().create(vals_list)
        holds._check_decider()
        for hold in holds:
            hold.account_id.message_post(body=self.env._(
                "%(what)s until %(date)s: %(reason)s", what=hold.display_name,
                date=format_date(self.env, hold.date_end), reason=hold.reason))
        return holds

    def write(self, vals):
        self._check_decider()
        if not self.env.su and vals.keys() - {'date_end', 'reason'}:
            raise UserError(self.env._(
                "What is held is not changed afterwards: scores rest on it. End it, and hold something else."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if not self.env.su and any(hold.date_from < fields.Date.today() for hold in self):
            raise UserError(self.env._("Scores rest on what was held. End it instead."))

    def _check_decider(self):
        if self.env.su:
            return
        for program in self.program_id:
            if not program._is_decided_by(self.env.user):
                raise AccessError(self.env._("Only a champion of %s holds a score.", program.name))

    def action_end(self):
        """The figures count again from the next run on."""
        self.check_access('write')
        self.write({'date_end': fields.Date.today()})
        return True
