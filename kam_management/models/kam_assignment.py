from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# Seats that one person at a time holds (S6, S28).
SINGLE_ROLES = ('manager', 'sponsor')


class KamAssignment(models.Model):
    """A dated seat: who plays which role for an account, from when to when.

    A seat is never overwritten: it ends, and the next one begins. So the rows are the history.
    """
    _name = 'kam.assignment'
    _description = "Key Account Assignment"
    _order = 'account_id, is_current desc, date_from desc, id desc'

    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one('kam.program', related='account_id.program_id', store=True, index=True)
    user_id = fields.Many2one(
        'res.users', string="Person", required=True, index=True, domain=[('share', '=', False)], ondelete='restrict')
    role = fields.Selection([
        ('manager', "Account Manager"),
        ('sponsor', "Executive Sponsor"),
        ('operations', "Operations"),
        ('supply_chain', "Supply Chain"),
        ('service', "Service"),
        ('finance', "Finance"),
        ('technical', "Technical"),
    ], required=True, default='manager')
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="To", help="The last day in the seat. Empty: until further notice.")
    is_current = fields.Boolean(
        compute='_compute_is_current', store=True, help="The seat is held today; refreshed every night.")
    duty = fields.Char(help="What this person has promised to do for the account.")

    _dates = models.Constraint('CHECK (date_to >= date_from)', "A seat cannot end before it begins.")
    # Guards against two people taking the seat at the same moment; dated overlaps are checked in _check_overlap.
    _one_open_seat = models.UniqueIndex(
        "(account_id, role) WHERE date_to IS NULL AND role IN ('manager', 'sponsor')",
        "The account has an account manager or sponsor without an end date already. End that seat first.")
    _user_current_idx = models.Index('(user_id, account_id) WHERE is_current')

    @api.depends('date_from', 'date_to')
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for seat in self:
            seat.is_current = bool(
                seat.date_from and seat.date_from <= today and (not seat.date_to or seat.date_to >= today))

    @api.depends('user_id', 'role')
    def _compute_display_name(self):
        roles = dict(self._fields['role']._description_selection(self.env))
        for seat in self:
            seat.display_name = f"{seat.user_id.name} ({roles.get(seat.role)})"

    @api.constrains('account_id', 'role', 'user_id', 'date_from', 'date_to')
    def _check_overlap(self):
        """One person per single seat at a time, and nobody sponsors the account that they manage."""
        single = self.filtered(lambda seat: seat.role in SINGLE_ROLES)
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
        if vals.get('role', 'manager') not in SINGLE_ROLES or vals.get('date_to'):
            return
        date_from = fields.Date.to_date(vals.get('date_from')) or fields.Date.context_today(self)
        seat = self.search([
            ('account_id', '=', vals.get('account_id')), ('role', '=', vals.get('role', 'manager')),
            ('date_to', '=', False), ('date_from', '<', date_from)], limit=1)
        seat.date_to = date_from - timedelta(days=1)
        seat.flush_recordset(['date_to'])  # before the next one is inserted: two open seats clash in the database

    def write(self, vals):
        if {'user_id', 'role', 'account_id'} & vals.keys():
            today = fields.Date.context_today(self)
            if any(seat.date_from < today for seat in self):
                raise UserError(self.env._(
                    "A seat that has begun is history and stays. End it and add the next one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        today = fields.Date.context_today(self)
        if any(seat.date_from < today for seat in self):
            raise UserError(self.env._("A seat that has begun is history and cannot be deleted. End it instead."))

    def action_end(self):
        """Today is the last day in the seat."""
        self.filtered('is_current').date_to = fields.Date.context_today(self)

    @api.model
    def _cron_refresh_current(self):
        """Seats begin and end as days go by: put is_current, and with it the account's manager and sponsor, right."""
        held = (Domain('date_from', '<=', 'today')
                & (Domain('date_to', '=', False) | Domain('date_to', '>=', 'today')))
        stale = self.search((held & Domain('is_current', '=', False)) | (~held & Domain('is_current', '=', True)))
        # As if their dates had been written: the seat and what depends on it are computed again.
        stale.modified(['date_from'])
        self.env.flush_all()
