from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.kam_management.ledger.sales import Sales
from odoo.addons.kam_management.models.kam_tier import CATEGORIES

from .analysis_rows import AnalysisRows

# Besides the running month: three years, so that each month of the last two has one to compare with.
MONTHS = 36
# Rates in percent: (part, whole) that they are made of.
RATES = {'margin_rate:avg': ('margin', 'revenue_costed'), 'promises_rate:avg': ('promises_kept', 'promises_due')}


class KamAccountAnalysis(models.Model):
    """What an account brought in a month, how it was looked after, and where it stood at its end: for pivots, graphs
    and dashboards.

    Why a table and not a view
    ==========================
    A pivot over five million invoice lines takes minutes. So the rows are computed once a night, and after a scoring
    run, for all accounts of a programme in one statement (see `AnalysisRows`). Everything in a row follows from
    invoices, scores, tier changes, seats, issues, promises and reviews, so computing it again gives the same; only rows
    that differ are written.

    Amounts are in the currency of the programme and cover all its companies, whichever of them are selected: a
    programme is one portfolio. A row is seen by whoever sees its account: how many issues and reviews there were is a
    figure of the account, what they are about is not in here.
    """
    _name = 'kam.account.analysis'
    _description = "Account Analysis"
    _order = 'month desc, revenue desc, id'
    _rec_name = 'account_id'
    _log_access = False  # rows are computed by nobody in particular

    account_id = fields.Many2one('kam.account', readonly=True, required=True, ondelete='cascade')
    program_id = fields.Many2one('kam.program', string="Programme", readonly=True, required=True, ondelete='cascade')
    company_ids = fields.Many2many(related='program_id.company_ids')
    currency_id = fields.Many2one('res.currency', readonly=True)
    month = fields.Date(readonly=True, required=True, help="Its first day.")
    tier_id = fields.Many2one(
        'kam.tier', readonly=True, index='btree_not_null', ondelete='set null', help="At the end of the month.")
    category = fields.Selection(CATEGORIES, readonly=True, help="At the end of the month.")
    manager_id = fields.Many2one(
        'res.users', string="Account Manager", readonly=True, index='btree_not_null', ondelete='set null',
        help="At the end of the month.")
    sponsor_id = fields.Many2one(
        'res.users', string="Executive Sponsor", readonly=True, index='btree_not_null', ondelete='set null',
        help="At the end of the month.")
    country_id = fields.Many2one(
        'res.country', readonly=True, index='btree_not_null', ondelete='set null', help="Of the lead entity, today.")
    revenue = fields.Monetary(readonly=True, help="Posted invoices of the month net of tax, less credit notes.")
    revenue_costed = fields.Monetary(
        string="Revenue with Known Cost", readonly=True, aggregator=None,
        help="The part of the revenue whose cost is known: what the margin is held against.")
    margin = fields.Monetary(
        readonly=True, help="Revenue less cost, of the lines whose cost is known: a line without cost would pass for "
                            "pure profit.")
    margin_rate = fields.Float(
        string="Margin (%)", readonly=True, aggregator='avg',
        help="Margin per revenue with known cost, also over many rows: large accounts weigh more.")
    score = fields.Float(
        readonly=True, aggregator='avg', help="The last one of the month, 0 to 100.")
    health = fields.Float(
        readonly=True, aggregator='avg',
        help="The last health score of the month, 0 to 100. Of key accounts only.")
    health_state = fields.Selection([
        ('green', "Healthy"),
        ('amber', "To Watch"),
        ('red', "At Risk"),
    ], readonly=True, help="By the limits of the health model of today.")
    issues_reported = fields.Integer(readonly=True, help="Issues of the customer that were reported in the month.")
    issues_late = fields.Integer(
        string="Issues Resolved Late", readonly=True,
        help="Issues that were resolved in the month, after the day that the tier promises.")
    promises_due = fields.Integer(
        readonly=True, help="How often something that the tier promises was due in the month.")
    promises_kept = fields.Integer(readonly=True, help="How often of them it was kept.")
    promises_rate = fields.Float(
        string="Promises Kept (%)", readonly=True, aggregator='avg',
        help="Promises kept per promises due, also over many rows: each promise counts once.")
    reviews_held = fields.Integer(readonly=True, help="Reviews and executive visits that took place in the month.")
    satisfaction = fields.Float(
        readonly=True, aggregator='avg', help="What the customer said at reviews and in surveys of the month, 0 to 10.")

    _account_month_uniq = models.UniqueIndex('(account_id, month)', "An account has one row for each month.")
    _program_month_idx = models.Index('(program_id, month)')
    # What people look at nearly always, and little of the whole.
    _key_idx = models.Index("(month) WHERE category = 'key'")

    def _read_group_select(self, aggregate_spec, query):
        """A rate of many rows is that of their sums."""
        if aggregate_spec not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (self._field_to_sql(self._table, name, query) for name in RATES[aggregate_spec])
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)

    def action_open_account(self):
        """The account behind a row of the list."""
        self.ensure_one()
        return self.account_id._get_records_action()

    # Computing

    @api.model
    def _refresh(self, program, today=None):
        """Compute the rows of a programme as of a day; return how many were written or removed.

        The caller answers for access: all accounts of the programme are read, whoever asks.
        """
        today = today or fields.Date.today()  # as scoring: one day for everybody
        first = today.replace(day=1) - relativedelta(months=MONTHS)
        sales = Sales.of(program, first, today)
        self.env.flush_all()  # the statements read tables
        changed = AnalysisRows(sales, first, today).store()
        self.invalidate_model()
        return changed

    @api.model
    def _cron_refresh(self):
        """Every programme, archived ones too: their accounts have a history as well."""
        commit = self.env['ir.cron']._commit_progress
        programs = self.env['kam.program'].with_context(active_test=False).search([('tier_ids', '!=', False)])
        commit(remaining=len(programs))
        for program in programs:
            self._refresh(program)
            commit(1)
