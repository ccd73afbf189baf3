from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import date_utils


class KamPlan(models.Model):
    """The forecast of the plan in three figures, and in its score, versions and page."""
    _inherit = 'kam.plan'

    forecast_ids = fields.One2many('kam.forecast.line', 'plan_id')
    forecast_revenue = fields.Monetary(compute='_compute_forecast', help="Of the whole period.")
    forecast_accuracy = fields.Float(
        string="Forecast Accuracy (%)", compute='_compute_forecast', digits=(16, 0),
        help="The mean of the quarters that are over, by what was forecast in time.")

    @api.depends('forecast_ids.revenue', 'forecast_ids.accuracy')
    def _compute_forecast(self):
        for plan in self:
            closed = plan.forecast_ids.filtered(lambda line: line.date_closed and not line.is_late)
            plan.forecast_revenue = sum(plan.forecast_ids.mapped('revenue'))
            plan.forecast_accuracy = sum(closed.mapped('accuracy')) / len(closed) if closed else 0

    @api.model
    def _score_triggers(self):
        return [*super()._score_triggers(), 'forecast_ids']

    def _content_checks(self):
        lines = self.account_id.wallet_line_ids
        return [
            *super()._content_checks(),
            (5, bool(self.forecast_ids), self.env._("Forecast the quarters, best together with the customer")),
            (5, any(line.spend for line in lines),
             self.env._("Estimate what the customer spends in each product category")),
        ]

    def _snapshot(self):
        snapshot = super()._snapshot()
        snapshot['forecast'] = [
            [f"{line.categ_id.name} {line.date_from:%Y-%m}", [['money', line.revenue]]]
            for line in self.forecast_ids]
        return snapshot

    @api.model
    def _snapshot_labels(self):
        return {**super()._snapshot_labels(), 'forecast': self.env._("Forecast")}

    def action_open_forecast(self):
        self.ensure_one()
        action = self.env['ir.actions.client']._for_xml_id('kam_management.kam_forecast_grid_action')
        return dict(
            action, name=self.env._("Forecast of %s", self.display_name),
            params={'model': 'kam.forecast.line', 'scope': {'plan_id': self.id, 'show': 'revenue'}})

    def _quarters(self):
        """The first days of the quarters that the period touches."""
        self.ensure_one()
        return list(date_utils.date_range(
            date_utils.start_of(self.date_from, 'quarter'), self.date_to, relativedelta(months=3)))

    def _fill_forecast(self):
        """What was invoiced in the same quarters a year before, where nothing is forecast yet."""
        self.ensure_one()
        self.check_access('write')
        quarters = self._quarters()
        year, entity_id = relativedelta(years=1), self.entity_id.id or 0
        sales = self.account_id._quarterly_sales(quarters[0] - year, quarters[-1] - year)
        there = {(line.date_from, line.categ_id.id) for line in self.forecast_ids}
        self.env['kam.forecast.line'].create([
            {'plan_id': self.id, 'date_from': quarter + year, 'categ_id': categ_id, 'revenue': revenue,
             'margin': margin, 'note': self.env._("As a year before")}
            for (_account_id, who, categ_id, quarter), (revenue, margin) in sales.items()
            if who == entity_id and revenue > 0 and (quarter + year, categ_id) not in there])
        return False
