from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..report.pack_scope import PackScope


class KamPackMake(models.TransientModel):
    """Make a pack: which one, about what, with which sheets. It is downloaded, and kept with the programme."""
    _name = 'kam.pack.make'
    _description = "Make a Pack"

    pack_type = fields.Selection(
        selection='_selection_pack_type', string="Pack", required=True, default='portfolio')
    program_id = fields.Many2one(
        'kam.program', string="Programme", required=True, ondelete='cascade',
        default=lambda self: self.env['kam.program'].search([], limit=1))
    account_ids = fields.Many2many(
        'kam.account', 'kam_pack_make_account_rel', 'make_id', 'account_id', string="Selected Accounts",
        context={'active_test': False}, help="Empty: all key accounts of the programme.")
    account_id = fields.Many2one('kam.account', ondelete='cascade', domain="[('program_id', '=', program_id)]")
    executive_id = fields.Many2one(
        'res.users', ondelete='cascade', compute='_compute_executive_id', store=True,
        readonly=False, precompute=True, domain="[('id', 'in', sponsor_ids)]")
    rebalance_id = fields.Many2one(
        'kam.rebalance', string="Rebalancing", ondelete='cascade', compute='_compute_rebalance_id', store=True,
        readonly=False, precompute=True, domain="[('program_id', '=', program_id)]")
    sponsor_ids = fields.Many2many('res.users', compute='_compute_sponsor_ids')
    date_from = fields.Date(
        string="Compared With", compute='_compute_dates', store=True, readonly=False, precompute=True,
        help="Figures of today are compared with those of this day. Empty: with the end of last month.")
    date_to = fields.Date(
        string="Until", compute='_compute_dates', store=True, readonly=False, precompute=True)
    company_ids = fields.Many2many(
        'res.company', 'kam_pack_make_company_rel', 'make_id', 'company_id', string="Companies",
        domain="[('id', 'in', program_company_ids)]",
        help="Only accounts that bought from these companies within the last year. Empty: all.")
    program_company_ids = fields.Many2many(related='program_id.company_ids', string="Companies of the Programme")
    section_ids = fields.One2many(
        'kam.pack.make.section', 'make_id', string="Sheets", compute='_compute_section_ids', store=True,
        readonly=False, precompute=True)
    # What the chosen type asks for; see `_needs` and `_takes` of kam.pack.report.
    has_account = fields.Boolean(compute='_compute_has')
    has_accounts = fields.Boolean(compute='_compute_has')
    has_executive = fields.Boolean(compute='_compute_has')
    has_rebalance = fields.Boolean(compute='_compute_has')
    has_date_from = fields.Boolean(compute='_compute_has')
    has_date_to = fields.Boolean(compute='_compute_has')
    has_companies = fields.Boolean(compute='_compute_has')

    @api.model
    def _selection_pack_type(self):
        return self.env['kam.pack.report']._pack_types()

    def _report(self):
        return self.env['kam.pack.report']._of_type(self.pack_type)

    @api.depends('pack_type')
    def _compute_has(self):
        for make in self:
            report = make._report()
            for name in ('account', 'accounts', 'executive', 'rebalance', 'date_from', 'date_to', 'companies'):
                make[f'has_{name}'] = name in (*report._needs, *report._takes)

    @api.depends('program_id')
    def _compute_sponsor_ids(self):
        sponsors = self.env['kam.account']._read_group(
            [('program_id', 'in', self.program_id.ids), ('sponsor_id', '!=', False)], ['program_id', 'sponsor_id'])
        for make in self:
            make.sponsor_ids = make.sponsor_ids.browse(
                [sponsor.id for program, sponsor in sponsors if program == make.program_id])

    @api.depends('program_id', 'pack_type')
    def _compute_executive_id(self):
        """An executive asks for the own accounts."""
        for make in self:
            sponsors = make.sponsor_ids._origin
            make.executive_id = make.executive_id or (self.env.user if self.env.user in sponsors else sponsors[:1])

    @api.depends('program_id', 'pack_type')
    def _compute_rebalance_id(self):
        """The newest one of the programme that the user may see, where none was chosen."""
        for make in self:
            if not make.has_rebalance or make.rebalance_id.program_id == make.program_id:
                make.rebalance_id = make.rebalance_id
                continue
            make.rebalance_id = self.env['kam.rebalance'].search([('program_id', '=', make.program_id.id)], limit=1)

    @api.depends('pack_type')
    def _compute_dates(self):
        today = fields.Date.context_today(self)
        for make in self:
            is_period = 'date_to' in make._report()._needs
            make.date_to = today if is_period else False
            make.date_from = today - relativedelta(years=1) if is_period else False

    @api.depends('pack_type')
    def _compute_section_ids(self):
        for make in self:
            make.section_ids = [Command.clear(), *(
                Command.create({'sequence': place, 'code': code, 'name': name, 'is_included': True})
                for place, (code, name) in enumerate(make._report()._section_choices()))]

    def action_make(self):
        self.ensure_one()
        chosen = self.section_ids.filtered('is_included').mapped('code')
        if not chosen:
            raise UserError(self.env._("Choose at least one sheet for the file."))
        return self.env['kam.pack']._make(self.pack_type, self._scope(tuple(chosen))).action_download()

    def _scope(self, sections):
        """What was chosen, as far as the type of the pack looks at it."""
        values = {
            'account': self.account_id if self.has_account else None,
            'accounts': self.account_ids if self.has_accounts and self.account_ids else None,
            'executive': self.executive_id if self.has_executive else None,
            'rebalance': self.rebalance_id if self.has_rebalance else None,
            'date_from': self.date_from if self.has_date_from else None,
            'date_to': self.date_to if self.has_date_to else None,
            'companies': self.company_ids & self.program_id.company_ids if self.has_companies else None,
        }
        return PackScope(self.program_id, sections=sections, **values)
