from datetime import timedelta

from odoo import fields, models


class KamPlanTemplateAction(models.Model):
    """An action that every plan of a template starts with."""
    _name = 'kam.plan.template.action'
    _description = "Action of a Plan Template"
    _order = 'sequence, id'

    template_id = fields.Many2one('kam.plan.template', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    role_id = fields.Many2one(
        'kam.role', string="By", ondelete='restrict',
        help="Whoever holds this seat at the account; the owner of the plan where nobody does.")
    days = fields.Integer(string="Days After the Start", default=30)

    _days = models.Constraint('CHECK (days >= 0)', "An action is due after the plan starts.")

    def _add_to(self, plan):
        """Actions of the plan. Where nobody is to do them, whoever makes the plan does."""
        # Who sits in the team is no secret to whoever makes the plan (sudo).
        seats = plan.account_id.sudo().assignment_ids.filtered('is_current')
        self.env['kam.plan.action'].create([
            {
                'plan_id': plan.id, 'name': line.name, 'role_id': line.role_id.id,
                'date_due': plan.date_from + timedelta(days=line.days),
                'user_id': (seats.filtered(lambda seat, line=line: seat.role_id == line.role_id).user_id[:1]
                            or plan.owner_id or self.env.user).id}
            for line in self])
