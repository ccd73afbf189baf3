import hashlib
import json

from odoo import fields, models
from odoo.exceptions import RedirectWarning

from ..engine.whatif import Levels


class KamScoringModel(models.Model):
    """A draft is tried on the past, and looked at, before it goes live (N2)."""
    _inherit = 'kam.scoring.model'

    backtest_ids = fields.One2many('kam.scoring.backtest', 'model_id', string="Back-Tests")
    backtest_count = fields.Integer(
        compute='_compute_backtest_count', string="Number of Back-Tests", groups="kam_management.group_kam_champion,"
        "kam_management.group_kam_executive")

    def _compute_backtest_count(self):
        counts = dict(self.env['kam.scoring.backtest']._read_group(
            [('model_id', 'in', self.ids)], ['model_id'], ['__count']))
        for model in self:
            model.backtest_count = counts.get(model, 0)

    def action_backtest(self):
        """Open the back-test of the present numbers; start one where there is none."""
        self.ensure_one()
        self._check_champion()
        backtest = self._backtest() or self.backtest_ids.filtered(
            lambda one: one.state in ('waiting', 'running'))[:1] or self.backtest_ids._start(self)
        return backtest.action_look()

    def action_open_backtests(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_scoring_backtest_action')
        return dict(action, domain=[('model_id', '=', self.id)])

    def action_publish(self):
        self.ensure_one()
        self._check_champion()
        # Data files and upgrades publish as superuser: nobody is there to look.
        if self.state == 'draft' and not self.env.su:
            self._check_complete()
            self._check_backtest()
        return super().action_publish()

    def _backtest(self):
        """The newest finished back-test of exactly the present criteria, weights, bands, gates and limits."""
        content = self._content()
        return self.backtest_ids.filtered(lambda one: one.state == 'done' and one.content == content)[:1]

    def _check_backtest(self):
        # sudo: whether there is an invoice says nothing about it.
        if not self.program_id.sudo()._has_invoices():
            return
        backtests = self.backtest_ids.filtered(lambda one: one.state == 'done')
        content = self._content()
        current = backtests.filtered(lambda one: one.content == content)
        if self.env.user in current.look_ids.user_id:
            return
        if current:
            reason = self.env._("%s has a back-test that you have not looked at yet.", self.display_name)
        elif backtests:
            reason = self.env._("%s has been changed since its last back-test.", self.display_name)
        else:
            reason = self.env._("%s has not been tried on the past yet.", self.display_name)
        raise RedirectWarning(
            self.env._(
                "%s Look at a back-test of exactly these numbers before you publish: it shows who would change tier, "
                "and how the model would have done.", reason),
            self.env.ref('kam_scoring.kam_scoring_model_action_backtest').id, self.env._("Back-Test"),
            {'active_model': self._name, 'active_id': self.id, 'active_ids': self.ids})

    def _content(self):
        """Stands for all that decides the outcome of the model; records that mean the same give the same.

        Limits that belong to the programme and its tiers (places, band) are part of it.
        """
        self.ensure_one()
        spec = self._spec()
        metrics = {criterion.id: criterion.metric for criterion in spec.criteria}
        content = {
            'program': self.program_id.id, 'purpose': spec.purpose, 'band': spec.band,
            'levels': [self.green_from, self.amber_from] if spec.purpose == 'health' else None,
            'criteria': sorted(
                [one.metric, one.weight, one.normalization, one.bound_zero, one.bound_full, one.bands, one.missing,
                 [[special.weight, sorted(special.tier_ids), sorted(special.industry_ids)] for special in one.weights]]
                for one in spec.criteria),
            'gates': sorted(
                [one.metric, one.operator, one.limit, sorted(one.tier_ids), one.missing_passes] for one in spec.gates),
            'rules': [
                [one.tier_id, one.score_min, one.coverage_min, one.capacity, metrics.get(one.gate_criterion_id),
                 one.gate_points_max] for one in spec.rules],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def _levels(self):
        return Levels(self.green_from, self.amber_from)
