from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

STATES = [
    ('sold', "Sold"),
    ('open', "Opportunity Open"),
    ('white', "White Spot"),
    ('blocked', "Checked, Blocked"),
    ('conflict', "Conflict"),
    ('nothing', "Spends Nothing"),
    ('unknown', "Not Estimated"),
]
# An estimate older than this is to be made again.
FRESH_MONTHS = 12


class KamWalletLine(models.Model):
    """What a customer spends in a product category, who gets it, and how that moves (F59–F62, N6).

    Their spend is an estimate with source, day and confidence; ours follows from posted invoices. Of the account as a
    whole, or of one of its legal entities.
    """
    _name = 'kam.wallet.line'
    _description = "Share of Wallet"
    _inherit = ['kam.account.mixin', 'mail.thread']
    _mail_post_access = 'read'
    _order = 'account_id, categ_id, id'

    entity_id = fields.Many2one(
        'res.partner', string="Legal Entity", index='btree_not_null', ondelete='restrict',
        domain="[('kam_entity_ids.account_id', '=', account_id)]", help="Empty: all legal entities together.")
    categ_id = fields.Many2one('product.category', string="Category", required=True, index=True, ondelete='restrict')
    spend = fields.Monetary(
        string="Their Spend", tracking=True, aggregator='sum',
        help="What the customer spends in this category in a year, with everybody. An estimate.")
    spends_nothing = fields.Boolean(
        string="Spends Nothing Here", tracking=True,
        help="We know that the customer buys nothing of this, from nobody. Not the same as not estimated yet.")
    spend_prior = fields.Monetary(
        string="Their Spend Before", aggregator='sum',
        help="The same a year before: how fast the customer itself grows.")
    source = fields.Selection([
        ('customer', "The Customer"),
        ('report', "Annual Report"),
        ('study', "Market Study"),
        ('team', "Our Estimate"),
    ], default='team', required=True)
    source_note = fields.Char(string="Who Said So")
    confidence = fields.Selection([
        ('1', "Low"),
        ('2', "Medium"),
        ('3', "High"),
    ], default='1', required=True)
    date_estimated = fields.Date(string="Estimated On", default=fields.Date.context_today, required=True)
    is_outdated = fields.Boolean(compute='_compute_is_outdated', help="The estimate is older than twelve months.")
    holder = fields.Selection([
        ('competitor', "A Competitor"),
        ('in_house', "Made In-House"),
        ('nobody', "Nobody Yet"),
    ], string="Who Holds the Rest")
    competitor_id = fields.Many2one('kam.competitor', index='btree_not_null', ondelete='restrict')
    is_blocked = fields.Boolean(string="Blocked", tracking=True, help="Checked: there is nothing to be won here.")
    blocked_reason = fields.Char(string="Blocked Because", tracking=True)
    lead_ids = fields.One2many('crm.lead', 'kam_wallet_line_id', string="Opportunities")

    _line_uniq = models.UniqueIndex(
        '(account_id, COALESCE(entity_id, 0), categ_id)', "This category is in the wallet of the customer already.")
    _spend = models.Constraint(
        'CHECK (spend >= 0 AND spend_prior >= 0)', "What the customer spends must not be negative.")

    @api.depends('account_id', 'entity_id', 'categ_id')
    def _compute_display_name(self):
        for line in self:
            # The name of the entity belongs to the line, whoever may read it (sudo).
            who = line.sudo().entity_id.name or line.account_id.display_name or ''
            line.display_name = f"{who}: {line.categ_id.name or ''}"

    @api.depends('date_estimated', 'spend', 'spends_nothing')
    def _compute_is_outdated(self):
        limit = fields.Date.context_today(self) - relativedelta(months=FRESH_MONTHS)
        for line in self:
            line.is_outdated = bool(
                (line.spend or line.spends_nothing) and line.date_estimated and line.date_estimated < limit)

    @api.onchange('competitor_id')
    def _onchange_competitor_id(self):
        if self.competitor_id:
            self.holder = 'competitor'

    @api.onchange('spend')
    def _onchange_spend(self):
        self.date_estimated = fields.Date.context_today(self)
        if self.spend:
            self.spends_nothing = False

    @api.onchange('spends_nothing')
    def _onchange_spends_nothing(self):
        if self.spends_nothing:
            self.spend = 0

    @api.constrains('is_blocked', 'blocked_reason')
    def _check_blocked(self):
        for line in self:
            if line.is_blocked and not (line.blocked_reason or "").strip():
                raise ValidationError(self.env._(
                    "Say why %s is blocked, so that nobody has to check it again.", line.display_name))

    @api.constrains('account_id', 'entity_id')
    def _check_entity(self):
        for line in self:
            if line.entity_id and line.entity_id not in line.account_id.entity_ids.partner_id:
                raise ValidationError(self.env._(
                    "%(entity)s is no legal entity of %(account)s. Add it to the account first.",
                    entity=line.entity_id.name, account=line.account_id.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._spend_values(vals) for vals in vals_list])

    def write(self, vals):
        if {'spend', 'spends_nothing'} & vals.keys() and 'date_estimated' not in vals:
            vals = {**vals, 'date_estimated': fields.Date.context_today(self)}
        return super().write(self._spend_values(vals))

    @api.model
    def _spend_values(self, vals):
        """An amount and "nothing" exclude each other: an amount that is given counts."""
        if vals.get('spend'):
            return {**vals, 'spends_nothing': False}
        return {**vals, 'spend': 0} if vals.get('spends_nothing') else vals

    def _merge_lines(self, destination):
        """Two legal entities become one: what they spend in a category adds up, and the merge deletes no estimate."""
        kept = self.filtered(lambda line: line.entity_id == destination)[:1] or self[:1]
        others = self - kept
        if others:
            kept.write({
                'spends_nothing': all(self.mapped('spends_nothing')),
                **{name: sum(self.mapped(name)) for name in ('spend', 'spend_prior')}})
            others.lead_ids.kam_wallet_line_id = kept
            others.unlink()
