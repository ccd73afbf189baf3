from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestResConfigSettings(KamCase):

    def test_settings_are_those_of_the_first_programme_of_the_company(self):
        admin = self.env.ref('base.user_admin')
        admin.company_ids |= self.company_a | self.company_b
        for company, program in ((self.company_a, self.program), (self.company_b, self.program_b)):
            Settings = self.env['res.config.settings'].with_user(admin).with_company(company)
            settings = Settings.create({})
            self.assertEqual(settings.kam_program_id, program)
            settings.kam_exception_limit = 7
            settings.execute()
            self.assertEqual(program.exception_limit, 7)

    def test_closed_to_champions_without_settings_rights(self):
        with self.assertRaises(AccessError):
            self.as_user(self.env['res.config.settings'], self.champion).create({})
