from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools.misc import format_date


class KamHandover(models.TransientModel):
    """Hand seats over to somebody else: the old ones end, the next ones begin, and a checklist sees to the rest."""
    _name = 'kam.handover'
    _description = "Hand Over Seats"

    seat_ids = fields.Many2many('kam.assignment', string="Seats", required=True)
    former_ids = fields.Many2many('res.users', compute='_compute_former_ids', string="Who Hands Over")
    user_id = fields.Many2one(
        'res.users', string="Who Takes Over", required=True, domain=[('share', '=', False)])
    date = fields.Date(
        string="First Day", required=True, default=lambda self: fields.Date.context_today(self) + timedelta(days=1),
        help="The seats end the day before.")
    note = fields.Html(string="What to Know", help="Goes to the chatter of each account.")
    move_activities = fields.Boolean(
        string="Move Open Activities", default=True,
        help="What the former holder still has to do at these accounts from the first day on, and what is late: "
             "activities, actions and issues, and the risks to watch.")
    load_warning = fields.Text(compute='_compute_load_warning')
    line_ids = fields.One2many(
        'kam.handover.line', 'handover_id', string="Checklist", compute='_compute_line_ids', store=True, readonly=False)

    @api.depends('seat_ids')
    def _compute_former_ids(self):
        for handover in self:
            handover.former_ids = handover.seat_ids.user_id

    @api.depends('user_id', 'seat_ids')
    def _compute_load_warning(self):
        for handover in self:
            warnings = []
            for (program, kind), seats in handover.seat_ids.grouped(
                    lambda seat: (seat.program_id, seat.role)).items():
                if handover.user_id:
                    warnings.append(program._load_warning(handover.user_id, kind, seats))
            handover.load_warning = "\n".join(filter(None, warnings))

    @api.depends('date')
    def _compute_line_ids(self):
        """The steps of the plan "Handover", dated by the first day."""
        plan = self.env.ref('kam_management.plan_handover', raise_if_not_found=False)
        for handover in self:
            steps = plan.template_ids if plan and handover.date else self.env['mail.activity.plan.template']
            handover.line_ids = [Command.clear()] + [
                Command.create({
                    'activity_type_id': step.activity_type_id.id, 'summary': step.summary, 'note': step.note,
                    'holder': 'former' if step.responsible_type == 'kam_former_holder' else 'next',
                    'date_deadline': max(step._get_date_deadline(handover.date), fields.Date.context_today(self))})
                for step in steps]

    def action_hand_over(self):
        self.ensure_one()
        self._check()
        next_seats = [
            {'account_id': seat.account_id.id, 'user_id': self.user_id.id, 'role_id': seat.role_id.id,
             'date_from': self.date, 'date_to': seat.date_to, 'workload_share': seat.workload_share, 'duty': seat.duty}
            for seat in self.seat_ids]
        self.seat_ids._end(self.date - timedelta(days=1))
        self.env.flush_all()  # before the next ones begin: two open seats clash in the database
        self.env['kam.assignment'].create(next_seats)
        for account, seats in self.seat_ids.grouped('account_id').items():
            self._leave_checklist(account, seats)
        return {'type': 'ir.actions.act_window_close'}

    def _check(self):
        seats = self.seat_ids
        for seat in seats:
            name = seat.account_id.display_name
            if seat.date_to and seat.date_to < self.date:
                raise UserError(self.env._(
                    "The seat of %(person)s at %(account)s ends on %(date)s already. Leave it out, or hand it over on "
                    "an earlier day.",
                    person=seat.user_id.name, account=name, date=format_date(self.env, seat.date_to)))
            if seat.user_id == self.user_id:
                raise UserError(self.env._(
                    "%(person)s holds the seat at %(account)s. Choose somebody else to take over.",
                    person=self.user_id.name, account=name))
            if seat.date_from >= self.date:
                raise UserError(self.env._(
                    "The seat of %(person)s at %(account)s begins on %(date)s only. Hand it over on a later day, or "
                    "delete it.",
                    person=seat.user_id.name, account=name, date=format_date(self.env, seat.date_from)))
        for account, leaving in seats.grouped('account_id').items():
            self._check_continuity(account, leaving)

    def _check_continuity(self, account, leaving):
        """Where a customer knows several of us, one of them stays (F71)."""
        present = account.assignment_ids.filtered('is_current')
        staying = (present - leaving).filtered(
            lambda seat: not seat.date_to or seat.date_to >= self.date).user_id | (present.user_id & self.user_id)
        if len(present.user_id) > 1 and not staying:
            raise UserError(self.env._(
                "Nobody whom %(account)s knows would stay: one of %(people)s has to. Hand over one seat now and the "
                "rest later.", account=account.display_name, people=", ".join(present.user_id.mapped('name'))))

    def _leave_checklist(self, account, seats):
        """Activities for both at the account, and a note that tells who comes next."""
        former = seats.user_id
        if self.move_activities:
            # What was planned for the former holder goes on; who hands over need not be allowed to write it (sudo).
            account.sudo().plan_ids.action_ids.filtered(
                lambda action: action.is_open and action.user_id in former
                and self._is_moved(action.date_due, action.user_id)).user_id = self.user_id
            self._move_issues_and_risks(account)
            self._activities(account).filtered(
                lambda activity: activity.user_id in former and not self._is_kept(activity)
                and self._is_moved(activity.date_deadline, activity.user_id)).user_id = self.user_id
        account_model = self.env['ir.model']._get_id('kam.account')
        self.env['mail.activity'].create([
            {'res_model_id': account_model, 'res_id': account.id, 'user_id': user.id, 'automated': True,
             'activity_type_id': line.activity_type_id.id, 'summary': line.summary, 'note': line.note,
             'date_deadline': line.date_deadline}
            for line in self.line_ids for user in (former if line.holder == 'former' else self.user_id)])
        account.message_post(
            body=self.env._(
                "%(former)s hands over to %(next)s on %(date)s: %(roles)s.", former=", ".join(former.mapped('name')),
                next=self.user_id.name, date=format_date(self.env, self.date),
                roles=", ".join(seats.role_id.mapped('name'))) + (self.note or ""),
            partner_ids=self._notified_partners().ids)

    def _move_issues_and_risks(self, account):
        """What the former holders own by these seats; what is theirs by another seat, they keep.

        A risk is watched rather than done by a day: it goes along at once.
        """
        # Owned by the seat, whoever hands it over (sudo).
        issues, risks = account.sudo().issue_ids, account.sudo().risk_ids
        issues.filtered(
            lambda issue: issue.is_open and self._owns_by_seat(account, issue.owner_id, issue.role_id)
            and (not issue.date_resolution_due
                 or self._is_moved(issue.date_resolution_due.date(), issue.owner_id))).owner_id = self.user_id
        risks.filtered(lambda risk: risk.is_open and self._owns_by_seat(account, risk.owner_id)).owner_id = self.user_id

    def _owns_by_seat(self, account, owner, role=None):
        """Owns it as the holder of one of these seats: that of the department, else as account manager."""
        seats = (self.seat_ids | account.assignment_ids.filtered('is_current')).filtered(
            lambda seat: seat.account_id == account and seat.user_id == owner)
        seat = seats.filtered(lambda seat: role and seat.role_id == role) or seats.filtered(
            lambda seat: seat.role == 'manager') or seats
        return bool(seat) and seat <= self.seat_ids

    def _activities(self, account):
        """What is planned at the account and at all that belongs to it, for whomever. Those of actions follow these.

        Other people's, whoever hands over (sudo).
        """
        Activity = self.env['mail.activity'].sudo()
        return Activity.search(Domain.OR([
            Domain('res_model', '=', 'kam.account') & Domain('res_id', '=', account.id),
            *(Domain('res_model', '=', name) & Domain('res_id', 'in', self.env[name].sudo()._search([
                ('account_id', '=', account.id)]))
              for name in account._models_of_account() if name != 'kam.plan.action'),
        ]))

    def _is_kept(self, activity):
        """About an issue or a risk that stays with whoever has the activity, whoever hands over (sudo)."""
        return activity.res_model in ('kam.issue', 'kam.risk') and activity.user_id == (
            self.env[activity.res_model].sudo().browse(activity.res_id).owner_id)

    def _notified_partners(self):
        """Who gets the note as a mail."""
        return self.user_id.partner_id

    def _is_moved(self, due, former):
        """Until the first day the former holder is still there; whoever has left does nothing any more."""
        return due >= self.date or due < fields.Date.context_today(self) or not former.active
