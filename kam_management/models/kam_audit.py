from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import date_utils


class KamAudit(models.Model):
    """The programme looks at itself, once a quarter, along the seven steps of key account management (N10).

    Figures are those of the records on the day on which they were taken; what records cannot tell, a champion answers.
    The score is the mean of the lines that have a value, 0 to 100.
    """
    _name = 'kam.audit'
    _description = "Programme Self-Audit"
    _inherit = ['mail.thread']
    _order = 'date_from desc, id desc'

    program_id = fields.Many2one(
        'kam.program', string="Programme", required=True, index=True, ondelete='cascade',
        default=lambda self: self.env['kam.program'].search([], limit=1))
    date_from = fields.Date(
        string="Quarter", required=True,
        default=lambda self: date_utils.start_of(fields.Date.context_today(self), 'quarter'))
    date_taken = fields.Date(string="Figures Of", readonly=True, copy=False)
    state = fields.Selection(
        [('open', "Open"), ('closed', "Closed")], default='open', required=True, readonly=True, copy=False,
        tracking=True)
    user_id = fields.Many2one('res.users', string="Closed By", readonly=True, copy=False, ondelete='set null')
    line_ids = fields.One2many('kam.audit.line', 'audit_id', string="Evidence")
    score = fields.Float(compute='_compute_score', store=True, aggregator='avg', digits=(16, 0), help="0 to 100.")
    note = fields.Text(string="What We Conclude", help="What the programme does better in the next quarter.")

    _quarter_uniq = models.UniqueIndex(
        '(program_id, date_from)', "The programme has a self-audit of this quarter already.")

    @api.depends('line_ids.value', 'line_ids.has_value')
    def _compute_score(self):
        for audit in self:
            values = audit.line_ids.filtered('has_value').mapped('value')
            audit.score = sum(values) / len(values) if values else 0

    @api.depends('program_id', 'date_from')
    def _compute_display_name(self):
        for audit in self:
            quarter = audit.date_from and f"{audit.date_from.year} Q{(audit.date_from.month + 2) // 3}"
            audit.display_name = f"{audit.program_id.name or ''} {quarter or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get('state', 'open') != 'open' for vals in vals_list):
            raise UserError(self.env._("A self-audit starts open. Close it with its button."))
        for vals in vals_list:
            if vals.get('date_from'):
                vals['date_from'] = date_utils.start_of(fields.Date.to_date(vals['date_from']), 'quarter')
        audits = super().create(vals_list)
        audits._take()
        return audits

    def write(self, vals):
        if not self.env.su:
            business = vals.keys() - {'message_follower_ids', 'message_ids', 'message_main_attachment_id'}
            if business & {'state', 'user_id', 'date_taken', 'program_id', 'date_from'}:
                raise UserError(self.env._("Use the buttons of the self-audit; programme and quarter stay."))
            if business:
                self._refuse_closed()
        return super().write(vals)

    def _refuse_closed(self):
        if any(audit.state == 'closed' for audit in self):
            raise UserError(self.env._("A closed self-audit is history. Write in that of this quarter."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._refuse_closed()

    def action_take(self):
        """Take the figures anew; answers and words of people stay."""
        self.check_access('write')
        self._refuse_closed()
        self._take()
        return True

    def action_close(self):
        for audit in self:
            audit.check_access('write')
            audit._refuse_closed()
            if not audit.program_id._is_decided_by(self.env.user):
                raise AccessError(self.env._(
                    "Only a champion of %s closes its self-audit.", audit.program_id.name))
            unanswered = audit.line_ids.filtered(lambda line: line.is_asked and not line.answer)
            if unanswered:
                raise UserError(self.env._("Answer first: %s", "; ".join(unanswered.mapped('name'))))
        # The step is closed to users; the checks above are the permission.
        self.sudo().write({'state': 'closed', 'user_id': self.env.user.id})
        return True

    def _take(self):
        today = fields.Date.context_today(self)
        for audit in self:
            lines = audit.line_ids.grouped('code')
            # What records say is closed to users (sudo); callers have checked the permission.
            Line = self.env['kam.audit.line'].sudo()
            for sequence, (code, (step, have, of)) in enumerate(audit._evidence().items()):
                values = {'step': step, 'sequence': sequence, 'have': have, 'of': of}
                if code in lines:
                    lines[code].sudo().write(values)
                else:
                    Line.create({**values, 'audit_id': audit.id, 'code': code})
            audit.sudo().date_taken = today

    def _evidence(self):
        """{code: (step, have, of)} of the programme today, a fixed number of queries whatever the number of accounts.

        `of` is None where a champion is asked instead. All of the programme counts, whoever takes the figures (sudo).
        Others add to it by super(), and name their code in kam.audit.line.
        """
        self.ensure_one()
        program, today = self.program_id.sudo(), fields.Date.context_today(self)
        Account, Change = self.env['kam.account'].sudo(), self.env['kam.tier.change'].sudo()
        key = [('program_id', '=', program.id), ('is_key', '=', True)]
        year = today - relativedelta(months=12)
        count = Account.search_count(key)

        def share(*domain):
            return Account.search_count([*key, *domain])
        moved = dict(Change._read_group(
            [('program_id', '=', program.id), ('date_applied', '>=', year), ('kind', 'in', ('nomination', 'exit'))],
            ['kind'], ['__count']))
        exceptions = Change.search_count([
            ('program_id', '=', program.id), ('exception_state', 'in', ('open', 'expired'))])
        outside, trained = self._departments(program)
        return {
            'departments': ('1', share(('assignment_ids', 'any', [
                ('is_current', '=', True), ('role', 'not in', ('manager', 'sponsor'))])), count),
            'trained': ('1', trained, outside),
            'sponsor': ('2', share(('sponsor_id', '!=', False)), count),
            'visits': ('2', share(('is_sponsor_visit_overdue', '=', False), ('sponsor_id', '!=', False)), count),
            'champions': ('3', min(len(program.champion_ids), 2), 2),
            'size': ('4', int(program.size_min <= count <= program.size_max), 1),
            'exceptions': ('4', count - min(exceptions, count), count),
            'manager': ('5', share(('manager_id', '!=', False)), count),
            'measured': ('6', 0, None),
            'plan': ('6', share(('current_plan_id', '!=', False)), count),
            'reviewed': ('6', share(('review_ids', 'any', [
                ('kind', '=', 'business'), ('state', 'in', ('held', 'closed')), ('date', '>=', year)])), count),
            'moved': ('7', int(bool(moved)), 1),
            'compared': ('7', 0, None),
        }

    @api.model
    def _departments(self, program):
        """(people in seats outside sales, those of them whose profile holds a competency at its target)."""
        seats = self.env['kam.assignment'].sudo().search([
            ('program_id', '=', program.id), ('is_current', '=', True), ('account_id.is_key', '=', True),
            ('role', 'not in', ('manager', 'sponsor'))])
        trained = self.env['kam.profile.line'].sudo().search([
            ('user_id', 'in', seats.user_id.ids), ('level', '>', 0), ('gap', '=', 0)])
        return len(seats.user_id), len(trained.user_id)

    @api.model
    def _cron_open(self):
        """One open self-audit of this quarter for each programme."""
        quarter = date_utils.start_of(fields.Date.context_today(self), 'quarter')
        there = self.search([('date_from', '=', quarter)]).program_id
        return self.create([
            {'program_id': program.id, 'date_from': quarter}
            for program in self.env['kam.program'].search([]) - there])
