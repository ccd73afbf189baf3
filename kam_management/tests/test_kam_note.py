from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamNote(KamCase):

    def test_only_the_author_reads_a_note(self):
        Note = self.env['kam.note']
        note = self.as_user(Note, self.manager).create({
            'account_id': self.acme.id, 'body': "Their buyer leaves in May"})
        self.assertEqual(self.as_user(self.acme, self.manager).note_ids, note)
        for user in (self.executive, self.champion, self.colleague, self.outsider):
            self.assertFalse(self.as_user(Note, user).search([('id', '=', note.id)]), user.login)
            with self.assertRaises(AccessError):
                self.as_user(note, user).read(['body'])
        self.assertFalse(self.as_user(self.acme, self.executive).note_ids)

    def test_nobody_writes_in_the_name_of_somebody_else(self):
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.note'], self.champion).create({
                'account_id': self.acme.id, 'body': "x", 'user_id': self.manager.id})
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.note'], self.colleague).create({'account_id': self.acme.id, 'body': "x"})
        note = self.as_user(self.env['kam.note'], self.colleague).create({'account_id': self.beta.id, 'body': "x"})
        with self.assertRaises(AccessError):
            note.user_id = self.manager
        with self.assertRaises(AccessError):
            note.account_id = self.acme

    def test_notes_go_on_with_the_account(self):
        note = self.as_user(self.env['kam.note'], self.colleague).create({'account_id': self.beta.id, 'body': "x"})
        self.beta.sudo()._merge_into(self.acme)
        self.assertEqual(note.sudo().account_id, self.acme)
