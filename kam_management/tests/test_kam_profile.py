from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamProfile(KamCase):
    """manager: acme (Gold, 4 points); colleague: beta (General, 0.5). The first programme's limits hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.program'].search([]).filtered(
            lambda program: program not in cls.program | cls.program_b).sequence = 99
        cls.profile, cls.other = cls.env['kam.profile'].search([
            ('user_id', 'in', (cls.manager | cls.colleague).ids)]).sorted(lambda profile: profile.user_id.id)

    def test_whoever_takes_a_seat_has_a_profile(self):
        self.assertEqual(self.profile.user_id, self.manager)
        self.assertEqual(self.profile.line_ids.mapped('competency_id.name'),
                         ["Finance", "Consulting", "Planning", "Interpersonal", "Influencing"])
        self.assertFalse(self.env['kam.profile'].search([('user_id', '=', self.executive.id)]))

    def test_load_against_capacity(self):
        profile = self.as_user(self.profile, self.colleague)
        self.assertEqual((profile.account_count, profile.key_account_count, profile.workload_points), (1, 1, 4.0))
        self.assertEqual((profile.workload_limit, profile.is_overloaded), (30, False))
        self.profile.write({'workload_capacity': 3.2, 'account_limit': 1})
        self.assertEqual((profile.workload_percent, profile.is_overloaded), (125, True))
        self.env['kam.assignment'].create({
            'account_id': self.free.id, 'user_id': self.manager.id, 'workload_share': 40,
            'role_id': self.env['kam.role']._of_kind('manager').id})
        self.env.invalidate_all()
        self.assertEqual((profile.workload_points, profile.has_too_many_accounts), (4.2, True))
        Profile = self.as_user(self.env['kam.profile'], self.champion)
        self.assertIn(self.profile, Profile.search([('is_overloaded', '=', True)]))
        self.assertNotIn(self.other, Profile.search([('has_too_many_accounts', '=', True)]))
        self.assertEqual(self.program._load_limits(self.manager)['points'], 3.2)

    def test_gaps_and_training(self):
        line = self.as_user(self.profile, self.champion).line_ids[0]
        self.assertEqual((line.level, line.target, line.gap), (0, 4, 4))
        line.level = 4
        self.assertEqual((line.gap, self.profile.gap_count), (0, 4))
        context = line.action_plan_training()['context']
        self.assertEqual((context['default_summary'], context['default_user_id']),
                         ("Training: Finance", self.manager.id))

    def test_levels_are_personal(self):
        Line = self.env['kam.profile.line']
        mine = [('profile_id', '=', self.profile.id)]
        for user, seen in ((self.manager, 5), (self.colleague, 0), (self.executive, 5), (self.champion, 5)):
            self.assertEqual(self.as_user(Line, user).search_count(mine), seen, user.login)
        with self.assertRaises(AccessError):
            self.as_user(self.profile, self.manager).line_ids[0].level = 5
        with self.assertRaises(AccessError):
            self.as_user(self.profile, self.manager).workload_capacity = 99
        for user in (self.sales,):
            with self.assertRaises(AccessError):
                self.as_user(self.env['kam.profile'], user).search([])

    def test_people_of_other_companies(self):
        self.assertFalse(self.as_user(self.env['kam.profile'], self.outsider).search([
            ('user_id', 'in', (self.manager | self.colleague).ids)]))

    @mute_logger('odoo.sql_db')
    def test_one_profile_each(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env['kam.profile'].create({'user_id': self.manager.id})

    def test_competency_in_use_stays(self):
        competency = self.as_user(self.profile.line_ids[0].competency_id, self.champion)
        with self.assertRaisesRegex(UserError, "Finance is part of .* profiles. Archive it"):
            competency.unlink()

    def test_board_of_managers_costs_the_same_for_any_number(self):
        users = self.env['res.users'].union(*(
            self._user(f'many_{number}', 'kam_management.group_kam_user', self.company_a) for number in range(12)))
        self.env['kam.profile']._ensure_profiles(users)
        profiles = self.env['kam.profile'].search([('user_id', 'in', users.ids)])
        names = ['workload_points', 'workload_percent', 'gap_count', 'key_account_count', 'activity_state']

        def read(records):
            return self.statements(lambda: self.as_user(records, self.champion).read(names))

        read(profiles[:3])
        self.assertLessEqual(read(profiles), read(profiles[:3]))
