from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class KamTierChangeDecide(models.TransientModel):
    """Decide a list of tier changes in one sitting (F55)."""
    _name = 'kam.tier.change.decide'
    _description = "Decide Tier Changes"

    line_ids = fields.One2many('kam.tier.change.decide.line', 'wizard_id', string="Tier Changes")
    message = fields.Text(readonly=True)

    def action_confirm(self):
        """Carry out each decision on its own: one that fails stays on the list with what stands against it."""
        self.ensure_one()
        decided = self.line_ids.filtered('decision')
        if not decided:
            raise UserError(self.env._("Choose Approve or Refuse for at least one tier change."))
        done = self.line_ids.browse()
        for line in decided:
            try:
                with self.env.cr.savepoint():
                    line._carry_out()
            except (AccessError, UserError, ValidationError) as error:
                line.obstacles = str(error)
            else:
                done += line
        rest = self.line_ids - done
        done.unlink()
        if not rest.filtered('decision'):
            return {'type': 'ir.actions.act_window_close'}
        self.message = self.env._(
            "%(done)s decided. What is left could not be carried out: see what stands against it.", done=len(done))
        return self._reopen()

    def action_approve_all(self):
        """Mark for approval whatever nothing stands against."""
        self.line_ids.filtered(lambda line: not line.obstacles).decision = 'approve'
        return self._reopen()

    def _reopen(self):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Decide Tier Changes"),
            'res_model': self._name,
            'res_id': self.id,
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'dialog_size': 'extra-large'},
        }
