from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from .kam_tier import DEFAULT_TIERS


class KamProgram(models.Model):
    """A key account programme of one group, company or business unit (S25, S30).

    It says which companies' documents count, in which currency figures are shown, who champions it and how many key
    accounts it may hold.
    """
    _name = 'kam.program'
    _description = "Key Account Programme"
    _inherit = ['mail.thread']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Where a customer is in several programmes, its documents show the account of the first one.")
    active = fields.Boolean(default=True)
    company_ids = fields.Many2many(
        'res.company', 'kam_program_company_rel', 'program_id', 'company_id', string="Companies",
        default=lambda self: self.env.company,
        help="The companies whose customers and posted invoices this programme looks at.")
    currency_id = fields.Many2one(
        'res.currency', required=True, default=lambda self: self.env.company.currency_id,
        help="Figures of all companies are shown in this currency, converted at the date of each document.")
    champion_ids = fields.Many2many(
        'res.users', 'kam_program_champion_rel', 'program_id', 'user_id', string="Champions",
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('kam_management.group_kam_champion').ids)],
        help="Who drives the programme and decides tier changes. Without a name here, every programme champion may.")
    tier_ids = fields.One2many('kam.tier', 'program_id', string="Tiers")
    # Once more, to be only looked at on the same form.
    glance_tier_ids = fields.One2many('kam.tier', 'program_id', string="Accounts per Tier", readonly=True)
    entry_tier_id = fields.Many2one(
        'kam.tier', string="Tier of New Customers", domain="[('program_id', '=', id), ('is_key', '=', False)]",
        ondelete='restrict', help="Where a customer starts that has traded with us but was never classified.")
    prospect_tier_id = fields.Many2one(
        'kam.tier', string="Tier of New Prospects", domain="[('program_id', '=', id), ('category', '=', 'target')]",
        ondelete='restrict', help="Where a prospect starts that has not traded with us yet.")
    phase = fields.Selection([
        ('pilot', "Pilot"),
        ('roll_out', "Roll-Out"),
        ('established', "Established"),
    ], default='pilot', required=True, tracking=True,
        help="Key account management takes years. Pilot: few accounts, and lessons. Roll-out: more accounts, all "
             "departments. Established: it is how the company works.")
    date_start = fields.Date(string="Running Since", default=fields.Date.context_today)
    size_min = fields.Integer(string="Key Accounts From", default=5)
    size_max = fields.Integer(
        string="Key Accounts Up To", default=25,
        help="Few enough to be treated differently: 5 to 25 is the rule of thumb. Approvals stop at the upper limit "
             "unless the champion gives a reason.")
    quiet_days = fields.Integer(
        string="Quiet Days After a Refusal", default=90,
        help="A refused proposal for the same tier is not made again before this many days.")
    exception_limit = fields.Integer(
        string="Open Exceptions Up To", default=3, tracking=True,
        help="How many accounts may be key accounts at a time although they do not meet the criteria.")
    sponsor_load_limit = fields.Integer(
        string="Accounts per Sponsor", default=6,
        help="An executive who sponsors more accounts than this cannot visit them regularly. 0 means no limit.")
    manager_load_limit = fields.Float(
        string="Points per Account Manager", default=30.0, digits=(16, 1),
        help="Workload that one person can bear: the sum of the workload points of the tiers. The profile of a person "
             "may say otherwise. 0 means no limit.")
    manager_account_limit = fields.Integer(
        string="Accounts per Account Manager", default=12,
        help="With more accounts than this none gets enough time. 0 means no limit.")
    review_months = fields.Integer(
        string="Review Every (Months)", default=3, help="How often all tiers are looked at in one sitting.")
    date_next_review = fields.Date(
        string="Next Review", tracking=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(months=3))
    demotion_reviews = fields.Integer(
        string="Failed Reviews Before Demotion", default=2,
        help="A customer that has been told goes down only after it has failed this many reviews in a row.")
    demotion_band = fields.Float(
        string="Band Below the Threshold", default=5.0, digits=(16, 1),
        help="Points by which a score may fall below the threshold of the tier before it counts as failing.")
    lost_after_days = fields.Integer(
        string="Lost After (Days)", default=365,
        help="A customer without an invoice for this many days counts as lost. 0: only the tier says so.")

    _size = models.Constraint(
        'CHECK (size_min >= 0 AND size_max >= size_min)',
        "The upper limit of key accounts must not be below the lower one.")
    _quiet = models.Constraint('CHECK (quiet_days >= 0)', "Quiet days must not be negative.")
    _limits = models.Constraint(
        """CHECK (exception_limit >= 0 AND sponsor_load_limit >= 0 AND manager_load_limit >= 0
                  AND manager_account_limit >= 0 AND lost_after_days >= 0 AND demotion_band >= 0)""",
        "Limits of a programme must not be negative.")
    _reviews = models.Constraint(
        'CHECK (review_months > 0 AND demotion_reviews > 0)',
        "Reviews take place at least every month, and a demotion takes at least one failed review.")

    @api.constrains('company_ids')
    def _check_companies(self):
        for program in self:
            if not program.company_ids:
                raise ValidationError(self.env._(
                    "%s covers no company. Choose at least one: its customers and invoices are what the programme "
                    "looks at.", program.name))

    @api.constrains('entry_tier_id', 'prospect_tier_id')
    def _check_entry_tiers(self):
        for program in self:
            tiers = program.entry_tier_id | program.prospect_tier_id
            if tiers.program_id - program or any(tiers.mapped('is_key')):
                raise ValidationError(self.env._(
                    "New customers and prospects of %s must start in a tier of this programme that is not a key "
                    "account tier.", program.name))

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        for program, vals in zip(programs, vals_list, strict=True):
            if 'tier_ids' not in vals:
                program._create_default_tiers()
        return programs

    def copy_data(self, default=None):
        # A copy gets the default tiers: entry tiers and accounts belong to the original.
        default = dict(default or {}, entry_tier_id=False, prospect_tier_id=False)
        vals_list = super().copy_data(default)
        return [
            dict(vals, name=self.env._("%s (copy)", program.name))
            for program, vals in zip(self, vals_list, strict=True)
        ]

    def _create_default_tiers(self):
        """Give the programme the usual value classes (S47, S54, S58), so that it works from the start."""
        self.ensure_one()
        value_class = self.env['kam.tier']._fields['value_class']
        # In every language, whichever the creator speaks.
        for lang, _name in self.env['res.lang'].get_installed():
            program = self.with_context(lang=lang)
            labels = dict(value_class._description_selection(program.env))
            if not program.tier_ids:
                program.tier_ids = [
                    Command.create(dict(vals, sequence=10 * (index + 1), name=labels[vals['value_class']]))
                    for index, vals in enumerate(DEFAULT_TIERS)
                ]
            for tier in program.tier_ids:
                tier.name = labels[tier.value_class]
        by_class = {tier.value_class: tier for tier in self.tier_ids}
        self.entry_tier_id = by_class['general']
        self.prospect_tier_id = by_class['general_opportunity']

    def _is_decided_by(self, user):
        """Whether `user` decides tier changes of this programme."""
        self.ensure_one()
        if not user.has_group('kam_management.group_kam_champion'):
            return False
        return not self.champion_ids or user in self.champion_ids

    def _lock_limits(self):
        """Two champions who approve at the same moment must not both take the last place.

        Writing one row makes the second one wait; Odoo then starts its request again, and it sees what the first has
        done. Raw SQL: nothing of the tier changes, and no chatter or cache has to know. The row is a tier's, because a
        scoring run holds that of the programme for as long as it takes.
        """
        self.env.cr.execute(SQL(
            """UPDATE kam_tier SET write_date = NOW() AT TIME ZONE 'UTC'
                WHERE id IN (SELECT MIN(id) FROM kam_tier WHERE program_id = ANY(%s) GROUP BY program_id)""",
            self.ids))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Whoever may see them (sudo).
        Account = self.env['kam.account'].sudo().with_context(active_test=False)
        for program in self:
            count = Account.search_count([('program_id', '=', program.id)])
            if count:
                raise UserError(self.env._(
                    "%(program)s holds %(count)s accounts with their history. Archive the programme instead.",
                    program=program.name, count=count))
