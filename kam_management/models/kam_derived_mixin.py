from odoo import api, models
from odoo.exceptions import UserError


class KamDerivedMixin(models.AbstractModel):
    """Stored fields that follow from others are closed to users.

    Odoo takes whatever value a request gives for a stored computed or related field. Ours decide about access, limits
    and who has to approve (`is_key`, `manager_id`, `program_id`, `kind`), so nobody gives them.
    """
    _name = 'kam.derived.mixin'
    _description = "Derived Fields"

    @api.model
    def default_get(self, fields):
        # A context, or a default that users set for themselves, is as good as a value.
        if self.env.su:
            return super().default_get(fields)
        return super().default_get([name for name in fields if not self._is_derived(name)])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_derived(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_derived(vals)
        return super().write(vals)

    @api.model
    def _is_derived(self, name):
        field = self._fields.get(name)
        return bool(field and field.store and field.compute and field.readonly and not field.inverse)

    def _refuse_derived(self, vals):
        derived = [] if self.env.su else [name for name in vals if self._is_derived(name)]
        if derived:
            raise UserError(self.env._(
                "%s follows from other fields. Change those instead.",
                self._fields[derived[0]]._description_string(self.env)))
