from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang


class KamPlan(models.Model):
    """What a plan says, in no language: it is frozen by one person and compared by another.

    A snapshot is {section: [[key, parts]]}. A key names an entry within its section: its name, "field NAME" or "factor
    ID". A part is a text, or a list of a kind and a value: date (ISO), number, money, choice (model, field and value),
    kept. What is empty is left out.
    """
    _inherit = 'kam.plan'

    version_ids = fields.One2many('kam.plan.version', 'plan_id', string="Versions")
    version_count = fields.Integer(compute='_compute_version_count')

    @api.depends('version_ids')
    def _compute_version_count(self):
        for plan in self:
            plan.version_count = len(plan.version_ids)

    def _freeze_version(self, occasion):
        """Callers have checked the permission; nobody writes versions by hand (sudo).

        :param occasion: 'approved' or 'closed'
        """
        for plan in self:
            versions = plan.sudo().version_ids
            versions.create({
                'plan_id': plan.id, 'number': max(versions.mapped('number'), default=0) + 1,
                'user_id': self.env.user.id, 'state': occasion,
                'snapshot': plan._snapshot()})

    def _snapshot(self):
        """What the plan says today; others add to it by super()."""
        self.ensure_one()
        return {
            'period': [["", _parts(_date(self.date_from), _date(self.date_to))]],
            'words': [[f'field {name}', [self[name]]] for name in ('customer_summary', 'strategy') if self[name]],
            'swot': [[f'field {name}', [value]] for name, _label, value in self._swot() if value],
            'goals': [[goal.name, _parts(
                ['choice', 'kam.plan.goal', 'term', goal.term], _date(goal.date_horizon), goal.contribution,
                goal.told_by)] for goal in self.goal_ids],
            'factors': [[f'factor {rank.factor_id.id}', _parts(f"{number}.", rank.evidence)]
                        for number, rank in enumerate(self.factor_ids, 1)],
            'competitors': [[line.competitor_id.name, _parts(line.position, line.answer)]
                            for line in self.competitor_ids],
            'commitments': [[line.name, _parts(_date(line.date_due), ['kept'] if line.is_kept else None)]
                            for line in self.commitment_ids],
        }

    def _snapshot_key(self, key):
        """A key in the user's language."""
        kind, _space, name = key.partition(' ')
        if kind == 'field' and name in self._fields:
            return self._fields[name]._description_string(self.env)
        if kind == 'factor' and name.isdecimal():
            return self.env['kam.buying.factor'].browse(int(name)).exists().name or ""
        return key

    def _snapshot_text(self, parts):
        """Parts in the user's language; None where there is no entry."""
        return None if parts is None else " · ".join(
            part if isinstance(part, str) else self._snapshot_part(*part) for part in parts)

    def _snapshot_part(self, kind, *values):
        if kind == 'date':
            return format_date(self.env, values[0])
        if kind == 'number':
            return formatLang(self.env, values[0], digits=0 if values[0] == int(values[0]) else 1)
        if kind == 'money':
            return self.account_id._money_text(values[0])
        if kind == 'choice':
            model, name, value = values
            choices = dict(self.env[model]._fields[name]._description_selection(self.env))
            return choices.get(value) or value
        return self.env._("kept")

    @api.model
    def _snapshot_labels(self):
        return {
            'period': self.env._("Period"), 'words': self.env._("In Words"), 'swot': self.env._("SWOT"),
            'goals': self.env._("Goals of the Customer"), 'factors': self.env._("Buying Factors"),
            'competitors': self.env._("Competitors"), 'commitments': self.env._("Commitments"),
        }



def _date(day):
    return ['date', fields.Date.to_string(day)] if day else None


def _parts(*parts):
    return [part for part in parts if part]
