from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Field of the account -> kind of judgement.
JUDGED = {'influence': 'influence', 'strategic_fit': 'fit', 'openness': 'openness'}


class KamAccount(models.Model):
    """What we think of a customer today: the latest valid judgements. Choosing a level makes a new one.

    Not stored: judgements expire by themselves. They are searched, sorted and grouped by through one join.
    """
    _inherit = 'kam.account'

    judgement_ids = fields.One2many('kam.judgement', 'account_id', string="Judgements")
    latest_judgement_ids = fields.Many2many(
        'kam.judgement', string="Who Judged", compute='_compute_latest_judgement_ids',
        help="Of each kind the judgement that counts, else the last one that has expired.")
    influence = fields.Selection([
        ('1', "1 – none"),
        ('2', "2 – little"),
        ('3', "3 – some"),
        ('4', "4 – strong"),
        ('5', "5 – leads its market"),
    ], compute='_compute_judged', inverse='_inverse_influence', search='_search_influence',
        help="Our judgement: how much others in its market follow this customer.")
    strategic_fit = fields.Selection([
        ('1', "1 – off our way"),
        ('2', "2 – little"),
        ('3', "3 – fair"),
        ('4', "4 – good"),
        ('5', "5 – where we want to be"),
    ], compute='_compute_judged', inverse='_inverse_strategic_fit', search='_search_strategic_fit',
        help="Our judgement: how well what this customer needs fits where we want to go.")
    openness = fields.Selection([
        ('1', "1 – closed"),
        ('2', "2 – reserved"),
        ('3', "3 – listens"),
        ('4', "4 – open"),
        ('5', "5 – asks for ideas"),
    ], compute='_compute_judged', inverse='_inverse_openness', search='_search_openness',
        help="Our judgement: how open this customer is to new ideas, advice and discussion.")

    @api.depends('judgement_ids.kind', 'judgement_ids.level', 'judgement_ids.date', 'judgement_ids.date_end')
    def _compute_judged(self):
        levels = self._levels()
        for account in self:
            for name, kind in JUDGED.items():
                account[name] = levels.get((account._origin.id, kind), False)

    @api.depends('judgement_ids.kind', 'judgement_ids.level', 'judgement_ids.date', 'judgement_ids.date_end')
    def _compute_latest_judgement_ids(self):
        judgements = self.env['kam.judgement'].search([('account_id', 'in', self.ids)])
        by_account = judgements.grouped('account_id')
        for account in self:
            found = by_account.get(account._origin, judgements.browse())
            # Newest first; sorting keeps that order.
            valid_first = found.sorted(lambda judgement: judgement.state == 'expired')
            account.latest_judgement_ids = judgements.union(*(
                same[0] for _kind, same in sorted(valid_first.grouped('kind').items())))

    def _levels(self):
        """{(account id, kind): level} of what is known today. Whoever reads the account reads its judgements."""
        if not self.ids:
            return {}
        return {(account_id, kind): level for account_id, kind, level in self.env.execute_query(SQL(
            "SELECT account_id, kind, level FROM (%s) latest", self._judged_sql(
                SQL("judgement.account_id = ANY(%s)", self.ids)))) if level}

    @api.model
    def _judgement_words(self):
        """{kind: {level: what it means}} in the language of the reader."""
        return {kind: dict(self._fields[name]._description_selection(self.env)) for name, kind in JUDGED.items()}

    @api.model
    def _judged_sql(self, condition):
        """See `kam.judgement._current_sql`, as of today."""
        Judgement = self.env['kam.judgement']
        Judgement.flush_model()
        return Judgement._current_sql(condition, fields.Date.today())

    # Choosing a level is judging, without a reason

    def _inverse_influence(self):
        self._judge('influence')

    def _inverse_strategic_fit(self):
        self._judge('strategic_fit')

    def _inverse_openness(self):
        self._judge('openness')

    def _judge(self, name):
        kind, known = JUDGED[name], self._levels()
        self.env['kam.judgement'].create([
            {'account_id': account.id, 'kind': kind, 'level': account[name]} for account in self
            # To say that nothing is known where nothing was is no judgement.
            if account[name] or (account.id, kind) in known])

    # Searching, sorting, grouping

    @api.model
    def _search_influence(self, operator, value):
        return self._search_judged('influence', operator, value)

    @api.model
    def _search_strategic_fit(self, operator, value):
        return self._search_judged('strategic_fit', operator, value)

    @api.model
    def _search_openness(self, operator, value):
        return self._search_judged('openness', operator, value)

    @api.model
    def _search_judged(self, name, operator, value):
        if operator != 'in':
            return NotImplemented
        latest = self._judged_sql(SQL("judgement.kind = %s", JUDGED[name]))

        def judged(condition):
            return Domain.custom(to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT account_id FROM (%s) latest WHERE %s)", SQL.identifier(alias, 'id'), latest, condition))
        found = judged(SQL("level = ANY(%s)", [level for level in value if level]))
        return found | ~judged(SQL("level IS NOT NULL")) if False in value else found

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in JUDGED or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], 'read')
        latest = query.make_alias(alias, f'judged_{field_expr}')
        query.add_join(
            'LEFT JOIN', latest, SQL("(%s)", self._judged_sql(SQL("judgement.kind = %s", JUDGED[field_expr]))),
            SQL("%s = %s", SQL.identifier(latest, 'account_id'), SQL.identifier(alias, 'id')))
        return SQL.identifier(latest, 'level')

    def action_judge(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Judge %s", self.display_name),
            'res_model': 'kam.judgement',
            'views': [(self.env.ref('kam_scoring.kam_judgement_view_form').id, 'form')],
            'target': 'new',
            'context': {'default_account_id': self.id},
        }

    def action_open_judgements(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_judgement_action')
        return dict(action, name=self.env._("Judgements of %s", self.display_name),
                    domain=[('account_id', '=', self.id)], context={'default_account_id': self.id})

    def _merge_into(self, kept):
        """Kinds that nobody has judged at the account which goes on go along; the others stay as history."""
        result = super()._merge_into(kept)
        known = set(kept.judgement_ids.mapped('kind'))
        # sudo: whoever merges partners need not see the accounts; nobody else moves judgements.
        self.sudo().judgement_ids.filtered(lambda judgement: judgement.kind not in known).account_id = kept
        return result
