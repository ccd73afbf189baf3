from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

# Kinds of rows that there is room for, in steps of ids.
ID_STEP = 16


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
    record_id = fields.Integer(readonly=True, help="What other kinds of rows are about.")
    description = fields.Char(compute='_compute_description')

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(self._sources())

    @api.model
    def _sources(self):
        """Selects of (id, account_id, program_id, date, kind, change_id, seat_id, version_id, record_id).

        Ids are those of the rows behind them, `ID_STEP` to each, so that they stay the same. Others add to the list
        with a remainder of their own; `record_id` names their record.
        """
        today = fields.Date.context_today(self)
        return [
            SQL("""SELECT id * %s AS id, account_id, program_id, date_applied AS date, 'tier' AS kind, id AS change_id,
                          NULL::int AS seat_id, NULL::int AS version_id, NULL::int AS record_id
                     FROM kam_tier_change WHERE state = 'applied'""", ID_STEP),
            SQL("""SELECT id * %s + 1, account_id, program_id, date_from, 'begin', NULL, id, NULL, NULL
                     FROM kam_assignment WHERE date_from <= %s""", ID_STEP, today),
            SQL("""SELECT id * %s + 2, account_id, program_id, date_to, 'end', NULL, id, NULL, NULL
                     FROM kam_assignment WHERE date_to < %s""", ID_STEP, today),
            SQL("""SELECT id * %s + 3, id, program_id, date_told, 'told', NULL, NULL, NULL, NULL
                     FROM kam_account WHERE date_told IS NOT NULL""", ID_STEP),
            SQL("""SELECT id * %s + 4, id, program_id, date_lost, 'lost', NULL, NULL, NULL, NULL
                     FROM kam_account WHERE date_lost IS NOT NULL""", ID_STEP),
            SQL("""SELECT id * %s + 5, account_id, program_id, %s, state, NULL, NULL, id, NULL
                     FROM kam_plan_version""", ID_STEP, self._local_day(SQL("date"))),
        ]

    @api.model
    def _local_day(self, moment):
        """SQL of the day of a moment where the reader is."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, str(self.env.tz))

    @api.depends_context('lang')
    @api.depends('kind', 'change_id', 'seat_id', 'version_id', 'record_id')
    def _compute_description(self):
        for event in self:
            event.description = event._descriptions()[event.kind]()

    def _descriptions(self):
        """{kind: function that tells what happened}; others add their kinds."""
        names = {'person': self.seat_id.user_id.name, 'role': self.seat_id.role_id.name}
        return {
            'tier': lambda: self.change_id.summary,
            'begin': lambda: self.env._("%(person)s takes the seat %(role)s", **names),
            'end': lambda: self.env._("%(person)s leaves the seat %(role)s", **names),
            'told': lambda: self.env._("The customer was told that it is a key account"),
            'lost': lambda: self.env._("The customer was lost"),
            'approved': self._plan_description,
            'closed': self._plan_description,
        }

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
