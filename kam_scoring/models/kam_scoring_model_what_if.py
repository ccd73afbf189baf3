import dataclasses
import math

from odoo import fields, models
from odoo.exceptions import UserError

from .. import engine
from ..metrics import METRICS, Scope

# What may be tried of a part, and the least and highest number.
NO_LIMIT = 1e15
NUMBERS = {
    'criteria': {
        'weight': (0, 1000000), 'bound_zero': (-NO_LIMIT, NO_LIMIT), 'bound_full': (-NO_LIMIT, NO_LIMIT)},
    'rules': {'score_min': (0, 100), 'coverage_min': (0, 100), 'gate_points_max': (0, 100), 'capacity': (0, 1000000)},
    'gates': {'limit': (-NO_LIMIT, NO_LIMIT)},
    'levels': {'green_from': (0, 100), 'amber_from': (0, 100)},
}
PARTS = {'criteria': 'criterion_ids', 'rules': 'tier_rule_ids', 'gates': 'gate_ids'}
LEVEL_PLACES = {3: 'green', 2: 'amber', 1: 'red', None: False}


class KamScoringModel(models.Model):
    """What-if: other numbers on the data of the current scores, at once and without saving (S32)."""
    _inherit = 'kam.scoring.model'

    def action_what_if(self):
        self.ensure_one()
        self._check_champion()
        action = self.env['ir.actions.client']._for_xml_id('kam_scoring.kam_scoring_what_if_action')
        return dict(action, context={'active_id': self.id})

    def get_what_if(self):
        """The numbers of the model that can be tried, for the screen."""
        self.ensure_one()
        self._check_champion()
        run = self._scored_run()
        labels = {code: self.env._(metric.label) for code, metric in METRICS.items()}
        return {
            'name': self.display_name, 'state': self.state, 'purpose': self.purpose,
            'date': run and fields.Date.to_string(run.date),
            'criteria': [{
                'id': one.id, 'label': labels.get(one.metric, one.metric), 'unit': one.unit, 'weight': one.weight,
                'normalization': one.normalization, 'bound_zero': one.bound_zero, 'bound_full': one.bound_full,
                'special_count': one.special_count} for one in self.criterion_ids],
            'gates': [{
                'id': one.id, 'label': labels.get(one.metric, one.metric), 'operator': one.operator, 'unit': one.unit,
                'limit': one.limit, 'tiers': ", ".join(one._tiers().mapped('name'))} for one in self.gate_ids],
            'rules': [{
                'id': one.id, 'label': one.tier_id.name, 'score_min': one.score_min, 'coverage_min': one.coverage_min,
                'capacity': one.capacity, 'gate_points_max': one.gate_points_max,
                'gate': one.gate_criterion_id.display_name if one.gate_criterion_id else False}
                for one in self.tier_rule_ids] if self.purpose == 'selection' else [],
            'levels': {'green_from': self.green_from, 'amber_from': self.amber_from},
        }

    def get_what_if_outcome(self, changes):
        """Who would be placed elsewhere with other numbers than those of the model.

        :param changes: {'criteria' | 'rules' | 'gates': {id: {number: value}}, 'levels': {number: value}}
        """
        self.ensure_one()
        self._check_champion()
        run = self._scored_run()
        if not run:
            raise UserError(self.env._(
                "%s has not been scored yet, so there are no data to try numbers on. Score it first.",
                self.program_id.name))
        spec, levels = self._changed(self._checked(changes))
        self.env.flush_all()  # the engine reads tables
        # The engine reads all accounts of the programme, as a run does; only its champions come here.
        kept, failed = engine.whatif.kept_metrics(self.env, run)
        unknown = {metric for metric in spec.metrics
                   if metric not in METRICS or not METRICS[metric].is_available(self.env)}
        published = self.program_id.health_model_id or self
        outcome = engine.whatif.compare(
            Scope.of(self.program_id, run.date), spec, kept, failed | unknown, published._levels(), levels)
        return self._presented(outcome)

    def keep_what_if(self, changes):
        """Write the numbers into the draft; into a new version where the model is published.

        The number of places belongs to the tier, not to the model: it is not kept.
        """
        self.ensure_one()
        self._check_champion()
        checked = self._checked(changes)
        self._changed(checked)
        draft = self if self.state == 'draft' else self.copy()
        for part, field in PARTS.items():
            by_id = dict(zip(self[field].ids, draft._like(self, field), strict=True))
            for part_id, numbers in checked[part].items():
                numbers = {name: value for name, value in numbers.items() if name != 'capacity'}
                if numbers:
                    by_id[part_id].write(numbers)
        if checked['levels']:
            draft.write(checked['levels'])
        return draft._get_records_action()

    def _like(self, model, field):
        """The parts of this model in the order of those of another one, of which it is a copy."""
        if self == model:
            return self[field]
        if field == 'gate_ids':
            return self[field].sorted('id')
        key = 'metric' if field == 'criterion_ids' else 'tier_id'
        mine = {part[key]: part for part in self[field]}
        return [mine[part[key]] for part in model[field]]

    def _scored_run(self):
        """The run whose scores are the current ones."""
        # sudo: a run of the programme, which the caller may decide on.
        return self.env['kam.score.run'].sudo().search([
            ('program_id', '=', self.program_id.id), ('purpose', '=', self.purpose), ('state', '=', 'done'),
            ('account_id', '=', False)], limit=1)

    def _checked(self, changes):
        """The numbers that differ from those of the model, as {part: {id: {name: value}}}."""
        checked = {'levels': self._checked_numbers(self, 'levels', changes.get('levels') or {})}
        for part, field in PARTS.items():
            checked[part] = {}
            own = {str(one.id): one for one in self[field]}
            for part_id, numbers in (changes.get(part) or {}).items():
                if str(part_id) not in own:
                    raise UserError(self.env._("The model has been changed meanwhile. Open \"What If\" again."))
                numbers = self._checked_numbers(own[str(part_id)], part, numbers)
                if numbers:
                    checked[part][int(part_id)] = numbers
        return checked

    def _checked_numbers(self, record, part, numbers):
        for name, value in numbers.items():
            low, high = NUMBERS[part].get(name, (1, 0))
            if not isinstance(value, (int, float)) or not math.isfinite(value) or not low <= value <= high:
                raise UserError(self.env._(
                    "%(value)s is no possible number for %(name)s.", value=value, name=name.replace("_", " ")))
        return {name: value for name, value in numbers.items() if value != record[name]}

    def _changed(self, checked):
        """The spec, and the levels of health, with other numbers."""
        spec = self._spec()
        rule_ids = {rule.tier_id.id: rule.id for rule in self.tier_rule_ids}
        spec = dataclasses.replace(
            spec,
            criteria=tuple(dataclasses.replace(one, **checked['criteria'].get(one.id, {})) for one in spec.criteria),
            gates=tuple(dataclasses.replace(one, **checked['gates'].get(one.id, {})) for one in spec.gates),
            rules=tuple(
                dataclasses.replace(one, **checked['rules'].get(rule_ids[one.tier_id], {})) for one in spec.rules))
        for one in spec.criteria:
            if one.bound_zero == one.bound_full:
                raise UserError(self.env._("The values worth 0 and 100 points must differ."))
            ends = (one.bound_zero, one.bound_full)
            if one.normalization == 'percentile' and not all(0 <= end <= 100 for end in ends):
                raise UserError(self.env._("Places among customers go from 0 to 100."))
        if not any(one.weight > 0 for one in spec.criteria):
            raise UserError(self.env._("At least one weight has to be above zero."))
        levels = dataclasses.replace(self._levels(), **{
            name.removesuffix('_from'): value for name, value in checked['levels'].items()})
        if spec.purpose == 'health' and not 0 < levels.amber < levels.green:
            raise UserError(self.env._("Healthy begins above To Watch, both between 0 and 100."))
        return spec, levels

    def _presented(self, outcome):
        counts = {place: (now, then) for place, now, then in outcome['places']}
        names = self._place_names()
        accounts = self.env['kam.account'].browse([row[0] for row in outcome['rows']])
        account_names = dict(zip(accounts.ids, accounts.mapped('display_name'), strict=True))
        return {
            'places': [{'id': place, 'name': name, 'now': counts.get(place, (0, 0))[0],
                        'then': counts.get(place, (0, 0))[1]}
                       for place, name in names.items() if place is not None or None in counts],
            'total': outcome['total'],
            'rows': [{'id': account_id, 'name': account_names[account_id], 'from': names[now], 'to': names[then],
                      'score_now': score_now, 'score_then': score_then}
                     for account_id, now, then, score_now, score_then in outcome['rows']],
        }

    def _place_names(self):
        if self.purpose == 'health':
            level = self.env['kam.scoring.backtest.transition']._fields['to_level']
            levels = dict(level._description_selection(self.env))
            return {place: levels.get(level) or self.env._("Without data") for place, level in LEVEL_PLACES.items()}
        return {tier.id: tier.name for tier in self.program_id.tier_ids}
