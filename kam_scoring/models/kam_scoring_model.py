import itertools

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .. import engine

# The six indicators of S53. Revenue counts by its place among the customers, because nobody knows the scale of a new
# company; the others between bounds that hold for most trades.
DEFAULT_CRITERIA = [
    ('revenue', 30, 'percentile', 0, 100),
    ('margin', 20, 'linear', 0, 40),
    ('growth', 15, 'linear', -20, 30),
    ('collection_timeliness', 15, 'linear', 60, 0),
    ('collection_rate', 10, 'linear', 70, 100),
    ('influence', 10, 'linear', 1, 5),
]
# How the relationship is: rhythm, payment, growth, and whom we know.
DEFAULT_HEALTH_CRITERIA = [
    ('growth', 25, 'linear', -30, 10),
    ('recency', 20, 'linear', 120, 30),
    ('collection_timeliness', 20, 'linear', 60, 0),
    ('oldest_overdue', 10, 'linear', 90, 0),
    ('live_contacts', 15, 'linear', 0, 4),
    ('stakeholder_cover', 10, 'linear', 0, 100),
]
# Value class, least score, least coverage. Problem is a gate (S57, S70): see _default_rules.
DEFAULT_RULES = [
    ('diamond', 80, 70),
    ('gold', 72, 70),
    ('strategic', 65, 60),
    ('potential', 55, 80),
    ('general', 0, 40),
]
# Points of collection timeliness: 25 are 45 days beyond terms on the default bounds.
DEFAULT_PROBLEM_POINTS = 25


# What a model looks at, and so what a run and a score are of.
PURPOSES = [
    ('selection', "Selection"),
    ('health', "Health"),
]


