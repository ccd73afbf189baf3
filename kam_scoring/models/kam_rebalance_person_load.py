from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KamRebalancePerson(models.Model):
    """What somebody can carry, as far as the records tell; and what a rebalancing means for them."""
    _inherit = 'kam.rebalance.person'

    giving_ids = fields.Many2many(
        'kam.rebalance.move', string="Hands Over", compute='_compute_moves', help="For the mail to this person.")
    taking_ids = fields.Many2many('kam.rebalance.move', string="Takes Over", compute='_compute_moves')
    tier_move_ids = fields.Many2many('kam.rebalance.move', string="Tiers of Accounts", compute='_compute_moves')

    @api.depends('user_id')
    def _compute_availability(self):
        """Weekly hours of the person's schedule against those of the company."""
        for person in self:
            # Schedules of colleagues are not open to all; how much of a week somebody works is (sudo).
            user = person.user_id.sudo()
            own, whole = user.resource_calendar_id, user.company_id.resource_calendar_id
            hours = whole.full_time_required_hours or whole.hours_per_week
            part = own.hours_per_week / hours if own and hours else 1.0
            person.availability = round(100 * min(part, 1.0))

    @api.depends('user_id', 'availability', 'rebalance_id.question', 'rebalance_id.program_id')
    def _compute_capacity(self):
        """The own limit of the profile, else that of the programme for the working time."""
        # The capacity of a person is no secret, whoever asks (sudo).
        profiles = self.env['kam.profile'].sudo().with_context(active_test=False).search(
            [('user_id', 'in', self.user_id.ids)]).grouped('user_id')
        for person in self:
            program = person.rebalance_id.program_id
            if person.rebalance_id.question == 'sponsors':
                person.capacity, person.account_limit = 0.0, program.sponsor_load_limit
                continue
            profile = profiles.get(person.user_id, self.env['kam.profile'])  # none: limits of the programme
            person.capacity = profile.workload_capacity or program.manager_load_limit * person.availability / 100
            person.account_limit = profile.account_limit or program.manager_account_limit

    @api.depends('rebalance_id.scenario_id.move_ids.state')
    def _compute_moves(self):
        for person in self:
            rebalance = person.rebalance_id
            moves = rebalance.scenario_id.move_ids.filtered(lambda move: move.state in ('applied', 'rolled_back'))
            seats = moves.filtered(lambda move: move.question != 'tiers')
            person.giving_ids = seats.filtered(lambda move, person=person: move.from_user_id == person.user_id)
            person.taking_ids = seats.filtered(lambda move, person=person: move.to_user_id == person.user_id)
            person.tier_move_ids = (moves - seats).filtered(
                lambda move, person=person: move.account_id.manager_id == person.user_id)

    @api.constrains('user_id', 'rebalance_id')
    def _check_same_company(self):
        for person in self:
            # Companies of colleagues (sudo).
            program = person.rebalance_id.program_id.sudo()
            if person.role != 'leaves' and not person.user_id.sudo().company_ids & program.company_ids:
                raise ValidationError(self.env._(
                    "%(person)s works in none of the companies of %(program)s and could not look after its accounts.",
                    person=person.user_id.name, program=program.name))
            if person.role != 'leaves' and not person.user_id.active:
                raise ValidationError(self.env._(
                    "%s has left and takes over nothing. Choose that this person leaves.", person.user_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        people = super().create(vals_list)
        people._touch()
        return people

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {'accounts_elsewhere', 'points_elsewhere'}:
            self._touch()
        return result

    def unlink(self):
        self._touch()
        return super().unlink()

    def _touch(self):
        """What was computed for other people is outdated."""
        if self.env.su:
            return
        for rebalance in self.rebalance_id:
            rebalance._check_open()
            if rebalance.date_computed and not rebalance.is_outdated:
                # Results are closed to users.
                rebalance.sudo().is_outdated = True
