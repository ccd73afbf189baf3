from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .people import PeopleCase

GUARDED = ('kam.stakeholder.assessment', 'kam.stakeholder.remark')
SECRET = ('stance', 'threat_kind', 'threat', 'handling', 'handling_plan', 'purpose', 'date_erase')


@tagged('post_install', '-at_install')
class TestKamStakeholderAccess(PeopleCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann.write({
            'stance': 'opponent', 'threat_kind': 'supplier', 'threat': "Invitations of the old supplier",
            'handling': 'ally', 'handling_plan': "Bob speaks first", 'purpose': "Tender"})
        cls.ann.remark_ids = [Command.create({'body': "Secret remark", 'purpose': "Tender"})]

    def find(self, user, domain, model='kam.stakeholder'):
        return self.as_user(self.env[model], user).search([('account_id', '=', self.acme.id), *domain])

    def test_who_reads_the_map(self):
        for user in (self.manager, self.executive, self.champion):
            self.assertEqual(len(self.find(user, [])), 3, user.login)
        for user in (self.colleague, self.outsider):
            self.assertFalse(self.find(user, []), user.login)
        for model in ('kam.stakeholder', 'kam.coverage', *GUARDED):
            with self.assertRaises(AccessError):
                self.find(self.sales, [], model)
        # Other companies selected: not there.
        self.assertFalse(self.as_user(self.env['kam.stakeholder'], self.champion, self.company_b).search(
            [('account_id', '=', self.acme.id)]))

    def test_who_writes_the_map(self):
        for user in (self.manager, self.executive, self.champion):
            self.as_user(self.ann, user).interest_short = user.login
        self.env['kam.assignment'].search([('user_id', '=', self.executive.id)])._end(date(2024, 12, 31))
        for user in (self.executive, self.colleague):
            with self.assertRaises(AccessError):
                self.as_user(self.ann, user).interest_short = "x"
        for user, account in ((self.manager, self.beta), (self.manager, self.free), (self.executive, self.beta)):
            with self.assertRaises(AccessError):
                self.as_user(self.env['kam.stakeholder'], user).create({
                    'account_id': account.id, 'partner_id': self.cyd_partner.id})
        with self.assertRaises(UserError):
            self.as_user(self.ann, self.manager).account_id = self.free
        with self.assertRaises(UserError):
            self.as_user(self.ann, self.manager).main_user_id = self.manager

    def test_opponents_are_for_the_account_team(self):
        self.assertEqual(self.as_user(self.ann, self.manager).stance, 'opponent')
        self.assertEqual(self.as_user(self.ann, self.executive).threat, "Invitations of the old supplier")
        self.assertTrue(self.as_user(self.ann, self.manager).may_assess)
        # The executive gives up the seat; the champion has none.
        self.env['kam.assignment'].search([('user_id', '=', self.executive.id)])._end(date(2024, 12, 31))
        self.env.invalidate_all()
        (self.executive | self.champion).group_ids += self.env.ref('base.group_allow_export')
        for user in (self.executive, self.champion):
            with self.subTest(user=user.login):
                ann = self.as_user(self.ann, user)
                self.assertFalse(any(ann.read(SECRET)[0][name] for name in SECRET))
                self.assertFalse(ann.may_assess)
                self.assertFalse(ann.remark_ids or ann.assessment_ids)
                self.assertFalse(any(ann.export_data(['stance', 'threat', 'remark_ids/body'])['datas'][0]))
                for model in GUARDED:
                    self.assertFalse(self.find(user, [], model))
                    self.assertFalse(self.as_user(self.env[model], user).formatted_read_group(
                        [], ['stakeholder_id'], ['__count']))
                    with self.assertRaises(AccessError):
                        self.as_user(self.env[model].search([], limit=1), user).read(['purpose'])

    def test_no_probing(self):
        """A domain finds no more than the screen shows."""
        everybody = self.ann | self.bob | self.eve
        for domain in (
            [('stance', '=', 'opponent')], [('stance', 'in', ['critic', 'opponent'])], [('stance', '!=', False)],
            [('assessment_ids.stance', '=', 'opponent')], [('assessment_ids', 'any', [('threat', 'ilike', 'old')])],
            [('assessment_ids', '!=', False)], [('remark_ids.body', 'ilike', 'Secret')], [('remark_ids', '!=', False)],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self.find(self.manager, domain), self.ann)
                self.assertFalse(self.find(self.champion, domain))
                account = [(f'stakeholder_ids.{domain[0][0]}', *domain[0][1:])]
                self.assertFalse(self.as_user(self.env['kam.account'], self.champion).search(account))
        for domain in ([('stance', '=', False)], [('stance', '!=', 'opponent')]):
            self.assertEqual(self.find(self.manager, domain), self.bob | self.eve)
            self.assertEqual(self.find(self.champion, domain), everybody)
        Champion = self.as_user(self.env['kam.stakeholder'], self.champion)
        for groupby, aggregates in ((['stance'], ['__count']), ([], ['remark_ids:count'])):
            with self.subTest(groupby=groupby), self.assertRaisesRegex(Exception, "stance|remark_ids"):
                Champion.formatted_read_group([('account_id', '=', self.acme.id)], groupby, aggregates)
        for name in ('threat', 'purpose', 'handling'):
            with self.assertRaises(ValueError):
                Champion.search([(name, '!=', False)])
        with self.assertRaises(ValueError):
            Champion.search([], order='stance')
        self.assertNotIn("opponent", "".join(self.ann.sudo().message_ids.mapped('preview')).lower())

    def test_who_assesses(self):
        for user in (self.champion, self.colleague):
            with self.assertRaises(AccessError):
                self.as_user(self.bob, user).stance = 'friendly'
            with self.assertRaises(AccessError):
                self.as_user(self.ann, user).remark_ids = [Command.create({'body': "x", 'purpose': "x"})]
            for model, values in (('assessment', {'stance': 'friendly'}), ('remark', {'body': "x", 'purpose': "x"})):
                with self.assertRaises(AccessError):
                    self.as_user(self.env[f'kam.stakeholder.{model}'], user).create(
                        {'stakeholder_id': self.bob.id, **values})
        self.as_user(self.bob, self.executive).stance = 'friendly'
        self.assertEqual(self.bob.stance, 'friendly')

    def test_what_is_noted_stays_where_it_is(self):
        cyd = self._person(self.beta, self.cyd_partner)
        for record in (self.ann.assessment_ids, self.ann.remark_ids):
            with self.assertRaises(UserError):
                self.as_user(record, self.manager).stakeholder_id = cyd
            with self.assertRaises(UserError):
                self.as_user(record, self.manager).account_id = self.beta
        remark = self.as_user(self.env['kam.stakeholder.remark'], self.manager).create({
            'stakeholder_id': self.bob.id, 'body': "x", 'purpose': "x", 'user_id': self.champion.id})
        self.assertEqual(remark.user_id, self.manager)
        remark.user_id = self.champion
        self.assertEqual(remark.user_id, self.manager)

    def test_privacy_lookup_finds_us(self):
        """It scans stored links to contacts that do not cascade, and shows the display name to an administrator."""
        for model in ('kam.stakeholder', 'kam.coverage', *GUARDED):
            field = self.env[model]._fields['partner_id']
            self.assertTrue(field.store and field.ondelete != 'cascade', model)
        self.assertEqual(self.ann.remark_ids.display_name, "Ann")
        self.assertEqual(self.ann.assessment_ids.display_name, "Ann")
        self.assertEqual(self.ann.remark_ids.partner_id, self.ann_partner)
        if 'privacy.lookup.wizard' in self.env:
            wizard = self.env['privacy.lookup.wizard'].create({'name': "Ann", 'email': "ann@example.com"})
            wizard.action_lookup()
            self.assertLessEqual({'kam.stakeholder', *GUARDED}, set(wizard.line_ids.mapped('res_model')))
