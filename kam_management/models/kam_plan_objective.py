import ast

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..measures import MEASURES

# What the server writes itself; see `_is_derived`.
KEPT = ('measured_by_id', 'date_frozen', 'actual_closed', 'track_closed')


class KamPlanObjective(models.Model):
    """What the plan of an account wants, by when, held against live records (F32, S84–S93).

    How it stands is in kam_plan_objective_track, the opportunities that it brings in kam_plan_objective_lead.
    """
    _name = 'kam.plan.objective'
    _description = "Objective of an Account Plan"
    _inherit = ['kam.plan.mixin', 'mail.thread']
    _mail_post_access = 'read'
    _order = 'plan_id desc, sequence, date_target, id'

    name = fields.Char(string="Objective", required=True, tracking=True)
    sequence = fields.Integer(default=10)
    owner_id = fields.Many2one(related='plan_id.owner_id', string="Plan Owner")
    type = fields.Selection([
        ('grow', "Grow"),
        ('retain', "Retain"),
        ('relationship', "Relationship"),
        ('value', "Value for the Customer"),
    ], default='grow', required=True, index=True, tracking=True)
    description = fields.Text(string="Why", help="What the customer and we get out of it.")
    date_from = fields.Date(related='plan_id.date_from', string="Counts From")
    date_target = fields.Date(string="Deadline", required=True, tracking=True)
    horizon = fields.Selection([
        ('m3', "Up to 3 Months"),
        ('m6', "3 to 6 Months"),
        ('m12', "6 to 12 Months"),
        ('later', "Longer"),
    ], compute='_compute_horizon', store=True, help="From the start of the plan to the deadline.")

    measure = fields.Selection(selection='_selection_measure', string="Measured by", required=True, tracking=True)
    measure_help = fields.Char(string="What it Counts", compute='_compute_measure_help')
    is_money = fields.Boolean(compute='_compute_measure_help')
    manual_unit = fields.Char(string="Unit", help="What a value typed by hand counts: projects, trainings, points.")
    direction = fields.Selection([
        ('up', "More is better"),
        ('down', "Less is better"),
    ], default='up', required=True, help="For a value typed by hand; the other measures know.")
    unit_label = fields.Char(string="In", compute='_compute_measure_help')
    count_model = fields.Selection([
        ('crm.lead', "Opportunities"),
        ('sale.order', "Orders"),
        ('calendar.event', "Meetings"),
    ], string="Count of", help="Of the customer's legal entities, within the period of the objective.")
    count_domain = fields.Char(string="That Meet", default='[]')
    measured_by_id = fields.Many2one(
        'res.users', string="Counted with the Rights of", readonly=True, copy=False, ondelete='set null')
    baseline = fields.Float(
        digits=(16, 2), aggregator=None, tracking=True, help="Where it stood, in an equally long period before.")
    target_value = fields.Float(digits=(16, 2), aggregator=None, tracking=True)
    actual_manual = fields.Float(string="Actual Value (typed)", digits=(16, 2), aggregator=None, copy=False)
    date_measured = fields.Date(string="Measured on", copy=False)

    action_ids = fields.One2many('kam.plan.action', 'objective_id', string="Actions")
    open_action_count = fields.Integer(compute='_compute_open_action_count', string="Open Actions")

    _values = models.Constraint(
        'CHECK (baseline >= 0 AND target_value >= 0 AND actual_manual >= 0)',
        "Baseline, target value and actual value cannot be negative.")

    @api.model
    def _selection_measure(self):
        return [*((code, self.env._(measure.label)) for code, measure in MEASURES.items()),
                ('manual', self.env._("Typed by Hand"))]

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        plan = self.env['kam.plan'].browse(values.get('plan_id'))
        if plan and 'date_target' in fields:
            values.setdefault('date_target', plan.date_to)
        return values

    @api.model
    def _is_derived(self, name):
        # Kept values are written by the server alone: closed as what follows from other fields.
        return name in KEPT or super()._is_derived(name)

    @api.depends('date_target', 'plan_id.date_from')
    def _compute_horizon(self):
        for objective in self:
            start, end = objective.plan_id.date_from, objective.date_target
            objective.horizon = start and end and next(
                (code for code, months in (('m3', 3), ('m6', 6), ('m12', 12))
                 if end <= start + relativedelta(months=months)), 'later')

    @api.depends('measure', 'manual_unit', 'currency_id')
    @api.depends_context('lang')
    def _compute_measure_help(self):
        units = {'percent': "%", 'days': self.env._("days"), 'count': ""}
        for objective in self:
            measure = MEASURES.get(objective.measure)
            objective.is_money = bool(measure and measure.unit == 'currency')
            objective.measure_help = self.env._(measure.help) if measure else self.env._(
                "Whoever looks after the objective enters the actual value.")
            objective.unit_label = objective.currency_id.name if objective.is_money else (
                units[measure.unit] if measure else objective.manual_unit)

    def _compute_open_action_count(self):
        counts = dict(self.env['kam.plan.action']._read_group(
            [('objective_id', 'in', self.ids), ('is_open', '=', True)], ['objective_id'], ['__count']))
        for objective in self:
            objective.open_action_count = counts.get(objective, 0)

    @api.onchange('plan_id')
    def _onchange_plan_id(self):
        self.date_target = self.date_target or self.plan_id.date_to

    @api.onchange('actual_manual')
    def _onchange_actual_manual(self):
        if self.actual_manual != self._origin.actual_manual:
            self.date_measured = fields.Date.context_today(self)

    @api.constrains('measure', 'type', 'direction', 'baseline', 'target_value', 'manual_unit')
    def _check_target(self):
        for objective in self:
            if objective.measure == 'manual' and not (objective.manual_unit or '').strip():
                raise ValidationError(self.env._(
                    "%s is typed by hand: say in which unit, such as projects or trainings.", objective.name))
            if not objective.target_value and objective._is_up():
                raise ValidationError(self.env._("%s needs a target value above 0.", objective.name))
            objective._check_way()

    def _check_way(self):
        gain = self.target_value - self.baseline
        if not self._is_up():
            gain = -gain
        if gain > 0 or gain == 0 and self.type == 'retain':
            return
        values = {
            'name': self.name, 'target': self._in_words(self.target_value), 'baseline': self._in_words(self.baseline)}
        if self._is_up():
            raise ValidationError(self.env._(
                "%(name)s: the target of %(target)s is not above the baseline of %(baseline)s. More is better here: "
                "raise the target or correct the baseline. To hold what you have, choose the type Retain and the "
                "baseline as the target.", **values))
        raise ValidationError(self.env._(
            "%(name)s: the target of %(target)s is not below the baseline of %(baseline)s. Less is better here: lower "
            "the target or correct the baseline. To hold what you have, choose the type Retain and the baseline as "
            "the target.", **values))

    @api.constrains('date_target', 'plan_id')
    def _check_date_target(self):
        for objective in self:
            if objective.date_target < objective.date_from:
                raise ValidationError(self.env._(
                    "%(name)s is due on %(deadline)s, before its plan begins on %(start)s. Choose a later deadline.",
                    name=objective.name, deadline=objective.date_target, start=objective.date_from))

    @api.constrains('measure', 'count_model', 'count_domain')
    def _check_count(self):
        for objective in self.filtered(lambda objective: objective.measure == 'record_count'):
            if not objective.count_model:
                raise ValidationError(self.env._("%s: say what is to be counted.", objective.name))
            # As the one who writes it: nobody asks for fields that are closed to them.
            model = self.env[objective.count_model].with_user(objective._author())
            try:
                model._search(objective._condition())
            except (ValueError, TypeError, SyntaxError, KeyError) as error:
                raise ValidationError(self.env._(
                    "%(name)s: the condition cannot be read. Use fixed values and fields that exist. (%(error)s)",
                    name=objective.name, error=error)) from error

    def _author(self):
        """Whose rights the count of records has. Not `create_uid`: others may have changed the condition."""
        return self.sudo().measured_by_id or self.env.user

    def _condition(self):
        return Domain(ast.literal_eval((self.count_domain or '[]').strip()))

    def _is_up(self):
        measure = MEASURES.get(self.measure)
        return measure.higher_is_better if measure else self.direction == 'up'

    def _in_words(self, value):
        """The value with its unit, such as "EUR 420,000" or "31.5 days"."""
        self.ensure_one()
        measure = MEASURES.get(self.measure)
        if self.is_money:
            return f"{self.unit_label} {formatLang(self.env, value, digits=0)}"
        digits = 0 if measure and measure.unit == 'count' or value == int(value) else 1
        return f"{formatLang(self.env, value, digits=digits)} {self.unit_label or ''}".strip()

    def _target_part(self):
        """The target as a part of a snapshot; see kam.plan._snapshot."""
        if self.is_money:
            return ['money', self.target_value]
        return f"{self.target_value:g} {self.manual_unit}" if self.manual_unit else ['number', self.target_value]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get('actual_manual'):
                vals.setdefault('date_measured', fields.Date.context_today(self))
        objectives = super().create(vals_list)
        objectives._sign_count()
        return objectives

    def write(self, vals):
        if 'actual_manual' in vals and not vals.get('date_measured'):
            vals = {**vals, 'date_measured': fields.Date.context_today(self)}
        # Signed before: the constraint asks with the rights of whoever changes the condition.
        if {'count_model', 'count_domain', 'measure'} & vals.keys():
            self.check_access('write')
            self._sign_count()
        return super().write(vals)

    def _sign_count(self):
        # The demonstration company and imports by the system count as the owner of the plan would.
        for objective in self.sudo():
            objective.measured_by_id = (self.env.su and objective.owner_id) or self.env.user
