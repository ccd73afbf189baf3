from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# Seats that one person at a time holds (S6, S28).
SINGLE_ROLES = ('manager', 'sponsor')
# In the context of a write: whoever ends the seat answers for what comes next. An object, which no client can send.
ENDING_SEAT = object()


class KamAssignment(models.Model):
    """A dated seat: who plays which role for an account, from when to when.

    A seat is never overwritten: it ends, and the next one begins. So the rows are the history. Handing over does both
    in one go; see `kam.handover`.
    """
    _name = 'kam.assignment'
    _description = "Key Account Assignment"
    _inherit = ['kam.derived.mixin']
    _order = 'account_id, is_current desc, date_from desc, id desc'

    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one('kam.program', related='account_id.program_id', store=True, index=True)
    tier_id = fields.Many2one(related='account_id.tier_id')
    user_id = fields.Many2one(
        'res.users', string="Person", required=True, index=True, domain=[('share', '=', False)], ondelete='restrict')
    role_id = fields.Many2one(
        'kam.role', required=True, index=True, ondelete='restrict',
        default=lambda self: self.env['kam.role']._of_kind('manager'))
    # Stored: the database guards single seats by it.
    role = fields.Selection(related='role_id.kind', string="Kind of Role", store=True, precompute=True)
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="To", help="The last day in the seat. Empty: until further notice.")
    is_current = fields.Boolean(
        compute='_compute_is_current', store=True, help="The seat is held today; refreshed every night.")
    workload_share = fields.Float(
        string="Share (%)", default=100.0, digits=(16, 0), aggregator=None,
        help="How much of the work for the account this seat is, 0 to 100 %.")
    duty = fields.Char(
        compute='_compute_duty', store=True, precompute=True, readonly=False,
        help="What this person has promised to do for the account.")
    load_warning = fields.Text(
        compute='_compute_load_warning', help="What this person would carry with the seat, against the limits.")

    _dates = models.Constraint('CHECK (date_to >= date_from)', "A seat cannot end before it begins.")
    _share = models.Constraint(
        'CHECK (workload_share > 0 AND workload_share <= 100)', "The share of a seat is above 0 and at most 100 %.")
    # Guards against two people taking the seat at the same moment; dated overlaps are checked in _check_overlap.
    _one_open_seat = models.UniqueIndex(
        "(account_id, role) WHERE date_to IS NULL AND role IN ('manager', 'sponsor')",
        "The account has an account manager or sponsor without an end date already. End that seat first.")
    # Record rules ask for it on every screen; worded as the ORM asks, or PostgreSQL does not see that it fits.
    _user_current_idx = models.Index('(user_id, account_id) WHERE is_current IS TRUE')

    @api.depends('date_from', 'date_to')
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for seat in self:
            seat.is_current = bool(
                seat.date_from and seat.date_from <= today and (not seat.date_to or seat.date_to >= today))

    @api.depends('role_id')
    def _compute_duty(self):
        for seat in self:
            seat.duty = seat.duty or seat.role_id.duty

    @api.depends('user_id', 'role_id', 'account_id', 'workload_share')
    def _compute_load_warning(self):
        for seat in self:
            seat.load_warning = seat.user_id and seat.account_id and seat.program_id._load_warning(
                seat.user_id, seat.role_id.kind, seat)

    @api.depends('user_id', 'role_id')
    def _compute_display_name(self):
        for seat in self:
            seat.display_name = f"{seat.user_id.name} ({seat.role_id.name})"

    @api.constrains('user_id', 'date_to')
    def _check_user(self):
        for seat in self:
            if not seat.user_id.active and not seat.date_to:
                raise ValidationError(self.env._(
                    "%s has left and cannot take a seat. Choose somebody else.", seat.user_id.name))

    @api.constrains('account_id', 'role_id', 'user_id', 'date_from', 'date_to')
    def _check_overlap(self):
        """One person per single seat at a time, and nobody sponsors the account that they manage."""
        single = self.filtered(lambda seat: seat.role in SINGLE_ROLES)
        single.account_id._lock_seats()
        others = self.search([('account_id', 'in', single.account_id.ids), ('role', 'in', SINGLE_ROLES)])
        by_account = others.grouped('account_id')
        for seat in single:
            for other in by_account.get(seat.account_id, self.browse()) - seat:
                if not seat._overlaps(other):
                    continue
                if seat.role == other.role:
                    raise ValidationError(self.env._(
                        "%(person)s holds this seat for %(account)s from %(start)s to %(end)s. End that seat before "
                        "the next one begins.", person=other.user_id.name, account=seat.account_id.display_name,
                        start=other.date_from, end=other.date_to or self.env._("further notice")))
                if seat.user_id == other.user_id:
                    raise ValidationError(self.env._(
                        "%(person)s cannot be account manager and executive sponsor of %(account)s at the same time.",
                        person=seat.user_id.name, account=seat.account_id.display_name))

    def _overlaps(self, other):
        return ((not other.date_to or self.date_from <= other.date_to)
                and (not self.date_to or other.date_from <= self.date_to))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._end_open_seat(vals)
        return super().create(vals_list)

    @api.model
    def _end_open_seat(self, vals):
        """Taking a single seat ends the open one on the day before."""
        role = self.env['kam.role'].browse(vals.get('role_id') or self.default_get(['role_id'])['role_id'])
        if role.kind not in SINGLE_ROLES or vals.get('date_to'):
            return
        date_from = fields.Date.to_date(vals.get('date_from')) or fields.Date.context_today(self)
        seat = self.search([
            ('account_id', '=', vals.get('account_id')), ('role_id', '=', role.id),
            ('date_to', '=', False), ('date_from', '<', date_from)], limit=1)
        seat._end(date_from - timedelta(days=1))
        seat.flush_recordset(['date_to'])  # before the next one is inserted: two open seats clash in the database

    def write(self, vals):
        if {'user_id', 'role_id', 'account_id'} & vals.keys():
            today = fields.Date.context_today(self)
            if any(seat.date_from < today for seat in self):
                raise UserError(self.env._(
                    "A seat that has begun is history and stays. End it and add the next one."))
        if vals.get('date_to'):
            self._refuse_vacancy()
        return super().write(vals)

    def _refuse_vacancy(self):
        """A key account keeps an account manager and a sponsor; see `_end` for whoever has a successor."""
        if self.env.context.get('kam_ending_seat') is ENDING_SEAT:
            return
        for seat in self:
            if seat.role in SINGLE_ROLES and seat.is_current and not seat.date_to and seat.account_id.is_key:
                raise UserError(self.env._(
                    "%(account)s is a key account: without %(person)s it would have no %(role)s. Use \"Hand Over\" to "
                    "name who comes next.", account=seat.account_id.display_name, person=seat.user_id.name,
                    role=seat.role_id.name))

    def _end(self, date):
        """End seats on that day, whoever comes next; callers see to it that somebody does, or that nobody has to."""
        self.with_context(kam_ending_seat=ENDING_SEAT).date_to = date

    def unlink(self):
        """A change of seats that is called off leaves the former holder in the seat."""
        former = self._former_seats()
        result = super().unlink()
        former.date_to = False
        return result

    def _former_seats(self):
        """Seats that end only because these begin, as long as their holders are here."""
        coming = self.filtered(lambda seat: seat.role in SINGLE_ROLES and not seat.date_to)
        return self.search(Domain.OR(
            Domain('account_id', '=', seat.account_id.id) & Domain('role', '=', seat.role)
            & Domain('date_to', '=', seat.date_from - timedelta(days=1)) & Domain('user_id.active', '=', True)
            for seat in coming)) - self

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        today = fields.Date.context_today(self)
        if any(seat.date_from < today for seat in self):
            raise UserError(self.env._("A seat that has begun is history and cannot be deleted. End it instead."))

    def action_end(self):
        """Today is the last day in the seat."""
        self.filtered('is_current').date_to = fields.Date.context_today(self)

    def action_hand_over(self):
        seats = self.filtered(lambda seat: not seat.date_to or seat.date_to > fields.Date.context_today(self))
        if not seats:
            raise UserError(self.env._("These seats have ended: there is nothing to hand over. Choose current seats."))
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Hand Over"),
            'res_model': 'kam.handover',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_seat_ids': seats.ids},
        }

    @api.model
    def _cron_refresh_current(self):
        """Seats begin and end as days go by: put is_current, and with it the account's manager and sponsor, right."""
        held = (Domain('date_from', '<=', 'today')
                & (Domain('date_to', '=', False) | Domain('date_to', '>=', 'today')))
        stale = self.search((held & Domain('is_current', '=', False)) | (~held & Domain('is_current', '=', True)))
        # As if their dates had been written: the seat and what depends on it are computed again.
        stale.modified(['date_from'])
        self.env.flush_all()
