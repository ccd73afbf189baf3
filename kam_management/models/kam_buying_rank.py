from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KamBuyingRank(models.Model):
    """Where a buying factor ranks for an account, and for one opportunity where that differs (S61, F63)."""
    _name = 'kam.buying.rank'
    _description = "Rank of a Buying Factor"
    _inherit = ['kam.account.mixin']
    _order = 'sequence, id'

    lead_id = fields.Many2one(
        'crm.lead', string="Opportunity", index='btree_not_null', ondelete='cascade',
        help="Empty: how the customer decides in general.")
    factor_id = fields.Many2one('kam.buying.factor', required=True, ondelete='restrict')
    sequence = fields.Integer(string="Rank", default=10, help="What decides first comes first.")
    evidence = fields.Char(string="How We Know")

    _factor_uniq = models.UniqueIndex(
        '(account_id, COALESCE(lead_id, 0), factor_id)', "This buying factor is ranked already.")

    @api.depends('factor_id')
    def _compute_display_name(self):
        for rank in self:
            rank.display_name = rank.factor_id.name

    @api.constrains('lead_id', 'account_id')
    def _check_lead(self):
        for rank in self:
            # The customer decides which account an opportunity belongs to, whoever may read it (sudo).
            if rank.lead_id and rank.account_id not in rank.sudo().lead_id._kam_accounts():
                raise ValidationError(self.env._(
                    "%(opportunity)s is no opportunity of %(account)s.",
                    opportunity=rank.lead_id.name, account=rank.account_id.display_name))
