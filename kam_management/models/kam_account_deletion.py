from odoo import models


class KamAccount(models.Model):
    """What the database deletes along with an account leaves its messages, followers and activities behind.

    Those name their record by model and number only, so a cascade does not reach them: an activity of a plan action
    would stay with its owner, about nothing.
    """
    _inherit = 'kam.account'

    def unlink(self):
        self.check_access('unlink')
        threads = [(model, ids) for model in self._models_of_account() if (ids := self._ids_of_account(model))]
        result = super().unlink()
        for model, ids in threads:
            # Whoever may delete the account need not see all that other people planned and wrote in it (sudo).
            gone = list(set(ids) - set(self.env[model].sudo().browse(ids).exists().ids))
            of_them = [('res_model', '=', model), ('res_id', 'in', gone)]
            self.env['mail.activity'].sudo().with_context(active_test=False).search(of_them).unlink()
            self.env['mail.followers'].sudo().search(of_them).unlink()
            self.env['mail.message'].sudo().search([('model', '=', model), ('res_id', 'in', gone)]).unlink()
        return result

    def _models_of_account(self):
        """Names of the models with messages whose records belong to an account, of whatever addon."""
        return [
            name for name, model in self.env.registry.items()
            if not model._abstract and not model._transient and issubclass(model, self.env.registry['mail.thread'])
            and (field := model._fields.get('account_id')) is not None and field.store
            and field.comodel_name == 'kam.account']

    def _ids_of_account(self, model):
        return self.env[model].sudo().with_context(active_test=False).search([('account_id', 'in', self.ids)]).ids
