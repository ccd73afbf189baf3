from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KamCoverage(models.Model):
    """Who on our side looks after whom at the customer (F40). One of them is the main contact."""
    _name = 'kam.coverage'
    _description = "Coverage of a Stakeholder"
    _inherit = ['kam.stakeholder.detail.mixin']
    _order = 'stakeholder_id, is_main desc, id'

    user_id = fields.Many2one(
        'res.users', string="Our Person", required=True, index=True, ondelete='cascade',
        domain=[('share', '=', False)])
    is_main = fields.Boolean(string="Main Contact")
    buying_role = fields.Selection(related='stakeholder_id.buying_role', store=True)
    influence = fields.Selection(related='stakeholder_id.influence', store=True)
    date_last_contact = fields.Date(
        string="Last Contact", compute='_compute_date_last_contact',
        help="When these two last met, spoke, or the customer wrote.")

    _user_uniq = models.UniqueIndex('(stakeholder_id, user_id)', "Our person covers this contact already.")
    _one_main = models.UniqueIndex('(stakeholder_id) WHERE is_main', "One of us is the main contact of a person.")

    @api.depends('stakeholder_id', 'user_id')
    def _compute_display_name(self):
        for cover in self:
            cover.display_name = f"{cover.user_id.name} – {cover.stakeholder_id.display_name}"

    @api.depends('stakeholder_id', 'user_id')
    def _compute_date_last_contact(self):
        days = self.stakeholder_id._last_contacts_by_user()
        for cover in self:
            cover.date_last_contact = days.get((cover.stakeholder_id.id, cover.user_id.id))

    @api.constrains('user_id')
    def _check_user(self):
        for cover in self:
            if not cover.user_id.active or cover.user_id.share:
                raise ValidationError(self.env._(
                    "%s does not work here (any more) and cannot look after a customer.", cover.user_id.name))
            if not cover.user_id.company_ids & cover.program_id.company_ids:
                raise ValidationError(self.env._(
                    "%(person)s works in none of the companies of %(program)s and could not reach what the customer "
                    "buys.", person=cover.user_id.name, program=cover.program_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        """The first who covers somebody is the main contact; a new main contact follows the old one."""
        people = self.env['kam.stakeholder'].browse([vals.get('stakeholder_id') for vals in vals_list])
        headed = set(people.coverage_ids.filtered('is_main').stakeholder_id.ids)
        for vals in vals_list:
            if vals.get('stakeholder_id') not in headed:
                vals['is_main'] = True
            if vals.get('is_main'):
                self._step_back(self.env['kam.stakeholder'].browse(vals['stakeholder_id']))
                headed.add(vals['stakeholder_id'])
        return super().create(vals_list)

    def write(self, vals):
        if vals.get('is_main'):
            self._step_back(self.stakeholder_id, self)
        return super().write(vals)

    @api.model
    def _step_back(self, people, besides=None):
        others = people.coverage_ids.filtered('is_main') - (besides or self.browse())
        others.is_main = False
        others.flush_recordset(['is_main'])  # before the next one is written: two clash in the database
