from odoo import api, models


class KamScoringPart(models.AbstractModel):
    """A part of a scoring model. Once the model is published, its parts are as immutable as the model is."""
    _name = 'kam.scoring.part'
    _description = "Part of a Scoring Model"

    # The field that leads to the model, by way of other parts.
    _model_path = 'model_id'

    def _scoring_model(self):
        return self.mapped(self._model_path)

    @api.model_create_multi
    def create(self, vals_list):
        field, _dot, rest = self._model_path.partition('.')
        owners = self.env[self._fields[field].comodel_name].browse({
            vals[field] for vals in vals_list if vals.get(field)})
        (owners.mapped(rest) if rest else owners)._refuse_change()
        return super().create(vals_list)

    def write(self, vals):
        self._scoring_model()._refuse_change()
        result = super().write(vals)
        self._scoring_model()._refuse_change()  # nor may it be moved into one
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._scoring_model()._refuse_change()
