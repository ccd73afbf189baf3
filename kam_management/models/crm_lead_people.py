from odoo import models


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    def action_open_kam_people(self):
        """The people of the account behind this opportunity."""
        self.ensure_one()
        return self.kam_account_id.action_open_people()
