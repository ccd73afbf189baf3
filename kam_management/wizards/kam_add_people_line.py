from odoo import fields, models

from ..models.kam_stakeholder import BUYING_ROLES


class KamAddPeopleLine(models.TransientModel):
    _name = 'kam.add.people.line'
    _description = "Person to Add"
    _order = 'id'

    wizard_id = fields.Many2one('kam.add.people', required=True, ondelete='cascade', index=True)
    partner_id = fields.Many2one(
        'res.partner', string="Contact Person", required=True, readonly=True, ondelete='cascade')
    entity_id = fields.Many2one(related='partner_id.commercial_partner_id', string="Legal Entity")
    function = fields.Char(related='partner_id.function', string="Job Position")
    is_chosen = fields.Boolean(string="Add")
    buying_role = fields.Selection(BUYING_ROLES)
    influence = fields.Selection([
        ('0', "Unknown"),
        ('1', "Low"),
        ('2', "Medium"),
        ('3', "High"),
    ], default='0', required=True)
    user_id = fields.Many2one('res.users', string="Covered By", domain=[('share', '=', False)])
