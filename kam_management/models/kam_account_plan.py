from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang


class KamAccount(models.Model):
    """The plans of an account: which one is current, and what is wrong with it."""
    _inherit = 'kam.account'

    plan_ids = fields.One2many('kam.plan', 'account_id', string="Account Plans")
    plan_count = fields.Integer(compute='_compute_current_plan_id', string="Number of Plans")
    current_plan_id = fields.Many2one(
        'kam.plan', compute='_compute_current_plan_id', search='_search_current_plan_id',
        help="The plan of the whole account whose period is running.")
    factor_ids = fields.One2many(
        'kam.buying.rank', 'account_id', string="Buying Factors", domain=[('lead_id', '=', False)])

    @api.depends('plan_ids.state', 'plan_ids.date_from', 'plan_ids.date_to')
    def _compute_current_plan_id(self):
        plans = self.env['kam.plan'].search([('account_id', 'in', self.ids)]).grouped('account_id')
        for account in self:
            own = plans.get(account, self.env['kam.plan'])
            account.plan_count = len(own)
            account.current_plan_id = own.filtered(lambda plan: plan.is_current and not plan.entity_id)[:1]

    @api.model
    def _search_current_plan_id(self, operator, value):
        """`= False`, and `in` some plans."""
        if operator != 'in':
            return NotImplemented
        current = Domain('entity_id', '=', False) & Domain('is_current', '=', True)
        without = ~Domain('plan_ids', 'any', current) if False in value else Domain.FALSE
        return without | Domain('plan_ids', 'any', current & Domain('id', 'in', [id_ for id_ in value if id_]))

    def _attention(self):
        attention = super()._attention()
        for account in self:
            attention[account] += [{'level': level, 'text': text} for level, text in account._plan_attention()]
        return attention

    def _plan_attention(self):
        plan = self.current_plan_id
        if self.is_key and not plan:
            yield 'warning', self.env._("No current plan")
        elif plan.state == 'review':
            yield 'info', self.env._("Plan waits for approval")
        elif plan.is_stale:
            yield 'warning', self.env._("Plan idle for %s days", plan._idle_days())

    def action_open_plan(self):
        """The current plan; where there is none, the others, or the way to the first one."""
        self.ensure_one()
        if self.current_plan_id:
            return self.current_plan_id.action_open()
        if self.plan_count:
            return self.action_open_plans()
        return self._action_make_plan({})

    def action_open_plans(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_plan_action')
        return dict(action, name=self.env._("Plans of %s", self.display_name), domain=[('account_id', '=', self.id)],
                    context={'default_account_id': self.id})

    def action_make_plan(self):
        return self._action_make_plan({})

    def _action_make_plan(self, context):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Make a Plan for %s", self.display_name),
            'res_model': 'kam.plan.make',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_account_id': self.id, **context},
        }

    def write(self, vals):
        result = super().write(vals)
        if vals.get('active') is False:
            self._close_plans()
        return result

    @api.model
    def _merge_partners(self, sources, destination):
        result = super()._merge_partners(sources, destination)
        # Plans of accounts that whoever merges partners need not see (sudo).
        plans = self.env['kam.plan'].sudo().search(
            [('entity_id', 'in', (sources | destination).ids), ('state', '!=', 'closed')])
        for same in plans.grouped('account_id').values():
            same._close_clashing(destination)
        return result

    def _hand_over_parts(self, kept):
        """Plans and buying factors that the account which goes on does not have yet go along."""
        result = super()._hand_over_parts(kept)
        # Rules are per account (sudo).
        for plan in self.sudo().plan_ids.filtered(lambda plan: plan.state != 'closed'):
            plan._move_to(kept.sudo())
        if not kept.sudo().factor_ids:
            self.sudo().factor_ids.account_id = kept
        return result

    def _close_plans(self):
        """An account that leaves takes nothing with it: its plans are closed as they are."""
        # Also plans that whoever archives the account cannot write (sudo).
        plans = self.env['kam.plan'].sudo().search([('account_id', 'in', self.ids), ('state', '!=', 'closed')])
        plans._close()
        for plan in plans:
            plan.message_post(body=self.env._("Closed, because the account has left the programme."))

    def _plan_facts(self, entity=None):
        """{account: [sentence]}: what the records say about an account, for a new plan and for the one-page view.

        Others add to it by super(). The caller has checked that the reader may read the accounts.
        """
        facts = defaultdict(list)
        sales = self._yearly_sales(entity)
        for account in self:
            if account.id in sales:
                facts[account] += account._sales_facts(*sales[account.id])
            else:
                facts[account].append(self.env._("No invoice in the last two years."))
        return facts

    def _sales_facts(self, revenue, before, margin):
        amount = self._money_text(revenue)
        if before:
            yield self.env._(
                "Revenue of the last 12 months: %(amount)s, %(change)+d %% on the year before.",
                amount=amount, change=round(100 * (revenue - before) / before))
        else:
            yield self.env._("Revenue of the last 12 months: %s.", amount)
        if margin is not None:
            yield self.env._("Gross margin: %d %% at today's cost.", round(margin))

    def _money_text(self, amount):
        """An amount in the currency of the programme, without decimals."""
        return f"{formatLang(self.env, amount, digits=0)} {self.currency_id.name}"

    def _customer_words(self, entity=None):
        """Who the customer is, as far as its contacts say."""
        self.ensure_one()
        # The contact is part of the account, whoever may read the account (contacts can be restricted).
        customer = (entity or self.partner_id).sudo()
        place = ", ".join(part for part in (customer.city, customer.country_id.name) if part)
        lines = [f"{customer.name}, {place}." if place else f"{customer.name}."]
        if customer.industry_id:
            lines.append(self.env._("Industry: %s.", customer.industry_id.name))
        others = self.sudo().entity_ids.partner_id - customer
        if others and not entity:
            lines.append(self.env._("Legal entities: %s.", ", ".join((customer | others).mapped('name'))))
        if self.date_first_invoice:
            lines.append(self.env._("Customer since %s.", self.date_first_invoice.year))
        return "\n".join(lines)
