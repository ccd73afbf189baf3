from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class KamFlagMixin(models.AbstractModel):
    """Key-account flags on a contact or a sales document: account, tier, manager, sponsor.

    Nothing is stored, so nothing has to be rewritten when a tier or an entity changes, however many documents there
    are. Search and group-by join the account in SQL. A customer in several programmes shows the account of the first
    one (by sequence) that covers the company of the document.
    """
    _name = 'kam.flag.mixin'
    _description = "Key Account Flags"
    # Where the commercial partner and the company are found; without company field the user's current one counts.
    _kam_partner_path = 'commercial_partner_id'
    _kam_company_field = None

    kam_account_id = fields.Many2one(
        'kam.account', string="Key Account Record", compute='_compute_kam_account_id', compute_sudo=True,
        search='_search_kam_account_id', groups='base.group_user')
    kam_tier_id = fields.Many2one(
        related='kam_account_id.tier_id', string="Account Tier", groups='base.group_user', tracking=False)
    kam_manager_id = fields.Many2one(
        related='kam_account_id.manager_id', string="Account Manager", groups='base.group_user', tracking=False)
    kam_sponsor_id = fields.Many2one(
        related='kam_account_id.sponsor_id', string="Executive Sponsor", groups='base.group_user', tracking=False)
    is_key_account = fields.Boolean(
        related='kam_account_id.is_key', string="Key Account", groups='base.group_user')

    def _valid_field_parameter(self, field, name):
        # Models with chatter must not track what is no change of theirs; others do not know the word.
        return name == 'tracking' or super()._valid_field_parameter(field, name)

    @api.depends(lambda self: self._kam_depends())
    @api.depends_context('company')
    def _compute_kam_account_id(self):
        """compute_sudo: everyone in sales sees the flags, whoever may open the account."""
        partners = {record: record.mapped(self._kam_partner_path) for record in self}
        entities = self.env['kam.account.entity'].search([
            ('partner_id', 'in', self.env['res.partner'].union(*partners.values()).ids),
            ('account_id.active', '=', True), ('program_id.active', '=', True)])
        by_partner = entities.sorted(lambda entity: (entity.program_id.sequence, entity.program_id.id)).grouped(
            'partner_id')
        for record in self:
            company = (self._kam_company_field and record[self._kam_company_field]) or self.env.company
            candidates = by_partner.get(partners[record], entities.browse())
            record.kam_account_id = candidates.filtered(
                lambda entity, company=company: company in entity.program_id.company_ids)[:1].account_id

    @api.model
    def _kam_depends(self):
        depends = [f'{self._kam_partner_path}.kam_entity_ids.account_id.active']
        return [*depends, self._kam_company_field] if self._kam_company_field else depends

    def _search_kam_account_id(self, operator, value):
        # Flags are searched for everybody (sudo), as they are shown to everybody.
        Account = self.env['kam.account'].sudo()
        if operator == 'in':
            ids = [account_id for account_id in value if account_id]
            if len(ids) < len(value):
                return Domain.custom(to_sql=lambda model, alias, query: SQL(
                    "(%(account)s IS NULL OR %(account)s = ANY(%(ids)s))",
                    account=model._field_to_sql(alias, 'kam_account_id', query), ids=ids))
            accounts = Account.browse(ids)._as_query()
        elif operator in ('any', 'any!') and isinstance(value, Domain):
            # Flags are for everybody ("any!", by the related fields), questions about the rest of the account are not.
            accounts = self.env['kam.account'].with_context(active_test=False)._search(
                value, bypass_access=operator == 'any!')
        elif operator in ('ilike', 'like', '=ilike', '=like'):
            accounts = Account._search([('display_name', operator, value)])
        else:
            return NotImplemented
        # Never NULL, so that the negation finds records without account.
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "(%(account)s IS NOT NULL AND %(account)s IN %(accounts)s)",
            account=model._field_to_sql(alias, 'kam_account_id', query), accounts=accounts.subselect()))

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != 'kam_account_id' or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields['kam_account_id'], 'read')
        flags = query.make_alias(alias, 'kam_flags')
        query.add_join('LEFT JOIN', flags, self._kam_flags_sql(), SQL(
            "%s = %s AND %s = %s",
            SQL.identifier(flags, 'partner_id'), self._kam_partner_sql(alias, query),
            SQL.identifier(flags, 'company_id'), self._kam_company_sql(alias)))
        return SQL.identifier(flags, 'account_id')

    def _kam_partner_sql(self, alias, query):
        model = self.sudo()  # a join through the contact, not a disclosure of it
        *path, last = self._kam_partner_path.split('.')
        for name in path:
            model, alias = model._fields[name].join(model, alias, query)
        return model._field_to_sql(alias, last, query)

    def _kam_company_sql(self, alias):
        if not self._kam_company_field:
            return SQL("%s", self.env.company.id)
        column = SQL.identifier(alias, self._kam_company_field, to_flush=self._fields[self._kam_company_field])
        return SQL("COALESCE(%s, %s)", column, self.env.company.id)

    def _kam_flags_sql(self):
        """One row per (partner, company): its account of the first programme that covers the company."""
        for model, names in (('kam.account', ['active', 'program_id']), ('kam.program', ['active', 'sequence']),
                             ('kam.account.entity', ['partner_id', 'account_id', 'program_id'])):
            self.env[model].flush_model(names)
        return SQL("""(
            SELECT DISTINCT ON (entity.partner_id, covered.company_id)
                   entity.partner_id, covered.company_id, entity.account_id
              FROM kam_account_entity entity
              JOIN kam_account account ON account.id = entity.account_id AND account.active
              JOIN kam_program program ON program.id = entity.program_id AND program.active
              JOIN kam_program_company_rel covered ON covered.program_id = program.id
          ORDER BY entity.partner_id, covered.company_id, program.sequence, program.id
        )""")
