from dateutil.relativedelta import relativedelta

from odoo import fields, models


class KamPlanTemplateObjective(models.Model):
    """An objective that every plan of a template starts with, measured from where the account stands."""
    _name = 'kam.plan.template.objective'
    _description = "Objective of a Plan Template"
    _order = 'sequence, id'

    template_id = fields.Many2one('kam.plan.template', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    type = fields.Selection(
        selection=lambda self: self.env['kam.plan.objective']._fields['type']._description_selection(self.env),
        required=True, default='grow')
    measure = fields.Selection(
        selection=lambda self: [
            (code, label) for code, label in self.env['kam.plan.objective']._selection_measure()
            if code not in ('manual', 'record_count')],
        string="Measured by", required=True, default='revenue')
    change_percent = fields.Float(
        string="Change (%)", digits=(16, 1), default=10.0,
        help="Of the value when the plan is made: 10 asks for a tenth more, -10 for a tenth less.")
    fixed_value = fields.Float(
        string="Or Exactly", digits=(16, 2), help="The target itself. 0 means that the change counts.")
    months = fields.Integer(string="Months After the Start", default=12)

    _months = models.Constraint('CHECK (months > 0)', "An objective takes at least one month.")

    def _add_to(self, plan):
        """Objectives of the plan, each from the value of its measure; without figures there is nothing to aim from."""
        today = fields.Date.context_today(self)
        Objective = self.env['kam.plan.objective']
        drafts = {line: Objective.new(line._start(plan)) for line in self}
        # Whoever makes the plan reads the account; the figures cover all companies of the programme (sudo).
        rows = {line: draft.sudo() for line, draft in drafts.items()}
        values = Objective.union(*rows.values())._measure(
            {row: row._period_before(today) for row in rows.values()}, today) if rows else {}
        Objective.create([
            line._start(plan) | line._aim(values[row], row._is_up())
            for line, row in rows.items() if row in values and line._can_aim(values[row])])

    def _start(self, plan):
        deadline = plan.date_from + relativedelta(months=self.months, days=-1)
        return {
            'plan_id': plan.id, 'name': self.name, 'type': self.type, 'measure': self.measure,
            'sequence': self.sequence, 'date_target': deadline}

    def _can_aim(self, value):
        return value >= 0 and bool(value or self.fixed_value)

    def _aim(self, value, is_up):
        """Baseline and target; an account that is there already is to keep what it has."""
        baseline = round(value, 2)
        target = round(self.fixed_value or baseline * (1 + self.change_percent / 100), 2)
        if target > baseline if is_up else target < baseline:
            return {'baseline': baseline, 'target_value': target}
        return {'baseline': baseline, 'target_value': baseline, 'type': 'retain'}
