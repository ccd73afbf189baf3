from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class KamAccount(models.Model):
    """One customer as one programme sees it: the room where everything about that customer meets.

    An account may span several legal entities. Its tier changes only through an approved `kam.tier.change`; its
    manager and sponsor follow from the assignments.
    """
    _name = 'kam.account'
    _description = "Key Account"
    _inherit = ['kam.derived.mixin', 'mail.thread', 'mail.activity.mixin']
    # Whoever reads an account sees its next steps and may comment: an executive on the whole portfolio.
    _mail_post_access = 'read'
    _rec_names_search = ['partner_id']
    _order = 'tier_sequence, id'

    program_id = fields.Many2one(
        'kam.program', string="Programme", required=True, index=True, ondelete='restrict',
        default=lambda self: self.env['kam.program'].search([], limit=1))
    partner_id = fields.Many2one(
        'res.partner', string="Customer", required=True, index=True, ondelete='restrict', tracking=True,
        domain="[('is_company', '=', True)]", help="The leading legal entity.")
    entity_ids = fields.One2many('kam.account.entity', 'account_id', string="Legal Entities")
    active = fields.Boolean(default=True)
    tier_id = fields.Many2one(
        'kam.tier', required=True, ondelete='restrict', tracking=True,
        domain="[('program_id', '=', program_id), ('is_key', '=', False)]", group_expand='_read_group_tier_ids',
        help="Changes through tier changes only.")
    # Stored: the board and the lists sort and filter by them with any number of accounts.
    tier_sequence = fields.Integer(related='tier_id.sequence', store=True, string="Tier Rank")
    is_key = fields.Boolean(related='tier_id.is_key', store=True, index=True)
    color = fields.Integer(related='tier_id.color')
    currency_id = fields.Many2one(related='program_id.currency_id')
    company_ids = fields.Many2many(related='program_id.company_ids')
    country_id = fields.Many2one(related='partner_id.country_id', store=True, index='btree_not_null')
    assignment_ids = fields.One2many('kam.assignment', 'account_id', string="Seats")
    manager_id = fields.Many2one(
        'res.users', string="Account Manager", compute='_compute_seats', store=True, index='btree_not_null',
        tracking=True)
    sponsor_id = fields.Many2one(
        'res.users', string="Executive Sponsor", compute='_compute_seats', store=True, index='btree_not_null',
        tracking=True, help="Our executive who helps this customer. A sponsor inside the customer is a contact there.")
    date_told = fields.Date(
        string="Customer Told On", tracking=True, copy=False,
        help="Since when the customer knows that it is a key account. From then on it takes failed reviews, a "
             "probation "
             "plan and a champion to bring it down.")
    event_ids = fields.One2many('kam.account.event', 'account_id', string="Timeline")
    # With a search of its own: whether a one2many is empty the ORM asks past all rules, and that somebody keeps notes
    # on a customer is theirs alone.
    note_ids = fields.One2many('kam.note', 'account_id', string="My Notes", search='_search_note_ids')
    tier_change_ids = fields.One2many('kam.tier.change', 'account_id', string="Tier Changes")
    open_change_count = fields.Integer(compute='_compute_open_change_count', string="Open Tier Changes")
    opportunity_count = fields.Integer(compute='_compute_document_counts')
    invoice_count = fields.Integer(compute='_compute_document_counts')
    meeting_count = fields.Integer(compute='_compute_document_counts')

    # Archived accounts are left out: after a merge of partners the archived one names the same customer.
    _partner_uniq = models.UniqueIndex(
        '(program_id, partner_id) WHERE active', "This customer is an account of the programme already.")
    # The first cards of a column, whatever the number of others.
    _board_idx = models.Index('(tier_id, tier_sequence, id)')

    @api.depends('partner_id.name')
    def _compute_display_name(self):
        for account in self:
            # The customer's name is part of the account, whoever may read the account (contacts can be restricted).
            account.display_name = account.sudo().partner_id.name

    @api.depends('assignment_ids.is_current', 'assignment_ids.role', 'assignment_ids.user_id')
    def _compute_seats(self):
        for account in self:
            current = account.assignment_ids.filtered('is_current')
            account.manager_id = current.filtered(lambda seat: seat.role == 'manager')[:1].user_id
            account.sponsor_id = current.filtered(lambda seat: seat.role == 'sponsor')[:1].user_id

    def _compute_open_change_count(self):
        counts = dict(self.env['kam.tier.change']._read_group(
            [('account_id', 'in', self.ids), ('is_open', '=', True)], ['account_id'], ['__count']))
        for account in self:
            account.open_change_count = counts.get(account, 0)

    def _compute_document_counts(self):
        """What this user may see of the account's opportunities, invoices and meetings."""
        for account in self:
            account.opportunity_count = self.env['crm.lead'].search_count(account._opportunity_domain())
            account.invoice_count = self.env['account.move'].search_count(account._invoice_domain())
            account.meeting_count = self.env['calendar.event'].search_count(account._meeting_domain())

    @api.constrains('tier_id', 'program_id')
    def _check_tier(self):
        for account in self:
            if account.tier_id.program_id != account.program_id:
                raise ValidationError(self.env._(
                    "%(tier)s is not a tier of %(program)s.",
                    tier=account.tier_id.name, program=account.program_id.name))

    @api.onchange('program_id', 'partner_id')
    def _onchange_tier_id(self):
        if self.partner_id and not self._origin:
            self.tier_id = self._starting_tier(self.program_id, self.partner_id)

    @api.model
    def _search_note_ids(self, operator, value):
        """Accounts by the notes that the user may read."""
        Note = self.env['kam.note']
        if operator == 'any':
            return Domain('id', 'in', Note.search(value).account_id.ids)
        if operator != 'in':
            return NotImplemented
        found = Domain('id', 'in', Note.search([('id', 'in', [id_ for id_ in value if id_])]).account_id.ids)
        if False in value:
            found |= Domain('id', 'not in', Note.search([('account_id', '!=', False)]).account_id.ids)
        return found

    @api.model
    def _read_group_tier_ids(self, tiers, domain):
        """The board shows every tier of the programmes on it, also the empty ones."""
        programs = tiers.program_id or self.env['kam.program'].search([('tier_ids', '!=', False)])
        return tiers.search([('program_id', 'in', programs.ids)])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            partner = self.env['res.partner'].browse(vals.get('partner_id'))
            vals['partner_id'] = partner.commercial_partner_id.id
            if not vals.get('tier_id'):
                program = self.env['kam.program'].browse(
                    vals.get('program_id') or self.default_get(['program_id']).get('program_id'))
                vals['tier_id'] = self._starting_tier(program, partner).id
        accounts = super().create(vals_list)
        if not self.env.su and any(accounts.mapped('is_key')):
            raise UserError(self.env._(
                "A customer becomes a key account by an approved tier change. Create the account in another tier, then "
                "propose the change."))
        accounts._add_lead_entity()
        accounts._follow_category()
        return accounts

    def write(self, vals):
        if 'tier_id' in vals and not self.env.su and any(account.tier_id.id != vals['tier_id'] for account in self):
            raise UserError(self.env._(
                "The tier of an account changes by an approved tier change only. Use \"Propose Tier Change\"."))
        if 'program_id' in vals and any(account.program_id.id != vals['program_id'] for account in self):
            raise UserError(self.env._("An account stays in its programme. Create one in the other programme."))
        result = super().write(vals)
        if 'partner_id' in vals:
            self._add_lead_entity()
        return result

    def _lock_seats(self):
        """Let one transaction at a time fill seats of these accounts.

        A second one waits here, is started again by Odoo because the row has changed under it, and then sees the seat
        that the first has filled. Raw SQL: the account itself does not change.
        """
        self.env.cr.execute(SQL(
            "UPDATE kam_account SET write_date = NOW() AT TIME ZONE 'UTC' WHERE id IN "
            "(SELECT id FROM kam_account WHERE id = ANY(%s) ORDER BY id FOR UPDATE)", self.ids))

    def _add_lead_entity(self):
        self.env['kam.account.entity'].create([
            {'account_id': account.id, 'partner_id': account.partner_id.id}
            for account in self if account.partner_id not in account.entity_ids.partner_id])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        # Also changes that this user cannot see are history of the account.
        changed = self.env['kam.tier.change'].sudo().search(
            [('account_id', 'in', self.ids), ('state', '=', 'applied')], limit=1)
        if changed:
            raise UserError(self.env._(
                "%s has a history of tier changes. Archive the account instead.", changed.account_id.display_name))

    # Documents of all legal entities

    def _opportunity_domain(self):
        return [('partner_id.commercial_partner_id', 'in', self.entity_ids.partner_id.ids),
                ('type', '=', 'opportunity')]

    def _invoice_domain(self):
        return [('commercial_partner_id', 'in', self.entity_ids.partner_id.ids),
                ('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt')), ('state', '=', 'posted'),
                ('company_id', 'in', self.company_ids.ids)]

    def _meeting_domain(self):
        return [('partner_ids.commercial_partner_id', 'in', self.entity_ids.partner_id.ids)]

    def action_open_opportunities(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('crm.crm_lead_opportunities')
        return dict(action, domain=self._opportunity_domain(), context={'default_partner_id': self.partner_id.id})

    def action_open_invoices(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('account.action_move_out_invoice_type')
        return dict(action, domain=self._invoice_domain(), context={'create': False})

    def action_open_meetings(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('calendar.action_calendar_event')
        attendees = self.env.user.partner_id | self.partner_id
        return dict(action, domain=self._meeting_domain(), context={'default_partner_ids': attendees.ids},
                    views=[(False, 'list'), (False, 'calendar'), (False, 'form')])

    def action_add_entities(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Add Subsidiaries of %s", self.display_name),
            'res_model': 'kam.add.entities',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_account_id': self.id},
        }

    def action_open_tier_changes(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_tier_change_action')
        return dict(action, domain=[('account_id', '=', self.id)], context={'default_account_id': self.id})

    def action_propose_tier_change(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Propose Tier Change"),
            'res_model': 'kam.tier.change',
            'views': [(self.env.ref('kam_management.kam_tier_change_view_form_propose').id, 'form')],
            'target': 'new',
            'context': {'default_account_id': self.id},
        }

    # Partner merge

    @api.model
    def _merge_partners(self, sources, destination):
        """Make room for a merge of partners: afterwards at most one entity row per programme names any of them.

        Where they are in several accounts of a programme, the one of the highest tier goes on with all entities; the
        others are archived with their history. Otherwise the merge would delete what clashes, history included.
        """
        partners = sources | destination
        entities = self.env['kam.account.entity'].search([('partner_id', 'in', partners.ids)])
        for rows in entities.grouped('program_id').values():
            kept, *others = rows.account_id.sorted(lambda account: (not account.active, account.tier_sequence))
            duplicates = rows - rows.filtered(lambda row, kept=kept: row.account_id == kept)[0]
            # A lead entity is protected, but here its partner is about to disappear.
            duplicates.with_context(kam_merging_partners=True).unlink()
            for other in others:
                other.with_context(kam_merging_partners=partners.ids)._merge_into(kept)

    def _merge_into(self, kept):
        """Hand the entities to `kept`, end what is open, and archive this account with its history."""
        self.ensure_one()
        self.entity_ids.account_id = kept
        self.note_ids.account_id = kept
        self._hand_over_parts(kept)
        self.assignment_ids.filtered(lambda seat: not seat.date_to and seat.is_current)._end(
            fields.Date.context_today(self))
        reason = self.env._("Merged into another account of the same customer.")
        self.tier_change_ids.filtered('is_open')._refuse(reason)
        kept.message_post(body=self.env._(
            "%s was merged into this account. Its history stays on the archived account.", self._get_html_link()))
        self.message_post(body=self.env._("Merged into %s.", kept._get_html_link()))
        self.active = False

    def _hand_over_parts(self, kept):
        """For others to add to: what goes along once the entities are with `kept`, before this account is closed."""
