from odoo import fields, models


class KamHandoverLine(models.TransientModel):
    _name = 'kam.handover.line'
    _description = "Step of a Handover"
    _order = 'date_deadline, id'

    handover_id = fields.Many2one('kam.handover', required=True, ondelete='cascade', index=True)
    activity_type_id = fields.Many2one(
        'mail.activity.type', required=True, default=lambda self: self.env.ref('mail.mail_activity_data_todo'))
    summary = fields.Char(string="What", required=True)
    note = fields.Html()
    holder = fields.Selection([
        ('former', "Who Hands Over"),
        ('next', "Who Takes Over"),
    ], string="Who", required=True, default='next')
    date_deadline = fields.Date(string="Until", required=True, default=fields.Date.context_today)
