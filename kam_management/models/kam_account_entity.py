from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class KamAccountEntity(models.Model):
    """A legal entity (commercial partner) of an account. In at most one account of a programme."""
    _name = 'kam.account.entity'
    _description = "Legal Entity of a Key Account"
    _inherit = ['kam.derived.mixin']
    _rec_name = 'partner_id'
    _order = 'account_id, id'

    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one(
        'kam.program', related='account_id.program_id', store=True, precompute=True, required=True, index=True)
    partner_id = fields.Many2one(
        'res.partner', string="Legal Entity", required=True, index=True, ondelete='cascade',
        domain="[('is_company', '=', True)]")
    country_id = fields.Many2one(related='partner_id.country_id')
    is_lead = fields.Boolean(string="Lead Entity", compute='_compute_is_lead')

    _partner_uniq = models.UniqueIndex(
        '(program_id, partner_id)', "This legal entity belongs to another account of the programme already.")

    @api.depends('partner_id', 'account_id.partner_id')
    def _compute_is_lead(self):
        for entity in self:
            entity.is_lead = entity.partner_id == entity.account_id.partner_id

    @api.constrains('partner_id')
    def _check_commercial(self):
        for entity in self:
            if entity.partner_id != entity.partner_id.commercial_partner_id:
                raise ValidationError(self.env._(
                    "%(contact)s is a contact of %(company)s. Add the company.",
                    contact=entity.partner_id.display_name,
                    company=entity.partner_id.commercial_partner_id.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_taken(vals.get('account_id'), vals.get('partner_id'))
        entities = super().create(vals_list)
        entities.account_id._refresh_own_trade()
        return entities

    def write(self, vals):
        if 'partner_id' in vals:
            for entity in self:
                if entity.partner_id.id != vals['partner_id']:
                    self._refuse_taken(entity.account_id.id, vals['partner_id'])
        accounts = self.account_id
        result = super().write(vals)
        if {'partner_id', 'account_id'} & vals.keys():
            (accounts | self.account_id)._refresh_own_trade()
        return result

    def unlink(self):
        accounts = self.account_id
        result = super().unlink()
        accounts._refresh_own_trade()
        return result

    def _refuse_taken(self, account_id, partner_id):
        """Name the account that holds the entity. The unique index is the guard; this is the message."""
        account = self.env['kam.account'].browse(account_id)
        # The other account may be hidden from this user; only its name is told.
        taken = self.sudo().search([
            ('program_id', '=', account.program_id.id), ('partner_id', '=', partner_id)], limit=1)
        if taken:
            raise UserError(self.env._(
                "%(entity)s belongs to the account %(account)s already. Remove it there first.",
                entity=taken.partner_id.display_name, account=taken.account_id.display_name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_lead(self):
        for entity in self:
            if entity.is_lead and not (self.env.su and self.env.context.get('kam_merging_partners')):
                raise UserError(self.env._(
                    "%s is the lead entity of the account. Choose another lead entity first.",
                    entity.partner_id.display_name))
