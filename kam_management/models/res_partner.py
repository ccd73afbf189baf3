from odoo import fields, models


class ResPartner(models.Model):
    _name = 'res.partner'
    _inherit = ['res.partner', 'kam.flag.mixin']

    kam_entity_ids = fields.One2many(
        'kam.account.entity', 'partner_id', string="Key Account Entities", groups='base.group_user')

    def _compute_application_statistics_hook(self):
        statistics = super()._compute_application_statistics_hook()
        for partner in self:
            if partner.is_key_account:
                tier = partner.kam_tier_id.sudo()  # a flag: shown to all of sales
                statistics[partner.id].append({
                    'iconClass': 'fa-diamond',
                    'value': tier.name,
                    'label': self.env._("Key Account"),
                    'tagClass': f'o_tag_color_{tier.color}',
                })
        return statistics

    def action_open_kam_account(self):
        self.ensure_one()
        return self.kam_account_id._get_records_action()
