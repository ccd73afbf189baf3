from odoo import api, fields, models


class KamPlanMixin(models.AbstractModel):
    """What a plan consists of: follows its plan, is closed with it, and tells it that somebody works on it."""
    _name = 'kam.plan.mixin'
    _description = "Part of an Account Plan"
    _inherit = ['kam.derived.mixin']

    plan_id = fields.Many2one('kam.plan', string="Account Plan", required=True, index=True, ondelete='cascade')
    account_id = fields.Many2one('kam.account', related='plan_id.account_id', store=True, index=True)
    program_id = fields.Many2one('kam.program', related='plan_id.program_id', store=True, index=True)
    currency_id = fields.Many2one(related='program_id.currency_id')

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # Before anything else, so that no other message tells what is in the plans of others.
            self.env['kam.plan'].browse(vals.get('plan_id') or self.env.context.get('default_plan_id'))._work_on()
        records = super().create(vals_list)
        records._work_on_plan()
        return records

    def write(self, vals):
        if vals.keys() - self._fields_beside_the_plan():
            self._work_on_plan(vals)
        if 'plan_id' in vals:
            self.env['kam.plan'].browse(vals['plan_id'])._work_on()
        return super().write(vals)

    def unlink(self):
        self._work_on_plan()
        return super().unlink()

    @api.model
    def _fields_beside_the_plan(self):
        """Fields that change without anybody working on the plan."""
        return {'message_follower_ids', 'message_ids', 'activity_ids', 'message_main_attachment_id'}

    def _work_on_plan(self, vals=None):
        """Rules are about the part; whoever changes it must be able to work on the plan.

        :param dict vals: what is written; None when the record is created or deleted
        """
        self.plan_id._work_on()