class KamScoringModel(models.Model):
    """One version of how a programme scores its accounts: criteria with weights, and who belongs in which tier.

    draft -> published -> retired. The published version scores; it never changes, so that a score can be explained for
    ever. A change is a new version.
    """
    _name = 'kam.scoring.model'
    _description = "Scoring Model"
    _order = 'program_id, version desc'

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one(
        'kam.program', string="Programme", required=True, index=True, ondelete='cascade',
        default=lambda self: self.env['kam.program'].search([], limit=1))
    purpose = fields.Selection(
        PURPOSES, default='selection', required=True, index=True,
        help="Selection: the value of every customer, and who should be a key account. Health: how well the "
             "relationship with those who are key accounts is, and what is at risk.")
    version = fields.Integer(readonly=True, copy=False, help="Counts up per programme and purpose.")
    state = fields.Selection([
        ('draft', "Draft"),
        ('published', "Published"),
        ('retired', "Retired"),
    ], default='draft', required=True, readonly=True, copy=False, index=True)
    note = fields.Text(translate=True, help="Why these criteria, weights and limits.")
    criterion_ids = fields.One2many('kam.scoring.criterion', 'model_id', string="Criteria")
    gate_ids = fields.One2many('kam.scoring.gate', 'model_id', string="Gates")
    tier_rule_ids = fields.One2many('kam.scoring.tier.rule', 'model_id', string="Tier Rules")
    green_from = fields.Float(
        string="Healthy From", default=65, help="From this score on, 0 to 100, a key account counts as healthy.")
    amber_from = fields.Float(
        string="To Watch From", default=45, help="From this score on it is to be watched; below it is at risk.")
    weight_total = fields.Float(string="Total Weight", compute='_compute_weight_total')
    run_count = fields.Integer(compute='_compute_run_count', string="Runs")
    date_published = fields.Datetime(string="Published on", readonly=True, copy=False)
    publisher_id = fields.Many2one('res.users', string="Published by", readonly=True, copy=False)

    _version_uniq = models.Constraint(
        'UNIQUE (program_id, purpose, version)', "This version of the programme's model exists.")
    _one_published = models.UniqueIndex(
        "(program_id, purpose) WHERE state = 'published'",
        "A programme has one published scoring model of each purpose at a time.")
    _levels = models.Constraint(
        'CHECK (amber_from > 0 AND amber_from < green_from AND green_from <= 100)',
        "Healthy begins above To Watch, both between 0 and 100.")

    @api.depends('criterion_ids.weight')
    def _compute_weight_total(self):
        for model in self:
            model.weight_total = sum(model.criterion_ids.mapped('weight'))

    def _compute_run_count(self):
        counts = dict(self.env['kam.score.run']._read_group([('model_id', 'in', self.ids)], ['model_id'], ['__count']))
        for model in self:
            model.run_count = counts.get(model, 0)

    @api.depends('name', 'version')
    def _compute_display_name(self):
        for model in self:
            model.display_name = self.env._(
                "%(name)s (version %(version)s)", name=model.name or "", version=model.version)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get('state', 'draft') != 'draft':
                raise UserError(self.env._("A scoring model starts as a draft. Publish it with its button."))
        scoring_models = super().create(vals_list)
        for model in scoring_models:
            # One at a time: several new versions of one programme may be created at once.
            model.version = 1 + max(self.search([
                ('program_id', '=', model.program_id.id), ('purpose', '=', model.purpose)]).mapped('version'))
        return scoring_models

    def write(self, vals):
        if 'state' in vals and not self.env.su:
            raise UserError(self.env._("Publish or retire a scoring model with its buttons."))
        if vals.keys() - {'state', 'date_published', 'publisher_id'}:
            self._refuse_change()
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for model, vals in zip(self, vals_list, strict=True):
            for parts in ('criterion_ids', 'gate_ids'):
                vals.setdefault(parts, [
                    Command.create(part.copy_data({'model_id': False})[0]) for part in model[parts]])
        return vals_list

    def copy(self, default=None):
        """Rules are copied after the criteria, because a gate points to a criterion of its own model."""
        copies = super().copy(default)
        for model, new in zip(self, copies, strict=True):
            by_metric = {criterion.metric: criterion for criterion in new.criterion_ids}
            new.tier_rule_ids = [
                Command.create(rule.copy_data({
                    'model_id': False, 'gate_criterion_id': by_metric[rule.gate_criterion_id.metric].id
                    if rule.gate_criterion_id else False})[0])
                for rule in model.tier_rule_ids]
        return copies

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for model in self:
            if model.state != 'draft':
                raise UserError(self.env._(
                    "%s has been published; scores rest on it. It stays as history.", model.display_name))

    def _refuse_change(self):
        for model in self:
            if model.state != 'draft':
                raise UserError(self.env._(
                    "%s is published or retired and cannot be changed: scores rest on it. Use \"New Version\", change "
                    "the draft, and publish it.", model.display_name))

    def action_publish(self):
        """Make the draft the version that scores; the one before it retires."""
        self.ensure_one()
        self._check_champion()
        if self.state != 'draft':
            raise UserError(self.env._("Only a draft can be published."))
        self._check_complete()
        # State is closed to users; the checks above are the permission.
        model = self.sudo()
        model.search([
            ('program_id', '=', model.program_id.id), ('purpose', '=', model.purpose),
            ('state', '=', 'published')]).write({
            'state': 'retired'})
        self.env.flush_all()  # one published version at any moment, also inside this transaction
        model.write({
            'state': 'published', 'date_published': fields.Datetime.now(), 'publisher_id': self.env.uid})
        return True

    def action_new_version(self):
        self.ensure_one()
        self._check_champion()
        return self.copy()._get_records_action()

    def action_score(self):
        return self.program_id.action_score()

    def action_open_runs(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_score_run_action')
        return dict(action, domain=[('model_id', '=', self.id)])

    def _check_champion(self):
        self.check_access('write')
        if not self.program_id._is_decided_by(self.env.user) and not self.env.su:
            raise AccessError(self.env._("Only a champion of %s publishes its scoring model.", self.program_id.name))

    def _check_complete(self):
        self.ensure_one()
        if not any(criterion.weight > 0 for criterion in self.criterion_ids):
            raise UserError(self.env._(
                "%s has no criterion with a weight above zero: nothing could be scored. Add criteria or weights.",
                self.display_name))
        for criterion in self.criterion_ids:
            if criterion.normalization == 'bands' and not criterion.band_ids:
                raise UserError(self.env._(
                    "%s is valued by bands and has none: everybody would get 0 points. Open it and add bands.",
                    criterion.display_name))
        self._check_thresholds()

    def _check_thresholds(self):
        """A tier that asks for less than one below it would take all that the lower one is for."""
        rules = self.tier_rule_ids.filtered(lambda rule: not rule.gate_criterion_id).sorted('tier_sequence')
        for higher, lower in itertools.pairwise(rules):
            if lower.score_min > higher.score_min:
                raise UserError(self.env._(
                    "%(higher)s needs a score of %(higher_score)s, and %(lower)s below it needs %(lower_score)s. A "
                    "more valuable tier cannot ask for less: change one of the two.",
                    higher=higher.tier_id.name, higher_score=f"{higher.score_min:g}", lower=lower.tier_id.name,
                    lower_score=f"{lower.score_min:g}"))

    def _fill_defaults(self):
        """Give a draft the usual criteria of its purpose and a rule for each of the programme's usual tiers."""
        for model in self:
            criteria = DEFAULT_CRITERIA if model.purpose == 'selection' else DEFAULT_HEALTH_CRITERIA
            model.criterion_ids = [Command.clear()] + [
                Command.create({
                    'metric': metric, 'sequence': 10 * (index + 1), 'weight': weight, 'normalization': normalization,
                    'bound_zero': zero, 'bound_full': full})
                for index, (metric, weight, normalization, zero, full) in enumerate(criteria)]
            if model.purpose == 'health':
                continue
            model.tier_rule_ids = [Command.clear()] + [Command.create(vals) for vals in model._default_rules()]

    def _default_rules(self):
        self.ensure_one()
        tiers = {}
        for tier in self.program_id.tier_ids:
            tiers.setdefault(tier.value_class, tier)
        timeliness = self.criterion_ids.filtered(lambda criterion: criterion.metric == 'collection_timeliness')
        rules = []
        if 'problem' in tiers:
            rules.append({
                'tier_id': tiers['problem'].id, 'gate_criterion_id': timeliness.id,
                'gate_points_max': DEFAULT_PROBLEM_POINTS})
        return rules + [
            {'tier_id': tiers[value_class].id, 'score_min': score, 'coverage_min': coverage}
            for value_class, score, coverage in DEFAULT_RULES if value_class in tiers]

    def _spec(self):
        """The model as plain values for the engine."""
        self.ensure_one()
        rules = [
            engine.Rule(
                tier_id=rule.tier_id.id, score_min=rule.score_min, coverage_min=rule.coverage_min,
                capacity=rule.tier_id.capacity, gate_criterion_id=rule.gate_criterion_id.id or None,
                gate_points_max=rule.gate_points_max)
            for rule in self.tier_rule_ids.sorted(
                lambda rule: (not rule.gate_criterion_id, rule.tier_id.sequence, rule.id))]
        gates = [
            engine.Gate(
                id=gate.id, metric=gate.metric, operator=gate.operator, limit=gate.limit,
                tier_ids=tuple(gate._tiers().ids), missing_passes=gate.missing_passes)
            for gate in self.gate_ids]
        return engine.Spec(
            criteria=tuple(criterion._spec() for criterion in self.criterion_ids), rules=tuple(rules),
            band=self.program_id.demotion_band, gates=tuple(gates), purpose=self.purpose)
