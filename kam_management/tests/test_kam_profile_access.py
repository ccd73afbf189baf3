from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamProfileAccess(KamCase):
    """The load is open to the programme; levels, notes and trainings are personal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        profiles = cls.env['kam.profile'].search([('user_id', 'in', (cls.manager | cls.colleague).ids)])
        cls.own, cls.other = (
            profiles.filtered(lambda profile, user=user: profile.user_id == user)
            for user in (cls.manager, cls.colleague))
        profiles.line_ids.write({'level': 1, 'target': 4})
        for profile in profiles:
            profile.activity_schedule(
                'mail.mail_activity_data_todo', summary="Learn finance", user_id=profile.user_id.id)
            profile.message_post(body="Afraid of figures", subtype_xmlid='mail.mt_note')
        cls.env.flush_all()
        cls.env.invalidate_all()

    def lines(self, user):
        return self.as_user(self.env['kam.profile.line'], user).search([])

    def notes(self, profile, user):
        messages = self.as_user(self.env['mail.message'], user).search([
            ('model', '=', 'kam.profile'), ('res_id', '=', profile.id)])
        return [body for body in messages.mapped('body') if "figures" in body]

    def test_account_manager_sees_the_load_of_all_and_own_levels(self):
        profiles = self.as_user(self.env['kam.profile'], self.manager).search([])
        self.assertLessEqual(self.own | self.other, profiles)
        self.assertEqual(self.as_user(self.other, self.manager).workload_points, 0.5)
        lines = self.lines(self.manager)
        self.assertEqual(lines, self.own.line_ids)
        self.assertFalse(self.as_user(self.other, self.manager).line_ids)
        with self.assertRaises(AccessError):
            self.as_user(self.other.line_ids[0], self.manager).read(['level'])
        self.assertEqual(self.as_user(self.own, self.manager).gap_count, len(lines))
        self.assertEqual(self.as_user(self.other, self.manager).gap_count, 0)
        found = profiles.search([('line_ids.gap', '>', 0)])
        self.assertIn(self.own, found)
        self.assertNotIn(self.other, found)

    def test_account_manager_writes_no_profile(self):
        for record, values in (
            (self.own, {'workload_capacity': 99}), (self.own.line_ids[0], {'level': 5}),
            (self.own.line_ids[0], {'target': 0}), (self.other, {'career_step': 'partner'}),
        ):
            with self.assertRaises(AccessError):
                self.as_user(record, self.manager).write(values)

    def test_notes_and_trainings_are_personal(self):
        self.assertTrue(self.notes(self.own, self.manager))
        self.assertFalse(self.notes(self.other, self.manager))
        self.as_user(self.own, self.manager).message_post(body="I would like to learn it")
        with self.assertRaises(AccessError):
            self.as_user(self.other, self.manager).message_post(body="Hm")
        own, other = self.as_user(self.own, self.manager), self.as_user(self.other, self.manager)
        self.assertEqual(own.activity_ids.mapped('summary'), ["Learn finance"])
        self.assertEqual(own.activity_summary, "Learn finance")
        self.assertFalse(other.activity_ids)
        self.assertFalse(other.activity_summary or other.activity_state or other.activity_date_deadline)
        [values] = other.web_read({'activity_ids': {'fields': {'summary': {}}}, 'activity_state': {}})
        self.assertFalse(values['activity_ids'])
        for field in ('activity_summary', 'activity_ids.summary'):
            found = self.as_user(self.env['kam.profile'], self.manager).search([(field, '=', "Learn finance")])
            self.assertEqual(found, self.own)
        self.assertFalse(self.as_user(self.env['mail.activity'], self.manager).search([
            ('res_model', '=', 'kam.profile'), ('res_id', '=', self.other.id)]))

    def test_nobody_raises_the_own_level(self):
        self.env['kam.profile']._ensure_profiles(self.champion)
        own = self.env['kam.profile'].search([('user_id', '=', self.champion.id)])
        with self.assertRaisesRegex(UserError, "Nobody judges themselves"):
            self.as_user(own, self.champion).line_ids[0].level = 5
        self.as_user(own, self.champion2).line_ids[0].level = 5

    def test_executive_and_champion_see_all_and_the_champion_writes(self):
        for user in (self.executive, self.champion):
            self.assertLessEqual((self.own | self.other).line_ids, self.lines(user))
            self.assertTrue(self.notes(self.other, user))
        with self.assertRaises(AccessError):
            self.as_user(self.own.line_ids[0], self.executive).level = 5
        self.as_user(self.own.line_ids[0], self.champion).level = 5
        self.assertEqual(self.as_user(self.other, self.champion).activity_summary, "Learn finance")
        self.env.invalidate_all()
        self.assertFalse(self.as_user(self.other, self.executive).activity_summary)

    def test_sales_and_portal_see_nothing(self):
        portal = new_test_user(self.env, 'kam_portal', groups='base.group_portal')
        for model in ('kam.profile', 'kam.profile.line', 'kam.competency'):
            for user in (self.sales, portal):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_company_isolation(self):
        account = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.beta_partner.id})
        self.env['kam.assignment'].create({
            'account_id': account.id, 'user_id': self.outsider.id,
            'role_id': self.env.ref('kam_management.role_manager').id})
        outside = self.env['kam.profile'].search([('user_id', '=', self.outsider.id)])
        for user, companies, seen, hidden in (
            (self.outsider, None, outside, self.own), (self.manager, None, self.own, outside),
            (self.champion, self.company_a, self.own, outside), (self.champion, self.company_b, outside, self.own),
        ):
            profiles = self.as_user(self.env['kam.profile'], user, companies).search([])
            self.assertLessEqual(seen, profiles)
            self.assertFalse(hidden & profiles)
            self.assertFalse(hidden.line_ids & self.as_user(self.env['kam.profile.line'], user, companies).search([]))
