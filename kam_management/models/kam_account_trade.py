from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .kam_account_win_back import LOST_STATES
from .kam_tier import CATEGORIES


class KamAccount(models.Model):
    """Category follows trade and tier (S22): key and lost tiers say it themselves, for the rest invoices do."""
    _inherit = 'kam.account'

    date_first_invoice = fields.Date(string="First Invoice", readonly=True, copy=False)
    date_last_invoice = fields.Date(
        string="Last Invoice", readonly=True, copy=False,
        help="Of all legal entities, in the companies of the programme.")
    category = fields.Selection(CATEGORIES, compute='_compute_category', store=True, index=True)
    goal = fields.Text(compute='_compute_goal', help="What we want from the customers of this category.")

    # A new limit of days goes through one statement: see kam_program_trade.
    @api.depends('tier_id.category', 'date_last_invoice')
    def _compute_category(self):
        today = fields.Date.context_today(self)
        for account in self:
            account.category = account._category(today)

    def _category(self, today):
        """Never invoiced: target. Not invoiced for longer than the programme allows: lost. Otherwise normal."""
        if self.tier_id.category in ('key', 'lost'):
            return self.tier_id.category
        if not self.date_last_invoice:
            return 'target'
        days = self.program_id.lost_after_days
        return 'lost' if days and (today - self.date_last_invoice).days > days else 'normal'

    @api.depends('category')
    @api.depends_context('lang')
    def _compute_goal(self):
        for account in self:
            account.goal = self.env['kam.tier']._goal(account.category)

    @api.model
    def _starting_tier(self, program, partner):
        """Where a new account starts: whoever has traded with us is no prospect (S58)."""
        # Whether there are invoices, not what they say: whoever creates the account need not see them (sudo).
        has_traded = self.env['account.move'].sudo().search_count([
            ('commercial_partner_id', '=', partner.commercial_partner_id.id), ('state', '=', 'posted'),
            ('move_type', 'in', ('out_invoice', 'out_receipt')),
            ('company_id', 'in', program.sudo().company_ids.ids)], limit=1)
        return program.entry_tier_id if has_traded else program.prospect_tier_id or program.entry_tier_id

    @api.model
    def _refresh_trade(self, condition):
        """Write first and last invoice, and the category that follows, where they differ; open and close win-backs.

        One statement over all accounts: raw SQL, and not the ORM, because a night may move thousands.

        :param condition: SQL on `account` (kam_account)
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """WITH trade AS (
                   SELECT account.id, MIN(move.invoice_date) AS first, MAX(move.invoice_date) AS last
                     FROM kam_account account
                     JOIN kam_account_entity entity ON entity.account_id = account.id
                     JOIN kam_program_company_rel covered ON covered.program_id = account.program_id
                     JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                                           AND move.company_id = covered.company_id AND move.state = 'posted'
                                           AND move.move_type IN ('out_invoice', 'out_receipt')
                    WHERE %(condition)s
                 GROUP BY account.id
               ), fresh AS (
                   SELECT account.id, trade.first, trade.last, account.category AS before,
                          CASE WHEN tier.category IN ('key', 'lost') THEN tier.category
                               WHEN trade.last IS NULL THEN 'target'
                               WHEN program.lost_after_days > 0
                                    AND trade.last < %(today)s::date - program.lost_after_days THEN 'lost'
                               ELSE 'normal' END AS category
                     FROM kam_account account
                     JOIN kam_tier tier ON tier.id = account.tier_id
                     JOIN kam_program program ON program.id = account.program_id
                     LEFT JOIN trade ON trade.id = account.id
                    WHERE %(condition)s
               )
               UPDATE kam_account account
                  SET date_first_invoice = fresh.first, date_last_invoice = fresh.last, category = fresh.category
                 FROM fresh
                WHERE fresh.id = account.id
                  AND (account.date_first_invoice, account.date_last_invoice, account.category)
                      IS DISTINCT FROM (fresh.first, fresh.last, fresh.category)
            RETURNING account.id, fresh.before IS DISTINCT FROM fresh.category""",
            condition=condition, today=fields.Date.context_today(self)))
        self.invalidate_model(['date_first_invoice', 'date_last_invoice', 'category'])
        self.browse([account_id for account_id, is_moved in rows if is_moved])._follow_category()

    def _refresh_own_trade(self):
        """The same for these accounts."""
        if self:
            self._refresh_trade(SQL("account.id = ANY(%s)", self.ids))

    @api.model
    def _refresh_trade_of(self, partners):
        """The same for the accounts of some legal entities."""
        self.env['kam.account.entity'].search([('partner_id', 'in', partners.ids)]).account_id._refresh_own_trade()

    @api.model
    def _cron_refresh_trade(self):
        self._refresh_trade(SQL("account.active"))
        # And whatever has left or entered the category in another way, such as a tier that means something else now.
        self.search(
            Domain('category', '=', 'lost') & Domain('win_back_state', 'not in', LOST_STATES)
            | Domain('category', '!=', 'lost') & Domain('win_back_state', 'in', LOST_STATES))._follow_category()
