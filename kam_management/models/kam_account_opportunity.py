from odoo import fields, models


class KamAccount(models.Model):
    """Opportunities that come from a plan or from a white spot."""
    _inherit = 'kam.account'

    def _new_opportunity(self, name, amount=0, entity=None):
        """Values of an opportunity of the user, in a company of the programme that they see.

        :param amount: expected revenue in the currency of the programme
        :param entity: the legal entity that it is for, instead of the leading one
        """
        self.ensure_one()
        # Customer and companies are part of the account, whoever may look them up (sudo).
        account = self.sudo()
        companies = account.program_id.company_ids & self.env.companies
        company = self.env.company if self.env.company in companies else companies[:1] or self.env.company
        revenue = self.currency_id._convert(
            max(0, amount), company.currency_id, company, fields.Date.context_today(self))
        return {
            'type': 'opportunity', 'name': name, 'partner_id': (entity or account.partner_id).id,
            'user_id': self.env.uid, 'company_id': company.id, 'expected_revenue': revenue}

    def _open_opportunity(self, lead):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Opportunity"),
            'res_model': 'crm.lead',
            'res_id': lead.id,
            'views': [(False, 'form')],
        }
