from odoo import api, fields, models
from odoo.tools import SQL

from .kam_account_event import ID_STEP


class KamAccountEvent(models.Model):
    """Issues of the customer, and risks that came true, on the timeline."""
    _inherit = 'kam.account.event'
    _depends = {
        'kam.issue': ['account_id', 'program_id', 'date_reported', 'date_resolved'],
        'kam.risk': ['account_id', 'program_id', 'state', 'date_closed'],
    }

    kind = fields.Selection(selection_add=[
        ('issue', "Issue"),
        ('resolved', "Issue Resolved"),
        ('occurred', "Risk Came True"),
    ])

    @api.model
    def _sources(self):
        return super()._sources() + [
            SQL("""SELECT id * %s + 6, account_id, program_id, %s, 'issue', NULL, NULL, NULL, id
                     FROM kam_issue WHERE account_id IS NOT NULL""", ID_STEP, self._local_day(SQL("date_reported"))),
            SQL("""SELECT id * %s + 7, account_id, program_id, %s, 'resolved', NULL, NULL, NULL, id
                     FROM kam_issue WHERE account_id IS NOT NULL AND date_resolved IS NOT NULL""",
                ID_STEP, self._local_day(SQL("date_resolved"))),
            SQL("""SELECT id * %s + 8, account_id, program_id, date_closed, 'occurred', NULL, NULL, NULL, id
                     FROM kam_risk WHERE state = 'occurred'""", ID_STEP),
        ]

    def _descriptions(self):
        # What the customer complained about is part of the story of the account, whoever reads that (sudo).
        issue = self.env['kam.issue'].sudo().browse(self.record_id)
        risk = self.env['kam.risk'].sudo().browse(self.record_id)
        return {
            **super()._descriptions(),
            'issue': lambda: self.env._("Issue reported: %s", issue.name),
            'resolved': lambda: self.env._("Issue resolved: %s", issue.name),
            'occurred': lambda: self.env._("A risk came true: %s", risk.name),
        }
