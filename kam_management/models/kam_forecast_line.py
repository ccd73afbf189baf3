from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, date_utils
from odoo.tools.misc import format_date

# What is kept of a quarter is written by the system only.
KEPT = ('revenue_first', 'is_begun', 'is_late', 'date_closed', 'revenue_closed', 'accuracy')


class KamForecastLine(models.Model):
    """What a plan expects of one product category in one quarter, and what came of it (S27, S38, F64–F66)."""
    _name = 'kam.forecast.line'
    _description = "Forecast of an Account"
    _inherit = ['kam.plan.mixin']
    _order = 'plan_id, date_from, categ_id, id'

    owner_id = fields.Many2one(related='plan_id.owner_id', store=True, index='btree_not_null')
    categ_id = fields.Many2one('product.category', string="Category", required=True, index=True, ondelete='restrict')
    date_from = fields.Date(string="Quarter", required=True, index=True, help="The first day of the quarter.")
    revenue = fields.Monetary(string="Forecast Revenue", aggregator='sum')
    margin = fields.Monetary(string="Forecast Margin", aggregator='sum')
    is_joint = fields.Boolean(string="Made with the Customer")
    note = fields.Char(string="What It Rests On")
    revenue_first = fields.Monetary(
        string="Forecast at the Start", readonly=True, copy=False, aggregator='sum',
        help="As it stood when the quarter began. Accuracy is about this one.")
    is_begun = fields.Boolean(string="Quarter Has Begun", readonly=True, copy=False)
    is_late = fields.Boolean(
        string="Made Too Late", readonly=True, copy=False,
        help="Made when the quarter had begun: no forecast any more, so it has no accuracy.")
    actual_revenue = fields.Monetary(
        compute='_compute_actual', help="Posted invoices of the quarter, net of tax.")
    actual_margin = fields.Monetary(compute='_compute_actual')
    date_closed = fields.Date(string="Quarter Closed On", readonly=True, copy=False)
    revenue_closed = fields.Monetary(
        string="Revenue of the Quarter", readonly=True, copy=False, aggregator='sum',
        help="As invoiced when the quarter was closed.")
    accuracy = fields.Float(
        string="Forecast Accuracy (%)", readonly=True, copy=False, aggregator='avg', digits=(16, 0),
        help="100 less the difference in percent of the larger of the two, forecast at the start and revenue; never "
             "below 0.")

    _line_uniq = models.Constraint(
        'UNIQUE (plan_id, date_from, categ_id)', "This category is in the forecast of the quarter already.")
    _revenue = models.Constraint('CHECK (revenue >= 0)', "A forecast must not be negative.")

    @api.depends('plan_id', 'categ_id', 'date_from')
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.plan_id.display_name}: {line.categ_id.name or ''} " \
                                f"{self._quarter(line.date_from) if line.date_from else ''}".strip()

    @api.model
    def _quarter(self, day):
        return format_date(self.env, day, date_format='QQQ yyyy')

    @api.constrains('date_from', 'plan_id')
    def _check_quarter(self):
        for line in self:
            plan = line.plan_id
            if line.date_from != date_utils.start_of(line.date_from, 'quarter'):
                raise ValidationError(self.env._("A quarter begins on the first day of January, April, July or "
                                                 "October; %s is none of them.", line.date_from))
            if line.date_from not in plan._quarters():
                raise ValidationError(self.env._(
                    "%(quarter)s is not in the period of %(plan)s.",
                    quarter=self._quarter(line.date_from), plan=plan.display_name))

    @api.depends('plan_id', 'categ_id', 'date_from', 'date_closed')
    def _compute_actual(self):
        begins = [day for day in self.mapped('date_from') if day]
        sales = self.account_id._quarterly_sales(min(begins), max(begins)) if begins else {}
        for line in self:
            line.actual_revenue, line.actual_margin = sales.get(
                (line.account_id.id, line.plan_id.entity_id.id or 0, line.categ_id.id, line.date_from), (0, 0))

    def write(self, vals):
        if not self.env.su and vals.keys() & set(KEPT):
            raise UserError(self.env._("What is kept of a quarter cannot be edited."))
        if not self.env.su and {'revenue', 'margin'} & vals.keys():
            for line in self.filtered('date_closed'):
                raise UserError(self.env._("%s is over. What was forecast stays.", self._quarter(line.date_from)))
        if not self.env.su and 'revenue' in vals:
            self._keep_first()
        if not self.env.su and {'date_from', 'plan_id', 'categ_id'} & vals.keys() and any(
                line.is_begun or line.is_late for line in self):
            raise UserError(self.env._("The quarter has begun: its forecast stays where it is."))
        result = super().write(vals)
        if not self.env.su and {'date_from', 'plan_id'} & vals.keys():
            self._mark_late()
        return result

    def _keep_first(self):
        """The first change in a quarter may come before the nightly job does."""
        today = fields.Date.context_today(self)
        for line in self.filtered(lambda line: line.date_from < today and not line.is_begun).sudo():  # closed to users
            line.write({'is_begun': True, 'revenue_first': line.revenue})

    def _mark_late(self):
        today = fields.Date.context_today(self)
        self.filtered(lambda line: line.date_from < today).sudo().is_late = True  # closed to users

    @api.model
    def _is_derived(self, name):
        # Also not by a default of a context, or one that users set for themselves.
        return name in KEPT or super()._is_derived(name)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                for name in KEPT:
                    vals.pop(name, None)
        lines = super().create(vals_list)
        if not self.env.su:
            lines._mark_late()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        if any(line.date_closed for line in self):
            raise UserError(self.env._("A quarter that is over is history and cannot be deleted."))

    @api.model
    def _cron_close_quarters(self):
        """Keep what was forecast when a quarter begins, and how well it was met when the quarter is over.

        Two statements over all lines: raw SQL, because a quarter moves thousands at once.
        """
        self.env.flush_all()
        today = fields.Date.context_today(self)
        self.env.cr.execute(SQL(
            "UPDATE kam_forecast_line SET is_begun = TRUE, revenue_first = revenue "
            "WHERE NOT COALESCE(is_begun, FALSE) AND date_from <= %s", today))
        self.invalidate_model(['is_begun', 'revenue_first'])
        # Invoices of a quarter may come two weeks late.
        over = self.search([
            ('date_closed', '=', False), ('date_from', '<=', today - relativedelta(months=3, days=14))])
        rows = [(line.id, line.actual_revenue) for line in over]
        if rows:
            self.env.cr.execute(SQL(
                """UPDATE kam_forecast_line line
                      SET date_closed = %(today)s, revenue_closed = actual.revenue,
                          accuracy = CASE
                              WHEN line.is_late THEN NULL
                              WHEN GREATEST(line.revenue_first, actual.revenue) > 0 THEN GREATEST(0, 100 * (
                                   1 - ABS(line.revenue_first - actual.revenue)
                                       / GREATEST(line.revenue_first, actual.revenue)))
                              WHEN line.revenue_first = actual.revenue THEN 100
                              ELSE 0 END
                     FROM unnest(%(ids)s::int[], %(revenues)s::numeric[]) AS actual (id, revenue)
                    WHERE line.id = actual.id""",
                today=today, ids=[row[0] for row in rows], revenues=[row[1] for row in rows]))
            self.invalidate_model(['date_closed', 'revenue_closed', 'accuracy'])
        return len(rows)
