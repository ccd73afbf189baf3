from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

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
    entry_tier_id = fields.Many2one(
        'kam.tier', string="Tier of New Customers", domain="[('program_id', '=', id), ('is_key', '=', False)]",
        ondelete='restrict', help="Where a customer starts that has traded with us but was never classified.")
    prospect_tier_id = fields.Many2one(
        'kam.tier', string="Tier of New Prospects", domain="[('program_id', '=', id), ('category', '=', 'target')]",
        ondelete='restrict', help="Where a prospect starts that has not traded with us yet.")
    size_min = fields.Integer(string="Key Accounts From", default=5)
    size_max = fields.Integer(
        string="Key Accounts Up To", default=25,
        help="Few enough to be treated differently: 5 to 25 is the rule of thumb. Approvals stop at the upper limit "
             "unless the champion gives a reason.")
    quiet_days = fields.Integer(
        string="Quiet Days After a Refusal", default=90,
        help="A refused proposal for the same tier is not made again before this many days.")
    account_count = fields.Integer(compute='_compute_counts')
    key_account_count = fields.Integer(compute='_compute_counts')
    open_change_count = fields.Integer(compute='_compute_counts', string="Open Tier Changes")
    unmanaged_count = fields.Integer(compute='_compute_counts', string="Key Accounts Without Manager")
    unsponsored_count = fields.Integer(compute='_compute_counts', string="Key Accounts Without Sponsor")

    _size = models.Constraint(
        'CHECK (size_min >= 0 AND size_max >= size_min)',
        "The upper limit of key accounts must not be below the lower one.")
    _quiet = models.Constraint('CHECK (quiet_days >= 0)', "Quiet days must not be negative.")

    def _compute_counts(self):
        Account, Change = self.env['kam.account'], self.env['kam.tier.change']
        in_programs = [('program_id', 'in', self.ids)]
        key = [*in_programs, ('is_key', '=', True)]
        totals = dict(Account._read_group(in_programs, ['program_id'], ['__count']))
        keys = dict(Account._read_group(key, ['program_id'], ['__count']))
        unmanaged = dict(Account._read_group([*key, ('manager_id', '=', False)], ['program_id'], ['__count']))
        unsponsored = dict(Account._read_group([*key, ('sponsor_id', '=', False)], ['program_id'], ['__count']))
        changes = dict(Change._read_group([*in_programs, ('is_open', '=', True)], ['program_id'], ['__count']))
        for program in self:
            program.account_count = totals.get(program, 0)
            program.key_account_count = keys.get(program, 0)
            program.unmanaged_count = unmanaged.get(program, 0)
            program.unsponsored_count = unsponsored.get(program, 0)
            program.open_change_count = changes.get(program, 0)

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

    def action_open_accounts(self):
        return self._action_accounts(self.env._("Accounts"), {})

    def action_open_key_accounts(self):
        return self._action_accounts(self.env._("Key Accounts"), {'search_default_is_key': 1})

    def action_open_unmanaged(self):
        return self._action_accounts(
            self.env._("Without Account Manager"), {'search_default_is_key': 1, 'search_default_no_manager': 1})

    def action_open_unsponsored(self):
        return self._action_accounts(
            self.env._("Without Sponsor"), {'search_default_is_key': 1, 'search_default_no_sponsor': 1})

    def _action_accounts(self, name, context):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_account_action')
        return dict(
            action, name=name, domain=[('program_id', '=', self.id)],
            context={'default_program_id': self.id, **context})

    def action_open_tier_changes(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_tier_change_action')
        return dict(action, domain=[('program_id', '=', self.id)], context={'search_default_open': 1})
