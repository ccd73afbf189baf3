from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang


class KamForecastLine(models.Model):
    """The forecast of a plan as a grid: product categories by quarter.

    scope is {'plan_id': a plan, 'show': 'revenue' or 'margin'}; a row is a category, a column a quarter as text.
    """
    _inherit = 'kam.forecast.line'

    @api.model
    def get_grid(self, scope):
        plan, show = self._grid_plan(scope), self._grid_show(scope)
        quarters = plan._quarters()
        lines = {(line.categ_id.id, line.date_from): line for line in self.search([('plan_id', '=', plan.id)])}
        categories = plan.program_id._wallet_categories() | self.union(*lines.values()).categ_id
        sales = plan.account_id._quarterly_sales(quarters[0], quarters[-1])
        can_edit = plan.state != 'closed' and plan.has_access('write')
        cells = {}
        for categ in categories:
            for day in quarters:
                line = lines.get((categ.id, day), self.browse())
                actual = sales.get((plan.account_id.id, plan.entity_id.id or 0, categ.id, day), (0, 0))
                cells[f'{categ.id}:{day}'] = self._grid_cell(line, actual[show == 'margin'], show, can_edit)
        self._add_totals(cells, categories, quarters, lines, show)
        return {
            'corner': self.env._("Category"),
            'rows': [*({'id': categ.id, 'label': categ.name} for categ in categories),
                     {'id': 0, 'label': self.env._("Together"), 'total': True}],
            'columns': [*({'id': str(day), 'label': self._quarter(day)} for day in quarters),
                        {'id': 'all', 'label': self.env._("Whole Period"), 'total': True}],
            'cells': cells,
            'choices': [{
                'name': 'show', 'label': self.env._("Amount"), 'value': show, 'options': [
                    {'id': 'revenue', 'label': self.env._("Revenue")},
                    {'id': 'margin', 'label': self.env._("Margin Amount")}],
            }],
            'buttons': [
                *([{'name': 'fill', 'label': self.env._("Fill from Last Year")}] if can_edit else []),
                {'name': 'open_list', 'label': self.env._("As a List")}],
            'can_edit': can_edit, 'legend': [],
            'note': self.env._("In %s. Below each forecast: what has been invoiced.", plan.currency_id.name),
            'empty': {'title': self.env._("Nothing to forecast"),
                      'text': self.env._("Choose product categories in the programme.")},
        }

    @api.model
    def _grid_plan(self, scope):
        plan = self.env['kam.plan'].browse(scope['plan_id'])
        plan.check_access('read')
        return plan

    @api.model
    def _grid_show(self, scope):
        return 'margin' if scope.get('show') == 'margin' else 'revenue'

    @api.model
    def _grid_cell(self, line, actual, show, can_edit):
        return {
            'value': round(line[show]) if line[show] else False, 'is_editable': can_edit and not line.date_closed,
            'text': formatLang(self.env, actual, digits=0) if actual else "",
            'style': 'table-success' if line[show] and actual >= line[show] else '',
            'title': line.is_joint and self.env._("Made with the customer") or line.note or "",
            'actions': [{'name': 'toggle_joint', 'icon': 'fa-handshake-o' if line.is_joint else 'fa-user-o',
                         'title': self.env._("Made with the customer, or without")}] if line and can_edit else []}

    @api.model
    def _add_totals(self, cells, categories, quarters, lines, show):
        def total(keys):
            return {'value': round(sum(lines[key][show] for key in keys if key in lines)) or False}
        for categ in categories:
            cells[f'{categ.id}:all'] = total([(categ.id, day) for day in quarters])
        for day in quarters:
            cells[f'0:{day}'] = total([(categ.id, day) for categ in categories])
        cells['0:all'] = total(list(lines))

    @api.model
    def set_cell(self, scope, row_id, column_id, value):
        self._grid_line(scope, row_id, column_id)[self._grid_show(scope)] = value or 0
        return self.get_grid(scope)

    @api.model
    def _grid_line(self, scope, row_id, column_id):
        self._grid_plan(scope).check_access('write')
        key = {'plan_id': scope['plan_id'], 'categ_id': row_id, 'date_from': column_id}
        return self.search([(name, '=', value) for name, value in key.items()]) or self.create(key)

    @api.model
    def grid_action(self, name, scope, row_id, column_id=None):
        if name == 'toggle_joint':
            line = self._grid_line(scope, row_id, column_id)
            line.is_joint = not line.is_joint
            return False
        if name == 'fill':
            return self._grid_plan(scope)._fill_forecast()
        if name == 'open_list':
            action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_forecast_line_action')
            return dict(action, domain=[('plan_id', '=', scope['plan_id'])], context={'hide_plan': True})
        raise UserError(self.env._("There is no button of this name: %s", name))
