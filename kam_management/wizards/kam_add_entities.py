from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class KamAddEntities(models.TransientModel):
    """Add the subsidiaries of a customer, and other companies, to its account (F84)."""
    _name = 'kam.add.entities'
    _description = "Add Legal Entities"

    account_id = fields.Many2one('kam.account', required=True, readonly=True, ondelete='cascade')
    line_ids = fields.One2many(
        'kam.add.entities.line', 'wizard_id', string="Companies of the Group", compute='_compute_line_ids', store=True,
        readonly=False)
    other_ids = fields.Many2many(
        'res.partner', string="Further Companies", domain=[('is_company', '=', True)],
        help="Companies that belong to the customer although contacts do not say so.")

    @api.depends('account_id')
    def _compute_line_ids(self):
        for wizard in self:
            companies = wizard._group_companies()
            taken = wizard._taken(companies)
            wizard.line_ids = [Command.clear()] + [
                Command.create({
                    'partner_id': company.id, 'is_chosen': company not in taken,
                    'holder': taken[company].display_name if company in taken else False})
                for company in companies]

    def _group_companies(self):
        """Companies in the hierarchy of the account's entities that are not in the account yet."""
        entities = self.account_id.entity_ids.partner_id
        tops = entities.filtered(lambda partner: not partner.parent_id)
        for partner in entities - tops:
            # A parent company may be hidden from this user, its subsidiaries not (sudo).
            top = partner.sudo()
            while top.parent_id:
                top = top.parent_id
            tops |= top.sudo(False)
        return self.env['res.partner'].search(
            Domain('id', 'child_of', tops.ids) & Domain('is_company', '=', True)
            & Domain('ref_company_ids', '=', False) & Domain('id', 'not in', entities.ids), order='complete_name, id')

    def _taken(self, companies):
        """{company: account of the programme that has it}; other accounts may be hidden, their name is told (sudo)."""
        entities = self.env['kam.account.entity'].sudo().search([
            ('program_id', '=', self.account_id.program_id.id), ('partner_id', 'in', companies.ids)])
        return {entity.partner_id.sudo(False): entity.account_id for entity in entities}

    def action_add(self):
        self.ensure_one()
        companies = self.line_ids.filtered('is_chosen').partner_id | self.other_ids
        companies -= self.account_id.entity_ids.partner_id
        if not companies:
            raise UserError(self.env._("Choose at least one company to add."))
        self.account_id.entity_ids = [Command.create({'partner_id': company.id}) for company in companies]
        return {'type': 'ir.actions.act_window_close'}
