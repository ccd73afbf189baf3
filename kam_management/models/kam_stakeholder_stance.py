from odoo import api, fields, models
from odoo.fields import Domain

from .kam_stakeholder_assessment import HANDLINGS, STANCES, THREATS

ASSESSED = ('stance', 'threat_kind', 'threat', 'handling', 'handling_plan', 'purpose', 'date_erase')


class KamStakeholder(models.Model):
    """The assessment of a person, shown on the map to those who may read it; for all others it is empty.

    Nothing is stored on the person, so a domain, a group-by or an export finds no more than the screen shows.
    """
    _inherit = 'kam.stakeholder'

    # With searches of their own: whether a one2many is empty the ORM asks past all rules, and that somebody is assessed
    # at all is part of what the account team keeps to itself.
    assessment_ids = fields.One2many(
        'kam.stakeholder.assessment', 'stakeholder_id', search='_search_assessment_ids')
    remark_ids = fields.One2many(
        'kam.stakeholder.remark', 'stakeholder_id', string="Personal Remarks", search='_search_remark_ids')
    may_assess = fields.Boolean(compute='_compute_may_assess', help="The user holds a seat at the account.")
    stance = fields.Selection(
        STANCES, compute='_compute_assessment', search='_search_stance', readonly=False,
        help="Is this person pleased, neutral or displeased with us? Only those see it who hold a seat at the account.")
    threat_kind = fields.Selection(
        THREATS, string="Threatened Interest", compute='_compute_assessment', readonly=False)
    threat = fields.Text(string="What Is Threatened", compute='_compute_assessment', readonly=False)
    handling = fields.Selection(HANDLINGS, string="How to Handle", compute='_compute_assessment', readonly=False)
    handling_plan = fields.Text(string="Handling Steps", compute='_compute_assessment', readonly=False)
    purpose = fields.Char(string="Purpose of the Assessment", compute='_compute_assessment', readonly=False)
    date_erase = fields.Date(
        string="Erase On", compute='_compute_assessment', readonly=False,
        help="On this day the assessment is deleted for good: 12 months from now if you do not choose, 36 at most.")

    @api.depends('account_id')
    @api.depends_context('uid')
    def _compute_may_assess(self):
        seated = self.env['kam.account']._seated_accounts()
        for person in self:
            person.may_assess = self.env.su or person.account_id._origin in seated

    @api.depends('assessment_ids')
    @api.depends_context('uid')
    def _compute_assessment(self):
        # As the user: the rule of the model decides. One query for all.
        found = self.env['kam.stakeholder.assessment'].search([('stakeholder_id', 'in', self.ids)]).grouped(
            'stakeholder_id')
        for person in self:
            assessment = found.get(person._origin, self.env['kam.stakeholder.assessment'])
            for name in ASSESSED:
                person[name] = assessment[name]

    @api.model
    def _search_assessment_ids(self, operator, value):
        return self._search_guarded('kam.stakeholder.assessment', operator, value)

    @api.model
    def _search_remark_ids(self, operator, value):
        return self._search_guarded('kam.stakeholder.remark', operator, value)

    @api.model
    def _search_guarded(self, model, operator, value):
        """People by what is noted about them, as far as the user may read it."""
        if operator == 'any':
            return Domain('id', 'in', self.env[model].search(value).stakeholder_id.ids)
        if operator != 'in':
            return NotImplemented
        ids = [record_id for record_id in value if record_id]
        found = Domain('id', 'in', self.env[model].search([('id', 'in', ids)]).stakeholder_id.ids)
        if False in value:
            noted = self.env[model].search([('stakeholder_id', '!=', False)]).stakeholder_id
            found |= Domain('id', 'not in', noted.ids)
        return found

    @api.model
    def _search_stance(self, operator, value):
        if operator != 'in':
            return NotImplemented
        assessed = Domain('assessment_ids', 'any', [('stance', 'in', [stance for stance in value if stance])])
        return assessed | ~Domain('assessment_ids', 'any', [('stance', '!=', False)]) if False in value else assessed

    @api.model_create_multi
    def create(self, vals_list):
        assessed = [{name: vals[name] for name in ASSESSED if name in vals} for vals in vals_list]
        people = super().create([
            {name: value for name, value in vals.items() if name not in ASSESSED} for vals in vals_list])
        for person, values in zip(people, assessed, strict=True):
            person._assess(values)
        return people

    def write(self, vals):
        result = super().write({name: value for name, value in vals.items() if name not in ASSESSED})
        self._assess({name: vals[name] for name in ASSESSED if name in vals})
        return result

    def _assess(self, values):
        """Write the assessment of these people; the rule of the model says who may."""
        if not values:
            return
        if not values.get('date_erase', True):
            values = {name: value for name, value in values.items() if name != 'date_erase'}
        Assessment = self.env['kam.stakeholder.assessment']
        known = Assessment.search([('stakeholder_id', 'in', self.ids)])
        known.write(values)
        if any(values.values()):
            Assessment.create([
                dict(values, stakeholder_id=person.id) for person in self - known.stakeholder_id])
        self.invalidate_recordset(ASSESSED)
