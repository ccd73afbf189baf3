from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class KamPlanMake(models.TransientModel):
    """A plan from a template in under two minutes: shows what the records know, and fills it in."""
    _name = 'kam.plan.make'
    _description = "Make an Account Plan"

    account_id = fields.Many2one('kam.account', required=True, ondelete='cascade')
    is_local = fields.Boolean(string="For One Legal Entity")
    entity_id = fields.Many2one(
        'res.partner', string="Legal Entity", domain="[('kam_entity_ids.account_id', '=', account_id)]")
    template_id = fields.Many2one(
        'kam.plan.template', compute='_compute_template_id', store=True, readonly=False,
        precompute=True)
    date_from = fields.Date(
        string="From", required=True, compute='_compute_date_from', store=True, readonly=False, precompute=True)
    date_to = fields.Date(
        string="Until", required=True, compute='_compute_date_to', store=True, readonly=False, precompute=True)
    facts = fields.Text(compute='_compute_facts', string="What We Know", help="Is filled in, and can be changed.")
    obstacle = fields.Text(compute='_compute_obstacle')

    @api.depends('account_id')
    def _compute_template_id(self):
        for wizard in self:
            wizard.template_id = wizard.account_id and self.env['kam.plan.template']._for_account(wizard.account_id)

    @api.depends('account_id', 'entity_id')
    def _compute_date_from(self):
        """After the last plan, or with this month."""
        month = fields.Date.context_today(self).replace(day=1)
        for wizard in self:
            last = wizard._plans()[:1].date_to
            wizard.date_from = max(month, last + relativedelta(days=1)) if last else month

    @api.depends('date_from', 'template_id')
    def _compute_date_to(self):
        for wizard in self:
            wizard.date_to = wizard.date_from and wizard.date_from + relativedelta(
                months=wizard.template_id.months or 12, days=-1)

    @api.depends('account_id', 'entity_id')
    def _compute_facts(self):
        for wizard in self:
            wizard.facts = "\n".join(wizard._facts())

    @api.depends('account_id', 'entity_id', 'date_from', 'date_to')
    def _compute_obstacle(self):
        for wizard in self:
            other = wizard._plans().filtered(
                lambda plan, wizard=wizard: wizard.date_from and wizard.date_to
                and plan.date_from <= wizard.date_to and wizard.date_from <= plan.date_to)[:1]
            wizard.obstacle = self.env._(
                "%(plan)s runs from %(start)s to %(end)s. Choose a period after it, or go on with that plan.",
                plan=other.display_name, start=format_date(self.env, other.date_from),
                end=format_date(self.env, other.date_to)) if other else False

    def _plans(self):
        return self.env['kam.plan'].search([
            ('account_id', '=', self.account_id.id), ('entity_id', '=', self.entity_id.id)], order='date_to desc')

    def _facts(self):
        self.account_id.check_access('read')
        return self.account_id._plan_facts(self.entity_id)[self.account_id] if self.account_id else []

    def action_make(self):
        self.ensure_one()
        if self.is_local and not self.entity_id:
            raise UserError(self.env._("Choose the legal entity that this local plan is for."))
        plan = self.env['kam.plan'].create({
            'account_id': self.account_id.id, 'entity_id': self.entity_id.id if self.is_local else False,
            'template_id': self.template_id.id, 'date_from': self.date_from, 'date_to': self.date_to,
            **self._words()})
        self.template_id._fill(plan)
        return plan.action_open()

    def _words(self):
        """What the records and the template have to say, to start from."""
        entity = self.entity_id if self.is_local else None
        return {'customer_summary': self.account_id._customer_words(entity), 'strategy': self.template_id.strategy}
