from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError


class KamPlan(models.Model):
    """Rolled forward into the next period; the old plan stays as it was (F35)."""
    _inherit = 'kam.plan'

    next_ids = fields.One2many('kam.plan', 'previous_id', string="Next Plan")

    def action_roll_forward(self):
        """Open the plan of the next period: the one that is there, or a copy of what still holds."""
        self.ensure_one()
        self.check_access('write')
        following = self.next_ids[:1] or self._roll_forward()
        return following.action_open()

    def _roll_forward(self):
        if self.state not in ('approved', 'active', 'closed'):
            raise UserError(self.env._("%s was never approved. Go on with this plan instead.", self.display_name))
        start = self.date_to + timedelta(days=1)
        following = self.create({
            'account_id': self.account_id.id, 'entity_id': self.entity_id.id, 'template_id': self.template_id.id,
            'local_owner_id': self.local_owner_id.id, 'date_from': start, 'date_to': self._usual_end(start),
            **{name: self[name] for name in (
                'customer_summary', 'strategy', 'strengths', 'weaknesses', 'opportunities', 'threats')}})
        following.sudo().previous_id = self  # follows from the button
        self._roll_parts(following)
        if self.state != 'closed' and self.date_to < fields.Date.context_today(self):
            self._close()
        return following

    def _roll_parts(self, following):
        """Copy what still holds; others add to it by super()."""
        for parts in (self.goal_ids, self.competitor_ids, self.commitment_ids.filtered(lambda line: not line.is_kept)):
            for part in parts:
                part.copy({'plan_id': following.id})

    def action_open(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.display_name,
            'res_model': 'kam.plan',
            'res_id': self.id,
            'views': [(False, 'form')],
        }

    def action_add_local_plan(self):
        self.ensure_one()
        return self.account_id._action_make_plan({'default_is_local': True})

    def action_open_account(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'kam.account',
            'res_id': self.account_id.id,
            'views': [(False, 'form')],
        }

    def action_open_versions(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_plan_version_action')
        return dict(action, domain=[('plan_id', '=', self.id)])
