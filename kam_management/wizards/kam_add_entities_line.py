from odoo import fields, models


class KamAddEntitiesLine(models.TransientModel):
    _name = 'kam.add.entities.line'
    _description = "Company to Add"
    _order = 'id'

    wizard_id = fields.Many2one('kam.add.entities', required=True, ondelete='cascade', index=True)
    partner_id = fields.Many2one('res.partner', string="Company", required=True, readonly=True, ondelete='cascade')
    country_id = fields.Many2one(related='partner_id.country_id')
    city = fields.Char(related='partner_id.city')
    holder = fields.Char(string="In Account", readonly=True, help="The account of the programme that has it already.")
    is_chosen = fields.Boolean(string="Add")
