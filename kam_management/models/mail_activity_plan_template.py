from odoo import api, fields, models
from odoo.exceptions import ValidationError

OF_AN_ACCOUNT = ('kam_manager', 'kam_former_holder', 'kam_next_holder')


class MailActivityPlanTemplate(models.Model):
    """Steps of plans for accounts: who does them follows from the seats of the account."""
    _inherit = 'mail.activity.plan.template'

    responsible_type = fields.Selection(selection_add=[
        ('kam_manager', "Account Manager"),
        ('kam_former_holder', "Who Hands Over"),
        ('kam_next_holder', "Who Takes Over"),
    ], ondelete={name: 'cascade' for name in OF_AN_ACCOUNT})

    @api.constrains('plan_id', 'responsible_type')
    def _check_responsible_kam(self):
        for template in self:
            if template.responsible_type in OF_AN_ACCOUNT and template.plan_id.res_model != 'kam.account':
                raise ValidationError(self.env._(
                    "\"%s\" follows from the seats of a key account: choose it in plans for key accounts only.",
                    dict(self._fields['responsible_type']._description_selection(self.env))[template.responsible_type]))

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        """Outside of a handover all of them mean the account manager."""
        if self.responsible_type not in OF_AN_ACCOUNT:
            return super()._determine_responsible(on_demand_responsible, applied_on_record)
        manager = applied_on_record.manager_id
        return {
            'responsible': manager or self.env.user, 'error': False,
            'warning': not manager and self.env._("%s has no account manager.", applied_on_record.display_name)}
