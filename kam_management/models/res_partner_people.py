from odoo import api, fields, models

WATCHED = {'active', 'parent_id', 'message_bounce'}


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_stakeholder_ids = fields.One2many(
        'kam.stakeholder', 'partner_id', string="On Relationship Maps",
        groups='kam_management.group_kam_user,kam_management.group_kam_executive')
    kam_stakeholder_count = fields.Integer(
        compute='_compute_kam_stakeholder_count',
        groups='kam_management.group_kam_user,kam_management.group_kam_executive')

    @api.depends('kam_stakeholder_ids')
    def _compute_kam_stakeholder_count(self):
        counts = dict(self.env['kam.stakeholder']._read_group(
            [('partner_id', 'in', self.ids)], ['partner_id'], ['__count']))
        for partner in self:
            partner.kam_stakeholder_count = counts.get(partner._origin, 0)

    def write(self, vals):
        if not WATCHED & vals.keys() or not self.ids:
            return super().write(vals)
        # Whoever changes a contact need not see the maps it is on (sudo).
        people = self.env['kam.stakeholder'].sudo().search([('partner_id', 'in', self.ids)])
        was_inside = {person: person._is_inside() for person in people}
        result = super().write(vals)
        people._follow_contacts(was_inside)
        return result

    def unlink(self):
        # A person whose contact is deleted goes from the maps as well: a request to erase must not fail on ours, and
        # whoever may delete contacts need not see the maps (sudo).
        self.env['kam.stakeholder'].sudo().with_context(active_test=False).search(
            [('partner_id', 'in', self.ids)]).unlink()
        return super().unlink()

    def action_open_kam_stakeholders(self):
        self.ensure_one()
        people = self.kam_stakeholder_ids
        return people._get_records_action(name=self.env._("On Relationship Maps"))
