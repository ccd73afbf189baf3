from odoo import api, fields, models


class CrmLead(models.Model):
    """An opportunity may come from an objective of an account plan."""
    _inherit = 'crm.lead'

    kam_objective_id = fields.Many2one(
        'kam.plan.objective', string="Objective of the Account Plan", index='btree_not_null', ondelete='set null',
        copy=False, groups='kam_management.group_kam_user,kam_management.group_kam_executive')

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if any(vals.get('kam_objective_id') for vals in vals_list):
            leads._check_kam_objective()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if vals.get('kam_objective_id'):
            self._check_kam_objective()
        return result

    def _check_kam_objective(self):
        """Not a constraint: those run as superuser. Nobody adds to the pipeline of a plan that they do not know."""
        self.kam_objective_id.check_access('read')

    def action_open_kam_objective(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.kam_objective_id.display_name,
            'res_model': 'kam.plan.objective', 'res_id': self.kam_objective_id.id, 'views': [(False, 'form')]}
