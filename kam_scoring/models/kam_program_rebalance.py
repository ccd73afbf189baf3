from odoo import fields, models

from .kam_rebalance_screen import SETTINGS


class KamProgram(models.Model):
    """Rebalancings of a programme, and how they are weighed unless somebody says otherwise."""
    _inherit = 'kam.program'

    rebalance_settings = fields.Json(copy=True, groups='kam_management.group_kam_champion')
    rebalance_count = fields.Integer(compute='_compute_rebalance_count', string="Rebalancings")

    def _compute_rebalance_count(self):
        counts = dict(self.env['kam.rebalance']._read_group(
            [('program_id', 'in', self.ids), ('state', '!=', 'cancelled')], ['program_id'], ['__count']))
        for program in self:
            program.rebalance_count = counts.get(program, 0)

    def _rebalance_settings(self):
        """Settings of a new rebalancing that this programme keeps; those that there are no more are left out."""
        # sudo: champions of other programmes may ask for one here, and are refused with the reason afterwards
        kept = self.sudo().rebalance_settings if self else None
        return {name: value for name, value in (kept or {}).items() if name in SETTINGS}

    def action_open_rebalancings(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_rebalance_action')
        return dict(action, domain=[('program_id', '=', self.id)], context={'default_program_id': self.id})
