from odoo import api, fields, models


class KamPlanPartMixin(models.AbstractModel):
    """Is closed with its plan, and tells it that somebody works on it."""
    _name = 'kam.plan.part.mixin'
    _description = "Record with a Plan"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._touch_plan()
        return records

    def write(self, vals):
        if vals.keys() - self._fields_beside_the_plan():
            self._touch_plan()
        result = super().write(vals)
        if 'plan_id' in vals:
            self._touch_plan()
        return result

    def unlink(self):
        self._touch_plan()
        return super().unlink()

    @api.model
    def _fields_beside_the_plan(self):
        """Fields that change without anybody working on the plan."""
        return {'message_follower_ids', 'message_ids', 'activity_ids', 'message_main_attachment_id'}

    def _touch_plan(self):
        if not self.env.su:
            # Rules are about the part; whoever changes a plan by its parts must be able to write the plan.
            self.plan_id.check_access('write')
            self.plan_id._refuse_closed()
        self.plan_id._touch()


class KamPlanMixin(models.AbstractModel):
    """What a plan consists of: follows its plan."""
    _name = 'kam.plan.mixin'
    _description = "Part of an Account Plan"
    _inherit = ['kam.plan.part.mixin', 'kam.derived.mixin']

    plan_id = fields.Many2one('kam.plan', required=True, index=True, ondelete='cascade')
    account_id = fields.Many2one('kam.account', related='plan_id.account_id', store=True, index=True)
    program_id = fields.Many2one('kam.program', related='plan_id.program_id', store=True, index=True)
    currency_id = fields.Many2one(related='program_id.currency_id')
