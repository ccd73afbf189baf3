from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import float_compare


class KamProfile(models.Model):
    """What an account manager carries, and what they are good at (S14, S15, S52, S86).

    The load is for all of the programme to see. Levels are personal: the person sees them, and executives and champions
    do; so it is with notes and trainings, which tell as much.
    """
    _name = 'kam.profile'
    _description = "Account Manager Profile"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _rec_name = 'user_id'
    _order = 'user_id, id'

    user_id = fields.Many2one(
        'res.users', string="Account Manager", required=True, index=True, ondelete='cascade',
        domain=[('share', '=', False)])
    active = fields.Boolean(related='user_id.active', store=True)
    career_step = fields.Selection([
        ('account_manager', "Account Manager"),
        ('senior', "Senior Account Manager"),
        ('director', "Account Director"),
        ('partner', "Client Partner"),
    ], default='account_manager', required=True, tracking=True,
        help="A career without leading people: whoever looks after one large customer can get as far as whoever "
             "leads a "
             "department.")
    workload_capacity = fields.Float(
        string="Capacity (Points)", digits=(16, 1), tracking=True,
        help="Workload that this person can bear. 0: as the programme says.")
    account_limit = fields.Integer(
        string="Accounts at Most", tracking=True, help="0: as the programme says.")
    line_ids = fields.One2many('kam.profile.line', 'profile_id', string="Competencies")
    # Planned trainings are between the champion and the person: others neither see them nor find a profile by them.
    activity_ids = fields.One2many(bypass_search_access=False)
    activity_summary = fields.Char(related_sudo=False)
    gap_count = fields.Integer(compute='_compute_gap_count', string="Gaps")
    account_count = fields.Integer(compute='_compute_load', string="Accounts")
    key_account_count = fields.Integer(compute='_compute_load', string="Key Accounts")
    workload_points = fields.Float(compute='_compute_load', string="Workload (Points)", digits=(16, 1))
    workload_limit = fields.Float(compute='_compute_load', string="Points at Most", digits=(16, 1))
    workload_percent = fields.Float(compute='_compute_load', string="Load (%)", digits=(16, 0))
    is_overloaded = fields.Boolean(
        compute='_compute_load', search='_search_is_overloaded', string="More Points Than the Capacity")
    has_too_many_accounts = fields.Boolean(
        compute='_compute_load', search='_search_has_too_many_accounts', string="Too Many Accounts",
        help="So many that none gets enough time.")

    _user_uniq = models.Constraint('UNIQUE (user_id)', "This person has a profile already.")
    _capacity = models.Constraint(
        'CHECK (workload_capacity >= 0 AND account_limit >= 0)', "Capacity and limit must not be negative.")

    @api.depends('line_ids.gap')
    @api.depends_context('uid')
    def _compute_gap_count(self):
        """Of the competencies that this user may see."""
        counts = dict(self.env['kam.profile.line']._read_group(
            [('profile_id', 'in', self.ids), ('gap', '>', 0)], ['profile_id'], ['__count']))
        for profile in self:
            profile.gap_count = counts.get(profile, 0)

    @api.depends('user_id', 'workload_capacity', 'account_limit')
    @api.depends_context('allowed_company_ids')
    def _compute_load(self):
        """Managed accounts in the programmes of the selected companies: one query, however many profiles."""
        # sudo: how much work somebody has is open to the programme, which accounts it is may be not.
        seats = self.env['kam.assignment'].sudo()._read_group(
            [('user_id', 'in', self.user_id.ids), ('role', '=', 'manager'), ('is_current', '=', True),
             ('account_id.active', '=', True), ('program_id.company_ids', 'in', self.env.companies.ids)],
            ['user_id', 'account_id.tier_id'], ['workload_share:sum', '__count'])
        by_user = {}
        for user, tier, share, count in seats:
            by_user.setdefault(user, []).append((tier, share, count))
        first_program = self.env['kam.program'].search([], limit=1)
        for profile in self:
            rows = by_user.get(profile.user_id, [])
            limits = profile._limits(
                self.env['kam.program'].union(*(tier.program_id for tier, _share, _count in rows)) or first_program)
            points = sum(tier.workload_points * share / 100 for tier, share, _count in rows)
            profile.account_count = sum(count for _tier, _share, count in rows)
            profile.key_account_count = sum(count for tier, _share, count in rows if tier.is_key)
            profile.workload_points = points
            profile.workload_limit = limits['points']
            profile.workload_percent = 100 * points / limits['points'] if limits['points'] else 0.0
            profile.is_overloaded = bool(
                limits['points'] and float_compare(points, limits['points'], precision_digits=1) > 0)
            profile.has_too_many_accounts = 0 < limits['accounts'] < profile.account_count

    def _limits(self, programs):
        """The own limit, else the strictest of `programs`: {'points', 'accounts'}; 0 = none. Also without a profile."""
        return {
            'points': self.workload_capacity or min(filter(None, programs.mapped('manager_load_limit')), default=0.0),
            'accounts': self.account_limit or min(
                filter(None, programs.mapped('manager_account_limit')), default=0)}

    @api.model
    def _search_is_overloaded(self, operator, value):
        return self._search_load('is_overloaded', operator, value)

    @api.model
    def _search_has_too_many_accounts(self, operator, value):
        return self._search_load('has_too_many_accounts', operator, value)

    def _search_load(self, name, operator, value):
        if operator != 'in':
            return NotImplemented
        # As many profiles as account managers: a hundred, not a hundred thousand.
        found = self.search([('active', '=', True)]).filtered(name)
        return Domain('id', 'in' if True in value else 'not in', found.ids)

    @api.model_create_multi
    def create(self, vals_list):
        profiles = super().create(vals_list)
        competencies = self.env['kam.competency'].search([('active', '=', True)])
        for profile in profiles:
            missing = competencies - profile.line_ids.competency_id
            profile.line_ids = [
                Command.create({'competency_id': competency.id, 'target': competency.default_target})
                for competency in missing]
        return profiles

    @api.model
    def _ensure_profiles(self, users):
        """Give these people a profile, if they have none. Callers have checked the permission to seat them."""
        Profile = self.sudo().with_context(active_test=False)
        missing = users - Profile.search([('user_id', 'in', users.ids)]).user_id
        Profile.create([{'user_id': user.id} for user in missing])

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Notes and trainings tell about competencies: whoever sees these reads and adds them, others do neither."""
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation not in ('read', 'create'):
            return operations
        # Also where mail asks as superuser, it is about what this user may do.
        everybody = self.env.user.has_groups('kam_management.group_kam_executive,kam_management.group_kam_champion')
        return {
            profile: 'read' if everybody or profile.sudo().user_id == self.env.user else 'write'
            for profile in operations}

    def action_open_accounts(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_account_action')
        return dict(action, name=self.env._("Accounts of %s", self.user_id.name),
                    domain=[('manager_id', '=', self.user_id.id)], context={})
