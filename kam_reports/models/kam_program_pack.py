from odoo import fields, models


class KamProgram(models.Model):
    """The packs that were made of a programme, and those that come by themselves."""
    _inherit = 'kam.program'

    pack_ids = fields.One2many('kam.pack', 'program_id', string="Packs")
    pack_count = fields.Integer(compute='_compute_pack_count', string="Number of Packs")
    pack_months = fields.Integer(
        string="Keep Packs (Months)", default=24, help="Older files are deleted. 0: they are kept for ever.")

    _pack_months = models.Constraint('CHECK (pack_months >= 0)', "Packs cannot be kept for less than 0 months.")

    def _compute_pack_count(self):
        """Those that were made for the user."""
        counts = dict(self.env['kam.pack']._read_group(
            [('program_id', 'in', self.ids)], ['program_id'], ['__count']))
        for program in self:
            program.pack_count = counts.get(program, 0)

    def action_open_packs(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_reports.kam_pack_action')
        return dict(action, domain=[('program_id', '=', self.id)], context={'default_program_id': self.id})

    def action_make_pack(self):
        """The dialog, for this programme."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_reports.kam_pack_make_action')
        return dict(action, context={'default_program_id': self.id})
