from odoo import api, fields, models
from odoo.fields import Domain

HEALTH_FIELDS = frozenset(('health', 'health_coverage', 'health_trend'))


class KamAccount(models.Model):
    """How well the relationship with a key account is: a score of its own, beside that of its value."""
    _inherit = 'kam.account'

    health = fields.Float(
        readonly=True, copy=False, aggregator='avg', index=True, default=0.0,
        help="0 to 100, by the health model of the programme. Of key accounts only.")
    health_coverage = fields.Float(
        string="Health Data (%)", readonly=True, copy=False, default=0.0, aggregator='avg',
        help="Share of the weights for which there are data.")
    health_trend = fields.Float(
        readonly=True, copy=False, aggregator='avg', help="Points against the last health score of the month before.")
    health_state = fields.Selection([
        ('green', "Healthy"),
        ('amber', "To Watch"),
        ('red', "At Risk"),
    ], compute='_compute_health_state', search='_search_health_state',
        help="By the limits of the health model.")
    health_line_ids = fields.One2many(
        'kam.score.line', 'account_id', string="Health Breakdown",
        domain=[('is_current', '=', True), ('purpose', '=', 'health')], readonly=True)

    @api.model
    def _computed_score_fields(self):
        return super()._computed_score_fields() | HEALTH_FIELDS

    @api.depends('health', 'health_coverage', 'program_id')
    def _compute_health_state(self):
        # The limits are shown to whoever may see the account (sudo).
        models = {program: program.sudo().health_model_id for program in self.program_id}
        for account in self:
            model = models.get(account.program_id)
            if not model or not account.health_coverage:
                account.health_state = False
            elif account.health >= model.green_from:
                account.health_state = 'green'
            else:
                account.health_state = 'amber' if account.health >= model.amber_from else 'red'

    @api.model
    def _search_health_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        known = Domain('health_coverage', '>', 0)
        domain = ~known if False in value else Domain.FALSE
        # Limits differ by programme, and there are few of them (sudo: they are no secret).
        for model in self.env['kam.scoring.model'].sudo().search([
                ('purpose', '=', 'health'), ('state', '=', 'published')]):
            levels = {
                'green': Domain('health', '>=', model.green_from),
                'amber': Domain('health', '>=', model.amber_from) & Domain('health', '<', model.green_from),
                'red': Domain('health', '<', model.amber_from),
            }
            domain |= Domain('program_id', '=', model.program_id.id) & known & Domain.OR(
                levels[level] for level in levels if level in value)
        return domain
