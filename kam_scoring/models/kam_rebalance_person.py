from odoo import fields, models


class KamRebalancePerson(models.Model):
    """Somebody among whom the accounts are shared out: how much they can carry, and whether they come or go."""
    _name = 'kam.rebalance.person'
    _description = "Person in a Rebalancing"
    _order = 'rebalance_id, id'
    _rec_name = 'user_id'

    rebalance_id = fields.Many2one('kam.rebalance', required=True, index=True, ondelete='cascade')
    state = fields.Selection(related='rebalance_id.state')
    question = fields.Selection(related='rebalance_id.question')
    program_id = fields.Many2one(related='rebalance_id.program_id', store=True, index=True)
    user_id = fields.Many2one(
        'res.users', string="Person", required=True, index=True, ondelete='restrict', domain=[('share', '=', False)],
        context={'active_test': False})
    role = fields.Selection([
        ('stays', "Stays"),
        ('joins', "Joins"),
        ('leaves', "Leaves"),
    ], required=True, default='stays')
    availability = fields.Float(
        string="Working Time (%)", digits=(16, 0), compute='_compute_availability', store=True, readonly=False,
        precompute=True, aggregator=None,
        help="Of a full-time person, by the working schedule. The fair load is in proportion to it.")
    capacity = fields.Float(
        string="Capacity (Points)", digits=(16, 1), compute='_compute_capacity', store=True, readonly=False,
        precompute=True, help="Points at most, over all programmes. 0 means no limit.")
    account_limit = fields.Integer(
        string="Accounts at Most", compute='_compute_capacity', store=True, readonly=False, precompute=True,
        help="Over all programmes. 0 means no limit.")
    points_elsewhere = fields.Float(
        digits=(16, 1), readonly=True,
        help="Carried in other programmes, or at accounts that are not part of this rebalancing; part of the load.")
    accounts_elsewhere = fields.Integer(readonly=True, help="In other programmes.")

    _user_uniq = models.Constraint('UNIQUE (rebalance_id, user_id)', "This person is on the list already.")
    _availability = models.Constraint(
        'CHECK (availability >= 0 AND availability <= 200)', "Working time is between 0 and 200 %.")
    _capacity_positive = models.Constraint(
        'CHECK (capacity >= 0 AND account_limit >= 0)', "Capacity and limit must not be negative.")
