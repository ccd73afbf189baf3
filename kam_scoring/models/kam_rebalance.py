from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

# Whoever may change what is asked; from the approval on, only the day.
OPEN_STATES = ('draft', 'proposed', 'consulted')
# What people write at any time, beside the settings.
SOCIAL_FIELDS = frozenset(('message_follower_ids', 'message_ids', 'activity_ids', 'message_main_attachment_id'))


class KamRebalance(models.Model):
    """A fair load and the right list: proposed with proof, decided by people (N5, F68–F71).

    One record asks one question of a programme: who looks after whom (account managers, or executive sponsors), or who
    is in (tiers under their capacity). draft -> proposed -> consulted -> approved -> done -> rolled_back.

    How it works
    ============
    `kam_scoring/rebalancing` gathers the facts in a handful of statements, whatever the number of accounts, and states
    them as a problem; `kam_scoring/maths/rebalance.py` solves it. The scenarios are answers to the same question under
    different weights. Nothing at the accounts changes before a champion who is not concerned has approved and somebody
    has carried it out: through `kam.handover` and `kam.tier.change`, the only ways there are.
    """
    _name = 'kam.rebalance'
    _description = "Rebalancing"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    # Whoever is concerned reads it and may comment.
    _mail_post_access = 'read'
    _order = 'id desc'

    name = fields.Char(required=True, copy=False, default=lambda self: self.env._("Rebalancing"))
    program_id = fields.Many2one(
        'kam.program', string="Programme", required=True, index=True, ondelete='cascade',
        default=lambda self: self.env['kam.program'].search([], limit=1))
    company_ids = fields.Many2many(related='program_id.company_ids')
    question = fields.Selection([
        ('managers', "Who manages which account"),
        ('sponsors', "Who sponsors which account"),
        ('tiers', "Which account is in which tier"),
    ], required=True, default='managers')
    date = fields.Date(
        string="First Day", required=True, tracking=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=30),
        help="New seats begin, and tier changes are effective, on this day.")
    state = fields.Selection([
        ('draft', "Draft"),
        ('computing', "Computing"),
        ('proposed', "Proposed"),
        ('consulted', "Consulted"),
        ('approved', "Approved"),
        ('done', "Carried Out"),
        ('rolled_back', "Rolled Back"),
        ('cancelled', "Cancelled"),
    ], default='draft', required=True, readonly=True, copy=False, tracking=True, index=True)
    requester_id = fields.Many2one(
        'res.users', string="Asked by", required=True, readonly=True, copy=False, default=lambda self: self.env.user)
    approver_id = fields.Many2one('res.users', string="Approved by", readonly=True, copy=False)
    date_computed = fields.Datetime(string="Computed on", readonly=True, copy=False)
    date_consulted = fields.Datetime(
        string="Consulted on", readonly=True, copy=False, help="Since when those concerned can read it and comment.")
    date_approved = fields.Datetime(string="Approved on", readonly=True, copy=False)
    date_done = fields.Datetime(string="Carried out on", readonly=True, copy=False)
    date_rolled_back = fields.Datetime(string="Rolled back on", readonly=True, copy=False)

    fairness = fields.Float(
        default=1.0, help="How much one point of load away from the fair load counts against the costs of moves. 0: "
        "loads do not matter, only the limits.")
    band = fields.Float(
        string="Band (%)", default=10.0, help="Within so many percent of the fair load nothing counts.")
    moves_max = fields.Integer(string="Moves at Most", help="0 means no limit.")
    cost_move = fields.Float(string="Cost of a Move", default=1.0, help="Points that each move costs as such.")
    cost_relationship = fields.Float(
        string="Cost of Lost Relationships", default=3.0,
        help="Points where nobody but the present holder covers the live contacts of an account; in proportion to "
             "these contacts.")
    cost_tenure = fields.Float(
        string="Cost per Year Together", default=0.5, help="Points for each year in the seat, up to five years.")
    cost_plan = fields.Float(
        string="Cost of a Running Plan", default=2.0, help="Points where an account plan is in progress.")
    cost_misfit = fields.Float(
        string="Cost of a Wrong Tier", default=3.0,
        help="Points for each tier between the tier of an account and the one where its score places it; up to twice "
             "as much where the score says so most.")
    freeze_days = fields.Integer(
        string="Freeze (Days)", default=60,
        help="An account does not move while its plan is in review or ends within so many days, or a deal that is "
             "nearly won is due.")
    owner_months = fields.Integer(
        string="One Change in (Months)", default=12, help="An account changes hands once at most in so many months.")
    keep_known = fields.Boolean(
        string="Somebody Stays", default=True,
        help="Where a customer knows several of us, one of them stays.")
    fit_language = fields.Boolean(
        string="Language Fits", help="Whoever takes over speaks the language of the customer.")
    fit_country = fields.Boolean(string="Country Fits", help="Whoever takes over looks after the customer's country.")
    fit_team = fields.Boolean(string="Within the Sales Team", help="An account stays in the sales team.")
    seconds = fields.Integer(
        string="Time Limit (Seconds)", default=30, help="For all scenarios; then the best that was found counts.")
    kept_account_ids = fields.Many2many(
        'kam.account', 'kam_rebalance_kept_rel', 'rebalance_id', 'account_id', string="Do Not Move",
        domain="[('program_id', '=', program_id)]")

    person_ids = fields.One2many('kam.rebalance.person', 'rebalance_id', string="People", copy=True)
    scenario_ids = fields.One2many('kam.rebalance.scenario', 'rebalance_id', string="Scenarios", readonly=True)
    scenario_id = fields.Many2one(
        'kam.rebalance.scenario', string="Chosen Scenario", copy=False, ondelete='set null', index='btree_not_null',
        domain="[('rebalance_id', '=', id), ('load_ids', '!=', False)]")
    move_ids = fields.One2many(
        'kam.rebalance.move', compute='_compute_rows', string="Moves of the Chosen Scenario")
    load_ids = fields.One2many(
        'kam.rebalance.load', compute='_compute_rows', string="Loads of the Chosen Scenario")
    move_count = fields.Integer(related='scenario_id.move_count')
    message = fields.Text(readonly=True, copy=False, help="What went wrong, or what people should know.")
    is_outdated = fields.Boolean(
        string="Outdated", readonly=True, copy=False, help="People or settings have changed since it was computed.")
    progress = fields.Integer(string="Progress (%)", readonly=True, copy=False)
    can_manage = fields.Boolean(compute='_compute_can_manage')
    can_approve = fields.Boolean(compute='_compute_can_manage')

    _weights = models.Constraint(
        """CHECK (fairness >= 0 AND band >= 0 AND moves_max >= 0 AND cost_move >= 0 AND cost_relationship >= 0
                  AND cost_tenure >= 0 AND cost_plan >= 0 AND cost_misfit >= 0)""",
        "Weights and costs must not be negative.")
    _limits = models.Constraint(
        'CHECK (freeze_days >= 0 AND owner_months >= 0 AND seconds BETWEEN 1 AND 600)',
        "Days and months must not be negative, and the time limit is between 1 and 600 seconds.")

    @api.depends_context('uid')
    @api.depends('state', 'program_id.champion_ids', 'requester_id', 'scenario_id')
    def _compute_can_manage(self):
        for rebalance in self:
            rebalance.can_manage = bool(rebalance.program_id) and rebalance.program_id._is_decided_by(self.env.user)
            rebalance.can_approve = rebalance._can_be_approved_by(self.env.user)

    @api.depends_context('uid')
    @api.depends('scenario_id')
    def _compute_rows(self):
        """As far as the user may see them, whatever was read with more rights before."""
        for name in ('move_ids', 'load_ids'):
            rows = self.env[self._fields[name].comodel_name].search(
                [('scenario_id', 'in', self.scenario_id.ids)]).grouped('scenario_id')
            for rebalance in self:
                rebalance[name] = rows.get(rebalance.scenario_id, False)

    @api.constrains('scenario_id')
    def _check_scenario(self):
        for rebalance in self:
            if rebalance.scenario_id and rebalance.scenario_id.rebalance_id != rebalance:
                raise ValidationError(self.env._("Choose a scenario of this rebalancing."))

    # What is decided stays as it was decided

    @api.model
    def _workflow_fields(self):
        """Closed to users: they follow from the buttons."""
        return {'state', 'requester_id', 'approver_id', 'date_computed', 'date_consulted', 'date_approved', 'date_done',
                'date_rolled_back', 'message', 'progress', 'scenario_ids', 'is_outdated'}

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if not self.env.su:
            start = {'state': 'draft', 'requester_id': self.env.uid}
            values = {name: value for name, value in values.items() if name not in self._workflow_fields()}
            values.update((name, value) for name, value in start.items() if name in fields)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
                (self._workflow_fields() - {'state'}) & vals.keys() or vals.get('state', 'draft') != 'draft'
                for vals in vals_list):
            raise UserError(self.env._("A rebalancing starts as a draft of the person who asks for it."))
        rebalances = super().create(vals_list)
        for rebalance, vals in zip(rebalances, vals_list, strict=True):
            rebalance._check_manager()
            if not vals.get('person_ids'):
                rebalance._add_holders()
        return rebalances

    def write(self, vals):
        if not self.env.su:
            self._refuse_edit(vals)
            self._follow_edit(vals)
        result = super().write(vals)
        if {'question', 'program_id'} & vals.keys():
            self._ask_anew()
        return result

    def _follow_edit(self, vals):
        """Another scenario is consulted about again; other settings are computed again."""
        for rebalance in self:
            if 'scenario_id' in vals and rebalance.date_consulted and rebalance.scenario_id.id != vals['scenario_id']:
                rebalance._unconsult()
            if rebalance.date_computed and self._settings() & vals.keys():
                # Results are closed to users.
                rebalance.sudo().is_outdated = True

    @api.model
    def _settings(self):
        """What an answer depends on."""
        return {'program_id', 'question', 'fairness', 'band', 'moves_max', 'cost_move', 'cost_relationship',
                'cost_tenure', 'cost_plan', 'cost_misfit', 'freeze_days', 'owner_months', 'keep_known', 'fit_language',
                'fit_country', 'fit_team', 'kept_account_ids'}

    def _ask_anew(self):
        """Another question is about other people and other accounts."""
        # Results are closed to users; whoever may edit has been checked.
        self.sudo().scenario_ids.unlink()
        self.sudo().write({'kept_account_ids': [Command.clear()], 'date_computed': False, 'is_outdated': False,
                           'message': False, 'state': 'draft', 'date_consulted': False})
        self.sudo().person_ids.unlink()
        self._add_holders()

    def _refuse_edit(self, vals):
        business = vals.keys() - SOCIAL_FIELDS
        if business & self._workflow_fields():
            raise UserError(self.env._("Compute, approve or carry out the rebalancing with its buttons."))
        for rebalance in self if business else ():
            rebalance._check_manager()
            if rebalance.state in OPEN_STATES or rebalance.state == 'approved' and business <= {'date', 'name'}:
                continue
            raise UserError(self.env._(
                "%s is being computed, or has been decided: it cannot be edited. Start a new one, or set this one back "
                "to draft.", rebalance.name))

    def _check_manager(self):
        """Raise unless the user runs the programme."""
        for rebalance in self:
            if not self.env.su and not rebalance.program_id._is_decided_by(self.env.user):
                raise AccessError(self.env._(
                    "Only a champion of %s rebalances it.", rebalance.program_id.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        for rebalance in self:
            if rebalance.state in ('done', 'rolled_back'):
                raise UserError(self.env._("%s has been carried out and is history.", rebalance.name))

    def action_open_moves(self):
        """Where the accounts go in the chosen scenario."""
        self.ensure_one()
        if not self.scenario_id:
            raise UserError(self.env._("Compute the scenarios first, and choose one."))
        return self.scenario_id.action_open_moves()
