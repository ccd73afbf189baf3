from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class KamAddPeople(models.TransientModel):
    """Put several people at once on the relationship map of an account."""
    _name = 'kam.add.people'
    _description = "Add People to the Relationship Map"

    account_id = fields.Many2one('kam.account', required=True, readonly=True, ondelete='cascade')
    account_partner_id = fields.Many2one(related='account_id.partner_id', string="Lead Entity")
    line_ids = fields.One2many(
        'kam.add.people.line', 'wizard_id', string="Contacts of the Customer", compute='_compute_line_ids', store=True,
        compute_sudo=False, readonly=False)
    other_ids = fields.Many2many(
        'res.partner', string="Further People", domain=[('is_company', '=', False)],
        help="People of other companies who have a say, such as a consultant, or somebody who is no contact yet: type "
             "the name.")

    @api.depends('account_id')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({'partner_id': person.id}) for person in wizard._proposed()]

    def _proposed(self):
        """People at the legal entities of the account who are not on its map."""
        known = self.account_id.with_context(active_test=False).stakeholder_ids.partner_id
        return self.env['res.partner'].search(
            Domain('commercial_partner_id', 'in', self.account_id.entity_ids.partner_id.ids)
            & Domain('is_company', '=', False) & Domain('type', '=', 'contact') & Domain('id', 'not in', known.ids),
            order='commercial_partner_id, name, id')

    def action_add(self):
        self.ensure_one()
        people = self.env['kam.stakeholder'].with_context(active_test=False).search(
            [('account_id', '=', self.account_id.id)]).partner_id
        chosen = self.line_ids.filtered(lambda line: line.is_chosen or line.buying_role or line.influence != '0')
        chosen = chosen.filtered(lambda line: line.partner_id not in people)
        others = self.other_ids - people - chosen.partner_id
        if not chosen and not others:
            raise UserError(self.env._("Choose at least one person who is not on the map yet."))
        self.env['kam.stakeholder'].create([
            *({
                'account_id': self.account_id.id, 'partner_id': line.partner_id.id, 'buying_role': line.buying_role,
                'influence': line.influence, 'user_ids': [Command.set(line.user_id.ids)]} for line in chosen),
            *({'account_id': self.account_id.id, 'partner_id': person.id} for person in others)])
        return self.account_id.action_open_people()
