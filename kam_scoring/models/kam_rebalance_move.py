from odoo import api, fields, models
from odoo.exceptions import UserError

from .kam_rebalance import OPEN_STATES

# What a person edits: where the account goes, on the copy for editing by hand; a note, anywhere.
HAND_FIELDS = frozenset(('to_user_id', 'to_tier_id'))


class KamRebalanceMove(models.Model):
    """Where one account goes in one scenario, and why; or why it stays."""
    _name = 'kam.rebalance.move'
    _description = "Move of a Rebalancing"
    _inherit = ['kam.rebalance.rows']
    _order = 'scenario_id, is_move desc, points desc, id'
    _rec_name = 'account_id'

    scenario_id = fields.Many2one('kam.rebalance.scenario', required=True, index=True, ondelete='cascade')
    rebalance_id = fields.Many2one(related='scenario_id.rebalance_id', store=True, index=True)
    program_id = fields.Many2one(related='scenario_id.program_id', store=True, index=True)
    question = fields.Selection(related='rebalance_id.question')
    rebalance_state = fields.Selection(related='rebalance_id.state', string="State of the Rebalancing")
    kind = fields.Selection(related='scenario_id.kind', string="Kind of Scenario")
    account_id = fields.Many2one('kam.account', required=True, readonly=True, index=True, ondelete='cascade')
    tier_id = fields.Many2one('kam.tier', readonly=True, ondelete='cascade', index='btree_not_null')
    points = fields.Float(
        string="Workload Points", digits=(16, 1), readonly=True,
        help="Workload of the seat: points of the tier times its share.")
    from_user_id = fields.Many2one(
        'res.users', string="From", readonly=True, index='btree_not_null', ondelete='restrict')
    to_user_id = fields.Many2one(
        'res.users', string="To", index='btree_not_null', ondelete='restrict', domain=[('share', '=', False)],
        group_expand='_read_group_to_user_id')
    from_tier_id = fields.Many2one('kam.tier', readonly=True, index='btree_not_null', ondelete='cascade')
    to_tier_id = fields.Many2one(
        'kam.tier', index='btree_not_null', ondelete='cascade', domain="[('program_id', '=', program_id)]",
        group_expand='_read_group_to_tier_id')
    is_move = fields.Boolean(
        string="Moves", compute='_compute_is_move', store=True, precompute=True, help="It does not stay where it is.")
    is_frozen = fields.Boolean(string="Frozen", readonly=True)
    frozen_reason = fields.Text(readonly=True)
    cost = fields.Float(digits=(16, 1), readonly=True)
    cost_relationship = fields.Float(string="Cost: Relationships", digits=(16, 1), readonly=True)
    cost_tenure = fields.Float(string="Cost: Years Together", digits=(16, 1), readonly=True)
    cost_plan = fields.Float(string="Cost: Running Plan", digits=(16, 1), readonly=True)
    reason = fields.Text(readonly=True)
    broken = fields.Text(string="Rules Broken", readonly=True)
    decision = fields.Selection([
        ('waiting', "Waiting"),
        ('approved', "Approved"),
        ('refused', "Refused"),
    ], default='waiting', required=True, readonly=True)
    decided_by_id = fields.Many2one('res.users', string="Decided by", readonly=True)
    state = fields.Selection([
        ('proposed', "Proposed"),
        ('applied', "Applied"),
        ('stale', "Stale"),
        ('rolled_back', "Rolled Back"),
    ], default='proposed', required=True, readonly=True)
    stale_reason = fields.Text(string="Not Applied Because", readonly=True)
    seat_id = fields.Many2one('kam.assignment', readonly=True, ondelete='set null', index='btree_not_null')
    new_seat_id = fields.Many2one('kam.assignment', readonly=True, ondelete='set null', index='btree_not_null')
    former_date_to = fields.Date(
        string="Former End", readonly=True, help="When the seat was to end before it was handed over.")
    tier_change_id = fields.Many2one('kam.tier.change', readonly=True, ondelete='set null', index='btree_not_null')
    undo = fields.Json(readonly=True, help="What the handover left at the account, to be taken back.")
    note = fields.Text(help="For whoever takes over; for a customer that goes down, the words by which it is told.")

    _account_uniq = models.Constraint('UNIQUE (scenario_id, account_id)', "An account is in a scenario once.")

    @api.depends('from_user_id', 'to_user_id', 'from_tier_id', 'to_tier_id')
    def _compute_is_move(self):
        for move in self:
            move.is_move = move.from_user_id != move.to_user_id or move.from_tier_id != move.to_tier_id

    @api.model
    def _read_group_to_user_id(self, groups, domain):
        """Also people without an account are seen, to drag one to them."""
        return groups | self._scenarios(domain).load_ids.user_id

    @api.model
    def _read_group_to_tier_id(self, groups, domain):
        return groups | self._scenarios(domain).load_ids.tier_id

    @api.model
    def _scenarios(self, domain):
        """The scenarios that a domain asks for, as far as the user may read them."""
        return self.search(domain, limit=1).scenario_id

    def _place(self):
        """Key of the person or tier where the account goes."""
        return self.to_tier_id.id or self.to_user_id.id or None

    def write(self, vals):
        if not self.env.su:
            self._refuse_edit(vals)
        result = super().write(vals)
        if HAND_FIELDS & vals.keys():
            for scenario in self.scenario_id:
                scenario._recheck()
        return result

    def _refuse_edit(self, vals):
        if vals.keys() - HAND_FIELDS - {'note'}:
            raise UserError(self.env._("Moves are computed. Edit a copy by hand, or decide with the buttons."))
        for rebalance in self.rebalance_id:
            rebalance._check_manager()
        if not HAND_FIELDS & vals.keys():
            return
        for move in self:
            if move.kind != 'hand' or move.rebalance_state not in OPEN_STATES:
                raise UserError(self.env._(
                    "%s is moved by hand in a copy only, as long as nothing is decided. Use \"Edit by Hand\".",
                    move.account_id.display_name))
            if 'to_user_id' in vals and move.question == 'tiers' or 'to_tier_id' in vals and move.question != 'tiers':
                raise UserError(self.env._("This rebalancing does not ask for that."))
            loads = move.scenario_id.load_ids
            places = loads.tier_id.ids if move.question == 'tiers' else loads.user_id.ids
            place = vals.get('to_tier_id') or vals.get('to_user_id')
            if place and place not in places:
                raise UserError(self.env._(
                    "%s is not part of this rebalancing. Add this person first, and compute it again.",
                    self.env['res.users'].browse(place).name if move.question != 'tiers'
                    else self.env['kam.tier'].browse(place).name))

    # Buttons

    def action_why_not(self):
        """Ask why the account does not go to somebody else."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Why Not?"),
            'res_model': 'kam.rebalance.why.not',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_move_id': self.id},
        }

    def _why_not(self, place):
        """In words, why the account does not go there; `place` is a person or a tier."""
        self.ensure_one()
        self.check_access('read')
        question = self.rebalance_id._open()._question()
        return question.why_not(self.scenario_id.sudo()._places(), self.account_id.id, place.id)
