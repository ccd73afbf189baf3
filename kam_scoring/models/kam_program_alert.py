from odoo import api, fields, models
from odoo.fields import Command

from ..alerts import CAUSES


class KamProgram(models.Model):
    """Early warning: one rule for each cause, from the first day."""
    _inherit = 'kam.program'

    # Those that are switched off are settings, too.
    alert_rule_ids = fields.One2many(
        'kam.alert.rule', 'program_id', string="Alert Rules", context={'active_test': False})
    alert_quiet_days = fields.Integer(
        string="Quiet Days After a Resolution", default=30,
        help="What a person has resolved is not warned of again before this many days.")

    _alert_quiet = models.Constraint('CHECK (alert_quiet_days >= 0)', "Quiet days must not be negative.")

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        programs._create_alert_rules()
        return programs

    @api.model
    def _complete_alert_rules(self):
        """Programmes from before, and causes that are new."""
        self.search([('active', 'in', (True, False))])._create_alert_rules()

    def _create_alert_rules(self):
        """The rules that are missing, with the thresholds and playbooks that their causes propose."""
        # Rules come and go with the causes, whoever opens a programme; people only change them (sudo).
        Rule = self.env['kam.alert.rule'].sudo().with_context(active_test=False)
        known = {program: set(causes) for program, causes in Rule._read_group(
            [('program_id', 'in', self.ids)], ['program_id'], ['cause:array_agg'])}
        Rule.create([
            program._alert_rule_values(position, cause)
            for program in self.sudo() for position, cause in enumerate(CAUSES.values())
            if cause.code not in known.get(program, ())])

    def _alert_rule_values(self, position, cause):
        plan = self.env.ref(cause.playbook, raise_if_not_found=False)
        return {
            'program_id': self.id, 'cause': cause.code, 'sequence': 10 * (position + 1), 'threshold': cause.threshold,
            'plan_id': plan.id if plan else False, 'tier_ids': [Command.set(self._watched_tiers().ids)]}

    def _watched_tiers(self):
        """Key tiers, and the better of the normal ones: not the many where new customers start, nor those below."""
        entry = self.entry_tier_id
        return self.tier_ids.filtered(lambda tier: tier.is_key or (
            tier.category == 'normal' and entry and tier.sequence < entry.sequence))
