from odoo.tests import tagged

from .rpc_common import ACCESS, USER, RpcCase

PERIOD = {'date_from': '2090-01-01', 'date_to': '2090-12-31'}
MODELS = ('kam.plan', 'kam.plan.goal', 'kam.plan.objective', 'kam.plan.version', 'kam.wallet.line',
          'kam.forecast.line', 'kam.buying.rank', 'kam.stakeholder', 'kam.coverage')


@tagged('post_install', '-at_install')
class TestAccessPlanRpc(RpcCase):
    """Plans, wallets and maps: what a browser, or whoever speaks like one, gets from the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.categ = cls.env['product.category'].create({'name': "Gears"})
        cls.mine, cls.theirs = cls._whole(cls.acme), cls._whole(cls.beta)

    @classmethod
    def _whole(cls, account):
        """{model: a record of the account}"""
        plan = cls.env['kam.plan'].create({'account_id': account.id, **PERIOD})
        person = cls.env['res.partner'].create({'name': "Person", 'parent_id': account.partner_id.id})
        create = {
            'kam.plan.goal': {'plan_id': plan.id, 'name': "Less downtime"},
            'kam.plan.objective': {
                'plan_id': plan.id, 'name': "Projects", 'measure': 'manual', 'manual_unit': "projects",
                'target_value': 3, 'date_target': '2090-12-31'},
            'kam.plan.version': {'plan_id': plan.id, 'number': 1, 'state': 'approved', 'snapshot': {}},
            'kam.wallet.line': {'account_id': account.id, 'categ_id': cls.categ.id, 'spend': 100},
            'kam.forecast.line': {'plan_id': plan.id, 'categ_id': cls.categ.id, 'date_from': '2090-01-01'},
            'kam.buying.rank': {
                'account_id': account.id, 'factor_id': cls.env.ref('kam_management.buying_factor_price').id},
            'kam.stakeholder': {'account_id': account.id, 'partner_id': person.id}}
        records = {model: cls.env[model].create(values) for model, values in create.items()}
        cover = cls.env['kam.coverage'].create({
            'stakeholder_id': records['kam.stakeholder'].id, 'user_id': account.manager_id.id})
        return {'kam.plan': plan, **records, 'kam.coverage': cover}

    def test_who_reads(self):
        for model in MODELS:
            mine, theirs = self.mine[model].id, self.theirs[model].id
            domain = [('id', 'in', [mine, theirs])]
            for user, seen in ((self.manager, {mine}), (self.colleague, {theirs}), (self.executive, {mine, theirs}),
                               (self.champion, {mine, theirs}), (self.outsider, set())):
                with self.subTest(user=user.login, model=model):
                    self.assertEqual(self.ids(user, model, domain), seen)
            self.refused(ACCESS, self.sales, model, 'web_search_read', [], {'display_name': {}})
            self.refused(ACCESS, self.manager, model, 'read', [theirs], ['display_name'])

    def test_who_writes(self):
        for model, values in (
            ('kam.plan', {'strategy': "x"}), ('kam.plan.goal', {'name': "x"}), ('kam.plan.objective', {'name': "x"}),
            ('kam.wallet.line', {'spend': 1}), ('kam.forecast.line', {'revenue': 1}),
            ('kam.buying.rank', {'sequence': 1}), ('kam.stakeholder', {'influence': '1'}),
        ):
            self.rpc(self.manager, model, 'write', self.mine[model].ids, values)
            self.rpc(self.executive, model, 'write', self.mine[model].ids, values)
            for user in (self.manager, self.executive, self.outsider):
                self.refused(ACCESS, user, model, 'write', self.theirs[model].ids, values)
        version = self.mine['kam.plan.version']
        self.refused(ACCESS, self.champion, 'kam.plan.version', 'write', version.ids, {'number': 9})

    def test_nothing_is_moved_to_the_accounts_of_others(self):
        for model in ('kam.plan.goal', 'kam.plan.objective', 'kam.forecast.line'):
            self.refused(ACCESS, self.manager, model, 'write', self.mine[model].ids, {
                'plan_id': self.theirs['kam.plan'].id})
        for model in ('kam.wallet.line', 'kam.buying.rank'):
            self.refused(ACCESS, self.manager, model, 'write', self.mine[model].ids, {'account_id': self.beta.id})
        self.refused(ACCESS, self.manager, 'kam.plan', 'create', {'account_id': self.beta.id, **PERIOD})

    def test_what_follows_from_something_else_is_closed(self):
        for model, values in (
            ('kam.plan', {'state': 'approved'}), ('kam.plan', {'owner_id': self.manager.id}),
            ('kam.plan', {'program_id': self.program_b.id}), ('kam.plan', {'submitter_id': self.colleague.id}),
            ('kam.plan', {'date_worked': '2090-01-01'}), ('kam.plan.goal', {'account_id': self.acme.id}),
            ('kam.plan.objective', {'program_id': self.program_b.id}), ('kam.wallet.line', {'program_id': 1}),
            ('kam.forecast.line', {'accuracy': 100}), ('kam.forecast.line', {'revenue_first': 1}),
            ('kam.stakeholder', {'program_id': self.program_b.id}),
        ):
            self.refused(USER, self.manager, model, 'write', self.mine[model].ids, values)

    def test_who_approves(self):
        plan = self.mine['kam.plan']
        self.rpc(self.manager, 'kam.plan', 'action_submit', plan.ids)
        for user in (self.manager, self.outsider, self.colleague):
            self.refused(ACCESS, user, 'kam.plan', 'action_approve', plan.ids)
        self.rpc(self.executive, 'kam.plan', 'action_approve', plan.ids)
        self.assertEqual(plan.state, 'approved')

    def test_the_grids(self):
        for model, scope in (('kam.wallet.line', {'account_id': self.beta.id}),
                             ('kam.forecast.line', {'plan_id': self.theirs['kam.plan'].id})):
            self.refused(ACCESS, self.manager, model, 'get_grid', scope)
            self.refused(ACCESS, self.manager, model, 'set_cell', scope, self.categ.id, '2090-01-01', 5)
        self.refused(ACCESS, self.executive, 'kam.wallet.line', 'set_cell', {}, self.beta.id, self.categ.id, 5)

    def test_private_methods(self):
        for model, method in (
            ('kam.plan', '_close'), ('kam.plan', '_freeze_version'), ('kam.plan', '_fill_forecast'),
            ('kam.account', '_yearly_sales'), ('kam.account', '_category_sales'), ('kam.account', '_quarterly_sales'),
            ('kam.wallet.line', '_merge_lines'), ('kam.forecast.line', '_cron_close_quarters'),
        ):
            self.assertTrue(hasattr(self.env[model], method))
            self.refused(ACCESS, self.champion, model, method, [])
