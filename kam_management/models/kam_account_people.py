from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Below this nobody is left when one person goes, whatever the tier asks for.
THREADS_MIN = 2
FIGURES = ('people_count', 'live_contact_count', 'has_live_decider', 'has_live_champion', 'has_decider',
           'has_lost_champion')


class KamAccount(models.Model):
    """Whom we know at a customer, and how many of them we are in touch with (F42, S78)."""
    _inherit = 'kam.account'

    stakeholder_ids = fields.One2many('kam.stakeholder', 'account_id', string="People at the Customer")
    people_count = fields.Integer(string="People", compute='_compute_people')
    live_contact_count = fields.Integer(
        string="Live Contacts", compute='_compute_people',
        help="People at the customer who were in contact with us lately, and are still there.")
    has_live_decider = fields.Boolean(
        string="Live Decider", compute='_compute_people', search='_search_has_live_decider')
    has_live_champion = fields.Boolean(
        string="Live Champion", compute='_compute_people', search='_search_has_live_champion')
    has_decider = fields.Boolean(string="Decider Known", compute='_compute_people')
    has_lost_champion = fields.Boolean(string="Champion Has Left", compute='_compute_people')
    is_single_threaded = fields.Boolean(
        string="Single-Threaded", compute='_compute_people', search='_search_is_single_threaded',
        help="Fewer live contacts than the tier asks for, and fewer than two in any case. Looked at for key accounts "
             "and for accounts with a relationship map.")

    @api.depends('stakeholder_ids', 'tier_id')
    def _compute_people(self):
        figures = {}
        if self.ids:
            self._flush_people()
            figures = {row[0]: row[1:] for row in self.env.execute_query(
                self._people_sql(SQL("account.id = ANY(%s)", self.ids)))}
        for account in self:
            *values, single = figures.get(account.id) or (0, 0, False, False, False, False, False)
            for name, value in zip(FIGURES, values, strict=True):
                account[name] = value
            account.is_single_threaded = single

    @api.model
    def _flush_people(self):
        self.env['kam.stakeholder']._flush_contacts()
        self.env['kam.account'].flush_model(['tier_id', 'is_key', 'active'])
        self.env['kam.tier'].flush_model(['stakeholder_min'])

    @api.model
    def _people_sql(self, condition):
        """Select of (account_id, *FIGURES, is_single_threaded), also for accounts without anybody.

        Raw SQL: how many, not who, whoever may read the map.

        :param condition: SQL on `account` (kam_account)
        """
        live = self.env['kam.stakeholder']._live_sql(SQL(
            "stakeholder.account_id IN (SELECT account.id FROM kam_account account WHERE %s)", condition))
        return SQL(
            """SELECT account.id, COUNT(person.id) AS people, COUNT(live.id) AS live,
                      COALESCE(BOOL_OR(live.id IS NOT NULL AND person.buying_role = 'decider'), FALSE) AS live_decider,
                      COALESCE(BOOL_OR(live.id IS NOT NULL AND person.buying_role = 'champion'), FALSE)
                      AS live_champion,
                      COALESCE(BOOL_OR(person.date_left IS NULL AND person.buying_role = 'decider'), FALSE) AS decider,
                      COALESCE(BOOL_OR(person.date_left IS NOT NULL AND person.buying_role = 'champion'), FALSE)
                      AND NOT COALESCE(BOOL_OR(person.date_left IS NULL AND person.buying_role = 'champion'), FALSE)
                      AS lost_champion,
                      (account.is_key IS TRUE OR COUNT(person.id) > 0)
                      AND COUNT(live.id) < GREATEST(tier.stakeholder_min, %(least)s) AS single_threaded
                 FROM kam_account account
                 JOIN kam_tier tier ON tier.id = account.tier_id
            LEFT JOIN kam_stakeholder person ON person.account_id = account.id AND person.active
            LEFT JOIN (%(live)s) live ON live.id = person.id
                WHERE %(condition)s
             GROUP BY account.id, tier.stakeholder_min""",
            live=live, least=THREADS_MIN, condition=condition)

    @api.model
    def _search_people(self, operator, value, column, scope):
        """Accounts of the scope where the column holds; the others count as not."""
        if operator != 'in':
            return NotImplemented
        self._flush_people()
        ids = [account_id for account_id, in self.env.execute_query(SQL(
            "SELECT id FROM (%s) figures WHERE %s", self._people_sql(scope), SQL.identifier(column)))]
        return Domain('id', 'in' if True in value else 'not in', ids)

    @api.model
    def _search_has_live_decider(self, operator, value):
        return self._search_people(operator, value, 'live_decider', self._mapped())

    @api.model
    def _search_has_live_champion(self, operator, value):
        return self._search_people(operator, value, 'live_champion', self._mapped())

    @api.model
    def _search_is_single_threaded(self, operator, value):
        return self._search_people(operator, value, 'single_threaded', SQL("(account.is_key IS TRUE OR %s)",
                                                                           self._mapped()))

    @api.model
    def _mapped(self):
        """Only accounts with a map are gone through, whatever the number of others."""
        return SQL("account.id IN (SELECT mapped.account_id FROM kam_stakeholder mapped WHERE mapped.active)")

    # What it means for the account

    def _customer_attention(self, contact_count):
        if not self.people_count:
            yield from super()._customer_attention(contact_count)
            return
        least = self.tier_id.stakeholder_min
        # Once there is a map, people we are in touch with count, not addresses.
        yield from super()._customer_attention(max(contact_count, least))
        if self.live_contact_count < least:
            yield 'warning', self.env._(
                "%(count)s of %(least)s live contacts", count=self.live_contact_count, least=least)
        if self.has_lost_champion:
            yield 'danger', self.env._("Champion has left")
        if self.is_key and not self.has_decider:
            yield 'warning', self.env._("No decider known")

    def _visit_reasons(self):
        reasons = super()._visit_reasons()
        for account in self:
            if account.has_lost_champion:
                reasons[account].append(self.env._("Our champion at the customer has left: another has to be won."))
            if account.has_decider and not account.has_live_decider:
                reasons[account].append(self.env._("Nobody has talked to a decider for long."))
        return reasons

    def action_open_people(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_stakeholder_action_map')
        return dict(
            action, name=self.env._("People at %s", self.display_name), domain=[('account_id', '=', self.id)],
            context={'default_account_id': self.id, 'kam_one_account': True})

    def action_add_people(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Add People at %s", self.display_name),
            'res_model': 'kam.add.people',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_account_id': self.id, 'dialog_size': 'extra-large'},
        }

    def _plan_facts(self, entity=None):
        facts = super()._plan_facts(entity)
        for account in self:
            if account.people_count and not entity:
                facts[account].append(self.env._(
                    "%(count)s people on the map, %(live)s of them in contact with us lately.",
                    count=account.people_count, live=account.live_contact_count))
        return facts

    # Merges

    @api.model
    def _merge_partners(self, sources, destination):
        result = super()._merge_partners(sources, destination)
        people = self.env['kam.stakeholder'].with_context(active_test=False).search(
            [('partner_id', 'in', (sources | destination).ids)], order='active desc, date_left desc nulls first, id')
        for same in people.grouped('account_id').values():
            same[1:]._merge_into(same[0])
        return result

    def _merge_into(self, kept):
        self.with_context(active_test=False).stakeholder_ids._move_to(kept)
        return super()._merge_into(kept)

    @api.model
    def _seated_accounts(self):
        """Accounts where the user holds a seat today."""
        # The seats of the user themselves (sudo).
        return self.env['kam.assignment'].sudo().search([
            ('user_id', '=', self.env.uid), ('is_current', '=', True)]).account_id.sudo(self.env.su)
