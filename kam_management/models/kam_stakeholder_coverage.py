from odoo import api, fields, models
from odoo.fields import Command


class KamStakeholder(models.Model):
    """Who of us covers a person at the customer."""
    _inherit = 'kam.stakeholder'

    coverage_ids = fields.One2many('kam.coverage', 'stakeholder_id')
    user_ids = fields.Many2many(
        'res.users', string="Covered By", compute='_compute_user_ids', inverse='_inverse_user_ids',
        search='_search_user_ids', domain=[('share', '=', False)], help="Who on our side looks after this person.")
    main_user_id = fields.Many2one(
        'res.users', string="Main Contact of Ours", compute='_compute_main_user_id', store=True,
        index='btree_not_null')

    @api.depends('coverage_ids.user_id')
    def _compute_user_ids(self):
        for person in self:
            person.user_ids = person.coverage_ids.user_id

    def _inverse_user_ids(self):
        for person in self:
            covers = person.coverage_ids
            person.coverage_ids = [
                *(Command.delete(cover.id) for cover in covers if cover.user_id not in person.user_ids),
                *(Command.create({'user_id': user.id}) for user in person.user_ids._origin - covers.user_id)]

    @api.model
    def _search_user_ids(self, operator, value):
        return [('coverage_ids.user_id', operator, value)]

    @api.depends('coverage_ids.is_main', 'coverage_ids.user_id')
    def _compute_main_user_id(self):
        for person in self:
            person.main_user_id = person.coverage_ids.filtered('is_main')[:1].user_id

    def _coverage_warnings(self):
        """Whoever covers somebody without a seat at the account may well do so, but does not see this map."""
        # Seats of others may be hidden; only that there is none is told (sudo).
        seated = self.account_id.sudo().assignment_ids.filtered('is_current').user_id
        for user in self.user_ids._origin - seated:
            yield self.env._(
                "%(person)s holds no seat at %(account)s and does not see what is noted here. A programme champion "
                "assigns seats.", person=user.name, account=self.account_id.display_name)
