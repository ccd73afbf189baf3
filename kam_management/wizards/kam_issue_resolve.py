from odoo import api, fields, models


class KamIssueResolve(models.TransientModel):
    """What was done, and why it was necessary: nobody closes an issue without."""
    _name = 'kam.issue.resolve'
    _description = "Resolve Issues"

    issue_ids = fields.Many2many('kam.issue', string="Issues", required=True)
    cause_id = fields.Many2one('kam.issue.cause', help="A cause that comes back at the customer is shown.")
    resolution = fields.Text(required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        issues = self.env['kam.issue'].browse(self.env.context.get('default_issue_ids'))
        if len(issues) == 1:
            values.update(cause_id=issues.cause_id.id, resolution=issues.resolution)
        return values

    def action_apply(self):
        stage = self.env['kam.issue.stage']._of_kind('done')
        values = {'stage_id': stage.id, 'resolution': self.resolution}
        if self.cause_id:
            values['cause_id'] = self.cause_id.id
        self.issue_ids.write(values)
        return {'type': 'ir.actions.act_window_close'}
