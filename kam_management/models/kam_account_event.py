from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date


class KamAccountEvent(models.Model):
    """The timeline of an account: tiers, people, plans, the day when the customer was told. Read from what is there."""
    _name = 'kam.account.event'
    _description = "Key Account Timeline"
    _auto = False
    _order = 'date desc, id desc'
    _depends = {
        'kam.tier.change': ['account_id', 'program_id', 'state', 'date_applied'],
        'kam.assignment': ['account_id', 'program_id', 'date_from', 'date_to'],
        'kam.account': ['date_told', 'date_lost', 'program_id'],
        'kam.plan.version': ['account_id', 'program_id', 'state', 'date'],
    }

    account_id = fields.Many2one('kam.account', readonly=True)
    program_id = fields.Many2one('kam.program', readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection([
        ('tier', "Tier"),
        ('begin', "Seat Begins"),
        ('end', "Seat Ends"),
        ('told', "Customer Told"),
        ('lost', "Customer Lost"),
        ('approved', "Plan Approved"),
        ('closed', "Plan Closed"),
    ], readonly=True)
    change_id = fields.Many2one('kam.tier.change', readonly=True)
    seat_id = fields.Many2one('kam.assignment', readonly=True)
    version_id = fields.Many2one('kam.plan.version', readonly=True)
    description = fields.Char(compute='_compute_description')

    @property
    def _table_query(self):
        """Kinds of rows; ids are those of the rows behind them, six to each, so that they stay the same."""
        return SQL(
            """SELECT id * 6 AS id, account_id, program_id, date_applied AS date, 'tier' AS kind, id AS change_id,
                      NULL::int AS seat_id, NULL::int AS version_id
                 FROM kam_tier_change WHERE state = 'applied'
            UNION ALL
               SELECT id * 6 + 1, account_id, program_id, date_from, 'begin', NULL, id, NULL
                 FROM kam_assignment WHERE date_from <= %(today)s
            UNION ALL
               SELECT id * 6 + 2, account_id, program_id, date_to, 'end', NULL, id, NULL
                 FROM kam_assignment WHERE date_to < %(today)s
            UNION ALL
               SELECT id * 6 + 3, id, program_id, date_told, 'told', NULL, NULL, NULL
                 FROM kam_account WHERE date_told IS NOT NULL
            UNION ALL
               SELECT id * 6 + 4, id, program_id, date_lost, 'lost', NULL, NULL, NULL
                 FROM kam_account WHERE date_lost IS NOT NULL
            UNION ALL
               SELECT id * 6 + 5, account_id, program_id, (date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date, state,
                      NULL, NULL, id
                 FROM kam_plan_version""",
            today=fields.Date.context_today(self), tz=str(self.env.tz))

    @api.depends_context('lang')
    @api.depends('kind', 'change_id', 'seat_id', 'version_id')
    def _compute_description(self):
        for event in self:
            seat = event.seat_id
            names = {'person': seat.user_id.name, 'role': seat.role_id.name}
            event.description = {
                'tier': lambda event=event: event.change_id.summary,
                'begin': lambda names=names: self.env._("%(person)s takes the seat %(role)s", **names),
                'end': lambda names=names: self.env._("%(person)s leaves the seat %(role)s", **names),
                'told': lambda: self.env._("The customer was told that it is a key account"),
                'lost': lambda: self.env._("The customer was lost"),
                'approved': event._plan_description,
                'closed': event._plan_description,
            }[event.kind]()

    def _plan_description(self):
        # That there was a plan is part of the story of the account, whoever reads that; what is in it is not (sudo).
        version = self.sudo().version_id
        names = {'plan': version.plan_id.display_name, 'person': version.user_id.name}
        if self.kind == 'approved':
            return self.env._("%(person)s approves the plan %(plan)s", **names)
        if not version.user_id or version.user_id._is_superuser():
            return self.env._("The plan %s is closed", names['plan'])
        return self.env._("%(person)s closes the plan %(plan)s", **names)

    @api.depends('account_id', 'date')
    def _compute_display_name(self):
        for event in self:
            event.display_name = f"{event.account_id.display_name} {format_date(self.env, event.date)}"
