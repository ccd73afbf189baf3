from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

ACTION_DAYS = 14


class KamReviewDecision(models.Model):
    """What was decided at a review, and what became of it: an action of the plan, a tier change, or a note."""
    _name = 'kam.review.decision'
    _description = "Decision of a Review"
    _inherit = ['kam.review.mixin']
    _order = 'review_id, sequence, id'

    sequence = fields.Integer(default=10)
    name = fields.Char(string="Decision", required=True)
    user_id = fields.Many2one(
        'res.users', string="Who", domain=[('share', '=', False)], ondelete='restrict', index='btree_not_null',
        default=lambda self: self.env.user)
    date_due = fields.Date(
        string="Until", default=lambda self: fields.Date.context_today(self) + timedelta(days=ACTION_DAYS))
    to_tier_id = fields.Many2one(
        'kam.tier', ondelete='set null', domain="[('program_id', '=', program_id)]",
        help="Only where the decision is about the tier of the account.")
    state = fields.Selection([
        ('open', "Undecided"),
        ('action', "Action"),
        ('tier', "Tier Change"),
        ('noted', "Noted"),
        ('dropped', "Dropped"),
    ], default='open', required=True, readonly=True, copy=False)
    action_id = fields.Many2one('kam.plan.action', readonly=True, copy=False, ondelete='set null',
                                index='btree_not_null')
    tier_change_id = fields.Many2one('kam.tier.change', readonly=True, copy=False, ondelete='set null',
                                     index='btree_not_null')

    @api.model
    def _outcome_fields(self):
        return {'state', 'action_id', 'tier_change_id'}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
                vals.get('state', 'open') != 'open' or vals.get('action_id') or vals.get('tier_change_id')
                for vals in vals_list):
            raise UserError(self.env._("Say with the buttons what follows from a decision."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() & self._outcome_fields():
            raise UserError(self.env._("Say with the buttons what follows from a decision."))
        return super().write(vals)

    @api.constrains('to_tier_id', 'review_id')
    def _check_tier(self):
        for decision in self:
            if decision.to_tier_id and decision.to_tier_id.program_id != decision.program_id:
                raise ValidationError(self.env._(
                    "%(tier)s is not a tier of %(program)s.", tier=decision.to_tier_id.name,
                    program=decision.program_id.name))

    def _settle(self, **values):
        """Callers have done what the values say; the outcome is closed to users (sudo)."""
        self.review_id._work_on()
        self.sudo().write(values)

    def action_make_action(self):
        """One action of the current plan per decision."""
        for decision in self.filtered(lambda decision: decision.state == 'open'):
            decision.review_id._work_on()
            plan = decision.account_id.current_plan_id
            if not plan:
                raise UserError(self.env._(
                    "%s has no current plan that the action could belong to. Make a plan first, or note the decision.",
                    decision.account_id.display_name))
            action = self.env['kam.plan.action'].create({
                'plan_id': plan.id, 'name': decision.name, 'user_id': (decision.user_id or self.env.user).id,
                'date_due': decision.date_due or fields.Date.context_today(self) + timedelta(days=ACTION_DAYS),
                'description': self.env._("Decided: %s", decision.review_id.display_name)})
            decision._settle(state='action', action_id=action.id)
        return True

    def action_propose_tier_change(self):
        """A draft for the tier chosen, with the decision as its reason."""
        self.ensure_one()
        if self.state == 'open':
            self.review_id._work_on()
            if not self.to_tier_id:
                raise UserError(self.env._("Choose the tier in which the account belongs first."))
            change = self.env['kam.tier.change'].create({
                'account_id': self.account_id.id, 'to_tier_id': self.to_tier_id.id,
                'reason': self.env._("%(decision)s (%(review)s)", decision=self.name,
                                     review=self.review_id.display_name)})
            self._settle(state='tier', tier_change_id=change.id)
        return self.action_open_outcome()

    def action_note(self):
        self.filtered(lambda decision: decision.state == 'open')._settle(state='noted')

    def action_drop(self):
        self.filtered(lambda decision: decision.state == 'open')._settle(state='dropped')

    def action_open_outcome(self):
        self.ensure_one()
        record = self.action_id or self.tier_change_id
        if not record:
            raise UserError(self.env._("What followed from this decision is not there any more."))
        return {'type': 'ir.actions.act_window', 'res_model': record._name, 'res_id': record.id,
                'name': record.display_name, 'views': [(False, 'form')]}
