from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class KamCase(TransactionCase):
    """Who is who

    ============  =================================  =========  ==============================================
    user          group                              companies  holds
    ============  =================================  =========  ==============================================
    champion      programme champion                 A, B       decides in both programmes
    champion2     programme champion                 A, B       decides what the first one proposes
    manager       account manager                    A          account manager of `acme`
    colleague     account manager                    A          account manager of `beta`
    executive     executive                          A          sponsor of `acme`
    sales         sales user, no KAM group           A          nothing
    outsider      account manager                    B          nothing
    portal        portal user of the customer Acme   A          nothing
    ============  =================================  =========  ==============================================

    `program` covers company A (EUR), `program_b` company B (USD). `acme` is Gold with the entities Acme and Acme
    Asia, `beta` is General, `free` has no account manager.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # In UTC, so that "today" is one day for all, also where OdooBot lives further east and it is late.
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True, mail_create_nolog=True, tz='UTC'))
        cls.company_a, cls.company_b = cls.env['res.company'].create([
            {'name': "Company A", 'currency_id': cls.env.ref('base.EUR').id},
            {'name': "Company B", 'currency_id': cls.env.ref('base.USD').id},
        ])
        (cls.company_a.currency_id | cls.company_b.currency_id).active = True
        both = cls.company_a | cls.company_b
        cls.champion = cls._user('kam_champion', 'kam_management.group_kam_champion', both)
        cls.champion2 = cls._user('kam_champion2', 'kam_management.group_kam_champion', both)
        cls.manager = cls._user('kam_manager', 'kam_management.group_kam_user', cls.company_a)
        cls.colleague = cls._user('kam_colleague', 'kam_management.group_kam_user', cls.company_a)
        cls.executive = cls._user('kam_executive', 'kam_management.group_kam_executive', cls.company_a)
        cls.sales = cls._user('kam_sales', 'sales_team.group_sale_salesman', cls.company_a)
        cls.outsider = cls._user('kam_outsider', 'kam_management.group_kam_user', cls.company_b)

        cls.program, cls.program_b = cls.env['kam.program'].create([
            {'name': "Programme A", 'sequence': 1, 'currency_id': cls.env.ref('base.EUR').id,
             'company_ids': [Command.set(cls.company_a.ids)]},
            {'name': "Programme B", 'sequence': 2, 'currency_id': cls.env.ref('base.USD').id,
             'company_ids': [Command.set(cls.company_b.ids)]},
        ])
        cls.tiers = {tier.value_class: tier for tier in cls.program.tier_ids}
        cls.acme_partner, cls.acme_asia, cls.beta_partner, cls.free_partner = cls.env['res.partner'].create([
            {'name': name, 'is_company': True} for name in ("Acme", "Acme Asia", "Beta", "Free")])
        cls.acme, cls.beta, cls.free = cls.env['kam.account'].create([
            {'program_id': cls.program.id, 'partner_id': partner.id, 'tier_id': cls.tiers['general'].id}
            for partner in (cls.acme_partner, cls.beta_partner, cls.free_partner)])
        cls.acme.entity_ids = [Command.create({'partner_id': cls.acme_asia.id})]
        cls.acme.sudo().tier_id = cls.tiers['gold']
        cls.env['kam.assignment'].create([
            cls._seat_values(cls.acme, cls.manager, 'manager'),
            cls._seat_values(cls.acme, cls.executive, 'sponsor'),
            cls._seat_values(cls.beta, cls.colleague, 'manager'),
        ])

    @classmethod
    def _seat_values(cls, account, user, role):
        return {'account_id': account.id, 'user_id': user.id, 'date_from': '2024-01-01',
                'role_id': cls.env.ref(f'kam_management.role_{role}').id}

    @classmethod
    def _user(cls, login, groups, companies):
        user = new_test_user(
            cls.env, login, name=login, groups=f'base.group_user,{groups}', company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)])
        return user

    def as_user(self, records, user, companies=None):
        """`records` as `user` sees them with `companies` selected (default: all companies of the user)."""
        companies = companies or user.company_ids
        return records.with_user(user).with_context(allowed_company_ids=companies.ids)

    def statements(self, action):
        """Number of SQL statements of `action()`, with nothing pending and nothing cached before."""
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        action()
        return self.cr.sql_log_count - start

    def propose(self, account, value_class, user=None, **values):
        """A draft that nothing stands against: criteria met, `executive` as sponsor of a new key account."""
        Change = self.as_user(self.env['kam.tier.change'], user or self.manager)
        tier = self.tiers[value_class]
        if tier.is_key:
            values = {'criteria_state': 'met', **values}
        if tier.category == 'lost':
            values = {'lost_reason_id': self.env.ref('crm.lost_reason_1').id, **values}
        if tier.is_key and not account.is_key:
            values = {'sponsor_id': self.executive.id, **values}
            if user:
                values = {'manager_id': self.manager.id, **values}
        return Change.create({
            'account_id': account.id, 'to_tier_id': tier.id, 'reason': "Strong growth", **values})

    def decide(self, change, user=None):
        """Submit and approve."""
        change.action_submit()
        self.as_user(change, user or self.champion).action_approve()
        return change
