from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date


class KamAccountEvent(models.Model):
    """The timeline of an account: tiers, people, and the day when the customer was told. Read from what is there."""
    _name = 'kam.account.event'
    _description = "Key Account Timeline"
    _auto = False
    _order = 'date desc, id desc'
    _depends = {
        'kam.tier.change': ['account_id', 'program_id', 'state', 'date_applied'],
        'kam.assignment': ['account_id', 'program_id', 'date_from', 'date_to'],
        'kam.account': ['date_told', 'date_lost', 'program_id'],
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
    ], readonly=True)
    change_id = fields.Many2one('kam.tier.change', readonly=True)
    seat_id = fields.Many2one('kam.assignment', readonly=True)
    description = fields.Char(compute='_compute_description')

    @property
    def _table_query(self):
        """Five kinds of rows; ids are those of the rows behind them, five to each, so that they stay the same."""
        return SQL(
            """SELECT id * 5 AS id, account_id, program_id, date_applied AS date, 'tier' AS kind, id AS change_id,
                      NULL::int AS seat_id
                 FROM kam_tier_change WHERE state = 'applied'
            UNION ALL
               SELECT id * 5 + 1, account_id, program_id, date_from, 'begin', NULL, id
                 FROM kam_assignment WHERE date_from <= %(today)s
            UNION ALL
               SELECT id * 5 + 2, account_id, program_id, date_to, 'end', NULL, id
                 FROM kam_assignment WHERE date_to < %(today)s
            UNION ALL
               SELECT id * 5 + 3, id, program_id, date_told, 'told', NULL, NULL
                 FROM kam_account WHERE date_told IS NOT NULL
            UNION ALL
               SELECT id * 5 + 4, id, program_id, date_lost, 'lost', NULL, NULL
                 FROM kam_account WHERE date_lost IS NOT NULL""", today=fields.Date.context_today(self))

    @api.depends_context('lang')
    @api.depends('kind', 'change_id', 'seat_id')
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
            }[event.kind]()

    @api.depends('account_id', 'date')
    def _compute_display_name(self):
        for event in self:
            event.display_name = f"{event.account_id.display_name} {format_date(self.env, event.date)}"
