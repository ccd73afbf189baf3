import base64
from datetime import date
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import KamReportsCase, open_workbook


@tagged('post_install', '-at_install')
class TestPackMake(HttpCase, KamReportsCase):
    """The dialog, and the archive that it fills."""

    def dialog(self, user, **values):
        return self.as_user(self.env['kam.pack.make'], user).create({'program_id': self.program.id, **values})

    def made(self, user, **values):
        """(pack, workbook) that the dialog makes."""
        action = self.dialog(user, **values).action_make()
        self.assertEqual(action['tag'], 'kam_reports.download')
        pack = self.as_user(self.env['kam.pack'], user).search([], limit=1)
        self.assertIn(f'/kam.pack/{pack.id}/', action['params']['url'])
        return pack, open_workbook(base64.b64decode(pack.with_context(bin_size=False).file))

    def test_portfolio(self):
        pack, workbook = self.made(self.executive, date_from='2026-01-31')
        self.assertEqual((pack.pack_type, pack.user_id, pack.program_id, pack.date_from), (
            'portfolio', self.executive, self.program, date(2026, 1, 31)))
        self.assertRegex(pack.file_name, r'^Programme A - Portfolio Review - [\d-]{10}\.xlsx$')
        self.assertEqual([row["Account"] for row in self.portfolio(workbook)], ["Acme", "Delta"])
        self.assertEqual(self.as_user(self.program, self.executive).pack_count, 1)

    def test_sections(self):
        dialog = self.dialog(self.executive)
        self.assertEqual(dialog.section_ids.mapped('name')[:3], ["Summary", "Portfolio", "Movers"])
        dialog.section_ids.filtered(lambda section: section.code != 'movers').is_included = False
        dialog.action_make()
        pack = self.as_user(self.env['kam.pack'], self.executive).search([], limit=1)
        workbook = open_workbook(base64.b64decode(pack.with_context(bin_size=False).file))
        self.assertEqual(workbook.sheetnames, ["Cover", "Movers"])
        dialog.section_ids.is_included = False
        with self.assertRaisesRegex(UserError, "at least one sheet"):
            dialog.action_make()

    def test_what_a_type_asks_for(self):
        with Form(self.as_user(self.env['kam.pack.make'], self.executive)) as form:
            form.program_id = self.as_user(self.program, self.executive)
            self.assertFalse(form.has_date_to)
            form.pack_type = 'movement'
            self.assertTrue(form.has_date_to)
            self.assertEqual(form.date_to, fields.Date.today())
            self.assertEqual(form.date_from, fields.Date.today() - relativedelta(years=1))
            form.pack_type = 'sponsor'
            self.assertEqual(form.executive_id, self.executive, "the own accounts")
            form.pack_type = 'dossier'
            form.account_id = self.as_user(self.acme, self.executive)
        form.record.action_make()
        pack = self.as_user(self.env['kam.pack'], self.executive).search([], limit=1)
        self.assertEqual((pack.pack_type, pack.account_id), ('dossier', self.acme))

    def test_selected_accounts(self):
        action = self.as_user(self.acme | self.beta, self.champion).action_make_pack()
        dialog = self.as_user(self.env['kam.pack.make'], self.champion).with_context(**action['context']).create({})
        self.assertEqual(dialog.account_ids, self.acme | self.beta)
        dialog.action_make()
        pack = self.as_user(self.env['kam.pack'], self.champion).search([], limit=1)
        workbook = open_workbook(base64.b64decode(pack.with_context(bin_size=False).file))
        self.assertEqual([row["Account"] for row in self.portfolio(workbook)], ["Acme", "Beta"])

    def test_dossier_from_the_print_menu(self):
        action = self.as_user(self.env.ref('kam_reports.kam_account_action_dossier'), self.executive).sudo(False)
        result = action.with_context(
            active_model='kam.account', active_id=self.delta.id, active_ids=self.delta.ids).run()
        self.assertEqual(result['tag'], 'kam_reports.download')
        pack = self.as_user(self.env['kam.pack'], self.executive).search([], limit=1)
        self.assertEqual((pack.pack_type, pack.account_id), ('dossier', self.delta))
        with self.assertRaisesRegex(UserError, "about one account"):
            self.as_user(self.acme | self.delta, self.champion).action_print_dossier()

    def test_rights(self):
        """The dialog lends no rights: neither to export, nor to see accounts."""
        with self.assertRaises(AccessError):
            self.dialog(self.sales)
        __, workbook = self.made(self.colleague)
        self.assertEqual([row["Account"] for row in self.portfolio(workbook)], ["Delta"])
        dialog = self.dialog(self.colleague, pack_type='dossier', account_id=self.acme.id)
        with self.assertRaises(AccessError):
            dialog.action_make()
        with self.assertRaises(AccessError):
            self.dialog(self.outsider).action_make()
        self.executive.group_ids = [Command.unlink(self.env.ref('base.group_allow_export').id)]
        with self.assertRaisesRegex(AccessError, "not allowed to export"):
            self.dialog(self.executive).action_make()

    # The archive

    def test_archive_is_personal(self):
        """A pack shows what one person may see: no colleague, no champion, nobody of the other company opens it."""
        pack, __ = self.made(self.executive)
        for user in (self.champion, self.champion2, self.manager, self.outsider):
            self.assertNotIn(pack, self.as_user(self.env['kam.pack'], user).search([]))
            with self.assertRaises(AccessError):
                self.as_user(pack, user).file  # noqa: B018
            with self.assertRaises(AccessError):
                self.as_user(pack, user).action_download()
        attachment = self.env['ir.attachment'].sudo().search([
            ('res_model', '=', 'kam.pack'), ('res_field', '=', 'file'), ('res_id', '=', pack.id)])
        self.assertTrue(attachment)
        with self.assertRaises(AccessError):
            self.as_user(attachment, self.champion).raw  # noqa: B018
        self.assertTrue(self.as_user(attachment, self.executive).raw)
        self.assertEqual(self.as_user(self.program, self.champion).pack_count, 0)

    def test_nobody_writes(self):
        pack, __ = self.made(self.champion)
        with self.assertRaises(AccessError):
            pack.name = "Other"
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.pack'], self.champion).create({
                'name': "Made up", 'program_id': self.program.id, 'pack_type': 'portfolio', 'date': '2026-01-01',
                'user_id': self.executive.id, 'file': b'', 'file_name': "x.xlsx"})
        pack.unlink()

    def test_download(self):
        pack, __ = self.made(self.executive)
        self.authenticate('kam_executive', 'kam_executive')
        response = self.url_open(pack._download_path())
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.headers['Content-Disposition'].startswith('attachment'))
        self.assertEqual(open_workbook(response.content).sheetnames[0], "Cover")
        self.authenticate('kam_champion', 'kam_champion')
        with mute_logger('odoo.http'):
            self.assertNotEqual(self.url_open(pack._download_path(), allow_redirects=False).status_code, 200)

    def test_old_packs_go(self):
        pack, __ = self.made(self.executive)
        Pack = self.env['kam.pack']
        for days, months, is_kept in ((0, 1, True), (60, 3, True), (60, 0, True), (60, 1, False)):
            self.program.pack_months = months
            day = fields.Date.today() + relativedelta(days=days)
            with patch.object(fields.Date, 'context_today', lambda *args, day=day: day):
                Pack._gc_packs()
            self.assertEqual(bool(pack.exists()), is_kept, (days, months))
