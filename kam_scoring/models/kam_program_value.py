from odoo import api, fields, models
from odoo.exceptions import AccessError


class KamProgram(models.Model):
    """Who is worth how much: limits of the ABC classes, and what a lifetime is."""
    _inherit = 'kam.program'

    abc_limit_a = fields.Float(
        string="Class A Up To", default=80.0, digits=(16, 1),
        help="The best customers that make this share of the revenue of 12 months are class A.")
    abc_limit_b = fields.Float(
        string="Class B Up To", default=95.0, digits=(16, 1),
        help="The next ones, up to this share of the revenue, are class B; the rest is class C.")
    lifetime_years = fields.Integer(
        string="Lifetime (Years)", default=3,
        help="How far ahead the lifetime value looks. Counts from its next computation.")
    discount_rate = fields.Float(
        default=10.0, digits=(16, 1),
        help="Yearly rate by which margin of later years counts less than that of today. Counts from the next "
             "computation of the lifetime value.")
    margin_default = fields.Float(
        string="Usual Margin", default=30.0, digits=(16, 1),
        help="Share of the revenue that is margin, for customers of whose products no cost is known.")
    lifetime_fit_ids = fields.One2many('kam.lifetime.fit', 'program_id', string="Lifetime Value Computations")

    _abc_limits = models.Constraint(
        'CHECK (abc_limit_a > 0 AND abc_limit_a <= abc_limit_b AND abc_limit_b <= 100)',
        "The limits of the ABC classes are shares of the revenue: above 0 %, at most 100 %, and that of class A not "
        "above that of class B.")
    _lifetime = models.Constraint(
        """CHECK (lifetime_years BETWEEN 1 AND 10 AND discount_rate BETWEEN 0 AND 100
                  AND margin_default BETWEEN 0 AND 100)""",
        "A lifetime has 1 to 10 years; discount rate and usual margin are between 0 % and 100 %.")

    def action_fit_lifetime(self):
        """Compute the lifetime values now. A computation that fails is shown as one; its record says why."""
        self.ensure_one()
        self.check_access('write')
        if not self._is_decided_by(self.env.user) and not self.env.su:
            raise AccessError(self.env._("Only a champion of %s computes its lifetime values.", self.name))
        fit = self.env['kam.lifetime.fit']._fit_program(self)
        return fit.with_env(self.env)._get_records_action()

    @api.model
    @api.readonly
    def pareto_chart(self, program_id=False, limit=40):
        """What the Pareto chart shows: the best accounts that the user may see, and the size of each class.

        Shares are those of the whole programme, as they decide the class, also for who sees a few accounts only.
        """
        programs = self.search([('active', '=', True)])
        program = programs.filtered(lambda one: one.id == program_id) or programs[:1]
        Account = self.env['kam.account']
        domain = [('program_id', '=', program.id), ('abc_class', '!=', False)]
        classes = {code: (count, revenue) for code, count, revenue in Account._read_group(
            domain, ['abc_class'], ['__count', 'revenue_year:sum'])}
        accounts = Account.search_fetch(
            [*domain, ('revenue_year', '>', 0)], ['partner_id', 'revenue_year', 'abc_share', 'abc_class'],
            order='revenue_year desc, id', limit=limit)
        return {
            'program_id': program.id,
            'programs': [{'id': one.id, 'name': one.name} for one in programs],
            'currency_id': program.currency_id.id,
            'date': fields.Date.to_string(self.env['kam.score.run'].search(
                [('program_id', '=', program.id), ('state', '=', 'done')], order='date desc', limit=1).date) or False,
            'limits': {'a': program.abc_limit_a, 'b': program.abc_limit_b},
            'classes': [
                {'code': code, 'name': name, 'count': classes.get(code, (0, 0))[0],
                 'revenue': classes.get(code, (0, 0))[1]}
                for code, name in Account._fields['abc_class']._description_selection(self.env)],
            'accounts': [
                {'id': account.id, 'name': account.display_name, 'revenue': account.revenue_year,
                 'share': account.abc_share, 'class': account.abc_class} for account in accounts],
        }
