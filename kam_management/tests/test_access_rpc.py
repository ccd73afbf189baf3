from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .rpc_common import ACCESS, USER, RpcCase

MODELS = ('kam.account', 'kam.account.entity', 'kam.account.event', 'kam.assignment', 'kam.note', 'kam.program',
          'kam.role', 'kam.tier.change', 'kam.tier.review')
FLAGS = ('is_key_account', 'kam_account_id', 'kam_tier_id', 'kam_manager_id', 'kam_sponsor_id')


@tagged('post_install', '-at_install')
class TestAccessRpc(RpcCase):
    """What a browser, or whoever speaks like one, gets from the server: each user through the web's own route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, 'kam_portal', groups='base.group_portal')
        cls.portal.partner_id.parent_id = cls.acme_partner
        cls.acme.probation_plan = "Secret plan"
        cls.env['kam.note'].with_user(cls.manager).create({'account_id': cls.acme.id, 'body': "Secret note"})
        cls.account_b = cls.env['kam.account'].create({
            'program_id': cls.program_b.id, 'partner_id': cls.beta_partner.id})

    def test_whose_accounts(self):
        mine, others = {self.acme.id, self.free.id}, {self.beta.id}
        for user, seen, hidden in (
            (self.manager, mine, others | {self.account_b.id}),
            (self.executive, mine | others, {self.account_b.id}),
            (self.champion, mine | others | {self.account_b.id}, set()),
            (self.outsider, {self.account_b.id}, mine | others),
        ):
            with self.subTest(user=user.login):
                found = self.ids(user, 'kam.account')
                self.assertLessEqual(seen, found)
                self.assertFalse(hidden & found)
                [group] = self.rpc(user, 'kam.account', 'formatted_read_group', [
                    ('id', 'in', list(mine | others))], [], ['__count'])
                self.assertEqual(group['__count'], len(seen & (mine | others)))
                names = dict(self.rpc(user, 'kam.account', 'name_search', 'Beta'))
                self.assertEqual(set(names) & {self.beta.id, self.account_b.id}, seen & {
                    self.beta.id, self.account_b.id})
        for method, args in (('read', [['tier_id']]), ('web_read', [{'tier_id': {}}])):
            self.refused(ACCESS, self.manager, 'kam.account', method, self.beta.ids, *args)
            self.refused(ACCESS, self.outsider, 'kam.account', method, self.acme.ids, *args)

    def test_who_writes(self):
        told = {'win_back_state': False}
        self.rpc(self.manager, 'kam.account', 'write', self.acme.ids, told)
        self.rpc(self.executive, 'kam.account', 'write', self.acme.ids, told)
        self.rpc(self.champion, 'kam.account', 'write', self.beta.ids, told)
        entity = self.beta.entity_ids[0]
        for user, model, method, *args in (
            (self.manager, 'kam.account', 'write', self.free.ids, told),
            (self.manager, 'kam.account', 'unlink', self.acme.ids),
            (self.manager, 'kam.assignment', 'write', self.acme.assignment_ids.ids, {'duty': "x"}),
            (self.manager, 'kam.account.entity', 'write', entity.ids, {'partner_id': self.acme_partner.id}),
            (self.manager, 'kam.program', 'write', self.program.ids, {'size_max': 99}),
            (self.manager, 'kam.tier', 'write', self.tiers['gold'].ids, {'capacity': 99}),
            (self.executive, 'kam.account', 'write', self.beta.ids, told),
            (self.executive, 'kam.account', 'create', [{'partner_id': self.acme_asia.id}]),
            (self.executive, 'kam.tier.change', 'create', [{
                'account_id': self.acme.id, 'to_tier_id': self.tiers['diamond'].id}]),
            (self.executive, 'kam.assignment', 'unlink', self.acme.assignment_ids.ids),
            (self.outsider, 'kam.account', 'write', self.acme.ids, told),
            (self.outsider, 'kam.tier.change', 'create', [{
                'account_id': self.acme.id, 'to_tier_id': self.tiers['diamond'].id}]),
        ):
            self.refused(ACCESS, user, model, method, *args)

    def test_sales_user_sees_flags_only(self):
        [partner] = self.rpc(self.sales, 'res.partner', 'read', self.acme_partner.ids, [*FLAGS])
        self.assertEqual(partner['kam_tier_id'][1], self.tiers['gold'].name)
        self.assertTrue(partner['is_key_account'])
        partners = [self.acme_partner.id, self.beta_partner.id, self.free_partner.id]
        for condition in (('is_key_account', '=', True), ('kam_tier_id', '=', self.tiers['gold'].id),
                          ('kam_tier_id.name', 'ilike', self.tiers['gold'].name),
                          ('kam_manager_id', '=', self.manager.id)):
            self.assertEqual(
                self.ids(self.sales, 'res.partner', [('id', 'in', partners), condition]), {self.acme_partner.id})
        for model in MODELS:
            if model != 'kam.role':
                self.refused(ACCESS, self.sales, model, 'web_search_read', [], {'display_name': {}})
        # Not by asking questions about it either.
        for condition in (('kam_account_id.probation_plan', 'ilike', "Secret"),
                          ('kam_account_id', 'any', [('probation_plan', 'ilike', "Secret")]),
                          ('kam_account_id.note_ids.body', 'ilike', "Secret"),
                          ('kam_entity_ids.account_id.probation_plan', 'ilike', "Secret")):
            self.refused(ACCESS, self.sales, 'res.partner', 'search_count', [condition])
        self.refused(ACCESS, self.sales, 'res.partner', 'formatted_read_group', [], [
            'kam_account_id.probation_plan'], ['__count'])

    def test_portal_reads_nothing_of_ours(self):
        for field in (*FLAGS, 'kam_entity_ids'):
            self.refused(ACCESS, self.portal, 'res.partner', 'read', self.acme_partner.ids, [field])
            self.refused(ACCESS, self.portal, 'res.partner', 'search', [(field, '!=', False)])
        for model in (*MODELS, 'kam.tier'):
            self.refused(ACCESS, self.portal, model, 'search_read', [], ['display_name'])

    def test_private_notes(self):
        for user in (self.champion, self.executive, self.colleague):
            self.assertFalse(self.ids(user, 'kam.note'))
            self.assertFalse(self.rpc(user, 'kam.account', 'search_count', [('note_ids.body', 'ilike', "Secret")]))
        self.assertTrue(self.ids(self.manager, 'kam.note'))

    def test_who_keeps_notes_is_private_too(self):
        """`free` is open to all account managers, so a domain could ask whether somebody has notes on it."""
        note = self.env['kam.note'].with_user(self.manager).create({'account_id': self.free.id, 'body': "Secret"})
        theirs = self.env['kam.note'].with_user(self.colleague).create({'account_id': self.beta.id, 'body': "Own"})
        both = [('id', 'in', (self.free | self.beta).ids)]
        for condition in (('note_ids', '!=', False), ('note_ids', 'any', []), ('note_ids', 'in', (note | theirs).ids),
                          ('note_ids.date', '!=', False), ('note_ids.user_id', '!=', False)):
            with self.subTest(condition=condition):
                self.assertEqual(self.ids(self.manager, 'kam.account', [*both, condition]), {self.free.id})
                self.assertEqual(self.ids(self.colleague, 'kam.account', [*both, condition]), {self.beta.id})
                self.assertFalse(self.ids(self.champion, 'kam.account', [*both, condition]))
        for without in ([('note_ids', '=', False)], [('note_ids', 'not any', [])], ['!', ('note_ids', '!=', False)]):
            with self.subTest(without=without):
                self.assertEqual(self.ids(self.colleague, 'kam.account', [*both, *without]), {self.free.id})
                self.assertEqual(
                    self.ids(self.champion, 'kam.account', [*both, *without]), {self.free.id, self.beta.id})
        self.assertEqual(
            self.ids(self.colleague, 'kam.account', [*both, ('note_ids', 'in', [False, note.id])]), {self.free.id})

    def test_workflow_is_closed(self):
        change = self.propose(self.free, 'potential')
        gold, other = self.tiers['gold'].id, {'account_id': self.acme.id, 'to_tier_id': self.tiers['diamond'].id}
        for user in (self.manager, self.champion):
            for values in ({'state': 'approved'}, {'requester_id': self.colleague.id}, {'origin': 'run'},
                           {'approver_id': user.id}, {'date_applied': '2024-01-01'}):
                self.refused(USER, user, 'kam.tier.change', 'create', [{**other, **values}])
                self.refused(USER, user, 'kam.tier.change', 'web_save', [], {**other, **values}, specification={})
            self.refused(USER, user, 'kam.account', 'create', [{
                'program_id': self.program.id, 'partner_id': self.env['res.partner'].create({
                    'name': "New", 'is_company': True}).id, 'tier_id': gold}])
            self.refused(USER, user, 'kam.account', 'write', self.acme.ids, {'tier_id': self.tiers['diamond'].id})
        for values in ({'state': 'approved'}, {'requester_id': self.colleague.id}, {'approver_id': self.champion.id}):
            self.refused(USER, self.manager, 'kam.tier.change', 'write', change.ids, values)
            self.refused(USER, self.champion, 'kam.tier.change', 'write', change.ids, values)
        self.assertEqual((change.state, change.requester_id), ('draft', self.manager))

    def test_defaults_do_not_open_the_workflow(self):
        """Neither those of a context nor those that every user may set for themselves."""
        values = {'account_id': self.acme.id, 'to_tier_id': self.tiers['diamond'].id}
        change_id = self.rpc(self.manager, 'kam.tier.change', 'create', values, context={
            'default_state': 'approved', 'default_requester_id': self.champion.id, 'default_origin': 'run',
            'default_from_tier_id': self.tiers['diamond'].id})
        self.rpc(self.manager, 'ir.default', 'set', 'kam.tier.change', 'state', 'approved', user_id=True)
        other_id = self.rpc(self.manager, 'kam.tier.change', 'create', values)
        for change in self.env['kam.tier.change'].browse([change_id, other_id]):
            self.assertEqual((change.state, change.requester_id, change.origin, change.from_tier_id), (
                'draft', self.manager, 'person', self.tiers['gold']))

    def test_what_follows_from_something_else_is_closed(self):
        change = self.propose(self.acme, 'general')
        entity = self.acme.entity_ids[1]
        for record, values in (
            (self.acme, {'manager_id': self.colleague.id}),
            (self.acme, {'sponsor_id': self.colleague.id}),
            (self.acme, {'is_key': False}),
            (self.acme, {'category': 'normal'}),
            (change, {'kind': 'promotion'}),
            (change, {'program_id': self.program_b.id}),
            (entity, {'program_id': self.program_b.id}),
            (self.acme.assignment_ids[0], {'is_current': False}),
        ):
            user = self.champion if record._name == 'kam.assignment' else self.manager
            self.refused(USER, user, record._name, 'write', record.ids, values)
        self.refused(USER, self.manager, 'kam.account', 'create', {
            'program_id': self.program.id, 'is_key': True, 'partner_id': self.env['res.partner'].create({
                'name': "New", 'is_company': True}).id})

    def test_nobody_decides_what_they_proposed(self):
        change = self.propose(self.free, 'potential', user=self.champion)
        self.rpc(self.champion, 'kam.tier.change', 'action_submit', change.ids)
        for user in (self.champion, self.manager):
            self.refused(ACCESS, user, 'kam.tier.change', 'action_approve', change.ids)
            self.refused(ACCESS, user, 'kam.tier.change', 'action_refuse', change.ids)
        self.refused(ACCESS, self.outsider, 'kam.tier.change', 'action_approve', change.ids)
        self.rpc(self.champion2, 'kam.tier.change', 'action_approve', change.ids)
        self.assertEqual(self.free.tier_id, self.tiers['potential'])

    def test_private_methods(self):
        for model, method in (
            ('kam.account', '_lock_seats'), ('kam.account', '_refresh_trade'), ('kam.account', '_merge_partners'),
            ('kam.account', '_end_probation'), ('kam.account', '_visits_sql'), ('kam.assignment', '_end'),
            ('kam.assignment', '_cron_refresh_current'), ('kam.program', '_lock_limits'),
            ('kam.tier.change', '_apply'), ('kam.tier.change', '_refuse'), ('kam.tier.change', '_cron_apply_approved'),
            ('kam.tier.review', '_put_on_list'),
        ):
            self.assertTrue(hasattr(self.env[model], method))
            self.refused(ACCESS, self.champion, model, method, [])

    def test_context_widens_nothing(self):
        both = self.company_a | self.company_b
        self.refused(ACCESS, self.outsider, 'kam.account', 'search', [], companies=both)
        self.refused(ACCESS, self.manager, 'kam.account', 'search', [], companies=self.company_b)
        self.assertNotIn(self.account_b.id, self.ids(self.champion, 'kam.account', companies=self.company_a))
        # Keys with which our own code steps around a check.
        seat = self.acme.assignment_ids.filtered(lambda seat: seat.role == 'manager')
        self.refused(USER, self.champion, 'kam.assignment', 'write', seat.ids, {'date_to': '2099-01-01'},
                     context={'kam_ending_seat': True})
        self.refused(USER, self.champion, 'kam.account.entity', 'unlink', self.acme.entity_ids.ids,
                     context={'kam_merging_partners': True})

    def test_lines_of_a_form_are_checked_too(self):
        """Commands inside of a record that one may write."""
        self.refused(ACCESS, self.manager, 'kam.account', 'write', self.acme.ids, {
            'assignment_ids': [Command.create({'user_id': self.manager.id, 'date_from': '2024-01-01'})]})
        self.refused(USER, self.manager, 'kam.account', 'write', self.acme.ids, {
            'tier_change_ids': [Command.create({'to_tier_id': self.tiers['diamond'].id, 'state': 'applied'})]})
