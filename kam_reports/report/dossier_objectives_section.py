from .dossier_section import DossierSection
from .xlsx_charts import add_series, horizontal_bars, new_chart, place_chart
from .xlsx_style import AMBER, BAR, GREEN, GREY, RED
from .xlsx_values import Column

COLORS = {'on': GREEN, 'done': GREEN, 'risk': AMBER, 'off': RED, 'unknown': GREY}


class DossierObjectivesSection(DossierSection):
    """What the plan wants, how far it is, and who does what by when."""
    code = 'objectives'

    def title(self):
        return self.env._("Objectives")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(38, 18, 13, 14, 14, 14, 12, 12, 14, 60)
        if not self.data.plan:
            self.note(sheet, self.data.no_plan_text())
            return
        objectives = self.env['kam.plan.objective'].search([('plan_id', '=', self.data.plan.id)])
        header = self._write_objectives(sheet, objectives)
        if objectives:
            self._insert_chart(sheet, header, objectives)
        self._write_actions(sheet)

    def _write_objectives(self, sheet, objectives):
        labels = self.data.labels('kam.plan.objective', 'type', 'track')
        self.heading(sheet, self.env._("Objectives"))
        columns = [
            Column(self.env._("Objective"), 'wrap', width=38),
            Column(self.env._("Kind"), 'wrap', width=18),
            Column(self.env._("Deadline"), 'date', width=13),
            Column(self.env._("Baseline"), 'integer', width=14),
            Column(self.env._("Target Value"), 'integer', width=14),
            Column(self.env._("Actual"), 'integer', width=14),
            Column(self.env._("In"), 'wrap', width=12),
            Column(self.env._("Progress"), 'share', width=12),
            Column(self.env._("Track"), 'wrap', width=14),
            Column(self.env._("Why This Track"), 'wrap', width=60),
        ]
        return sheet.block(columns, [[
            self.data.link(objective.name, 'kam.plan.objective', objective.id),
            labels['type'][objective.type], objective.date_target, objective.baseline, objective.target_value,
            objective.actual if objective.has_actual else None, objective.unit_label,
            objective.progress / 100 if objective.has_actual else None, labels['track'].get(objective.track),
            objective.track_reason,
        ] for objective in objectives], empty=self.env._("The plan has no objectives yet."))

    def _insert_chart(self, sheet, header, objectives):
        title, first, last = self.env._("Progress of the objectives"), header + 1, header + len(objectives)
        chart = new_chart(self.writer, 'bar', title)
        add_series(chart, sheet, title, (first, 0, last, 0), (first, 7, last, 7), BAR, points=[
            {'fill': {'color': COLORS.get(objective.track, GREY)}} for objective in objectives],
            data_labels={'value': True, 'num_format': '0%', 'font': {'size': 9}})
        horizontal_bars(chart)
        height = 70 + 26 * len(objectives)
        place_chart(sheet, chart, sheet.row, 0, 820, height, title)
        sheet.row += height // 20 + 2

    def _write_actions(self, sheet):
        actions = self.env['kam.plan.action'].search(
            [('plan_id', '=', self.data.plan.id), ('state', '!=', 'cancelled')], order='is_open desc, date_due, id')
        states = self.data.labels('kam.plan.action', 'state')['state']
        self.heading(sheet, self.env._("Actions"))
        columns = [
            Column(self.env._("Action"), 'wrap', width=38),
            Column(self.env._("Owner"), 'wrap', width=18),
            Column(self.env._("Due on"), 'date', width=13),
            Column(self.env._("State"), 'wrap', width=14),
            Column(self.env._("Overdue"), 'wrap', width=14),
        ]
        sheet.block(columns, [[
            action.name, action.user_id.name, action.date_due, states[action.state],
            self.env._("Yes") if action.is_overdue else None] for action in actions],
            empty=self.env._("The plan has no actions yet."))
