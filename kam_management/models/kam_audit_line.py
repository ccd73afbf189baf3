from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

STEPS = [
    ('1', "1 The Whole Company"),
    ('2', "2 Sponsors at the Top"),
    ('3', "3 Champions"),
    ('4', "4 The Right Accounts"),
    ('5', "5 The Right People"),
    ('6', "6 The Right Measures"),
    ('7', "7 Keep Moving"),
]
QUESTIONS = {
    'departments': _lt("Key accounts with people from other departments in the team"),
    'trained': _lt("People of other departments trained in key account management"),
    'sponsor': _lt("Key accounts with an executive sponsor"),
    'visits': _lt("Key accounts whose sponsor visits on time"),
    'champions': _lt("Champions of the programme, of two"),
    'size': _lt("Number of key accounts within the limits of the programme"),
    'exceptions': _lt("Key accounts that meet the criteria, without exception"),
    'manager': _lt("Key accounts with an account manager"),
    'measured': _lt("Account managers are measured on margin or lifetime value, not on revenue"),
    'plan': _lt("Key accounts with a current plan"),
    'reviewed': _lt("Key accounts reviewed with the customer in the last twelve months"),
    'moved': _lt("Key accounts were added or removed in the last twelve months"),
    'compared': _lt("The programme was compared with those of others in the last twelve months"),
}
ANSWERS = {'no': 0, 'partly': 50, 'yes': 100}


class KamAuditLine(models.Model):
    """A piece of evidence of a self-audit: so many of so many, or the answer of a champion."""
    _name = 'kam.audit.line'
    _description = "Evidence of a Self-Audit"
    _order = 'audit_id, sequence, id'

    audit_id = fields.Many2one('kam.audit', required=True, index=True, ondelete='cascade', readonly=True)
    program_id = fields.Many2one(related='audit_id.program_id', store=True, index=True)
    date_from = fields.Date(related='audit_id.date_from', store=True)
    step = fields.Selection(STEPS, required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(compute='_compute_name', string="What Is Asked")
    have = fields.Integer(readonly=True)
    of = fields.Integer(readonly=True)
    is_asked = fields.Boolean(compute='_compute_value', store=True, help="No record can tell: a champion answers.")
    answer = fields.Selection([('yes', "Yes"), ('partly', "Partly"), ('no', "No")])
    has_value = fields.Boolean(compute='_compute_value', store=True)
    value = fields.Float(string="%", compute='_compute_value', store=True, aggregator='avg', digits=(16, 0))
    evidence = fields.Char(compute='_compute_evidence')
    note = fields.Char(string="Words to It")

    _code_uniq = models.Constraint('UNIQUE (audit_id, code)', "Each piece of evidence is there once in a self-audit.")

    @api.depends_context('lang')
    @api.depends('code')
    def _compute_name(self):
        for line in self:
            question = self._questions().get(line.code)
            line.name = question and self.env._(question) or line.code

    @api.model
    def _questions(self):
        """{code: lazy text}; others add to it by super()."""
        return QUESTIONS

    @api.model
    def _asked(self):
        """Codes that a champion answers."""
        return ('measured', 'compared')

    @api.depends('have', 'of', 'answer', 'code')
    def _compute_value(self):
        for line in self:
            line.is_asked = line.code in self._asked()
            line.has_value = bool(line.answer if line.is_asked else line.of)
            if line.is_asked:
                line.value = ANSWERS.get(line.answer, 0)
            else:
                line.value = 100 * line.have / line.of if line.of else 0

    @api.depends_context('lang')
    @api.depends('have', 'of', 'answer')
    def _compute_evidence(self):
        for line in self:
            line.evidence = False if line.is_asked or not line.of else self.env._(
                "%(have)s of %(of)s", have=line.have, of=line.of)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("The evidence is that of the records. Take the figures with the button."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {'answer', 'note'}:
                raise UserError(self.env._("The evidence is that of the records. Only answer and words are yours."))
            self.audit_id.check_access('write')
            self.audit_id._refuse_closed()
        return super().write(vals)

    def unlink(self):
        self.audit_id._refuse_closed()
        return super().unlink()
